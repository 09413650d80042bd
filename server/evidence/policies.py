"""Which policy holds: the interview's, the organisation's, or the standard one; and which a session keeps.

A session keeps the thresholds it was consented to under; its events are weighed by the policy in force now
(docs/decisions/0008).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.dialects.postgresql import distinct_on, insert

from proctoring.rules.policy import Policy
from proctoring.types import EventType
from server.accounts.models import Organisation
from server.errors import StaleVersion
from server.evidence.models import ProctoringPolicy, SessionPolicy
from server.evidence.rules import PolicyRules, read_rules
from server.interviews.models import Interview
from server.scheduling.models import InterviewSession
from server.storage.base import new_id
from server.storage.db import UnitOfWork

Origin = Literal["preset", "organisation", "interview"]


@dataclass(frozen=True, slots=True)
class SessionRules:
    """What a session is watched for, and every number of the rules."""

    policy: Policy

    @property
    def event_types(self) -> list[EventType]:
        """The types that are raised."""
        return self.policy.event_types


STANDARD = SessionRules(Policy())
STANDARD_RULES = PolicyRules.of(STANDARD.policy)


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose policy: an organisation's, or one of its interviews' own."""

    organisation_id: UUID
    interview_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class InForce:
    """The rules that hold for a scope now, and the row they come from.

    `own_version` is the version of the scope's own policy, 0 while nobody has chosen one: what a change has
    to name.
    """

    origin: Origin
    version: int
    own_version: int
    rules: PolicyRules
    row: ProctoringPolicy | None


def version_name(row: ProctoringPolicy) -> str:
    """How incidents name the policy they were raised under."""
    return f"{'organisation' if row.interview_id is None else 'interview'}-{row.version}"


def rules_of(row: ProctoringPolicy) -> SessionRules:
    """The rules of a stored policy."""
    return SessionRules(read_rules(row.rules).policy(version_name(row)))


async def rules_for(uow: UnitOfWork, session: InterviewSession) -> SessionRules:
    """The rules the session runs under, fixed from the first call on: later versions leave it alone."""
    fixed = await _fixed(uow, session.id)
    if fixed is None:
        current = await current_policy(uow, session.organisation_id, session.interview_id)
        await uow.session.execute(
            insert(SessionPolicy)
            .values(organisation_id=session.organisation_id, session_id=session.id, policy_id=current.id)
            .on_conflict_do_nothing()
        )
        fixed = await _fixed(uow, session.id) or current
    return rules_of(fixed)


async def _fixed(uow: UnitOfWork, session_id: UUID) -> ProctoringPolicy | None:
    return await uow.session.scalar(
        select(ProctoringPolicy)
        .join(SessionPolicy, SessionPolicy.policy_id == ProctoringPolicy.id)
        .where(SessionPolicy.session_id == session_id)
    )


async def preview_rules(uow: UnitOfWork, session: InterviewSession) -> SessionRules:
    """The rules the session runs under, or would if it began now; fixes nothing."""
    fixed = await _fixed(uow, session.id)
    if fixed is not None:
        return rules_of(fixed)
    scope = Scope(session.organisation_id, session.interview_id)
    found = (await in_force(uow, [scope]))[scope]
    return STANDARD if found.row is None or found.origin == "preset" else rules_of(found.row)


async def watching(uow: UnitOfWork, session_ids: Sequence[UUID]) -> set[UUID]:
    """Those of the sessions that run under rules that watch for anything, in two queries."""
    rows = await uow.session.execute(
        select(SessionPolicy.session_id, SessionPolicy.policy_id).where(
            SessionPolicy.session_id.in_(session_ids)
        )
    )
    found = dict(rows.all())
    # By themselves: the same few rules beside each session would be read from JSON as many times.
    policies = await uow.session.scalars(
        select(ProctoringPolicy).where(ProctoringPolicy.id.in_(set(found.values())))
    )
    watchful = {policy.id for policy in policies if rules_of(policy).event_types}
    return {session_id for session_id, policy_id in found.items() if policy_id in watchful}


async def in_force(uow: UnitOfWork, scopes: Sequence[Scope]) -> dict[Scope, InForce]:
    """What holds for each scope, in one query."""
    interviews = [scope.interview_id for scope in scopes if scope.interview_id is not None]
    rows = await uow.session.scalars(
        select(ProctoringPolicy)
        .ext(distinct_on(ProctoringPolicy.organisation_id, ProctoringPolicy.interview_id))
        .where(
            ProctoringPolicy.organisation_id.in_({scope.organisation_id for scope in scopes}),
            ProctoringPolicy.withdrawn_at.is_(None),
            or_(ProctoringPolicy.interview_id.in_(interviews), ProctoringPolicy.interview_id.is_(None)),
        )
        .order_by(
            ProctoringPolicy.organisation_id, ProctoringPolicy.interview_id, ProctoringPolicy.version.desc()
        )
    )
    newest = {Scope(row.organisation_id, row.interview_id): row for row in rows}
    read: dict[UUID, PolicyRules] = {}  # a list has many interviews under one policy
    return {scope: _in_force(scope, newest, read) for scope in scopes}


