"""The wire between server and worker."""

import asyncio

import pytest

from proctoring.types import Box, Face, Observation, Pose
from proctoring.worker.proto import (
    LENGTHS,
    MAX_HEADER_BYTES,
    MAX_PAYLOAD_BYTES,
    CloseStream,
    Drain,
    Drained,
    Frame,
    Message,
    MessageBuffer,
    NeedKeyframe,
    ObservationMessage,
    OpenStream,
    Ping,
    Pong,
    ProtocolError,
    Ready,
    Skipped,
    encode,
    read_message,
)

OBSERVATION = Observation(
    stream_id="video-1",
    offset_ms=1234,
    faces=(
        Face(
            box=Box(0.1, 0.2, 0.3, 0.4),
            score=0.87,
            width_px=384,
            key_points=((0.15, 0.25), (0.3, 0.25)),
            pose=Pose(-3.5, 12.0, 0.5, 0.99, 0.1, -0.2),
            motion=7.5,
            hidden=0.12,
            brightness=0.4,
        ),
        Face(Box(0.7, 0.2, 0.1, 0.1), 0.6, 128),
    ),
    brightness=0.42,
    detector="mediapipe-face",
    model_version="1",
    latency_ms=12.5,
    width=1280,
    height=720,
    contrast=0.2,
    dark_share=0.0,
    bright_share=0.01,
    still_ms=400,
    repeats_ms=6000,
    thorough=True,
)
MESSAGES: list[Message] = [
    OpenStream("video-1", "vp8"),
    Frame("video-1", 133, True, b"\x00\x01" * 500),
    Frame("video-1", 266, False, b""),
    Drain("video-1", 7),
    CloseStream("video-1"),
    Ping(1),
    Ready(4711, "mediapipe-face", "1"),
    ObservationMessage(OBSERVATION),
    ObservationMessage(OBSERVATION, b"\xff\xd8jpeg"),
    NeedKeyframe("video-1"),
    Skipped("video-1", "overload", 3, 4),
    Drained("video-1", 7),
    Pong(1, 200_000_000, 15, 2),
]


@pytest.mark.parametrize("size", [1, 7, 100_000])
def test_round_trip_in_pieces(size: int) -> None:
    data, buffer = b"".join(map(encode, MESSAGES)), MessageBuffer()
    received = [message for at in range(0, len(data), size) for message in buffer.feed(data[at : at + size])]
    assert received == MESSAGES


async def test_round_trip_through_a_stream() -> None:
    reader = asyncio.StreamReader()
    reader.feed_data(b"".join(map(encode, MESSAGES)))
    reader.feed_eof()
    assert [await read_message(reader) for _ in MESSAGES] == MESSAGES
    with pytest.raises(asyncio.IncompleteReadError):
        await read_message(reader)


@pytest.mark.parametrize(
    "lengths", [(MAX_HEADER_BYTES + 1, 0), (10, MAX_PAYLOAD_BYTES + 1), (2**32 - 1, 2**32 - 1)]
)
async def test_lengths_are_checked_before_anything_is_read(lengths: tuple[int, int]) -> None:
    with pytest.raises(ProtocolError, match="the limit is"):
        MessageBuffer().feed(LENGTHS.pack(*lengths))
    reader = asyncio.StreamReader()
    reader.feed_data(LENGTHS.pack(*lengths))
    with pytest.raises(ProtocolError, match="the limit is"):
        await read_message(reader)


def test_too_large_a_frame_is_not_sent() -> None:
    with pytest.raises(ProtocolError, match="payload"):
        encode(Frame("video-1", 0, True, bytes(MAX_PAYLOAD_BYTES + 1)))
    with pytest.raises(ProtocolError, match="header"):
        encode(NeedKeyframe("x" * MAX_HEADER_BYTES))


@pytest.mark.parametrize(
    "header",
    [
        b"",
        b"[]",
        b"{}",
        b'{"type":"Frame"}',
        b'{"type":"Nonsense"}',
        b'{"type":"Ping"}',
        b'{"type":["Ping"]}',
        b"\xff",
    ],
)
def test_nonsense_is_a_protocol_error(header: bytes) -> None:
    with pytest.raises(ProtocolError, match="not a message"):
        MessageBuffer().feed(LENGTHS.pack(len(header), 0) + header)
