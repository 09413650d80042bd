"""What leaves for a viewer: frames cut evenly, one message where the kernel parts it, repairs."""

import socket
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

import av
import numpy as np
import pytest
from aiortc.rtcrtpparameters import (
    RTCRtcpParameters,
    RTCRtpCodecParameters,
    RTCRtpHeaderExtensionParameters,
    RTCRtpSendParameters,
)
from aiortc.rtp import RTCP_RTPFB_NACK, RtcpRtpfbPacket

from server.media import mmsg, vp8
from server.media.ice import IceOptions
from server.media.mmsg import SLOT_BYTES
from server.media.outgoing import Outgoing, outgoing
from server.media.ports import EncodedFrame
from server.media.room import Room
from server.media.rtp_headers import RtpHeaders, send_time_word
from server.media.send_batch import SEND_SLOTS, SendBatch
from server.media.sender import VideoSender
from server.media.source import Source
from tests.server.media.peers import Publisher, Viewer, until
from tests.server.media.test_assembler import DESCRIPTOR_MORE, DESCRIPTOR_START, delta, keyframe
from tests.server.media.test_room import Listener, publish, view

_SO_NO_CHECK = 11
SEND_TIME = "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time"

Sockets = tuple[socket.socket, socket.socket]


@pytest.fixture
def sockets() -> Iterator[Sockets]:
    """One to send from and one that receives."""
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as outbound,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as inbound,
    ):
        for each in (outbound, inbound):
            each.bind(("127.0.0.1", 0))
            each.setblocking(False)
        inbound.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        yield outbound, inbound


def write(batch: SendBatch, lengths: Sequence[int], to: socket.socket, first: int = 0) -> list[bytes]:
    """Datagrams of these lengths, each one filled with its number."""
    written = [bytes((first + index,)) * length for index, length in enumerate(lengths)]
    for slot, datagram in enumerate(written, batch.used):
        batch.data[slot * SLOT_BYTES : slot * SLOT_BYTES + len(datagram)] = datagram
        batch.lengths[slot] = len(datagram)
    alike = lengths[-1] <= lengths[0] and lengths.count(lengths[0]) >= len(lengths) - 1
    batch.add(len(lengths), mmsg.Destination(to.getsockname()), alike=alike)
    return written


def read(sock: socket.socket) -> list[bytes]:
    """Everything that waits; on the loopback it is there once it is sent."""
    found = []
    try:
        while True:
            found.append(sock.recv(4096))
    except BlockingIOError:
        return found


FRAMES = ([1100, 1100, 1100, 700], [900], [1100, 1100], [800, 900, 1000], [60])


