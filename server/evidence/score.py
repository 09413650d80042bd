"""The integrity score: 100 less what each event weighs, as a sum that can be read line by line.

It is computed whenever it is read and stored nowhere: it depends on verdicts, on events that are still
changing and on weights that change for many sessions at once, and summing a few dozen events costs less
than keeping such a number right. So two reviewers at the same moment cannot leave a wrong one behind.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from server.evidence.models import Severity, Verdict

FULL = 100.0


@dataclass(frozen=True, slots=True)
class Weights:
    """What an event of one type takes off, by severity, and what all of the type may take together."""

    points: Mapping[Severity, float]
    most_points: float


@dataclass(frozen=True, slots=True)
class Counted:
    """As much of an event as the score needs."""

    id: UUID
    event_type: str
    severity: Severity
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Line:
    """All events of one type and severity; `points` is what is left of `count` times `points_each` once the
    type has reached its `most_points`, worst severity first."""

    event_type: str
    severity: Severity
    count: int
    points_each: float
    points: float
    most_points: float
    event_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Sum:
    """The score: `value` is 100 - `points`, never below 0; `points` is the sum of the lines'."""

    value: float
    points: float
    lines: tuple[Line, ...]


def integrity_score(events: Iterable[Counted], weights: Mapping[str, Weights]) -> Sum:
    """The score of a session's events; dismissed ones and types without weights do not count."""
    counting = [
        event for event in events if event.verdict is not Verdict.DISMISSED and event.event_type in weights
    ]
    counting.sort(key=lambda event: (list(weights).index(event.event_type), -_rank(event.severity), event.id))
    lines: list[Line] = []
    for event_type, of_type in groupby(counting, key=lambda event: event.event_type):
        lines += _lines(list(of_type), weights[event_type])
    points = round(sum(line.points for line in lines), 2)
    return Sum(max(0.0, round(FULL - points, 2)), points, tuple(lines))


def score_value(counts: Mapping[tuple[str, Severity], int], weights: Mapping[str, Weights]) -> float:
    """The value alone, of how many events of each type and severity count; as `integrity_score` says it."""
    points = 0.0
    for event_type in {event_type for event_type, _ in counts} & weights.keys():
        of_type = weights[event_type]
        left = of_type.most_points
        for severity in reversed(Severity):
            taken = counts.get((event_type, severity), 0) * of_type.points.get(severity, 0.0)
            taken = round(min(taken, left), 2)
            left -= taken
            points += taken
    return max(0.0, round(FULL - round(points, 2), 2))


def _lines(events: Sequence[Counted], weights: Weights) -> list[Line]:
    """One line for each severity of events of one type."""
    left, lines = weights.most_points, []
    for severity, alike in groupby(events, key=lambda event: event.severity):
        ids = tuple(event.id for event in alike)
        each = weights.points.get(severity, 0.0)
        points = round(min(len(ids) * each, left), 2)
        left -= points
        kind = events[0].event_type
        lines.append(Line(kind, severity, len(ids), each, points, weights.most_points, ids))
    return lines


def _rank(severity: Severity) -> int:
    return list(Severity).index(severity)
