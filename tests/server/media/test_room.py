"""A room with real aiortc peers: record, forward, refuse, lose a stream."""

import asyncio
from collections.abc import AsyncIterator
from itertools import pairwise
from pathlib import Path

import av
import pytest

from server.media.errors import CodecUnsupported, SdpInvalid, SdpTooLarge, UnknownStream
from server.media.finish import FinishPool, NothingRecorded, SegmentFile, finish_recording
from server.media.ice import IceOptions
from server.media.offers import MAX_SDP_CHARS
from server.media.publication import StreamStats
from server.media.recorder import Recorder, SegmentStart
from server.media.room import Room
from server.media.source import Source
from tests.server.media.peers import Publisher, Viewer, candidates_of, until


class Listener:
    """Remembers what the room announces."""

    def __init__(self) -> None:
        self.started: list[Source] = []
        self.ended: list[tuple[str, str]] = []
        self.stats: list[StreamStats] = []

    def stream_started(self, source: Source) -> None:
        self.started.append(source)

    def stream_ended(self, source: Source, reason: str) -> None:
        self.ended.append((source.stream_id, reason))

    def stream_stats(self, source: Source, stats: StreamStats) -> None:
        self.stats.append(stats)

    def speaking(self, participant_id: str | None) -> None:
        pass


@pytest.fixture
def listener() -> Listener:
    return Listener()


@pytest.fixture
async def room(listener: Listener) -> AsyncIterator[Room]:
    ice = IceOptions()
    room = Room(listener, ice=ice, max_bitrate_bps=2_000_000)
    yield room
    await room.close()
    ice.ports.close()


async def publish(room: Room, publisher: Publisher, stream_id: str = "camera-1", who: str = "ann") -> None:
    offer = await publisher.offer()
    answer = await room.publish(who, stream_id, "camera", offer)
    await publisher.accept(answer)
    for line in candidates_of(offer):
        await room.add_candidate(who, stream_id, "publish", line, None, 0)


async def view(room: Room, viewer: Viewer, stream_id: str = "camera-1", who: str = "bob") -> None:
    offer = await viewer.offer()
    answer = await room.subscribe(who, stream_id, offer)
    await viewer.accept(answer)
    for line in candidates_of(offer):
        await room.add_candidate(who, stream_id, "subscribe", line, None, 0)


async def record(source: Source, path: Path, length_ms: int) -> None:
    """Record about so many milliseconds."""
    recorder = Recorder(source, path, on_start=lambda _: None, on_error=pytest.fail)
    recorder.start()
    await until(lambda: recorder.duration_ms > length_ms)
    await recorder.finish()


async def test_a_stream_is_recorded_and_forwarded(room: Room, listener: Listener, tmp_path: Path) -> None:
    publisher, viewer = Publisher(), Viewer()
    starts: list[SegmentStart] = []
    await publish(room, publisher)
    await until(lambda: listener.started)
    path = tmp_path / "segment-000.mkv"
    recorder = Recorder(listener.started[0], path, on_start=starts.append, on_error=pytest.fail)
    recorder.start()
    await view(room, viewer)
    await until(lambda: viewer.received["video"] > 30 and viewer.received["audio"] > 30)
    result = await recorder.finish()
    assert result.error is None
    assert (starts[0].width, starts[0].height, starts[0].offset_ms) == (640, 480, 0)

    pool = FinishPool()
    try:
        finished = await pool.finish([SegmentFile(path, 0)], tmp_path / "out.webm")
    finally:
        pool.close()
    assert finished.duration_ms == pytest.approx(result.duration_ms, abs=100)
    assert (finished.video_codec, finished.audio_codec, finished.container) == ("vp8", "opus", "webm")
    assert finished.thumbnail is not None
    assert finished.thumbnail.startswith(b"\xff\xd8")
    with av.open(str(tmp_path / "out.webm")) as container:
        assert sum(1 for _ in container.decode(video=0)) == result.video_frames
    await publisher.close()
    await viewer.close()


async def test_a_full_disk_ends_the_segment_and_not_the_call(
    room: Room, listener: Listener, tmp_path: Path
) -> None:
    publisher = Publisher()
    await publish(room, publisher)
    await until(lambda: listener.started)
    path = tmp_path / "segment-000.mkv"
    path.symlink_to("/dev/full")  # the kernel answers every write with ENOSPC
    errors: list[str] = []
    recorder = Recorder(listener.started[0], path, on_start=lambda _: None, on_error=errors.append)
    recorder.start()
    await until(lambda: errors)
    assert errors == ["storage_full"]
    assert (await recorder.finish()).error == "storage_full"
    frames = listener.started[0].video_frames
    await until(lambda: listener.started[0].video_frames > frames + 10)
    await publisher.close()


async def test_segments_keep_the_gap_between_them(room: Room, listener: Listener, tmp_path: Path) -> None:
    publisher = Publisher()
    await publish(room, publisher)
    await until(lambda: listener.started)
    paths = [tmp_path / "segment-000.mkv", tmp_path / "segment-001.mkv"]
    for path in paths:
        await record(listener.started[0], path, 500)
    finished = await asyncio.to_thread(
        finish_recording, [SegmentFile(paths[0], 0), SegmentFile(paths[1], 5000)], tmp_path / "out.webm"
    )
    assert finished.duration_ms == pytest.approx(5500, abs=250)
    with av.open(str(tmp_path / "out.webm")) as container:
        times = [frame.time for frame in container.decode(video=0)]
    gap = max(later - earlier for earlier, later in pairwise(times))
    assert gap == pytest.approx(4.5, abs=0.3)
    await publisher.close()


