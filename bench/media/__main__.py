"""What recording and forwarding cost: CPU of the server process per candidate and per viewer.

`make bench-media`, or `python -m bench.media [--peers 6] [--viewers 10] [--seconds 12] [--rounds 3]`. One
run, one client program, one canned source (720p30 VP8 at 1.5 Mbit/s, Opus at 50 packets a second), three
servers in turn:

- Viva: a room and a recorder per peer, then with viewers of one of them, then without them again;
- Janus VideoRoom with `record: true`, where `janus` is installed (it writes RTP as it came; turning that into
  a file a browser plays is left to a later program and not measured here);
- aiortc's MediaRecorder to MP4, with one peer: it decodes and encodes, and more than one falls behind on two
  cores. Where even one falls behind (fewer than 30 frames/s), its figure is too small and the ratio to it
  too large.

Rounds alternate, medians are taken, CPU is that of the server's process tree. Prints a table and, last, one
line of JSON.
"""

import argparse
import asyncio
import json
from dataclasses import asdict

from bench.media.canned import LOOP_SECONDS
from bench.media.run import measure_all
from bench.media.table import Plan


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.media",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--peers", type=int, default=6)
    parser.add_argument("--viewers", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=12.0, help="length of each measurement")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--clients", type=int, default=1, help="client processes that share the peers")
    parser.add_argument("--only", choices=("viva", "janus", "mediarecorder"), help="measure one server")
    parser.add_argument("--source-seconds", type=int, default=LOOP_SECONDS, help="length of the canned loop")
    given = parser.parse_args()
    plan = Plan(
        given.peers,
        given.viewers,
        given.seconds,
        given.rounds,
        given.clients,
        given.only,
        given.source_seconds,
    )
    print(json.dumps(asdict(asyncio.run(measure_all(plan)))))


if __name__ == "__main__":
    main()
