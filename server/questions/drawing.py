"""Draws questions to a distribution of difficulties; knows no database, the same seed draws the same."""

import random
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from server.questions.models import Difficulty

MAX_SEED = 2**53 - 1
"""Largest whole number that every JSON reader keeps exactly."""
EASY, MEDIUM, HARD = Difficulty
NEIGHBOURS = {EASY: (MEDIUM, HARD), MEDIUM: (EASY, HARD), HARD: (MEDIUM, EASY)}
"""Where a difficulty that is short is filled from, the nearest first; beside medium the gentler."""


@dataclass(frozen=True, slots=True)
class Substitution:
    """Of one difficulty there were too few questions; another stood in."""

    short: Difficulty
    filled_from: Difficulty
    count: int


@dataclass(frozen=True, slots=True)
class Draw:
    """The questions drawn, easy before hard, and where they are not as was asked for."""

    question_ids: tuple[UUID, ...]
    wanted: Mapping[Difficulty, int]
    substitutions: tuple[Substitution, ...]
    missing: int


def draw(pool: Mapping[UUID, Difficulty], count: int, percents: Mapping[Difficulty, int], seed: int) -> Draw:
    """Draw `count` different questions from the pool, or all of them where it has fewer."""
    chance = random.Random(seed)  # noqa: S311 - a draw that can be repeated, not a secret
    shelves = _shelves(pool, chance)
    wanted = apportion(count, percents)
    plan, substitutions = _plan(wanted, {kind: len(shelves[kind]) for kind in Difficulty})
    ids = tuple(one for kind in Difficulty for one in shelves[kind][: plan[kind]])
    return Draw(ids, wanted, substitutions, count - len(ids))


def apportion(count: int, percents: Mapping[Difficulty, int]) -> dict[Difficulty, int]:
    """`count` in whole parts after percentages that sum to 100: largest remainders, easy before hard."""
    parts = {kind: count * percents[kind] // 100 for kind in Difficulty}
    by_remainder = sorted(Difficulty, key=lambda kind: -(count * percents[kind] % 100))
    for kind in by_remainder[: count - sum(parts.values())]:
        parts[kind] += 1
    return parts


def _shelves(pool: Mapping[UUID, Difficulty], chance: random.Random) -> dict[Difficulty, list[UUID]]:
    """The pool by difficulty, shuffled; in whatever order it came."""
    shelves: defaultdict[Difficulty, list[UUID]] = defaultdict(list)
    for one in sorted(pool):
        shelves[pool[one]].append(one)
    for kind in Difficulty:
        chance.shuffle(shelves[kind])
    return shelves


def _plan(
    wanted: Mapping[Difficulty, int], there: Mapping[Difficulty, int]
) -> tuple[dict[Difficulty, int], tuple[Substitution, ...]]:
    """How many to take of each; nobody is a substitute while its own kind needs it."""
    plan = {kind: min(wanted[kind], there[kind]) for kind in Difficulty}
    substitutions: list[Substitution] = []
    for short, neighbour in _pairs(Difficulty):
        lacking = wanted[short] - there[short] - sum(one.count for one in substitutions if one.short is short)
        count = min(lacking, there[neighbour] - plan[neighbour])
        if count > 0:
            plan[neighbour] += count
            substitutions.append(Substitution(short, neighbour, count))
    return plan, tuple(substitutions)


def _pairs(kinds: Iterable[Difficulty]) -> list[tuple[Difficulty, Difficulty]]:
    """Every difficulty with its neighbours; nearest neighbours of all come before the far ones."""
    return [(kind, NEIGHBOURS[kind][distance]) for distance in (0, 1) for kind in kinds]
