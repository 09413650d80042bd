"""A recorder fed by hand: what is in the file while it is written, after losses, and on a full disk."""

import asyncio
import threading
from itertools import pairwise
from pathlib import Path

import av
import pytest

from server.media.finish import SegmentFile, finish_recording
from server.media.ports import Codec, EncodedFrame
from server.media.recorder import Recorder, SegmentStart
from server.media.source import Source
from tests.server.media.canned import FPS, camera, merged, pictures, sound
from tests.server.media.peers import until


def feed(source: Source, frames: list[EncodedFrame]) -> None:
    """Deliver frames at once."""
    for frame in frames:
        source.deliver(frame)


def packets_of(path: Path) -> list[tuple[str, int, bool]]:
    """Kind, time in milliseconds and keyframe flag of every packet that can be read."""
    with av.open(str(path)) as container:
        return [
            (packet.stream.type, round(packet.pts * packet.time_base * 1000), packet.is_keyframe)
            for packet in container.demux()
            if packet.size and packet.pts is not None and packet.time_base is not None
        ]


def decoded(path: Path) -> list[tuple[int, int]]:
    """Sizes of all pictures; a damaged one raises."""
    with av.open(str(path)) as container:
        container.streams.video[0].codec_context.options = {"err_detect": "explode"}
        return [(frame.width, frame.height) for frame in container.decode(video=0)]


def recorder_of(source: Source, path: Path, errors: list[str] | None = None) -> Recorder:
    on_error = pytest.fail if errors is None else errors.append
    recorder = Recorder(source, path, on_start=lambda _: None, on_error=on_error)
    recorder.start()
    return recorder


async def test_it_begins_at_the_first_keyframe(tmp_path: Path) -> None:
    starts: list[SegmentStart] = []
    source = camera()
    path = tmp_path / "segment-000.mkv"

    def started(start: SegmentStart) -> None:
        starts.append(start)

    recorder = Recorder(source, path, on_start=started, on_error=pytest.fail)
    recorder.start()
    video, audio = pictures(320, 240, 60), sound(2000)
    later = pictures(320, 240, 30, start_ms=2000)
    feed(source, merged(video[1:], audio))
    assert not starts
    feed(source, merged(later, sound(1000, start_ms=2000)))
    result = await recorder.finish()
    [start] = starts
    assert (start.offset_ms, start.video_codec, start.width, start.height) == (0, "vp8", 320, 240)
    assert (result.video_frames, result.audio_frames, result.dropped_frames) == (30, 50, 0)
    assert result.duration_ms == pytest.approx(1000, abs=50)
    packets = packets_of(path)
    assert packets[0] == ("video", 0, True)
    assert [kind for kind, _, _ in packets].count("video") == 30
    assert all(earlier <= later for (_, earlier, _), (_, later, _) in pairwise(packets))


async def test_the_file_can_be_read_while_it_is_written(tmp_path: Path) -> None:
    source = camera()
    path = tmp_path / "segment-000.mkv"
    recorder = recorder_of(source, path)
    frames = merged(pictures(320, 240, 120), sound(4000))
    fed = 0
    for start in range(0, len(frames), 64):
        feed(source, frames[start : start + 64])
        fed = start + len(frames[start : start + 64])
        await until(lambda: path.exists() and len(packets_of(path)) == fed)  # noqa: B023
    assert fed == len(frames) == 320
    assert (await recorder.finish()).error is None


async def test_no_cluster_is_longer_than_a_second(tmp_path: Path) -> None:
    source = camera()
    path = tmp_path / "segment-000.mkv"
    recorder = recorder_of(source, path)
    feed(source, merged(pictures(160, 120, 300), sound(10_000)))
    await recorder.finish()
    data, starts = path.read_bytes(), []
    at = data.find(bytes.fromhex("1F43B675"))
    while at < len(data):
        length = int.from_bytes(data[at + 4 : at + 12], "big") & ~(1 << 56)
        assert data[at + 12 : at + 14] == bytes.fromhex("E788")
        starts.append(int.from_bytes(data[at + 14 : at + 22], "big"))
        at += 12 + length
    assert at == len(data)
    assert len(starts) == 10
    assert all(later - earlier <= 1020 for earlier, later in pairwise(starts))


