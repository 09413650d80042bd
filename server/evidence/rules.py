"""A policy as it is stored and as the API gives it; rows of earlier versions are read as what they meant."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Annotated, Any, Literal, Self

from pydantic import Field, StrictBool, model_validator

from proctoring.rules.policy import Policy, TypePolicy
from proctoring.rules.presets import STANDARD, THRESHOLDS
from proctoring.types import EventType
from proctoring.types import Severity as Grade
from server.evidence.models import Severity
from server.schemas import Input

PresetName = Literal["off", "gentle", "standard", "strict", "custom"]
LONGEST_MS = 3_600_000
STEPS = 4

Milliseconds = Annotated[int, Field(ge=0, le=LONGEST_MS)]
Points = Annotated[float, Field(ge=0, le=100)]
SeverityStep = tuple[Milliseconds, Severity]
RepeatStep = tuple[Annotated[int, Field(ge=2, le=1000)], Annotated[int, Field(ge=1, le=3)]]


class SeverityPoints(Input):
    """What an event takes off the score, by its severity."""

    low: Points
    medium: Points
    high: Points
    critical: Points


class TypeRules(Input):
    """One event type of a policy; `severities` is (from this length in ms, severity), the first from 0,
    `repeats` is (from the n-th in a session, steps the severity rises)."""

    enabled: StrictBool
    dwell_ms: Milliseconds
    end_after_ms: Milliseconds
    merge_gap_ms: Milliseconds
    severities: list[SeverityStep] = Field(min_length=1, max_length=STEPS)
    repeats: list[RepeatStep] = Field(max_length=STEPS)
    thresholds: dict[str, float]
    points: SeverityPoints
    most_points: Points

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        lengths = [from_ms for from_ms, _ in self.severities]
        if lengths[0] != 0 or any(later <= earlier for earlier, later in pairwise(lengths)):
            raise ValueError("severities begin at 0 and their lengths rise")
        ranks = [Grade(severity).rank for _, severity in self.severities]
        if any(later < earlier for earlier, later in pairwise(ranks)):
            raise ValueError("a longer incident is not less severe")
        if any(later[0] <= earlier[0] or later[1] < earlier[1] for earlier, later in pairwise(self.repeats)):
            raise ValueError("repeats rise")
        return self

    @classmethod
    def of(cls, kind: TypePolicy) -> Self:
        """The type as the rules know it."""
        return cls(
            enabled=kind.enabled,
            dwell_ms=kind.dwell_ms,
            end_after_ms=kind.end_after_ms,
            merge_gap_ms=kind.merge_gap_ms,
            severities=[(from_ms, Severity(grade)) for from_ms, grade in kind.severities],
            repeats=list(kind.repeats),
            thresholds=dict(kind.thresholds),
            points=SeverityPoints(**{each.value: kind.points.get(each, 0) for each in Grade}),
            most_points=kind.most_points,
        )

    def policy(self) -> TypePolicy:
        """The type as the rules want it."""
        return TypePolicy(
            enabled=self.enabled,
            dwell_ms=self.dwell_ms,
            end_after_ms=self.end_after_ms,
            merge_gap_ms=self.merge_gap_ms,
            severities=tuple((from_ms, Grade(severity)) for from_ms, severity in self.severities),
            repeats=tuple(self.repeats),
            thresholds=dict(self.thresholds),
            points={each: getattr(self.points, each.value) for each in Grade},
            most_points=self.most_points,
        )


class PolicyRules(Input):
    """Every number of a policy: all event types, and what holds for all of them."""

    preset: PresetName
    types: dict[EventType, TypeRules]
    min_share: float = Field(ge=0.5, le=1)
    min_observations: int = Field(ge=1, le=100)
    hold_ms: int = Field(ge=200, le=10_000)
    pending_gap_ms: int = Field(ge=500, le=60_000)
    max_gap_ms: int = Field(ge=1000, le=60_000)
    update_every_ms: int = Field(ge=500, le=60_000)

    @model_validator(mode="after")
    def _complete(self) -> Self:
        missing = [kind.value for kind in EventType if kind not in self.types]
        if missing:
            raise ValueError(f"types: missing {', '.join(missing)}")
        for kind, rules in self.types.items():
            _check_thresholds(kind, rules.thresholds)
        return self

    @classmethod
    def of(cls, policy: Policy) -> Self:
        """The policy as the rules know it."""
        return cls(
            preset=policy.preset,
            types={kind: TypeRules.of(policy.types[kind]) for kind in EventType},
            min_share=policy.min_share,
            min_observations=policy.min_observations,
            hold_ms=policy.hold_ms,
            pending_gap_ms=policy.pending_gap_ms,
            max_gap_ms=policy.max_gap_ms,
            update_every_ms=policy.update_every_ms,
        )

    def policy(self, version: str) -> Policy:
        """The policy as the rules want it; `version` is what incidents name."""
        return Policy(
            version=version,
            types={kind: rules.policy() for kind, rules in self.types.items()},
            **self.model_dump(exclude={"types"}),
        )


def general_ranges() -> dict[str, tuple[float, float]]:
    """The least and the most of every number that holds for all event types, as `PolicyRules` takes them."""
    fields = PolicyRules.model_json_schema()["properties"]
    return {name: (fields[name]["minimum"], fields[name]["maximum"]) for name in _GENERAL}


def _check_thresholds(kind: EventType, given: Mapping[str, float]) -> None:
    known = THRESHOLDS.get(kind, {})
    if set(given) != set(known):
        raise ValueError(f"{kind.value}: the thresholds are {', '.join(known) or 'none'}")
    for name, limit in known.items():
        if not limit.least <= given[name] <= limit.most:
            raise ValueError(f"{kind.value}: {name} is from {limit.least} to {limit.most}")


def read_rules(row: Mapping[str, Any]) -> PolicyRules:
    """A stored policy, whatever version of Viva wrote it.

    Event types and limits that came later are filled in from the standard, the types switched off: nobody
    agreed to them.
    """
    return _of_first_release(row) if "event_types" in row else PolicyRules.model_validate(_completed(row))


def _completed(row: Mapping[str, Any]) -> dict[str, Any]:
    types: dict[str, Any] = {}
    for kind in EventType:
        standard = TypeRules.of(STANDARD[kind])
        stored = row.get("types", {}).get(kind.value)
        if stored is None:
            types[kind.value] = standard.model_dump() | {"enabled": False}
            continue
        limits = {name: stored["thresholds"].get(name, value) for name, value in standard.thresholds.items()}
        types[kind.value] = {**stored, "thresholds": limits}
    return {**_GENERAL, **row, "types": types}


def _of_first_release(row: Mapping[str, Any]) -> PolicyRules:
    """Rows of `{"event_types": […], "policy": {…}}`: two types with numbers, told apart by their names."""
    old, watched = row["policy"], frozenset(row["event_types"])
    types = {
        kind.value: TypeRules.of(STANDARD[kind]).model_dump() | {"enabled": kind.value in watched}
        for kind in EventType
    }
    for kind, limits in (
        (EventType.NO_FACE, ("present_min_score",)),
        (EventType.MULTIPLE_FACES, ("second_face_min_score", "second_face_min_width")),
    ):
        rules = types[kind.value]
        rules |= old.get(kind.value, {})
        rules |= {"merge_gap_ms": 0, "repeats": []}
        rules["thresholds"] = {
            **rules["thresholds"],
            **{name: old[name] for name in limits if name in old},
        }
    if "degraded_severities" in old:
        types[EventType.ANALYSIS_DEGRADED.value]["severities"] = old["degraded_severities"]
    numbers = {name: old.get(name, value) for name, value in _GENERAL.items()}
    return PolicyRules.model_validate({"preset": "custom", "types": types, **numbers})


_GENERAL = PolicyRules.of(Policy()).model_dump(exclude={"preset", "types"})
