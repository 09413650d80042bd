"""Whether the loss bench sees what is wrong with a recording."""

from dataclasses import replace
from fractions import Fraction

import av
import numpy as np
import pytest
from av.video.codeccontext import VideoCodecContext

from bench.live.sent import Frame, judge

FPS = 30


@pytest.fixture(scope="module")
def sent() -> list[Frame]:
    """Six seconds of VP8 with a keyframe every two."""
    codec = av.CodecContext.create("libvpx", "w")
    assert isinstance(codec, VideoCodecContext)
    codec.width, codec.height, codec.pix_fmt = 160, 96, "yuv420p"
    codec.bit_rate, codec.time_base, codec.gop_size = 200_000, Fraction(1, FPS), 2 * FPS
    codec.options, codec.thread_count = {"deadline": "realtime", "cpu-used": "8", "lag-in-frames": "0"}, 1
    coarse = np.random.default_rng(1).integers(20, 230, (12, 20), np.uint8)
    texture = coarse.repeat(8, axis=0).repeat(8, axis=1)
    frames: list[Frame] = []
    for index in range(6 * FPS):
        moved = np.roll(texture, index, axis=1)  # predicted from the frame before, not coded anew
        picture = av.VideoFrame.from_ndarray(moved, format="gray").reformat(format="yuv420p")
        picture.pts = index
        frames += [Frame(index / FPS, packet.is_keyframe, bytes(packet)) for packet in codec.encode(picture)]
    return frames


def test_a_whole_file_is_clean(sent: list[Frame]) -> None:
    verdict = judge(sent, [replace(frame, at=frame.at + 0.4) for frame in sent])
    assert (verdict.clean_share, verdict.keyframe_wait_s_max) == (1.0, 0.0)
    assert (verdict.missing_frames, verdict.damaged_frames, verdict.unknown_frames) == (0, 0, 0)
    assert verdict.seconds == 4


def test_frames_after_a_loss_are_damaged_until_the_next_keyframe(sent: list[Frame]) -> None:
    verdict = judge(sent, sent[:40] + sent[41:])
    assert verdict.missing_frames == 1
    assert verdict.damaged_frames == 2 * FPS - 41
    assert verdict.clean == 3
    assert verdict.keyframe_wait_s_max == pytest.approx(20 / FPS)


def test_a_hole_up_to_a_keyframe_is_missing_and_not_damaged(sent: list[Frame]) -> None:
    verdict = judge(sent, sent[:40] + sent[60:])
    assert (verdict.missing_frames, verdict.damaged_frames) == (20, 0)
    assert verdict.clean == 3
    assert verdict.keyframe_waits_s == pytest.approx((20 / FPS,))


def test_a_keyframe_that_is_lost_too_was_sent_all_the_same(sent: list[Frame]) -> None:
    verdict = judge(sent, sent[:40] + sent[120:])
    assert verdict.missing_frames == 80
    assert verdict.keyframe_waits_s == pytest.approx((20 / FPS,))


def test_a_hole_at_the_end_counts_up_to_the_keyframe_that_was_sent(sent: list[Frame]) -> None:
    verdict = judge(sent, sent[:90])
    assert verdict.clean == 3
    assert verdict.keyframe_wait_s_max == pytest.approx(30 / FPS)


def test_frames_at_the_wrong_time_are_not_clean(sent: list[Frame]) -> None:
    late = [
        replace(frame, at=frame.at + (0.2 if 60 <= index < 90 else 0)) for index, frame in enumerate(sent)
    ]
    verdict = judge(sent, late)
    assert verdict.clean == 3
    assert verdict.faults == {"late": 1}


def test_what_was_never_sent_is_noticed(sent: list[Frame]) -> None:
    verdict = judge(sent, [*sent, Frame(6.0, True, b"something else")])
    assert verdict.unknown_frames == 1


def test_an_empty_file_is_worth_nothing(sent: list[Frame]) -> None:
    assert judge(sent, []).clean_share == 0.0