def _in_force(scope: Scope, newest: dict[Scope, ProctoringPolicy], read: dict[UUID, PolicyRules]) -> InForce:
    own, shared = newest.get(scope), newest.get(Scope(scope.organisation_id))
    own_version = 0 if own is None or own.is_default else own.version
    row = own or shared
    if row is None or row.is_default:
        return InForce("preset", row.version if row else 0, own_version, STANDARD_RULES, row)
    origin: Origin = "organisation" if row.interview_id is None else "interview"
    if row.id not in read:
        read[row.id] = read_rules(row.rules)
    return InForce(origin, row.version, own_version, read[row.id], row)


async def current_policy(uow: UnitOfWork, organisation_id: UUID, interview_id: UUID) -> ProctoringPolicy:
    """The policy a session of the interview would get; kept as a row even where nobody chose one."""
    scope = Scope(organisation_id, interview_id)
    found = (await in_force(uow, [scope]))[scope].row
    standard = STANDARD_RULES.model_dump(mode="json")
    if found is not None and (not found.is_default or found.rules == standard):
        return found
    shared = Scope(organisation_id)
    made = await _insert(uow, shared, STANDARD_RULES, is_default=True)
    if made is None:  # somebody else has just made one
        made = (await in_force(uow, [shared]))[shared].row
    if made is None:
        raise StaleVersion
    return made


async def _insert(
    uow: UnitOfWork, scope: Scope, rules: PolicyRules, *, is_default: bool = False, by: UUID | None = None
) -> ProctoringPolicy | None:
    """The scope's next version; None if somebody took it at the same moment."""
    newest = await uow.session.scalar(select(func.max(ProctoringPolicy.version)).where(*_of(scope)))
    return await uow.session.scalar(
        insert(ProctoringPolicy)
        .values(
            id=new_id(),
            organisation_id=scope.organisation_id,
            interview_id=scope.interview_id,
            version=(newest or 0) + 1,
            rules=rules.model_dump(mode="json"),
            is_default=is_default,
            created_by=by,
        )
        .on_conflict_do_nothing()
        .returning(ProctoringPolicy)
    )


def _of(scope: Scope) -> tuple[ColumnElement[bool], ...]:
    return (
        ProctoringPolicy.organisation_id == scope.organisation_id,
        ProctoringPolicy.interview_id.is_not_distinct_from(scope.interview_id),
    )


async def replace(
    uow: UnitOfWork, scope: Scope, rules: PolicyRules, *, version: int, by: UUID
) -> tuple[InForce, InForce]:
    """Make the rules the scope's next version; what held before and now.

    Raises StaleVersion unless `version` is the version of the scope's own policy, 0 if it has none.
    """
    before = await _locked(uow, scope, version)
    if await _insert(uow, scope, rules, by=by) is None:
        raise StaleVersion
    return before, (await in_force(uow, [scope]))[scope]


async def copy_own(uow: UnitOfWork, source: Interview, copy: Interview, *, by: UUID) -> None:
    """Give a fresh copy of an interview its rules, where it has rules of its own."""
    found = (await in_force(uow, [scope := Scope(source.organisation_id, source.id)]))[scope]
    if found.own_version:
        await _insert(uow, Scope(copy.organisation_id, copy.id), found.rules, by=by)


async def withdraw(uow: UnitOfWork, scope: Scope, *, version: int) -> tuple[InForce, InForce]:
    """Go back to the organisation's rules; sessions that run under the interview's own keep them.

    Raises StaleVersion like `replace`.
    """
    before = await _locked(uow, scope, version)
    await uow.session.execute(
        update(ProctoringPolicy)
        .where(*_of(scope), ProctoringPolicy.withdrawn_at.is_(None))
        .values(withdrawn_at=uow.now)
    )
    return before, (await in_force(uow, [scope]))[scope]


async def _locked(uow: UnitOfWork, scope: Scope, version: int) -> InForce:
    """What holds for the scope while nobody else can change it."""
    if scope.interview_id is not None:
        owner = select(Interview.id).where(Interview.id == scope.interview_id)
    else:
        owner = select(Organisation.id).where(Organisation.id == scope.organisation_id)
    await uow.session.execute(owner.with_for_update(key_share=True))
    found = (await in_force(uow, [scope]))[scope]
    if found.own_version != version:
        raise StaleVersion
    return found
