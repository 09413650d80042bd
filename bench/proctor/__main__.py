"""How well proctoring sees and what it costs.

`make bench-proctor`, or `python -m bench.proctor [--quick] [--minutes 130] [--only TEXT] [--skip-cost]`.
`--faces DIR` adds people made from a folder of faces (labels.csv: file, label, ita_degrees), `--clips DIR`
judges films of one's own instead (clips.csv: file, start, end, what).
Films of people made from a real face go through the path that runs live: VP8 as the base temporal layer of
720p30 L1T3 (7.5 frames/s, 600 kbit/s), the worker's decoder, eyes and pace, the server's rules under the
standard policy. What happens in a film is known, so incidents are counted against it. Then the cost: the
worker at real-time pace, the recording server beside it, and the same job done the usual way.

Prints tables and, last, one line of JSON; ends with 1 when a limit of the issue is missed, and names it.
"""

import argparse
import json
import sys
import time
from pathlib import Path

from bench.proctor import cast, cost, own, page, report
from bench.proctor.conditions import QUICK, every_condition
from bench.proctor.ordinary import hours
from bench.proctor.run import run
from bench.proctor.scene import Clip

ORDINARY_MINUTES, QUICK_MINUTES = 130.0, 5.0
QUICK_FACES = 12
"""A quick run takes every so many of the films that faces make."""


def chosen(given: argparse.Namespace, minutes: float) -> list[Clip]:
    """The clips to run: all, a few for development, those whose name contains a text, or somebody's own.

    Raises ValueError when a folder is not as it should be, or nothing is left.
    """
    if given.clips:
        return own.clips(given.clips)
    clips = every_condition()
    if given.quick:
        clips = [clip for clip in clips if clip.name in QUICK]
    if given.faces:
        faces = list(cast.photographed(cast.read(given.faces)))
        clips += faces[:: QUICK_FACES if given.quick else 1]
    clips = clips + hours(minutes)
    clips = [clip for clip in clips if given.only is None or given.only in clip.name]
    if not clips:
        raise ValueError("no clip has such a name")
    return clips


def quality(given: argparse.Namespace, minutes: float) -> report.Figures:
    """Run the clips and print what was found in them; ValueError as `chosen`."""
    clips = chosen(given, minutes)
    seen = "films of one's own" if given.clips else "the astronaut"
    print(
        f"# people: {f'the astronaut, and the faces in {given.faces}' if given.faces else seen}", flush=True
    )
    result = report.figures(run(clips, given.processes, given.cache, given.faces))
    report.show(result, lambda text: print(text, flush=True))
    return result


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.proctor",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--quick", action="store_true", help="22 clips and five ordinary minutes")
    parser.add_argument("--minutes", type=float, help=f"ordinary behaviour (default {ORDINARY_MINUTES:.0f})")
    parser.add_argument("--only", help="clips whose name contains this text")
    parser.add_argument("--faces", type=Path, help="folder of faces to make people from, with labels.csv")
    parser.add_argument("--clips", type=Path, help="folder of films of one's own, with clips.csv: only these")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--cache", type=Path, help="keep encoded films here: the second run renders nothing")
    parser.add_argument("--skip-cost", action="store_true")
    parser.add_argument("--only-cost", action="store_true")
    parser.add_argument("--streams", type=int, default=4, help="candidates whose cost is measured")
    parser.add_argument("--seconds", type=float, default=20.0, help="length of each measurement of cost")
    parser.add_argument(
        "--write-docs", action="store_true", help="write docs/PROCTORING.md and its figures anew"
    )
    parser.add_argument("--page", action="store_true", help="only write the page anew, from the kept figures")
    given = parser.parse_args()
    if given.page:
        page.write(json.loads(page.FIGURES.read_text(encoding="utf-8")))
        return 0
    if given.write_docs and (given.only or given.only_cost or given.clips):
        parser.error("the page needs all figures")
    minutes = (
        given.minutes if given.minutes is not None else (QUICK_MINUTES if given.quick else ORDINARY_MINUTES)
    )
    began = time.monotonic()
    result: report.Figures = {}
    if not given.only_cost:
        try:
            result = quality(given, minutes)
        except ValueError as error:
            parser.error(str(error))
    if not given.skip_cost and not given.clips:
        costs = cost.measure(given.streams, given.seconds)
        print("\n".join(cost.table(costs)), flush=True)
        result |= costs
    result["bench_seconds"] = round(time.monotonic() - began)
    missed = report.missed_limits(result)
    if given.write_docs:
        page.write(result)
    for each in missed:
        print(f"MISSED: {each}")
    print(json.dumps(result))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
