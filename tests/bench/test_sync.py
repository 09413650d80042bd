"""Whether the sync bench measures the skew that is there."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from bench.sync import Result, beeps, flashes, paired

RATE, FPS, SECONDS = 48_000, 30, 7


def film(path: Path, skew_ms: float) -> Path:
    """A flash at each full second, a tone `skew_ms` later."""
    with av.open(str(path), "w", format="webm") as container:
        video = container.add_stream("libvpx", rate=FPS)
        video.width, video.height, video.pix_fmt, video.codec_context.thread_count = 64, 48, "yuv420p", 1
        audio = container.add_stream("libopus", rate=RATE)
        audio.layout = "mono"
        for index in range(SECONDS * FPS):
            luma = np.full((48, 64), 220 if index % FPS < 3 else 30, np.uint8)
            picture = av.VideoFrame.from_ndarray(luma, format="gray").reformat(format="yuv420p")
            picture.pts, picture.time_base = index, Fraction(1, FPS)
            container.mux(video.encode(picture))
        container.mux(video.encode(None))
        at = np.arange(SECONDS * RATE) / RATE - skew_ms / 1000
        tone = np.where((at % 1 < 0.1) & (at > 0.5), 0.5 * np.sin(2 * np.pi * 1000 * at), 0.0)
        for begin in range(0, SECONDS * RATE, 960):
            samples = (tone[None, begin : begin + 960] * 32767).astype(np.int16)
            sound = av.AudioFrame.from_ndarray(samples, format="s16", layout="mono")
            sound.sample_rate, sound.pts, sound.time_base = RATE, begin, Fraction(1, RATE)
            container.mux(audio.encode(sound))
        container.mux(audio.encode(None))
    return path


@pytest.mark.parametrize("skew_ms", [0.0, 60.0, 250.0])
def test_the_skew_is_found(tmp_path: Path, skew_ms: float) -> None:
    path = film(tmp_path / "film.webm", skew_ms)
    assert paired(flashes(path), beeps(path)) == pytest.approx([skew_ms] * 6, abs=10)


def test_too_few_pairs_say_nothing() -> None:
    with pytest.raises(RuntimeError, match="pairs"):
        paired([1.0, 2.0], [1.0, 2.0])


def test_both_limits_are_kept_or_it_is_said() -> None:
    assert Result([10.0, -20.0, 30.0], 0.0, 0.0).holds
    assert not Result([10.0, -20.0, 81.0], 0.0, 0.0).holds
    assert not Result([21.0, -21.0, 30.0], 0.0, 0.0).holds
