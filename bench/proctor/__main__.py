"""How well proctoring sees and what it costs.

`make bench-proctor`, or `python -m bench.proctor [--quick] [--minutes 130] [--only TEXT] [--skip-cost]`.
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

from bench.proctor import cost, page, report
from bench.proctor.conditions import QUICK, every_condition
from bench.proctor.ordinary import hours
from bench.proctor.run import run
from bench.proctor.scene import Clip

ORDINARY_MINUTES, QUICK_MINUTES = 130.0, 5.0


def chosen(only: str | None, quick: bool, minutes: float) -> list[Clip]:
    """The clips to run: all, a few for development, or those whose name contains a text."""
    clips = every_condition()
    if quick:
        clips = [clip for clip in clips if clip.name in QUICK]
    clips = clips + hours(minutes)
    return clips if only is None else [clip for clip in clips if only in clip.name]


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
    if given.write_docs and (given.only or given.only_cost):
        parser.error("the page needs all figures")
    minutes = (
        given.minutes if given.minutes is not None else (QUICK_MINUTES if given.quick else ORDINARY_MINUTES)
    )
    began = time.monotonic()
    result: report.Figures = {}
    if not given.only_cost:
        clips = chosen(given.only, given.quick, minutes)
        if not clips:
            parser.error("no clip has such a name")
        result = report.figures(run(clips, given.processes, given.cache))
        report.show(result, lambda text: print(text, flush=True))
    if not given.skip_cost:
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
