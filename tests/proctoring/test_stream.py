"""One stream inside the worker, with the real decoder and the real models."""

import io
import os
from collections.abc import Iterable

import av
import cv2
import numpy as np
import pytest
from av.video.codeccontext import VideoCodecContext

from proctoring.detectors.face import MediaPipeFaceDetector
from proctoring.types import Observation
from proctoring.worker.decoder import DecodeError, FrameDecoder, to_picture
from proctoring.worker.proto import (
    Codec,
    Drain,
    Drained,
    Frame,
    Message,
    NeedKeyframe,
    ObservationMessage,
    Skipped,
)
from proctoring.worker.stream import StreamAnalyser
from tests.proctoring.video import Encoded, clip, encode, faces


def analyser(detector: MediaPipeFaceDetector, codec: Codec = "vp8") -> StreamAnalyser:
    return StreamAnalyser("s", codec, detector)


def frames(encoded: Iterable[Encoded]) -> list[Frame]:
    return [Frame("s", each.offset_ms, each.keyframe, each.data) for each in encoded]


def analyse(
    stream: StreamAnalyser, items: Iterable[Frame | Drain], arrived: float = 0.0, now: float = 0.0
) -> list[Message]:
    """Queue everything, then work it all off."""
    for item in items:
        stream.add(item, arrived)
    messages: list[Message] = []
    while stream.waiting_frames:
        messages += stream.step(now)
    return messages


def observations(messages: Iterable[Message]) -> list[Observation]:
    return [message.observation for message in messages if isinstance(message, ObservationMessage)]


def counts(messages: Iterable[Message]) -> list[int]:
    return [sum(face.score >= 0.6 for face in each.faces) for each in observations(messages)]