async def test_a_cut_off_file_is_finished_up_to_its_last_packet(
    room: Room, listener: Listener, tmp_path: Path
) -> None:
    publisher = Publisher()
    await publish(room, publisher)
    await until(lambda: listener.started)
    path = tmp_path / "segment-000.mkv"
    recorder = Recorder(listener.started[0], path, on_start=lambda _: None, on_error=pytest.fail)
    recorder.start()
    await until(lambda: recorder.duration_ms > 3000)
    cut = tmp_path / "cut.mkv"
    cut.write_bytes(path.read_bytes())  # what a crash would leave at this moment
    length_ms = recorder.duration_ms
    await recorder.finish()
    finished = await asyncio.to_thread(finish_recording, [SegmentFile(cut, 0)], tmp_path / "out.webm")
    assert length_ms - 1500 < finished.duration_ms <= length_ms + 100
    await publisher.close()


def test_nothing_recorded_is_said(tmp_path: Path) -> None:
    empty = tmp_path / "segment-000.mkv"
    empty.write_bytes(b"")
    with pytest.raises(NothingRecorded):
        finish_recording([SegmentFile(empty, 0)], tmp_path / "out.webm")
    with pytest.raises(NothingRecorded):
        finish_recording([], tmp_path / "out.webm")


async def test_a_lost_peer_ends_its_stream(room: Room, listener: Listener) -> None:
    publisher = Publisher()
    await publish(room, publisher)
    await until(lambda: listener.started)
    await publisher.close()
    await until(lambda: listener.ended, 15)
    assert listener.ended == [("camera-1", "connection_lost")]


async def test_what_is_received_is_measured(room: Room, listener: Listener) -> None:
    publisher = Publisher()
    await publish(room, publisher)
    await until(lambda: any(stats.fps > 20 for stats in listener.stats), 15)
    stats = listener.stats[-1]
    assert (stats.width, stats.height) == (640, 480)
    assert stats.kbps > 10
    await publisher.close()


async def test_publishing_again_replaces_the_older_stream(room: Room, listener: Listener) -> None:
    first, second = Publisher(), Publisher()
    await publish(room, first, "camera-1")
    await until(lambda: len(listener.started) == 1)
    await publish(room, second, "camera-2")
    await until(lambda: len(listener.started) == 2)
    assert listener.ended == [("camera-1", "replaced")]
    assert [source.stream_id for source in room.sources()] == ["camera-2"]
    await first.close()
    await second.close()


async def test_another_participants_id_cannot_be_taken(room: Room, listener: Listener) -> None:
    publisher, other = Publisher(), Publisher()
    await publish(room, publisher, who="ann")
    await until(lambda: listener.started)
    with pytest.raises(UnknownStream):
        await room.publish("bob", "camera-1", "camera", await other.offer())
    assert [source.participant_id for source in room.sources()] == ["ann"]
    await publisher.close()
    await other.close()


async def test_a_try_that_never_connected_makes_way(room: Room) -> None:
    tries = [Publisher() for _ in range(3)]
    for number, publisher in enumerate(tries):
        await room.publish("ann", f"camera-{number}", "camera", await publisher.offer())
    for number, known in enumerate((False, False, True)):
        if known:
            assert room.source(f"camera-{number}").participant_id == "ann"
        else:
            with pytest.raises(UnknownStream):
                room.source(f"camera-{number}")
    for publisher in tries:
        await publisher.close()


@pytest.mark.parametrize(
    ("offer", "error"),
    [
        ("", SdpInvalid),
        ("garbage", SdpInvalid),
        ("v=0\r\nm=video 9 UDP/TLS/RTP/SAVPF x\r\n", SdpInvalid),
        ("v=0\r\n" * (MAX_SDP_CHARS // 4), SdpTooLarge),
        ("\x00" * 200, SdpInvalid),
    ],
)
async def test_bad_offers_are_refused(room: Room, offer: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        await room.publish("ann", "camera-1", "camera", offer)
    assert room.sources() == []


async def test_an_offer_to_receive_cannot_publish(room: Room) -> None:
    viewer = Viewer()
    with pytest.raises(SdpInvalid, match="sendonly"):
        await room.publish("ann", "camera-1", "camera", await viewer.offer())
    await viewer.close()


async def test_an_offer_without_a_known_codec_is_refused(room: Room) -> None:
    publisher = Publisher(audio=False)
    offer = (await publisher.offer()).replace("VP8", "AV1").replace("H264", "VP9")
    with pytest.raises(CodecUnsupported):
        await room.publish("ann", "camera-1", "camera", offer)
    await publisher.close()


async def test_unknown_streams_are_refused(room: Room) -> None:
    viewer = Viewer()
    with pytest.raises(UnknownStream):
        await room.subscribe("bob", "nobody", await viewer.offer())
    with pytest.raises(UnknownStream):
        await room.add_candidate(
            "bob", "nobody", "publish", "candidate:1 1 udp 1 127.0.0.1 9 typ host", None, 0
        )
    await viewer.close()
