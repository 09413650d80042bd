"""A viewer gets the layers its connection carries; what follows a loss is judged by its references."""

import itertools

from server.media import vp8
from server.media.layers import LayerSelector
from server.media.vp8 import TemporalChain, Vp8Descriptor

RATES = (600_000.0, 300_000.0, 600_000.0)


def frame(layer: int, tl0_index: int, *, sync: bool = False) -> Vp8Descriptor:
    return Vp8Descriptor(6, True, layer, 1, tl0_index, sync)


def test_without_an_estimate_everything_is_sent() -> None:
    selector = LayerSelector()
    assert [selector.decide(RATES, second) for second in range(10)] == [2] * 10


def test_a_small_estimate_lowers_at_once_and_the_base_layer_always_stays() -> None:
    selector = LayerSelector()
    selector.on_estimate(1_000_000)
    assert selector.decide(RATES, 1) == 1
    selector.on_estimate(100_000)
    assert selector.decide(RATES, 2) == 0


def test_busier_pictures_that_an_estimate_is_catching_up_with_cost_no_layer() -> None:
    """A viewer's estimate follows what it receives; while it rises nothing is in the way."""
    selector = LayerSelector()
    selector.on_estimate(900_000)
    quiet = tuple(rate / 10 for rate in RATES)
    assert [selector.decide(quiet, second) for second in range(5)] == [2] * 5
    busy = []
    for second in range(5, 12):  # the first second of it may be over before the estimate has moved
        busy.append(selector.decide(RATES, second))
        selector.on_estimate(round(900_000 * 1.08 ** (second - 4)))
    assert busy == [2] * 7


def test_an_estimate_that_stays_too_small_lowers_in_the_second_second() -> None:
    selector = LayerSelector()
    selector.on_estimate(2_000_000)
    selector.decide(RATES, 0)
    selector.on_estimate(1_900_000)
    selector.decide(RATES, 1)
    louder = tuple(2 * rate for rate in RATES)
    assert [selector.decide(louder, second) for second in (2, 3)] == [2, 1]


def test_heavy_loss_lowers_by_one() -> None:
    selector = LayerSelector()
    selector.on_loss(0.3)
    assert [selector.decide(RATES, 1), selector.decide(RATES, 2), selector.decide(RATES, 3)] == [1, 0, 0]


def test_calm_raises_again_and_each_failure_makes_it_wait_longer() -> None:
    selector = LayerSelector()
    selector.on_loss(0.2)
    selector.decide(RATES, 0)
    raised = []
    top = 1
    for second in range(1, 60):
        selector.on_loss(0.2 if top == 2 else 0.0)
        now = selector.decide(RATES, second)
        if now > top:
            raised.append(second)
        top = now
    gaps = [later - earlier for earlier, later in itertools.pairwise(raised)]
    assert len(gaps) >= 2
    assert gaps == sorted(gaps)
    assert gaps[-1] > gaps[0]


def test_a_lost_upper_frame_costs_its_layer_until_a_sync() -> None:
    chain = TemporalChain()
    assert chain.judge(frame(0, 10), keyframe=True) == "whole"
    chain.lose()
    assert chain.judge(frame(1, 10), keyframe=False) == "skip"
    assert chain.judge(frame(0, 11), keyframe=False) == "whole"
    assert chain.judge(frame(2, 11), keyframe=False) == "skip"
    assert chain.judge(frame(1, 11, sync=True), keyframe=False) == "whole"
    assert chain.judge(frame(2, 11), keyframe=False) == "skip"
    assert chain.judge(frame(2, 11, sync=True), keyframe=False) == "whole"
    assert chain.judge(frame(2, 11), keyframe=False) == "whole"


def test_a_lost_base_frame_breaks_everything_until_a_keyframe() -> None:
    chain = TemporalChain()
    chain.judge(frame(0, 255), keyframe=True)
    assert chain.judge(frame(0, 0), keyframe=False) == "whole"
    chain.lose()
    assert chain.judge(frame(2, 1, sync=True), keyframe=False) == "broken"
    assert chain.judge(frame(0, 2), keyframe=False) == "broken"
    assert chain.judge(frame(0, 3), keyframe=True) == "whole"
    assert chain.judge(frame(2, 3), keyframe=False) == "whole"


def test_without_layers_any_loss_breaks() -> None:
    chain = TemporalChain()
    chain.judge(Vp8Descriptor(1, True, None), keyframe=True)
    assert chain.lose()
    assert chain.judge(Vp8Descriptor(1, True, None), keyframe=False) == "broken"


def test_the_picture_id_is_lowered_in_place() -> None:
    long = bytes((0x90, 0xE0, 0x80, 0x01, 0x07, 0x40)) + b"data"
    assert vp8.with_earlier_picture_id(long, 3) == bytes((0x90, 0xE0, 0xFF, 0xFE, 0x07, 0x40)) + b"data"
    short = bytes((0x90, 0x80, 0x05)) + b"data"
    assert vp8.with_earlier_picture_id(short, 2) == bytes((0x90, 0x80, 0x03)) + b"data"
    none = bytes((0x10,)) + b"data"
    assert vp8.with_earlier_picture_id(none, 2) == none