def settled(messages: Iterable[Message], digits: str) -> list[tuple[int, int]]:
    """(wanted, seen) faces of every observation, the quarter of a second after a change left out."""
    return [
        (int(digits[each.offset_ms // 1000]), sum(face.score >= 0.6 for face in each.faces))
        for each in observations(messages)
        if each.offset_ms < 1000 * len(digits) and each.offset_ms % 1000 >= 250
    ]


@pytest.mark.parametrize("codec", ["vp8", "h264"])
def test_counts_faces_within_a_quarter_of_a_second_of_a_change(
    detector: MediaPipeFaceDetector, codec: Codec
) -> None:
    messages = analyse(analyser(detector, codec), frames(clip("1202", codec)))
    counted = settled(messages, "1202")
    assert len(counted) >= 8
    assert [found for _, found in counted] == [wanted for wanted, _ in counted]
    seen = observations(messages)
    assert {(each.width, each.height, each.detector) for each in seen} == {(1280, 720, "mediapipe-face")}
    assert all(0.2 < each.brightness < 0.8 and each.sharpness > 1 for each in seen)
    assert all(each.contrast and each.dark_share is not None and not each.bright_share for each in seen)


def test_looks_once_a_second_when_calm_and_at_once_when_somebody_comes(
    detector: MediaPipeFaceDetector,
) -> None:
    messages = analyse(analyser(detector), frames(clip("11111111111211")))
    offsets = [each.offset_ms for each in observations(messages)]
    calm = [offset for offset in offsets if 8000 <= offset < 11_000]
    assert len(calm) == 3
    second = [each for each in observations(messages) if each.offset_ms >= 11_000]
    assert second[0].offset_ms < 11_134
    assert len(second[0].faces) == 2
    assert len(second) >= 8, "five times a second around a change"


def test_snapshots_when_not_one_face_and_at_most_one_a_second(detector: MediaPipeFaceDetector) -> None:
    messages = [
        m for m in analyse(analyser(detector), frames(clip("12202"))) if isinstance(m, ObservationMessage)
    ]
    with_snapshot = [message for message in messages if message.snapshot]
    assert all(message.observation.offset_ms >= 1000 for message in with_snapshot)
    offsets = [message.observation.offset_ms for message in with_snapshot]
    assert 3 <= len(offsets) <= 5
    assert all(any(0 <= at - change < 1000 for at in offsets) for change in (1000, 3000, 4000))
    assert min(np.diff(offsets)) >= 900
    for message in with_snapshot:
        assert message.snapshot is not None
        assert len(message.snapshot) < 150_000
        picture = cv2.imdecode(np.frombuffer(message.snapshot, np.uint8), cv2.IMREAD_COLOR)
        assert picture is not None
        assert picture.shape == (360, 640, 3)


def test_begins_at_a_keyframe_and_asks_for_one(detector: MediaPipeFaceDetector) -> None:
    stream = analyser(detector)
    encoded = frames(clip("11"))
    assert analyse(stream, encoded[1:4]) == [NeedKeyframe("s")], "asked once, not for each frame"
    assert analyse(stream, encoded[1:2], arrived=1.5, now=1.5) == [NeedKeyframe("s")]
    messages = analyse(stream, encoded, arrived=2.0, now=2.0)
    assert messages[0] == Skipped("s", "undecodable", 4, 0)
    assert set(counts(messages)) == {1}


def test_corrupt_frames_cost_only_themselves(detector: MediaPipeFaceDetector) -> None:
    items = frames(clip("1111"))
    junk = [b"\x00", os.urandom(700), b"", bytes(3000), items[5].payload[:7]]
    for position, data in zip((3, 8, 13, 18, 23), junk, strict=True):
        items.insert(position, Frame("s", items[position].offset_ms, False, data))
    messages = analyse(analyser(detector), items)
    assert counts(messages) == [1] * len(counts(messages))
    assert len(counts(messages)) >= 4
    assert NeedKeyframe("s") in messages


@pytest.mark.parametrize("codec", ["vp8", "h264"])
def test_hostile_frames_cost_only_themselves(detector: MediaPipeFaceDetector, codec: Codec) -> None:
    """Truncated, bit-flipped, random and forged, as key frames and as deltas: never an exception."""
    rng = np.random.default_rng(11)
    stream = analyser(detector, codec)
    good = frames(clip("11", codec))
    analyse(stream, good)
    at_ms = 2000
    for number in range(60):
        data = bytearray(good[int(rng.integers(len(good)))].payload)
        kind = number % 4
        if kind == 0:
            data = data[: int(rng.integers(1, len(data)))]
        elif kind == 1:
            for position in rng.integers(len(data), size=20):
                data[position] ^= 1 << int(rng.integers(8))
        elif kind == 2:
            data = bytearray(rng.bytes(int(rng.integers(1, 5000))))
        else:
            data[6:10] = rng.bytes(4)
        at_ms += 133
        analyse(stream, [Frame("s", at_ms, bool(rng.integers(2)), bytes(data))])
    again = frames(clip("11", codec, start_ms=at_ms + 133))
    messages = analyse(stream, again)
    assert set(counts(messages)) == {1}
    assert stream.waiting_frames == 0


def test_a_frame_of_another_size_in_every_second_one(detector: MediaPipeFaceDetector) -> None:
    """A sender that changes its size all the time is looked at anew each time, and nothing else happens."""
    from tests.proctoring.video import encode, faces, scene

    large = encode([faces(1)])[0]
    small = encode([scene((90, 320, 40), width=640, height=360)])[0]
    items = [Frame("s", index * 133, True, (large if index % 2 else small).data) for index in range(12)]
    seen = observations(analyse(analyser(detector), items))
    assert len(seen) >= 2
    assert all(len(each.faces) == 1 and each.still_ms == 0 for each in seen)


def test_forged_dimensions_are_refused() -> None:
    first = clip("1")[0]
    forged = bytearray(first.data)
    forged[6:10] = b"\xff\x3f\xff\x3f"  # 16383 x 16383
    decoder = FrameDecoder("vp8")
    with pytest.raises(DecodeError):
        decoder.decode(bytes(forged))
    frame = decoder.decode(first.data)
    assert frame is not None
    assert (frame.width, frame.height) == (1280, 720)


def test_a_change_of_size_in_the_middle(detector: MediaPipeFaceDetector) -> None:
    from tests.proctoring.video import encode, faces, scene

    small = encode([scene((90, 320, 40), width=640, height=360)] * 8, start_ms=1000)
    messages = analyse(analyser(detector), frames(encode([faces(1)] * 7)) + frames(small))
    seen = [(each.width, len(each.faces)) for each in observations(messages)]
    assert sorted(set(seen)) == [(640, 1), (1280, 1)]
    assert seen == sorted(seen, reverse=True)


def test_drain_answers_after_what_came_before(detector: MediaPipeFaceDetector) -> None:
    messages = analyse(analyser(detector), [*frames(clip("1")), Drain("s", 42)])
    assert messages[-1] == Drained("s", 42)
    assert len(observations(messages)) >= 2


def test_behind_it_decodes_everything_and_detects_less(detector: MediaPipeFaceDetector) -> None:
    messages = analyse(analyser(detector), [*frames(clip("111111")), Drain("s", 1)], arrived=0.0, now=2.5)
    offsets = [each.offset_ms for each in observations(messages)]
    assert offsets[0] == 0
    assert all(2000 <= gap <= 2600 for gap in np.diff(offsets))
    assert counts(messages) == [1] * len(offsets)
    assert sum(message.detections for message in messages if isinstance(message, Skipped)) > 0


def test_far_behind_it_goes_on_from_the_newest_keyframe(detector: MediaPipeFaceDetector) -> None:
    stream = analyser(detector)
    for item in frames(clip("11")):
        stream.add(item, 0.0)
    for item in frames(clip("22", start_ms=2000)):
        stream.add(item, 3.5)
    messages: list[Message] = []
    while stream.waiting_frames:
        messages += stream.step(4.0)
    assert [message for message in messages if isinstance(message, Skipped)] == [
        Skipped("s", "overload", 15, 0)
    ]
    assert set(counts(messages)) == {2}
    assert observations(messages)[0].offset_ms == 2000


def test_far_behind_without_a_keyframe_it_drops_all_and_asks(detector: MediaPipeFaceDetector) -> None:
    stream = analyser(detector)
    analyse(stream, frames(clip("1")))
    messages = analyse(stream, [*frames(clip("11"))[8:], Drain("s", 1)], arrived=10.0, now=14.0)
    assert Drained("s", 1) in messages
    assert Skipped("s", "overload", 7, 0) in messages
    assert analyse(stream, frames(clip("11"))[9:10], arrived=14.0, now=14.0) == [NeedKeyframe("s")]


def test_a_flood_is_bounded(detector: MediaPipeFaceDetector) -> None:
    stream = analyser(detector)
    for offset_ms in range(2000):
        stream.add(Frame("s", offset_ms, False, bytes(io.DEFAULT_BUFFER_SIZE)), 0.0)
    assert stream.waiting_frames <= 600


def test_pictures_decoded_in_haste_stay_close_and_are_right_again_at_a_keyframe() -> None:
    """Without the loop filter between keyframes; two films in a row, each with its keyframe."""
    swaying = [faces(1, round(30 * np.sin(index / 3))) for index in range(40)]
    frames = [*encode(swaying[:20]), *encode(swaying[20:], start_ms=3000)]
    hasty, whole = FrameDecoder("vp8"), av.CodecContext.create("vp8", "r")
    assert isinstance(whole, VideoCodecContext)
    errors = []
    for frame in frames:
        seen, [truth] = hasty.decode(frame.data), whole.decode(av.Packet(frame.data))
        assert seen is not None
        difference = to_picture(seen).y.astype(float) - to_picture(truth).y
        errors.append(float(np.square(difference).mean()))
    assert [frame.keyframe for frame in frames].count(True) == 2
    assert errors[0] == errors[20] == 0
    assert 0 < max(errors) < 65  # 30 dB
