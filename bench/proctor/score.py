"""Incidents against truth: recall, false alarms, onset errors."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from statistics import quantiles

from bench.proctor.live import Raised
from bench.proctor.scene import Clip, Truth
from proctoring.types import EventType

SLACK_MS = 1000
"""How far an incident may lie beside its truth and still be its own: half a face is neither in nor out."""

BESIDE_MS = 6000
"""How much of an incident may lie outside its truths before it counts as a false alarm, too."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one clip gave."""

    clip: Clip
    raised: tuple[Raised, ...]
    observations: int = 0


@dataclass
class Score:
    """Figures of one event type over some clips."""

    seconds: float = 0.0
    required: int = 0
    hit: int = 0
    false: int = 0
    onset_s: list[float] = field(default_factory=list)
    start_s: list[float] = field(default_factory=list)
    instead: Counter[str] = field(default_factory=Counter)
    missed_in: list[str] = field(default_factory=list)
    false_in: list[str] = field(default_factory=list)

    @property
    def recall(self) -> float | None:
        """Share of required truths that an incident of the type overlaps; None without any."""
        return self.hit / self.required if self.required else None

    @property
    def false_per_hour(self) -> float:
        """Incidents without truth, per hour of film."""
        return self.false / self.seconds * 3600 if self.seconds else 0.0

    def as_json(self) -> dict[str, object]:
        """Rounded, for the figures file."""
        return {
            "spans": self.required,
            "recall": None if self.recall is None else round(self.recall, 4),
            "false_alarms": self.false,
            "hours": round(self.seconds / 3600, 3),
            "false_alarms_per_hour": round(self.false_per_hour, 3),
            "onset_error_s_p50": percentile(self.onset_s, 50),
            "onset_error_s_p95": percentile(self.onset_s, 95),
            "start_error_s_p95": percentile([abs(each) for each in self.start_s], 95),
            "instead": dict(self.instead.most_common()),
        }


def percentile(values: list[float], share: int) -> float | None:
    """The value below which `share` percent lie; None without values."""
    if not values:
        return None
    if len(values) == 1:
        return round(values[0], 3)
    return round(quantiles(values, n=100, method="inclusive")[share - 1], 3)


def overlaps(truth: Truth, raised: Raised) -> bool:
    """Whether an incident belongs to a truth, by type and by time."""
    if truth.event_type is not raised.event_type:
        return False
    begin, end = truth.from_s * 1000 - SLACK_MS, truth.until_s * 1000 + SLACK_MS
    return raised.started_ms <= end and raised.ended_ms >= begin


def score(outcomes: Iterable[Outcome], event_type: EventType) -> Score:
    """Count one event type."""
    total = Score()
    for outcome in outcomes:
        total.seconds += outcome.clip.seconds
        mine = [each for each in outcome.raised if each.event_type is event_type]
        truths = [truth for truth in outcome.clip.truths if truth.event_type is event_type]
        for truth in truths:
            if truth.required:
                _count(total, truth, mine, outcome)
        false = [each for each in mine if not _justified(each, truths)]
        total.false += len(false)
        total.false_in += [f"{outcome.clip.name}@{each.started_ms / 1000:.0f}s" for each in false]
    return total


def _justified(raised: Raised, truths: list[Truth]) -> bool:
    """Whether an incident belongs to truths and does not go on beside them: one without end hits them all."""
    own = [truth for truth in truths if overlaps(truth, raised)]
    inside_ms = sum(
        min(raised.ended_ms, truth.until_s * 1000) - max(raised.started_ms, truth.from_s * 1000)
        for truth in own
    )
    return bool(own) and raised.ended_ms - raised.started_ms - inside_ms <= BESIDE_MS


def _count(total: Score, truth: Truth, mine: list[Raised], outcome: Outcome) -> None:
    total.required += 1
    hits = [each for each in mine if overlaps(truth, each)]
    if hits:
        first = min(hits, key=lambda each: each.started_ms)
        total.hit += 1
        total.onset_s.append((first.opened_ms - first.dwell_ms) / 1000 - truth.from_s)
        total.start_s.append(first.started_ms / 1000 - truth.from_s)
        return
    total.missed_in.append(f"{outcome.clip.name}@{truth.from_s:.0f}s")
    begin, end = truth.from_s * 1000, truth.until_s * 1000
    others = {
        str(each.event_type) for each in outcome.raised if each.started_ms < end and each.ended_ms > begin
    }
    total.instead.update(others or {"nothing"})