@pytest.mark.parametrize("codec", ["vp8", "h264"])
async def test_a_keyframe_of_another_size_goes_on_in_the_same_file(tmp_path: Path, codec: Codec) -> None:
    source = camera(codec)
    path = tmp_path / "segment-000.mkv"
    recorder = recorder_of(source, path)
    small = pictures(320, 180, 30, codec=codec)
    large = pictures(640, 360, 30, start_ms=1000, codec=codec)
    feed(source, merged(small, large, sound(2000)))
    await recorder.finish()
    out = tmp_path / "out"
    finished = await asyncio.to_thread(finish_recording, [SegmentFile(path, 0)], out)
    assert decoded(out) == [(320, 180)] * 30 + [(640, 360)] * 30
    assert finished.duration_ms == pytest.approx(2000, abs=60)


async def test_first_frames_are_placed_by_what_the_clock_learns_in_their_first_second(tmp_path: Path) -> None:
    source = camera()
    path = tmp_path / "segment-000.mkv"
    recorder = recorder_of(source, path)
    video, audio = pictures(160, 120, 60), sound(2000)
    for frame in merged(video, audio):
        true_ms = frame.timestamp_ms
        late_ms = 250 if frame is video[0] else 10  # the first keyframe is large and waits in queues
        rate = 90_000 if frame.kind == "video" else 48_000
        base = 4_000_000_000 if frame.kind == "video" else 77
        rtp_timestamp = (base + round(true_ms * rate / 1000)) & 0xFFFFFFFF
        frame.timestamp_ms = source.clock.stream(frame.kind, rate).to_ms(
            rtp_timestamp, 1000 + true_ms + late_ms
        )
        source.deliver(frame)
        if true_ms > 1000 and recorder._held_offsets_ms is not None:
            recorder._flush()
    await recorder.finish()
    times = {kind: [at for k, at, _ in packets_of(path) if k == kind] for kind in ("audio", "video")}
    assert all(at == pytest.approx(index * 1000 / 30, abs=10) for index, at in enumerate(times["video"]))
    # The sound of the first 250 ms came before the late keyframe and is left out.
    first = times["audio"][0]
    assert all(at == pytest.approx(first + index * 20, abs=10) for index, at in enumerate(times["audio"]))
    assert (2000 - 20 * len(times["audio"])) == pytest.approx(first, abs=30)


class Browser:
    """Notes when it is asked for a keyframe."""

    def __init__(self) -> None:
        self.now_ms = 0.0
        self.asked_ms: list[float] = []

    def send_keyframe_request(self) -> None:
        self.asked_ms.append(self.now_ms)


async def test_a_keyframe_is_asked_for_when_the_last_one_is_ten_seconds_old(tmp_path: Path) -> None:
    """Once it has come nobody asks, nor while the camera is off."""
    source, browser = camera(), Browser()
    source.keyframe_port = browser
    recorder = recorder_of(source, tmp_path / "segment-000.mkv")
    video = [*pictures(160, 120, 12 * FPS), *pictures(160, 120, 6 * FPS, start_ms=12_000)]
    for frame in [*video, *sound(8_000, start_ms=18_000)]:
        browser.now_ms = frame.timestamp_ms
        source.deliver(frame)
        if round(browser.now_ms) % 500 < 20:
            recorder._flush()
    await recorder.finish()
    assert browser.asked_ms == [0.0, pytest.approx(10_000, abs=600)]


async def test_a_hundred_recordings_share_a_few_threads_that_end(tmp_path: Path) -> None:
    before = set(threading.enumerate())
    sources = [camera() for _ in range(100)]
    recorders = [recorder_of(source, tmp_path / f"{index}.mkv") for index, source in enumerate(sources)]
    frames = merged(pictures(160, 120, 30), sound(1000))
    for source in sources:
        feed(source, frames)
    assert len(set(threading.enumerate()) - before) <= 4
    results = await asyncio.gather(*(recorder.finish() for recorder in recorders))
    assert {(result.video_frames, result.audio_frames, result.error) for result in results} == {
        (30, 50, None)
    }
    await until(lambda: set(threading.enumerate()) <= before)
    assert len(packets_of(tmp_path / "99.mkv")) == 80


async def test_sound_alone_is_recorded(tmp_path: Path) -> None:
    source = camera(video=False)
    path = tmp_path / "segment-000.mkv"
    recorder = recorder_of(source, path)
    feed(source, sound(1000))
    assert (await recorder.finish()).audio_frames == 50
    finished = await asyncio.to_thread(finish_recording, [SegmentFile(path, 0)], tmp_path / "out.webm")
    assert (finished.video_codec, finished.audio_codec, finished.thumbnail) == (None, "opus", None)


async def test_a_recorder_that_saw_nothing_leaves_nothing(tmp_path: Path) -> None:
    source = camera()
    path = tmp_path / "segment-000.mkv"
    result = await recorder_of(source, path).finish()
    assert (result.duration_ms, result.video_frames, result.error) == (0, 0, None)
    assert not path.exists()
