"""Scores of sessions, by the weights in force now."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from sqlalchemy import func, select

from server.evidence.models import ProctoringEvent, Severity, Verdict
from server.evidence.policies import Scope, in_force, watching
from server.evidence.rules import PolicyRules
from server.evidence.schemas import IntegrityScore, ScoreLine
from server.evidence.score import Counted, Weights, integrity_score, score_value
from server.scheduling.models import InterviewSession
from server.storage.db import UnitOfWork


async def scores_of(
    uow: UnitOfWork, sessions: Sequence[InterviewSession], recorded: Collection[UUID]
) -> dict[UUID, IntegrityScore]:
    """The scores of the sessions there is something to say about, in three queries.

    A session without events has one only if it is among the `recorded` ones and was watched for anything.
    """
    scopes = {each.id: Scope(each.organisation_id, each.interview_id) for each in sessions}
    holds = await in_force(uow, list(scopes.values()))
    watched = await watching(uow, list(scopes))
    events = await _events(uow, list(scopes))
    scores = {}
    for session_id, scope in scopes.items():
        if session_id not in events and not (session_id in watched and session_id in recorded):
            continue
        total = integrity_score(events.get(session_id, []), weights_of(holds[scope].rules))
        scores[session_id] = IntegrityScore(
            value=total.value,
            points=total.points,
            policy_origin=holds[scope].origin,
            policy_version=holds[scope].version,
            lines=[ScoreLine.of(line) for line in total.lines],
        )
    return scores


async def score_values(
    uow: UnitOfWork, sessions: Sequence[InterviewSession], recorded: Collection[UUID]
) -> dict[UUID, float]:
    """The same without the sum behind it, for lists: events are counted where they are."""
    scopes = {each.id: Scope(each.organisation_id, each.interview_id) for each in sessions}
    holds = await in_force(uow, list(scopes.values()))
    watched = await watching(uow, list(scopes))
    counts = await _counts(uow, list(scopes))
    weights = {id(held.rules): weights_of(held.rules) for held in holds.values()}  # many share one policy
    return {
        session_id: score_value(counts.get(session_id, {}), weights[id(holds[scope].rules)])
        for session_id, scope in scopes.items()
        if session_id in counts or (session_id in watched and session_id in recorded)
    }


def weights_of(rules: PolicyRules) -> Mapping[str, Weights]:
    """What a policy says about the score; a type that is switched off still weighs what it did find."""
    return {
        kind.value: Weights({each: getattr(of.points, each.value) for each in Severity}, of.most_points)
        for kind, of in rules.types.items()
    }


async def _counts(
    uow: UnitOfWork, session_ids: Sequence[UUID]
) -> dict[UUID, dict[tuple[str, Severity], int]]:
    """How many events of each type and severity nobody dismissed, of each session that has any at all."""
    event = ProctoringEvent
    rows = await uow.session.execute(
        select(
            event.session_id,
            event.event_type,
            event.severity,
            func.count().filter(event.verdict != Verdict.DISMISSED),
        )
        .where(event.session_id.in_(session_ids))
        .group_by(event.session_id, event.event_type, event.severity)
    )
    found: defaultdict[UUID, dict[tuple[str, Severity], int]] = defaultdict(dict)
    for session_id, event_type, severity, count in rows:
        found[session_id][event_type, severity] = count
    return found


async def _events(uow: UnitOfWork, session_ids: Sequence[UUID]) -> dict[UUID, list[Counted]]:
    rows = await uow.session.execute(
        select(
            ProctoringEvent.session_id,
            ProctoringEvent.id,
            ProctoringEvent.event_type,
            ProctoringEvent.severity,
            ProctoringEvent.verdict,
        ).where(ProctoringEvent.session_id.in_(session_ids))
    )
    found: defaultdict[UUID, list[Counted]] = defaultdict(list)
    for session_id, event_id, event_type, severity, verdict in rows:
        found[session_id].append(Counted(event_id, event_type, severity, verdict))
    return found
