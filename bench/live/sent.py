"""A recording held against what the browser sent, frame by frame and bit by bit.

The page keeps a copy of every frame its encoder made (`page.js`, logSent). A recorder that does not transcode
writes the same octets, so each frame of the file is one that was sent. All that was sent, decoded without a
gap, says what each frame must look like; a frame of the file that decodes to anything else depends on one
that was lost.
"""

import struct
import zlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from statistics import median

import av
from av.packet import Packet
from av.video.codeccontext import VideoCodecContext

CLOCK_RATE = 90_000
MISSING_TOLERANCE = 0.1
"""Share of a second's frames that may be missing: single frames that nothing depends on."""
LATE_SECONDS = 0.1
PAUSE_SECONDS = 0.5
TAIL_SECONDS = 1.0
"""Left out at the end: nothing follows there that would tell the server of a loss."""
_HEAD = struct.Struct("!IBI")


@dataclass(frozen=True, slots=True)
class Frame:
    """An encoded frame and its time in seconds, by the browser's clock or by the file's."""

    at: float
    keyframe: bool
    data: bytes


@dataclass(frozen=True, slots=True)
class Verdict:
    """How much of what was sent is in the file as it was sent.

    `seconds` were looked at, `clean` of them were clean. `damaged_frames` are in the file and show something
    else than was sent; `missing_frames` are not in it; `unknown_frames` were never sent. `keyframe_waits_s`
    holds, for each hole that only a keyframe ended, how long after its first frame a keyframe was sent.
    `faults` counts the seconds that are not clean by what is wrong with them: frames that are missing or
    damaged, late ones, or a pause in what was sent.
    """

    seconds: int
    clean: int
    sent_frames: int
    missing_frames: int
    damaged_frames: int
    unknown_frames: int
    keyframe_waits_s: tuple[float, ...]
    faults: Counter[str] = field(default_factory=Counter)

    @property
    def clean_share(self) -> float:
        """Share of seconds that are clean."""
        return self.clean / self.seconds if self.seconds else 0.0

    @property
    def keyframe_wait_s_max(self) -> float:
        """The longest wait for a keyframe; 0 when none was needed."""
        return max(self.keyframe_waits_s, default=0.0)


def read_sent(path: Path) -> list[Frame]:
    """What the page sent, in its order; times begin at 0."""
    data, at, last, ticks = path.read_bytes(), 0, 0, 0
    frames: list[Frame] = []
    while at < len(data):
        timestamp, keyframe, length = _HEAD.unpack_from(data, at)
        at += _HEAD.size
        if frames:
            ticks += (timestamp - last + (1 << 31)) % (1 << 32) - (1 << 31)
        last = timestamp
        frames.append(Frame(ticks / CLOCK_RATE, bool(keyframe), data[at : at + length]))
        at += length
    return frames


def read_file(path: Path) -> list[Frame]:
    """The video of a recording, undecoded."""
    with av.open(str(path)) as container:
        return [
            Frame(float((packet.pts or 0) * (packet.time_base or 0)), packet.is_keyframe, bytes(packet))
            for packet in container.demux(video=0)
            if packet.size
        ]


def looks(frames: Iterable[Frame]) -> list[int | None]:
    """A checksum of each decoded picture; None where decoding fails."""
    decoder = av.CodecContext.create("vp8", "r")
    assert isinstance(decoder, VideoCodecContext)
    found: list[int | None] = []
    for frame in frames:
        try:
            pictures = decoder.decode(Packet(frame.data))
        except av.FFmpegError:
            pictures = []
        found.append(zlib.crc32(pictures[-1].planes[0]) if pictures else None)
    return found


def judge(sent: list[Frame], filed: list[Frame]) -> Verdict:
    """Hold a file against what was sent."""
    return _judge(sent, filed, looks(sent), looks(filed))


def _judge(sent: list[Frame], filed: list[Frame], truth: list[int | None], seen: list[int | None]) -> Verdict:
    index_of = {frame.data: index for index, frame in enumerate(sent)}
    places = [index_of.get(frame.data) for frame in filed]
    known = [
        (place, frame, look)
        for place, frame, look in zip(places, filed, seen, strict=True)
        if place is not None
    ]
    if not known:
        return Verdict(0, 0, len(sent), len(sent), 0, len(filed), ())
    shift = median(frame.at - sent[place].at for place, frame, _ in known)
    good = {place for place, _, look in known if look is not None and look == truth[place]}
    late = {place for place, frame, _ in known if abs(frame.at - sent[place].at - shift) > LATE_SECONDS}
    first, end = known[0][0], sent[-1].at - TAIL_SECONDS
    expected = [index for index in range(first, len(sent)) if sent[index].at <= end]
    seconds = int(end - sent[first].at)
    faults = Counter(_fault(sent, good, late, sent[first].at + second) for second in range(seconds))
    clean = faults.pop("", 0)
    return Verdict(
        seconds=seconds,
        clean=clean,
        sent_frames=len(expected),
        missing_frames=len(set(expected) - {place for place, _, _ in known}),
        damaged_frames=len(known) - len(good),
        unknown_frames=places.count(None),
        keyframe_waits_s=tuple(_waits(sent, good, expected)),
        faults=faults,
    )


def _fault(sent: list[Frame], good: set[int], late: set[int], begin: float) -> str:
    """What is wrong with the second that begins then; empty when nothing is."""
    inside = [index for index, frame in enumerate(sent) if begin <= frame.at < begin + 1]
    there = [index for index in inside if index in good]
    if len(inside) - len(there) > MISSING_TOLERANCE * len(inside):
        return "missing"
    if len(inside) - len(set(there) - late) > MISSING_TOLERANCE * len(inside):
        return "late"
    edges = [begin, *(sent[index].at for index in there), begin + 1]
    return "pause" if max(later - earlier for earlier, later in pairwise(edges)) > PAUSE_SECONDS else ""


def _waits(sent: list[Frame], good: set[int], expected: list[int]) -> Iterable[float]:
    """For each hole in the file that only a keyframe ended: from its first frame to the next keyframe sent.

    That keyframe may be lost in its turn: the hole is then longer, the wait is not.
    """
    first: int | None = None
    for index in expected:
        if index not in good:
            first = index if first is None else first
        elif first is not None:
            if sent[index].keyframe:
                yield _until_keyframe(sent, first, index)
            first = None
    if first is not None:
        yield _until_keyframe(sent, first, expected[-1])


def _until_keyframe(sent: list[Frame], first: int, last: int) -> float:
    keyframes = (index for index in range(first + 1, last) if sent[index].keyframe)
    return sent[next(keyframes, last)].at - sent[first].at
