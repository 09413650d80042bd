"""What the evidence API takes and gives."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import BaseModel, Field, model_validator

from proctoring.rules.presets import preset
from server.accounts.schemas import PersonRef
from server.evidence import models, score
from server.evidence.models import Severity, Verdict
from server.evidence.policies import Origin
from server.evidence.rules import PolicyRules, PresetName
from server.schemas import LINES, WRITTEN_AS_NUMBER, Input, Output
from server.web import API


class ProctoringEvent(Output):
    """One incident; `offset_ms` is where it begins in the video, `measured` against `thresholds` is why."""

    id: UUID
    session_id: UUID
    video_id: UUID | None
    question_id: UUID | None
    event_type: str
    severity: Severity
    detected_at: datetime
    offset_ms: int
    duration_seconds: float
    is_open: bool
    snapshot_url: str | None
    snapshot_offset_ms: int | None
    measured: dict[str, Any]
    thresholds: dict[str, Any]
    detector: str
    model_version: str
    flagged: bool
    verdict: Verdict
    reviewed: bool
    reviewed_by: PersonRef | None
    reviewed_at: datetime | None
    reviewer_notes: str | None

    @classmethod
    def of(cls, event: models.ProctoringEvent, reviewer: PersonRef | None) -> "ProctoringEvent":
        """An event and the person who reviewed it."""
        url = f"{API}/events/{event.id}/snapshot" if event.snapshot_key else None
        return cls(
            id=event.id,
            session_id=event.session_id,
            video_id=event.video_id,
            question_id=event.question_id,
            event_type=event.event_type,
            severity=event.severity,
            detected_at=event.detected_at,
            offset_ms=event.offset_ms,
            duration_seconds=event.duration_seconds,
            is_open=event.is_open,
            snapshot_url=url,
            snapshot_offset_ms=event.snapshot_offset_ms,
            measured=event.measured,
            thresholds=event.thresholds,
            detector=event.detector,
            model_version=event.model_version,
            flagged=event.flagged,
            verdict=event.verdict,
            reviewed=event.reviewed,
            reviewed_by=reviewer,
            reviewed_at=event.reviewed_at,
            reviewer_notes=event.reviewer_notes,
        )


class ScoreLine(Output):
    """All events of one type and severity: `count` times `points_each`, cut off where the type has reached
    its `most_points`; `points` of all lines make the score's."""

    event_type: str
    severity: Severity
    count: int
    points_each: float
    points: float
    most_points: float
    event_ids: list[UUID]

    @classmethod
    def of(cls, line: score.Line) -> "ScoreLine":
        """A line of the sum."""
        return cls(**{**asdict(line), "event_ids": list(line.event_ids)})


class IntegrityScore(Output):
    """100 less the points of all events nobody dismissed, never below 0; weighed by the policy in force now.

    `policy_version` counts within `policy_origin`: the interview's own, the organisation's, or a preset's.
    """

    value: float
    points: float
    policy_origin: Origin
    policy_version: int
    lines: list[ScoreLine]


class PolicyInForce(Output):
    """The rules that hold now and where they come from; `own_version` is what a change has to name.

    It is the version of the organisation's or interview's own policy, 0 while it has none.
    """

    origin: Origin
    version: int
    own_version: int
    rules: PolicyRules
    changed_at: datetime | None
    changed_by: PersonRef | None


class ChangePolicy(Input):
    """A preset as it is today, or with the preset `custom` all the rules; `version` is the `own_version`
    that was read."""

    version: Annotated[int, Field(ge=0), WRITTEN_AS_NUMBER]
    preset: PresetName
    rules: PolicyRules | None = None

    @model_validator(mode="after")
    def _either(self) -> Self:
        if (self.preset == "custom") is (self.rules is None):
            raise ValueError("rules come with the preset custom, and only with it")
        return self

    def chosen(self) -> PolicyRules:
        """All the rules."""
        if self.rules is not None:
            return self.rules.model_copy(update={"preset": "custom"})
        return PolicyRules.of(preset(self.preset))


class WithdrawPolicy(BaseModel):
    version: int = Field(ge=0, description="The own_version that was read.")


class PolicyPreset(Output):
    name: PresetName
    rules: PolicyRules


class PolicyThreshold(Output):
    """A limit that can be set: its standard value, its range and its unit."""

    event_type: str
    name: str
    default: float
    least: float
    most: float
    unit: str


NumberUnit = Literal["share", "count", "milliseconds"]


class PolicyNumber(Output):
    """A number that holds for all event types: its range and its unit."""

    name: str
    least: float
    most: float
    unit: NumberUnit


class PolicyPresets(Output):
    presets: list[PolicyPreset]
    thresholds: list[PolicyThreshold]
    general: list[PolicyNumber]


class ChangeEvent(Input):
    """What is left out stays as it is."""

    verdict: Verdict | None = None
    reviewer_notes: str | None = Field(None, max_length=5000, pattern=LINES)
