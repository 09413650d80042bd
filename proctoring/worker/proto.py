"""Messages that cross the boundary between the server process and the proctoring worker.

On the wire: two big-endian 32-bit lengths, a JSON header, a binary payload. Both lengths are checked before
anything is read, so neither side can be made to allocate more than the limits.
"""

import asyncio
import json
import struct
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Literal

from proctoring.types import Box, Face, Observation, Pose

Codec = Literal["vp8", "h264"]

LENGTHS = struct.Struct("!II")
MAX_HEADER_BYTES = 64 * 1024
MAX_PAYLOAD_BYTES = 4 * 1024 * 1024
"""Larger than any 720p frame or snapshot by an order of magnitude."""


class ProtocolError(Exception):
    """The other side sent what this protocol does not have, or more than it allows."""


@dataclass(frozen=True, slots=True)
class OpenStream:
    """Server: frames of a recording will follow."""

    stream_id: str
    codec: Codec


@dataclass(frozen=True, slots=True)
class Frame:
    """Server: one encoded frame; `offset_ms` is its place in the recording."""

    stream_id: str
    offset_ms: int
    keyframe: bool
    payload: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Drain:
    """Server: answer with Drained when everything before this is analysed."""

    stream_id: str
    token: int


@dataclass(frozen=True, slots=True)
class CloseStream:
    """Server: forget the recording, whatever is still waiting of it."""

    stream_id: str


@dataclass(frozen=True, slots=True)
class Ping:
    """Server: answer with Pong."""

    token: int


@dataclass(frozen=True, slots=True)
class Ready:
    """Worker: the models are loaded."""

    pid: int
    detector: str
    model_version: str


@dataclass(frozen=True, slots=True)
class ObservationMessage:
    """Worker: one analysed frame, and at most once a second its JPEG while the face count is not one."""

    observation: Observation
    snapshot: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class NeedKeyframe:
    """Worker: the stream cannot be decoded (well) until a keyframe comes."""

    stream_id: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """Worker: what was left out since the last report, and why: overload | undecodable."""

    stream_id: str
    reason: str
    frames: int
    detections: int


@dataclass(frozen=True, slots=True)
class Drained:
    """Worker: everything before the Drain with this token is analysed."""

    stream_id: str
    token: int


@dataclass(frozen=True, slots=True)
class Pong:
    """Worker: alive; `lag_ms` is how long the oldest waiting frame has waited."""

    token: int
    rss_bytes: int
    lag_ms: int
    waiting_frames: int


Message = (
    OpenStream
    | Frame
    | Drain
    | CloseStream
    | Ping
    | Ready
    | ObservationMessage
    | NeedKeyframe
    | Skipped
    | Drained
    | Pong
)
_PLAIN: dict[str, type[Any]] = {
    kind.__name__: kind
    for kind in (OpenStream, Drain, CloseStream, Ping, Ready, NeedKeyframe, Skipped, Drained, Pong)
}


def encode(message: Message) -> bytes:
    """One message as bytes; raises ProtocolError when it is over the limits."""
    payload = b""
    if isinstance(message, Frame):
        payload = message.payload
        head: dict[str, Any] = {
            "stream_id": message.stream_id,
            "offset_ms": message.offset_ms,
            "keyframe": message.keyframe,
        }
    elif isinstance(message, ObservationMessage):
        payload = message.snapshot or b""
        head = asdict(message.observation)
    else:
        head = asdict(message)
    header = json.dumps({"type": type(message).__name__, **head}, separators=(",", ":")).encode()
    _check_lengths(len(header), len(payload))
    return LENGTHS.pack(len(header), len(payload)) + header + payload


def decode(header: bytes, payload: bytes) -> Message:
    """The message of a header and a payload; raises ProtocolError when it is none."""
    try:
        values = json.loads(header)
        kind = values.pop("type")
        if kind == "Frame":
            return Frame(**values, payload=payload)
        if kind == "ObservationMessage":
            return ObservationMessage(_observation(values), payload or None)
        shape = _PLAIN[kind]
        message: Message = shape(**{each.name: values.pop(each.name) for each in fields(shape)})
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ProtocolError(f"not a message: {error!r}") from error
    return message


async def read_message(reader: asyncio.StreamReader) -> Message:
    """The next message; raises ProtocolError, or IncompleteReadError when the other side has closed."""
    header_length, payload_length = LENGTHS.unpack(await reader.readexactly(LENGTHS.size))
    _check_lengths(header_length, payload_length)
    return decode(await reader.readexactly(header_length), await reader.readexactly(payload_length))


class MessageBuffer:
    """Cuts a byte stream into messages, for a reader that must not block."""

    def __init__(self) -> None:
        self._bytes = bytearray()

    def feed(self, data: bytes) -> list[Message]:
        """Add bytes, return the messages they complete; raises ProtocolError."""
        self._bytes += data
        messages, start = [], 0
        while len(self._bytes) - start >= LENGTHS.size:
            header_length, payload_length = LENGTHS.unpack_from(self._bytes, start)
            _check_lengths(header_length, payload_length)
            body = start + LENGTHS.size
            end = body + header_length + payload_length
            if len(self._bytes) < end:
                break
            header = bytes(self._bytes[body : body + header_length])
            messages.append(decode(header, bytes(self._bytes[body + header_length : end])))
            start = end
        del self._bytes[:start]
        return messages


def _check_lengths(header_length: int, payload_length: int) -> None:
    if header_length > MAX_HEADER_BYTES:
        raise ProtocolError(f"a header of {header_length} bytes, the limit is {MAX_HEADER_BYTES}")
    if payload_length > MAX_PAYLOAD_BYTES:
        raise ProtocolError(f"a payload of {payload_length} bytes, the limit is {MAX_PAYLOAD_BYTES}")


def _observation(values: dict[str, Any]) -> Observation:
    faces = tuple(_face(face) for face in values.pop("faces"))
    return Observation(**values, faces=faces)


def _face(values: dict[str, Any]) -> Face:
    pose = values.pop("pose", None)
    return Face(
        box=Box(**values.pop("box")),
        key_points=tuple((x, y) for x, y in values.pop("key_points")),
        pose=None if pose is None else Pose(**pose),
        **values,
    )
