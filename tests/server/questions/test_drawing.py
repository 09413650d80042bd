"""Drawing to a distribution: promises that hold for every pool, count and seed."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from server.questions.drawing import (
    EASY,
    HARD,
    MAX_SEED,
    MEDIUM,
    NEIGHBOURS,
    Substitution,
    apportion,
    draw,
)
from server.questions.models import Difficulty

Pool = dict[UUID, Difficulty]
THIRDS = {EASY: 33, MEDIUM: 34, HARD: 33}


def make(easy: int, medium: int, hard: int) -> Pool:
    """A pool with so many of each."""
    kinds = [EASY] * easy + [MEDIUM] * medium + [HARD] * hard
    return {UUID(int=number): kind for number, kind in enumerate(kinds, 1)}


pools = st.builds(make, *[st.integers(0, 30)] * 3)
counts = st.integers(1, 50)
seeds = st.integers(0, MAX_SEED)


@st.composite
def distributions(pick: st.DrawFn) -> dict[Difficulty, int]:
    """Percentages that sum to 100."""
    low, high = sorted((pick(st.integers(0, 100)), pick(st.integers(0, 100))))
    return {EASY: low, MEDIUM: high - low, HARD: 100 - high}


@given(counts, distributions())
def test_parts_are_whole_and_within_one_of_what_was_asked(
    count: int, percents: dict[Difficulty, int]
) -> None:
    parts = apportion(count, percents)
    assert sum(parts.values()) == count
    for kind, part in parts.items():
        assert abs(part * 100 - count * percents[kind]) < 100
        assert percents[kind] > 0 or part == 0


def test_the_largest_remainder_gets_what_is_left() -> None:
    assert apportion(10, {EASY: 33, MEDIUM: 34, HARD: 33}) == {EASY: 3, MEDIUM: 4, HARD: 3}
    assert apportion(5, THIRDS) == {EASY: 2, MEDIUM: 2, HARD: 1}
    assert apportion(1, {EASY: 10, MEDIUM: 40, HARD: 50}) == {EASY: 0, MEDIUM: 0, HARD: 1}
    assert apportion(50, THIRDS) == {EASY: 17, MEDIUM: 17, HARD: 16}


@given(pools, counts, distributions(), seeds)
def test_as_many_as_there_are_and_none_twice(
    pool: Pool, count: int, percents: dict[Difficulty, int], seed: int
) -> None:
    drawn = draw(pool, count, percents, seed)
    assert len(set(drawn.question_ids)) == len(drawn.question_ids) == min(count, len(pool))
    assert drawn.missing == count - len(drawn.question_ids)
    assert set(drawn.question_ids) <= set(pool)
    order = [list(Difficulty).index(pool[one]) for one in drawn.question_ids]
    assert order == sorted(order)


@given(pools, counts, distributions(), seeds)
def test_what_is_not_as_asked_is_said(
    pool: Pool, count: int, percents: dict[Difficulty, int], seed: int
) -> None:
    drawn = draw(pool, count, percents, seed)
    there = {kind: list(pool.values()).count(kind) for kind in Difficulty}
    got = {kind: sum(pool[one] is kind for one in drawn.question_ids) for kind in Difficulty}
    lent = {kind: sum(one.count for one in drawn.substitutions if one.filled_from is kind) for kind in got}
    lacked = {kind: sum(one.count for one in drawn.substitutions if one.short is kind) for kind in got}
    for kind in Difficulty:
        own = min(drawn.wanted[kind], there[kind])  # one's own kind comes before standing in
        assert got[kind] == own + lent[kind]
        assert lacked[kind] <= drawn.wanted[kind] - own
        assert not (lent[kind] and lacked[kind])
    assert sum(drawn.wanted.values()) - sum(got.values()) == drawn.missing
    assert all(one.count > 0 for one in drawn.substitutions)


@given(pools, counts, distributions(), seeds)
def test_the_far_neighbour_stands_in_only_when_the_near_one_is_used_up(
    pool: Pool, count: int, percents: dict[Difficulty, int], seed: int
) -> None:
    drawn = draw(pool, count, percents, seed)
    left = {kind: list(pool.values()).count(kind) for kind in Difficulty}
    for one in drawn.question_ids:
        left[pool[one]] -= 1
    for stood_in in drawn.substitutions:
        near, far = NEIGHBOURS[stood_in.short]
        assert stood_in.filled_from is near or (stood_in.filled_from is far and left[near] == 0)


@given(pools, counts, distributions(), seeds)
def test_the_same_seed_draws_the_same_whatever_order_the_pool_comes_in(
    pool: Pool, count: int, percents: dict[Difficulty, int], seed: int
) -> None:
    backwards = dict(reversed(pool.items()))
    assert draw(pool, count, percents, seed) == draw(backwards, count, percents, seed)


def test_other_seeds_draw_others() -> None:
    pool = make(30, 30, 30)
    assert len({draw(pool, 6, THIRDS, seed).question_ids for seed in range(20)}) > 15


def test_who_stands_in_is_named() -> None:
    few_hard = draw(make(9, 9, 1), 6, {EASY: 0, MEDIUM: 50, HARD: 50}, 1)
    assert few_hard.substitutions == (Substitution(HARD, MEDIUM, 2),)
    only_easy = draw(make(9, 0, 0), 6, {EASY: 0, MEDIUM: 50, HARD: 50}, 1)
    assert only_easy.substitutions == (Substitution(MEDIUM, EASY, 3), Substitution(HARD, EASY, 3))
    assert (only_easy.missing, draw({}, 3, THIRDS, 1).missing) == (0, 3)
