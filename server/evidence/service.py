"""Proctoring events: what the rules report, and what people make of it.

Changes are announced on the session's topic after their commit: {"type": "incident", "event": …, "phase": …}.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Table, select, update

from proctoring.types import Incident, IncidentChange, Phase
from server.accounts.identity import SignedIn
from server.accounts.schemas import PersonRef
from server.accounts.service import audit, users_by_id
from server.errors import EventNotFound, SessionNotFound, VideoNotFound
from server.evidence import schemas
from server.evidence.models import ProctoringEvent, Severity, Verdict
from server.recordings.models import InterviewVideo
from server.scheduling.models import InterviewSession
from server.scheduling.service import SessionAccess, access, topic
from server.storage.db import UnitOfWork
from server.storage.files import Files


def stored_under(session_id: UUID) -> str:
    """What the keys of a session's pictures begin with."""
    return f"snapshots/{session_id}"


def snapshot_key(session_id: UUID, event_id: UUID) -> str:
    """Where the picture of an event lives in the store."""
    return f"{stored_under(session_id)}/{event_id}.jpg"


async def record_change(
    uow: UnitOfWork,
    files: Files,
    *,
    session_id: UUID,
    video_id: UUID | None,
    question_id: UUID | None,
    change: IncidentChange,
    began_at: datetime | None = None,
) -> ProctoringEvent:
    """Store what happened to an incident; told twice it changes nothing, and a closed one stays closed.

    Without a video its offset is 0, and its time counts from `began_at`. A reviewer's verdict is never
    touched. Raises VideoNotFound, SessionNotFound.
    """
    incident = change.incident
    event = await uow.session.scalar(
        select(ProctoringEvent).where(ProctoringEvent.id == incident.incident_id).with_for_update()
    )
    if event is None:
        organisation_id, zero_at = await _timeline(uow, session_id, video_id, began_at)
        await _count(uow, session_id, events=1, unreviewed=1)
        event = ProctoringEvent(
            id=incident.incident_id,
            organisation_id=organisation_id,
            session_id=session_id,
            video_id=video_id,
            question_id=question_id,
            event_type=incident.event_type.value,
            detected_at=zero_at + timedelta(milliseconds=incident.started_ms),
            flagged=False,
            verdict=Verdict.NONE,
            reviewed=False,
        )
        uow.session.add(event)
    elif not event.is_open and change.phase is not Phase.CLOSED:
        return event
    _apply(event, incident)
    if incident.snapshot is not None and event.snapshot_offset_ms != incident.snapshot_offset_ms:
        event.snapshot_key = snapshot_key(session_id, event.id)
        event.snapshot_offset_ms = incident.snapshot_offset_ms
        await files.put(event.snapshot_key, incident.snapshot)
    await uow.session.flush()
    await _announce(uow, event, change.phase)
    return event


async def _count(uow: UnitOfWork, session_id: UUID, *, events: int = 0, unreviewed: int = 0) -> None:
    """Keep the session's own numbers: lists would have to count every event otherwise.

    Neither a version of the session nor one that is loaded changes: what people may change is not in them.
    """
    sessions = InterviewSession.__table__
    assert isinstance(sessions, Table)
    await uow.session.execute(
        update(sessions)
        .where(sessions.c.id == session_id)
        .values(
            event_count=sessions.c.event_count + events,
            unreviewed_count=sessions.c.unreviewed_count + unreviewed,
        )
    )


async def _timeline(
    uow: UnitOfWork, session_id: UUID, video_id: UUID | None, began_at: datetime | None
) -> tuple[UUID, datetime]:
    """The organisation, and when the incident's milliseconds begin to count."""
    if video_id is None:
        session = await uow.session.get(InterviewSession, session_id)
        if session is None:
            raise SessionNotFound
        return session.organisation_id, began_at or uow.now
    video = await uow.session.get(InterviewVideo, video_id)
    if video is None:
        raise VideoNotFound
    return video.organisation_id, video.started_at


def _apply(event: ProctoringEvent, incident: Incident) -> None:
    """Take over what the incident is by now."""
    last_ms = incident.ended_ms
    if last_ms is None:
        last_ms = _measured_until(incident)
    event.offset_ms = incident.started_ms if event.video_id is not None else 0
    event.duration_seconds = max(0, last_ms - incident.started_ms) / 1000
    event.is_open = incident.ended_ms is None
    event.severity = Severity(incident.severity.value)
    event.flagged = event.flagged or event.severity is not Severity.LOW
    event.measured = dict(incident.measured)
    event.thresholds = dict(incident.thresholds)
    event.detector = incident.detector
    event.model_version = incident.model_version


