"""What a real Chromium sends to a real room, and what comes out of it.

How soon and how smoothly is for `make bench-live`, which runs the same for longer on a quiet machine:
here it is asked whether it happens at all. Figures are printed (`make browsers ARGS=-rP`).
"""

from pathlib import Path

import pytest

from bench.live import measures
from tests.e2e.camera import Act, write_film

PATIENCE_SECONDS = 30.0


@pytest.fixture(scope="session")
def short_film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A face under sensor noise, four seconds long."""
    return write_film(tmp_path_factory.mktemp("camera") / "short.mjpeg", (Act("one_face", 4),))


async def test_720p_without_a_bottleneck(chromium_path: Path, short_film: Path) -> None:
    full = await measures.full_size(chromium_path, short_film, PATIENCE_SECONDS, hold_seconds=4.0)
    print(f"1280x720 sent {full.after_seconds} s after joining, {full.fps} fps and {full.kbps} kbit/s")
    assert full.after_seconds is not None
    assert full.received == {measures.FULL_SIZE}


async def test_a_bottleneck_of_600_kbit_does_not_end_the_picture(
    chromium_path: Path, short_film: Path
) -> None:
    squeezed = await measures.bottleneck(chromium_path, short_film, 12.0, settled_after=6.0)
    print(f"600 kbit/s: {squeezed}")
    assert squeezed.ended is None
    assert squeezed.fps > 1
    assert squeezed.kbps < measures.BOTTLENECK_KBPS


async def test_every_join_is_recorded(chromium_path: Path, short_film: Path) -> None:
    took = await measures.first_frames(chromium_path, short_film, joins=2)
    print("join to first recorded frame: " + ", ".join(f"{seconds:.2f} s" for seconds in took))
    assert len(took) == 2


async def test_a_late_joiner_sees_a_picture(chromium_path: Path, short_film: Path) -> None:
    took = await measures.late_joiners(chromium_path, short_film, joins=2)
    for one in took:
        print("late joiner: " + ", ".join(f"{what} after {ms:.0f} ms" for what, ms in one.items()))
    assert [one.keys() >= {"answered", "shown"} for one in took] == [True, True]


async def test_a_viewer_can_read_the_clock_the_camera_films(chromium_path: Path) -> None:
    found = await measures.glass_to_glass(chromium_path, seconds=3.0)
    print(f"glass to glass: {found}")
    assert found.frames > 10
    assert found.unreadable < found.frames / 4


async def test_a_thin_line_costs_layers_and_only_its_own_viewer(
    chromium_path: Path, short_film: Path
) -> None:
    """The viewer behind it gets fewer pictures a second, not none; the one beside it notices nothing."""
    watched = await measures.thin_viewer(chromium_path, short_film, 14.0, settled_after=6.0)
    print(f"behind 900 kbit/s: {watched}")
    assert watched.wide_fps / 6 < watched.thin_fps < watched.wide_fps