@pytest.mark.parametrize("way", ["parted by the kernel", "refused by the kernel", "singly", "one by one"])
def test_every_datagram_arrives_whole_and_in_order(
    sockets: Sockets, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    outbound, inbound = sockets
    if way == "one by one":
        monkeypatch.setattr(mmsg, "_LIBC", None)
    batch = SendBatch(outbound)
    if way == "singly":
        batch.segments = False
    elif way == "refused by the kernel":  # it parts nothing it may not sum up
        outbound.setsockopt(socket.SOL_SOCKET, _SO_NO_CHECK, 1)
    for _ in range(2):
        written = [each for lengths in FRAMES for each in write(batch, lengths, inbound)]
        batch.flush()
        assert read(inbound) == written
    assert (batch.used, batch.dropped) == (0, 0)
    if way != "parted by the kernel":
        assert not batch.segments


def test_a_frame_is_one_message_when_its_packets_are_alike(sockets: Sockets) -> None:
    outbound, inbound = sockets
    batch = SendBatch(outbound)
    for lengths in FRAMES:
        write(batch, lengths, inbound)
    assert len(batch._runs) == (1 + 1 + 1 + 3 + 1 if batch.segments else sum(map(len, FRAMES)))


def test_what_the_kernel_refuses_is_counted_and_costs_nothing_else(sockets: Sockets) -> None:
    outbound, inbound = sockets
    batch = SendBatch(outbound)
    first = write(batch, [500], inbound)
    batch.data[batch.used * SLOT_BYTES] = 1
    batch.lengths[batch.used] = 1
    batch.add(1, mmsg.Destination(("127.0.0.1", 0)))  # no port to send to
    last = write(batch, [600, 600], inbound, first=3)
    batch.flush()
    assert read(inbound) == first + last
    assert batch.dropped == 1


def frame_of(data: bytes, pieces: int, timestamp: int = 3000) -> EncodedFrame:
    """A frame in packets of lengths that differ by a byte, as libwebrtc's do."""
    bounds = [round(index * len(data) / pieces) for index in range(pieces + 1)]
    parts = [data[begin:end] for begin, end in pairwise(bounds)]
    payloads = [(DESCRIPTOR_MORE if index else DESCRIPTOR_START) + part for index, part in enumerate(parts)]
    return EncodedFrame("video", "vp8", timestamp, 0.0, vp8.is_keyframe(data), data, payloads)


@pytest.mark.parametrize("pieces", [1, 2, 3, 7])
def test_a_frame_is_cut_into_equal_payloads_once(pieces: int) -> None:
    frame = frame_of(keyframe(2003), pieces)
    packets = outgoing(frame)
    assert outgoing(frame) is packets
    cut = packets.payloads
    assert packets.alike
    assert len(cut) == pieces
    assert packets.octets == sum(map(len, cut))
    assert {len(payload) for payload in cut[:-1]} <= {len(cut[0])}
    assert len(cut[-1]) <= len(cut[0])
    first = vp8.parse_descriptor(cut[0])
    assert vp8.bitstream(cut, first.size) == frame.data
    assert [vp8.parse_descriptor(payload).starts_frame for payload in cut] == [True] + [False] * (pieces - 1)


def test_payloads_with_odd_descriptors_and_other_codecs_are_left_as_they_came() -> None:
    odd = frame_of(delta(900), 3)
    odd.payloads[1] = bytes((odd.payloads[1][0] | 1,)) + odd.payloads[1][1:]  # another partition
    assert outgoing(odd).payloads is odd.payloads
    other = EncodedFrame("video", "h264", 0, 0.0, False, b"ab", [b"a", b"b"])
    assert outgoing(other).payloads is other.payloads


class Transport:
    """Keeps the packets a sender hands on, as (header, payload)."""

    ready = True

    def __init__(self) -> None:
        self.sent: list[tuple[bytes, bytes]] = []
        self.hurried = 0

    def send_rtp(self, headers: RtpHeaders, packets: Outgoing) -> int:
        count = len(packets.payloads)
        self.sent += [
            (headers.packed(index, count), payload) for index, payload in enumerate(packets.payloads)
        ]
        return count

    def hurry(self) -> None:
        self.hurried += 1

    def send_rtcp(self, data: bytes) -> bool:
        return bool(data)

    def _register_rtp_sender(self, sender: Any, parameters: Any) -> None:
        """Nothing is routed here."""

    def _unregister_rtp_sender(self, sender: Any) -> None:
        """Nothing was."""


async def sender_of(source: Source, *, rtx: bool) -> tuple[VideoSender, Transport]:
    """A viewer's sender."""
    transport = Transport()
    sender = VideoSender(transport, source)
    codecs = [RTCRtpCodecParameters("video/VP8", 90_000, payloadType=96)]
    if rtx:
        codecs.append(RTCRtpCodecParameters("video/rtx", 90_000, payloadType=97, parameters={"apt": 96}))
    extensions = [RTCRtpHeaderExtensionParameters(id=3, uri=SEND_TIME)]
    await sender.send(
        RTCRtpSendParameters(codecs=codecs, headerExtensions=extensions, rtcp=RTCRtcpParameters(cname="ann"))
    )
    return sender, transport


@pytest.mark.parametrize("count", [1, 4])
@pytest.mark.parametrize("marker", [True, False])
def test_headers_are_the_same_written_together_and_one_by_one(count: int, marker: bool) -> None:
    headers = RtpHeaders(96, 65_534, 3000, 7, marker, send_time_word(3, 1.5))
    together = bytearray(count * SLOT_BYTES)
    headers.pack_into(together, 0, count)
    for index in range(count):
        packed = headers.packed(index, count)
        assert together[index * SLOT_BYTES :][: len(packed)] == packed
        assert number_of(packed) == (65_534 + index) & 0xFFFF
        assert packed[1] == (96 | 0x80 if marker and index == count - 1 else 96)


def number_of(header: bytes) -> int:
    return int.from_bytes(header[2:4], "big")


@pytest.mark.parametrize("rtx", [True, False], ids=["on its own SSRC", "on the same"])
async def test_what_a_viewer_lost_is_repeated_once_in_a_while(rtx: bool) -> None:
    source = Source("camera", "ann", "camera")
    sender, transport = await sender_of(source, rtx=rtx)
    sender._sequence = 65_533  # the numbers wrap within the frame
    for index in range(3):
        source.deliver(frame_of(keyframe(1500), 4, 3000 * index))
    headers = [header for header, _ in transport.sent]
    assert [number_of(header) for header in headers] == [(65_533 + index) & 0xFFFF for index in range(12)]
    assert [header[1] for header in headers] == ([96] * 3 + [96 | 0x80]) * 3
    assert len({len(header) for header in headers}) == 1
    lost, before = [65_534, 0, 4, 500], list(transport.sent)
    packet = RtcpRtpfbPacket(fmt=RTCP_RTPFB_NACK, ssrc=1, media_ssrc=sender._ssrc)
    packet.lost = lost
    sender.on_rtcp(packet, 0.0)
    sender.on_rtcp(packet, 0.0)
    repeated = transport.sent[len(before) :]
    assert len(repeated) == 3
    assert transport.hurried  # who lost something is read often
    wanted = [(header, payload) for header, payload in before if number_of(header) in lost]
    if rtx:
        assert [payload for _, payload in repeated] == [header[2:4] + payload for header, payload in wanted]
        assert {header[8:12] for header, _ in repeated} == {sender._rtx_ssrc.to_bytes(4, "big")}
    else:
        assert [(header[:12], payload) for header, payload in repeated] == [
            (header[:12], payload) for header, payload in wanted
        ]
    await sender.stop()
    source.close()


def noise(width: int, height: int, timestamp: int) -> EncodedFrame:
    """A keyframe that takes more packets than a batch holds."""
    encoder = av.CodecContext.create("libvpx", "w")
    assert isinstance(encoder, av.VideoCodecContext)
    encoder.width, encoder.height, encoder.pix_fmt = width, height, "yuv420p"
    encoder.bit_rate, encoder.time_base = 20_000_000, Fraction(1, 30)
    encoder.options = {"deadline": "realtime", "cpu-used": "8", "lag-in-frames": "0"}
    picture = np.random.default_rng(1).integers(0, 255, (height, width, 3), np.uint8)
    shown = av.VideoFrame.from_ndarray(picture, format="rgb24")
    shown.pts = 0
    (data,) = (bytes(packet) for packet in encoder.encode(shown))
    return frame_of(data, -(-len(data) // 1100), timestamp)


async def test_a_frame_of_more_packets_than_a_batch_holds_is_seen_whole() -> None:
    listener, ice = Listener(), IceOptions()
    room = Room(listener, ice=ice, max_bitrate_bps=2_000_000)
    publisher, viewer = Publisher(audio=False), Viewer()
    await publish(room, publisher)
    await until(lambda: listener.started)
    await view(room, viewer)
    await until(lambda: viewer.received["video"] > 3)
    large = noise(400, 300, 0)  # aiortc takes 128 packets a frame
    assert len(large.payloads) > SEND_SLOTS
    seen: list[EncodedFrame] = []
    sink = type("Sink", (), {"on_frame": lambda _, frame: seen.append(frame)})()
    listener.started[0].attach(sink, ("video",))
    await until(lambda: seen)
    listener.started[0].detach(sink)
    large.rtp_timestamp = seen[-1].rtp_timestamp + 1
    listener.started[0].deliver(large)
    await until(lambda: viewer.frames[0].width == 400)
    await room.close()
    await publisher.close()
    await viewer.close()
    ice.ports.close()
