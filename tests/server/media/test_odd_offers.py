"""Offers as real browsers and broken ones make them: served or refused by name, and nobody else is harmed."""

import re
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import av
import pytest
from aiortc import RTCRtpSender

from server.media.errors import CodecUnsupported, MediaError, SdpInvalid, SdpTooLarge
from server.media.ice import IceOptions
from server.media.room import Room
from tests.server.media.peers import Publisher, until
from tests.server.media.test_room import Listener, publish, record

CONSTRAINED_BASELINE = "42e01f"


@pytest.fixture
async def listener() -> Listener:
    """Notes what the room says."""
    return Listener()


@pytest.fixture
async def room(listener: Listener) -> AsyncIterator[Room]:
    """A room on ports of its own."""
    ice = IceOptions()
    made = Room(listener, ice=ice, max_bitrate_bps=2_000_000)
    yield made
    await made.close()
    ice.ports.close()


def h264_publisher() -> Publisher:
    """A browser that sends H.264 and nothing else."""
    publisher = Publisher()
    known = RTCRtpSender.getCapabilities("video").codecs
    wanted = [each for each in known if each.parameters.get("profile-level-id") == CONSTRAINED_BASELINE]
    assert wanted
    publisher.pc.getTransceivers()[0].setCodecPreferences(wanted)
    return publisher


async def test_h264_alone_is_recorded(room: Room, listener: Listener, tmp_path: Path) -> None:
    publisher = h264_publisher()
    await publish(room, publisher)
    await until(lambda: listener.started, 30)
    await record(listener.started[0], tmp_path / "segment-000.mkv", 500)
    with av.open(str(tmp_path / "segment-000.mkv")) as container:
        video = container.streams.video[0]
        assert (video.codec_context.name, video.width, video.height) == ("h264", 640, 480)
        assert sum(1 for _ in container.decode(video=0)) > 5
    await publisher.close()


@pytest.mark.parametrize(
    ("line", "other"),
    [("packetization-mode=1", "packetization-mode=0"), (CONSTRAINED_BASELINE, "640032")],
    ids=["packets of another mode", "a profile nobody shares"],
)
async def test_h264_that_is_not_shared_is_refused_at_once(room: Room, line: str, other: str) -> None:
    publisher = h264_publisher()
    offer = (await publisher.offer()).replace(line, other)
    assert other in offer
    with pytest.raises(CodecUnsupported):
        await room.publish("ann", "camera-1", "camera", offer)
    assert room.sources() == []
    await publisher.close()


def with_an_audio_type(offer: str) -> str:
    """The video line lists the payload type of PCMU and nothing else."""
    head, video = re.split(r"(?=^m=video)", offer, flags=re.MULTILINE)
    lines = [line for line in video.splitlines() if not line.startswith(("a=rtpmap", "a=fmtp", "a=rtcp-fb"))]
    lines[0] = re.sub(r"SAVPF .*", "SAVPF 0", lines[0])
    return head + "\r\n".join(lines) + "\r\n"


def without_sections(offer: str) -> str:
    """Nothing is offered at all."""
    return re.split(r"(?=^m=)", offer, flags=re.MULTILINE)[0]


def with_many_sections(offer: str) -> str:
    """Two hundred video lines."""
    head, video = re.split(r"(?=^m=video)", offer, flags=re.MULTILINE)
    kept = "".join(line for line in video.splitlines(keepends=True) if "candidate" not in line)
    return head + "".join(kept.replace("a=mid:0", f"a=mid:{number}") for number in range(200))


@pytest.mark.parametrize(
    ("spoil", "error"),
    [
        (with_an_audio_type, CodecUnsupported),
        (without_sections, SdpInvalid),
        (with_many_sections, SdpTooLarge),
        (lambda offer: with_many_sections(offer)[:60_000], SdpInvalid),
    ],
    ids=["a video line with an audio type", "no line", "200 lines", "as many lines as are read"],
)
async def test_a_senseless_offer_is_named_and_the_others_go_on(
    room: Room, listener: Listener, spoil: Callable[[str], str], error: type[MediaError]
) -> None:
    publisher, other = Publisher(), Publisher(audio=False)
    await publish(room, publisher)
    await until(lambda: listener.started, 30)
    offer = await other.offer()
    for attempt in (room.publish("bob", "camera-2", "camera", spoil(offer)), subscribe(room, spoil(offer))):
        with pytest.raises(error):
            await attempt
    frames = listener.started[0].video_frames
    await until(lambda: listener.started[0].video_frames > frames + 5, 30)
    assert [source.stream_id for source in room.sources()] == ["camera-1"]
    await publisher.close()
    await other.close()


async def subscribe(room: Room, offer: str) -> str:
    """Ask for somebody's picture."""
    return await room.subscribe("bob", "camera-1", offer.replace("a=sendonly", "a=recvonly"))