def _measured_until(incident: Incident) -> int:
    """The last moment an open incident is known to have lasted, where the rules measured it."""
    lasted = incident.measured.get("duration_ms")
    return incident.started_ms + (int(lasted) if isinstance(lasted, int | float) else 0)


async def close_open_events(uow: UnitOfWork, video_id: UUID, at_ms: int) -> None:
    """End whatever lasts in a video whose stream has ended at `at_ms`."""
    events = await uow.session.scalars(
        select(ProctoringEvent)
        .where(ProctoringEvent.video_id == video_id, ProctoringEvent.is_open)
        .order_by(ProctoringEvent.id)
        .with_for_update()
    )
    for event in events.all():
        event.is_open = False
        event.duration_seconds = max(event.duration_seconds, (at_ms - event.offset_ms) / 1000)
        await _announce(uow, event, Phase.CLOSED)


async def close_stray_events(uow: UnitOfWork) -> None:
    """End what was open without a video when an earlier process stopped, where it was last known to last."""
    events = await uow.session.scalars(
        select(ProctoringEvent)
        .where(ProctoringEvent.video_id.is_(None), ProctoringEvent.is_open)
        .order_by(ProctoringEvent.id)
        .with_for_update()
    )
    for event in events.all():
        event.is_open = False
        await _announce(uow, event, Phase.CLOSED)


async def events_of(uow: UnitOfWork, session_id: UUID) -> list[schemas.ProctoringEvent]:
    """A session's events in the order in which they began, in two queries."""
    found = await uow.session.scalars(
        select(ProctoringEvent)
        .where(ProctoringEvent.session_id == session_id)
        .order_by(ProctoringEvent.detected_at, ProctoringEvent.id)
    )
    return await describe(uow, found.all())


async def describe(uow: UnitOfWork, events: Sequence[ProctoringEvent]) -> list[schemas.ProctoringEvent]:
    """Events as the API shows them, with the names of their reviewers."""
    reviewers = await users_by_id(uow, list({event.reviewed_by for event in events if event.reviewed_by}))
    people = {user.id: PersonRef(id=user.id, full_name=user.full_name) for user in reviewers.values()}
    return [
        schemas.ProctoringEvent.of(event, people.get(event.reviewed_by) if event.reviewed_by else None)
        for event in events
    ]


async def visible_event(
    uow: UnitOfWork, event_id: UUID, who: SignedIn
) -> tuple[ProctoringEvent, SessionAccess]:
    """An event and what `who` is in its session; raises EventNotFound for candidates and strangers."""
    event = await uow.session.get(ProctoringEvent, event_id)
    if event is None:
        raise EventNotFound
    try:
        granted = await access(uow, event.session_id, who)
    except SessionNotFound as error:
        raise EventNotFound from error
    if granted.is_candidate:
        raise EventNotFound
    return event, granted


async def review(
    uow: UnitOfWork, event: ProctoringEvent, change: schemas.ChangeEvent, *, by: UUID, address: str | None
) -> schemas.ProctoringEvent:
    """A person confirms, dismisses or annotates; taking a verdict back makes the event unreviewed again."""
    await uow.session.refresh(event, with_for_update=True)
    before = {"verdict": event.verdict.value, "reviewer_notes": event.reviewer_notes}
    if "reviewer_notes" in change.model_fields_set:
        event.reviewer_notes = change.reviewer_notes
    if change.verdict is not None:
        event.verdict = change.verdict
        reviewed = change.verdict is not Verdict.NONE
        await _count(uow, event.session_id, unreviewed=event.reviewed - reviewed)
        event.reviewed = reviewed
        event.reviewed_by = by if event.reviewed else None
        event.reviewed_at = uow.now if event.reviewed else None
    after = {"verdict": event.verdict.value, "reviewer_notes": event.reviewer_notes}
    if after != before:
        audit(
            uow,
            action="event.reviewed",
            entity=("event", event.id),
            organisation_id=event.organisation_id,
            actor_id=by,
            before=before,
            after=after,
            address=address,
        )
    await uow.session.flush()
    return await _announce(uow, event, Phase.UPDATED)


async def _announce(uow: UnitOfWork, event: ProctoringEvent, phase: Phase) -> schemas.ProctoringEvent:
    described = (await describe(uow, [event]))[0]
    uow.publish(
        topic(event.session_id),
        {"type": "incident", "event": described.model_dump(mode="json"), "phase": phase.value},
    )
    return described
