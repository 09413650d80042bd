"""What a recording is worth when packets are lost between the browser and the server.

`make bench-loss`, or `python -m bench.loss [--seconds 60] [--loss 0,5,10,20] [--delay 25]`. A real Chromium
publishes 720p30 as the web app does, through a relay that loses that share of the datagrams at random on
the way to the server (a seed: the same pattern each time), those of connection set-up and repairs included,
and delays the others by 25 ms each way: without delay every repair comes in time. The finished file is then
held against a copy of every frame the encoder made (bench/live/sent.py).

A second is clean when at least nine tenths of the frames sent in it are in the file, decode to exactly the
picture that was sent and stand within 100 ms of their time, and the picture never pauses for more than 500
ms. `keyframe_wait_s_max` is the longest time from a loss that no repair healed to the next keyframe sent.
Prints a table and, last, one line of JSON. Ends with 1 when, at up to 10 % lost, less than 97 % of the
seconds are clean, or at any loss a frame is damaged or a keyframe is waited for longer than a second.
"""

import argparse
import asyncio
import json
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import av

from bench.live.sent import Verdict, judge, read_file, read_sent
from bench.live.station import relayed, station
from bench.network import Conditions
from tests.chromium import chromium
from tools.bootstrap import browser

SETTLE_SECONDS = 1.5
CAMERA_FPS = 30
OPUS_PACKET_SECONDS = 0.02
CLEAN_LIMIT, CLEAN_UP_TO_PERCENT = 0.97, 10
KEYFRAME_LIMIT_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Plan:
    """How long each level is recorded, the network's delay each way, and what is lost."""

    seconds: float
    delay_ms: float
    seed: int


@dataclass(frozen=True, slots=True)
class Result:
    """One level of loss."""

    verdict: Verdict
    sent_kbps: float
    sent_fps: float
    lost_share: float
    sound_share: float


async def run(executable: Path, plan: Plan, loss: float) -> Result:
    """Record for so long with that share of the datagrams lost."""
    up, down = Conditions(loss=loss, delay_ms=plan.delay_ms), Conditions(delay_ms=plan.delay_ms)
    seed, seconds = plan.seed, plan.seconds
    with tempfile.TemporaryDirectory(prefix="viva-bench-") as name:
        async with station(Path(name)) as server, chromium(executable, camera_fps=CAMERA_FPS) as chrome:
            page = await server.page(chrome)
            async with relayed(page, up=up, down=down, seed=seed) as relays:
                await page.evaluate("async () => publish('cam', await camera(), {log: true})")
                await asyncio.sleep(seconds)
                await page.evaluate("stopVideo()")
                await asyncio.sleep(SETTLE_SECONDS)
                await page.evaluate("uploadSent('cam')")
                finished = await server.finish("cam")
                tally = relays.running[0].up.tally
        return await asyncio.to_thread(
            held_against,
            Path(name) / "cam.sent",
            finished.path,
            tally.lost / max(1, tally.lost + tally.passed),
        )


def held_against(log: Path, file: Path, lost_share: float) -> Result:
    """Compare the file with the log."""
    sent = read_sent(log)
    span = sent[-1].at
    return Result(
        verdict=judge(sent, read_file(file)),
        sent_kbps=sum(len(frame.data) for frame in sent) * 8 / span / 1000,
        sent_fps=len(sent) / span,
        lost_share=lost_share,
        sound_share=sound_share(file),
    )


def sound_share(file: Path) -> float:
    """Share of the audio packets that should be in the file and are."""
    with av.open(str(file)) as container:
        times = [float((p.pts or 0) * (p.time_base or 0)) for p in container.demux(audio=0) if p.size]
    return len(times) / max(1, round((times[-1] - times[0]) / OPUS_PACKET_SECONDS) + 1) if times else 0.0


def holds(level: int, verdict: Verdict) -> bool:
    """Whether the limits of so many percent lost are kept."""
    return (
        (level > CLEAN_UP_TO_PERCENT or verdict.clean_share >= CLEAN_LIMIT)
        and not verdict.damaged_frames
        and verdict.keyframe_wait_s_max <= KEYFRAME_LIMIT_SECONDS
    )


async def measure(levels: list[int], plan: Plan) -> dict[str, object]:
    """All levels, one after the other; prints each as it is done."""
    executable = browser.ensure()
    print("loss % lost % sent kbit/s  fps seconds clean % missing damaged key waits longest s sound % faults")
    found: dict[str, object] = {}
    missed: list[str] = []
    for level in levels:
        result = await run(executable, plan, level / 100)
        verdict = result.verdict
        print(
            f"{level:>6} {100 * result.lost_share:>6.1f} {result.sent_kbps:>11.0f} {result.sent_fps:>4.1f}"
            f" {verdict.seconds:>7} {100 * verdict.clean_share:>7.1f} {verdict.missing_frames:>7}"
            f" {verdict.damaged_frames:>7} {len(verdict.keyframe_waits_s):>9}"
            f" {verdict.keyframe_wait_s_max:>9.2f} {100 * result.sound_share:>7.1f}"
            f" {dict(verdict.faults) or '-'}",
            flush=True,
        )
        found[f"loss_{level}"] = {
            "clean_share": round(verdict.clean_share, 4),
            "keyframe_wait_s_max": round(verdict.keyframe_wait_s_max, 3),
            "damaged_frames": verdict.damaged_frames,
            "missing_frames": verdict.missing_frames,
            "sound_share": round(result.sound_share, 4),
        }
        if not holds(level, verdict):
            missed.append(f"loss_{level}")
    return found | {"missed": missed}


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.loss", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=60.0, help="length of each recording")
    parser.add_argument("--loss", default="0,5,10,20", help="percent, separated by commas")
    parser.add_argument("--delay", type=float, default=25.0, help="milliseconds, each way")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    plan = Plan(given.seconds, given.delay, given.seed)
    levels = [int(level) for level in given.loss.split(",")]
    figures = asyncio.run(measure(levels, plan))
    print(json.dumps(figures))
    return 1 if figures["missed"] else 0


if __name__ == "__main__":
    sys.exit(main())
