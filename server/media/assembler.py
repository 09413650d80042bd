"""RTP packets in, whole decodable video frames out, in order and never built on a lost one."""

from collections.abc import Sequence

from server.media import h264, vp8
from server.media.ports import Codec, EncodedFrame


class FrameAssembler:
    """Orders packets by their extended sequence number and releases a frame at its marker.

    After a loss only frames are released that do not depend on what was lost: a frame built on a lost one is
    damage that lasts. With temporal layers that may cost a few frames, without them all until the next
    keyframe (`needs_keyframe`). At most `MAX_PENDING` packets wait behind a gap; one more gives the gap up.
    A part is an RTP packet's timestamp, marker and payload. Frames come out without `timestamp_ms`.
    """

    MAX_PENDING = 1024
    MAX_PARTS = 2048

    def __init__(self, codec: Codec) -> None:
        self._codec = codec
        self._next: int | None = None
        self._pending: dict[int, tuple[int, bool, bytes]] = {}
        self._payloads: list[bytes] = []
        self._timestamp = 0
        self._chain = vp8.TemporalChain()
        self.needs_keyframe = True
        self.lost_packets = 0
        self.dropped_frames = 0

    def add(self, sequence: int, part: tuple[int, bool, bytes]) -> Sequence[EncodedFrame]:
        """Take one packet by its extended number; returns the frames it completed."""
        if sequence != self._next:
            if self._next is None:
                self._next = sequence
            elif sequence < self._next:
                return ()
            else:
                return self._wait(sequence, part)
        self._next = sequence + 1
        frame = self._take(part)
        if not self._pending:
            return () if frame is None else (frame,)
        released = [] if frame is None else [frame]
        self._drain(released)
        return released

    @property
    def next_whole(self) -> int | None:
        """The extended number with which a frame would begin now; None while any packet waits for others."""
        return None if self._pending or self._payloads else self._next

    def add_whole(self, last: int, timestamp: int, payloads: list[bytes]) -> EncodedFrame | None:
        """Take all packets of a frame, from `next_whole` to the extended number `last`, as `add` would."""
        self._next = last + 1
        self._timestamp = timestamp
        return self._build(payloads)

    def _wait(self, sequence: int, part: tuple[int, bool, bytes]) -> Sequence[EncodedFrame]:
        self._pending[sequence] = part
        if len(self._pending) > self.MAX_PENDING:
            return self.give_up(min(self._pending))
        return ()

    def give_up(self, sequence: int) -> list[EncodedFrame]:
        """Stop waiting for everything before `sequence`; returns the frames that this releases."""
        if self._next is None or sequence <= self._next:
            return []
        released: list[EncodedFrame] = []
        self._payloads = []
        there = [number for number in self._pending if number < sequence]
        for number in there:
            del self._pending[number]
        self.lost_packets += sequence - self._next - len(there)
        self._lose()
        self._next = sequence
        self._drain(released)
        return released

    def _drain(self, released: list[EncodedFrame]) -> None:
        assert self._next is not None
        while (part := self._pending.pop(self._next, None)) is not None:
            self._next += 1
            frame = self._take(part)
            if frame is not None:
                released.append(frame)

    def _take(self, part: tuple[int, bool, bytes]) -> EncodedFrame | None:
        timestamp, marker, payload = part
        if not payload:
            return None
        payloads = self._payloads
        if payloads and (timestamp != self._timestamp or len(payloads) >= self.MAX_PARTS):
            payloads.clear()
            self._lose()
        self._timestamp = timestamp
        payloads.append(payload)
        if not marker:
            return None
        self._payloads = []
        return self._build(payloads)

    def _lose(self) -> None:
        if self._chain.lose():
            self.needs_keyframe = True

    def _build(self, payloads: list[bytes]) -> EncodedFrame | None:
        try:
            frame = self._build_vp8(payloads) if self._codec == "vp8" else self._build_h264(payloads)
        except ValueError:
            frame = None
            self._lose()
        if frame is not None and frame.keyframe:
            self.needs_keyframe = False
        if frame is None or self.needs_keyframe:
            self.dropped_frames += 1
            return None
        return frame

    def _build_vp8(self, payloads: list[bytes]) -> EncodedFrame | None:
        first = vp8.parse_descriptor(payloads[0])
        if not first.starts_frame:
            self._lose()
            return None
        data = vp8.bitstream(payloads, first.size)
        keyframe = vp8.is_keyframe(data)
        verdict = self._chain.judge(first, keyframe)
        if verdict != "whole":
            self.needs_keyframe = self.needs_keyframe or verdict == "broken"
            return None
        width, height = vp8.keyframe_size(data) if keyframe else (0, 0)
        return EncodedFrame(
            "video",
            "vp8",
            self._timestamp,
            0.0,
            keyframe,
            data,
            payloads,
            first.temporal_layer,
            width,
            height,
            None,
            first.layer_sync,
        )

    def _build_h264(self, payloads: list[bytes]) -> EncodedFrame | None:
        if not h264.starts_frame(payloads[0]):
            self._lose()
            return None
        data = b"".join([h264.depacketise(payload) for payload in payloads])
        keyframe = h264.is_keyframe(data)
        size = h264.keyframe_size(data) if keyframe else (0, 0)
        return EncodedFrame("video", "h264", self._timestamp, 0.0, keyframe, data, payloads, None, *size)
