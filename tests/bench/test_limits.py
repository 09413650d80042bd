"""Whether the benches tell a limit that is kept from one that is missed."""

from dataclasses import replace

from bench.live.__main__ import Figure
from bench.live.sent import Verdict
from bench.loss import holds

CLEAN = Verdict(100, 100, 3000, 0, 0, 0, ())


def test_a_figure_is_held_to_its_limit() -> None:
    assert Figure("late_joiner_first_picture_s", 0.5, 0.5).holds
    late = Figure("late_joiner_first_picture_s", 0.501, 0.5)
    assert not late.holds
    assert late.line().endswith("MISSED")
    assert Figure("thin_viewer_fps", 5.0, 5.0, at_least=True).holds
    assert not Figure("thin_viewer_fps", 4.9, 5.0, at_least=True).holds


def test_loss_is_forgiven_only_where_it_is_heavy() -> None:
    assert holds(10, CLEAN)
    dirty = replace(CLEAN, clean=96)
    assert not holds(10, dirty)
    assert holds(20, dirty)


def test_damage_and_long_waits_are_never_forgiven() -> None:
    assert not holds(20, replace(CLEAN, damaged_frames=1))
    assert not holds(20, replace(CLEAN, keyframe_waits_s=(0.4, 1.1)))
