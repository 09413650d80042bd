"""What a recording of a real Chromium holds: sound and picture together, and nothing that was not sent.

The benches hold the same to its limits for longer (`make bench-sync`, `make bench-loss`): here only what is
plainly wrong fails. Figures are printed (`make browsers ARGS=-rP`).
"""

from pathlib import Path

import pytest

from bench import loss, sync

PLAINLY_APART_MS = 100.0
SKEW_SECONDS = 10.0
HARD = loss.Plan(seconds=20.0, delay_ms=75.0, seed=3)
"""With a round trip of 150 ms and every seventh datagram lost, repairs do not always come in time."""
HARD_LOSS = 0.15


@pytest.mark.parametrize(
    "audio_delay_seconds", [0.0, sync.LATE_AUDIO_SECONDS], ids=["together", "late_audio"]
)
async def test_sound_and_picture_belong_together(chromium_path: Path, audio_delay_seconds: float) -> None:
    result = await sync.run(chromium_path, SKEW_SECONDS, audio_delay_seconds)
    source_late_ms = max(result.late_video_ms, result.late_audio_ms)
    print(
        f"sound after picture: p50 {result.p50:.1f} ms, max {result.largest:.1f} ms,"
        f" the source itself up to {source_late_ms:.1f} ms late"
    )
    # A source that was late on a busy machine is no fault of the recording.
    assert result.p50 <= PLAINLY_APART_MS + source_late_ms


async def test_no_recorded_frame_depends_on_a_lost_one(chromium_path: Path) -> None:
    result = await loss.run(chromium_path, HARD, HARD_LOSS)
    verdict = result.verdict
    print(
        f"{100 * result.lost_share:.0f} % lost: of {verdict.sent_frames} frames {verdict.missing_frames} are"
        f" missing and {verdict.damaged_frames} damaged, longest wait for a keyframe"
        f" {verdict.keyframe_wait_s_max:.2f} s"
    )
    assert result.lost_share == pytest.approx(HARD_LOSS, abs=0.05)
    assert verdict.sent_frames > 100
    assert (verdict.damaged_frames, verdict.unknown_frames) == (0, 0)
    assert verdict.missing_frames < verdict.sent_frames / 2
