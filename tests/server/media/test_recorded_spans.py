"""What becomes of a recording in which the picture turns, goes dark, or pauses."""

import asyncio
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest

from server.media.finish import FinishedFile, SegmentFile, finish_recording
from server.media.ports import Codec, EncodedFrame
from tests.server.media.canned import FPS, camera, merged, pictures, sound
from tests.server.media.test_recorder import feed, packets_of, recorder_of

SECOND_MS = 1000
SOUND_MS = 20


async def finished(folder: Path, frames: list[EncodedFrame], codec: Codec = "vp8") -> FinishedFile:
    """The file that is made of a recording of these frames."""
    source, path = camera(codec), folder / "segment-000.mkv"
    recorder = recorder_of(source, path)
    feed(source, frames)
    assert (await recorder.finish()).dropped_frames == 0
    return await asyncio.to_thread(finish_recording, [SegmentFile(path, 0)], folder / "out")


def shown(path: Path) -> list[tuple[float, av.VideoFrame]]:
    """Every picture and its time in seconds; a damaged one raises."""
    with av.open(str(path)) as container:
        container.streams.video[0].codec_context.options = {"err_detect": "explode"}
        return [(frame.time, frame) for frame in container.decode(video=0)]


def longest_gap(times: Sequence[float]) -> float:
    """The longest time between one and the next."""
    return max(later - earlier for earlier, later in pairwise(times))


def sound_times(path: Path) -> list[int]:
    """When each packet of sound is played, in milliseconds."""
    return [at_ms for kind, at_ms, _ in packets_of(path) if kind == "audio"]


@pytest.mark.parametrize("codec", ["vp8", "h264"])
async def test_a_phone_that_is_turned_goes_on_upright(tmp_path: Path, codec: Codec) -> None:
    """The picture changes from wide to high: both halves move, and nothing is missing where they meet."""
    wide = pictures(320, 180, FPS, codec=codec)
    high = pictures(180, 320, FPS, start_ms=SECOND_MS, codec=codec)
    file = await finished(tmp_path, merged(wide, high, sound(2 * SECOND_MS)), codec)
    seen = shown(file.path)
    assert [(frame.width, frame.height) for _, frame in seen] == [(320, 180)] * FPS + [(180, 320)] * FPS
    assert longest_gap([at for at, _ in seen]) <= 0.1
    for half in (seen[:FPS], seen[FPS:]):
        looks = [frame.to_ndarray(format="gray").astype(int) for _, frame in half]
        assert min(np.abs(after - before).max() for before, after in pairwise(looks)) > 50
    assert longest_gap(sound_times(file.path)) <= 2 * SOUND_MS


@pytest.mark.parametrize("sends", ["black", "nothing"])
async def test_a_camera_that_is_off_now_and_then_costs_no_sound(tmp_path: Path, sends: str) -> None:
    """Joined with the camera off, on, off, on: one file of the whole length, with sound throughout."""
    spans = [
        pictures(160, 120, FPS, start_ms=index * SECOND_MS, dark=dark)
        for index, dark in enumerate((True, False, True, False))
    ]
    if sends == "nothing":  # a browser that sends black at the start, where it has to send something
        spans[2] = []
    file = await finished(tmp_path, merged(*spans, sound(4 * SECOND_MS)))
    assert file.duration_ms == pytest.approx(4 * SECOND_MS, abs=60)
    heard = sound_times(file.path)
    assert (len(heard), longest_gap(heard)) == (4 * SECOND_MS // SOUND_MS, SOUND_MS)
    bright = {int(at) for at, frame in shown(file.path) if frame.to_ndarray(format="gray").max() > 100}
    assert bright == {1, 3}
    assert file.waveform is not None
    assert len(file.waveform.levels) * file.waveform.interval_ms == pytest.approx(4 * SECOND_MS, abs=200)


async def test_what_is_sent_between_two_recordings_is_in_neither(tmp_path: Path) -> None:
    """A camera goes on sending between two answers: each file holds its own pictures, and all of them."""
    source = camera()
    first, between = pictures(160, 120, FPS), pictures(160, 120, FPS, start_ms=SECOND_MS)
    second = pictures(160, 120, FPS, start_ms=2 * SECOND_MS)
    paths = [tmp_path / "first.mkv", tmp_path / "second.mkv"]
    recorder = recorder_of(source, paths[0])
    feed(source, merged(first, sound(SECOND_MS)))
    await recorder.finish()
    feed(source, merged(between[:-1], sound(SECOND_MS, start_ms=SECOND_MS)))
    recorder = recorder_of(source, paths[1])
    feed(source, between[-1:])  # asked for a keyframe, the camera sends one a moment later
    feed(source, merged(second, sound(SECOND_MS, start_ms=2 * SECOND_MS)))
    await recorder.finish()
    assert [written(path) for path in paths] == [[frame.data for frame in each] for each in (first, second)]


def written(path: Path) -> list[bytes]:
    """The pictures in a file, as they were sent."""
    with av.open(str(path)) as container:
        return [bytes(packet) for packet in container.demux(video=0) if packet.size]
