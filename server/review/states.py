"""How far somebody invited has come, as the database sees it, and the joins that takes."""

from datetime import datetime
from enum import StrEnum
from typing import TypeVarTuple

from sqlalchemy import ColumnElement, Select, and_, case, exists, or_
from sqlalchemy.orm import aliased
from sqlalchemy.orm.util import AliasedClass

from server.interviews.models import Interview, Invite, InviteStatus, Participant, ParticipantStatus
from server.mail.models import Mail, MailStatus
from server.scheduling.models import InterviewSession, SessionStatus

Ts = TypeVarTuple("Ts")
Session, Newer = aliased(InterviewSession), aliased(InterviewSession)


class PersonState(StrEnum):
    """How far somebody is; `undelivered`: their mail failed; `reviewed`: every incident was looked at."""

    INVITED = "invited"
    UNDELIVERED = "undelivered"
    OPENED = "opened"
    JOINED = "joined"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    REVIEWED = "reviewed"
    EXPIRED = "expired"
    REVOKED = "revoked"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"


def looked_at(session: type[InterviewSession] | AliasedClass[InterviewSession]) -> ColumnElement[bool]:
    """Whether somebody has looked at every event of a completed session; without events there is none to."""
    return and_(
        session.status == SessionStatus.COMPLETED, session.event_count > 0, session.unreviewed_count == 0
    )


def states(now: datetime) -> dict[PersonState, ColumnElement[bool]]:
    """What makes each state, the first that holds; whoever is in none of them is invited."""
    status = Session.status
    lapsed = and_(Invite.status == InviteStatus.PENDING, Invite.expires_at <= now)
    return {
        PersonState.WITHDRAWN: Participant.status == ParticipantStatus.WITHDRAWN,
        PersonState.REVIEWED: looked_at(Session),
        PersonState.DONE: status == SessionStatus.COMPLETED,
        PersonState.IN_PROGRESS: status == SessionStatus.IN_PROGRESS,
        PersonState.CANCELLED: status.in_([SessionStatus.CANCELLED, SessionStatus.NO_SHOW]),
        PersonState.JOINED: Participant.id.is_not(None),
        PersonState.REVOKED: Invite.status == InviteStatus.REVOKED,
        PersonState.EXPIRED: or_(Invite.status == InviteStatus.EXPIRED, lapsed),
        PersonState.OPENED: Invite.opened_at.is_not(None),
        PersonState.UNDELIVERED: exists().where(
            Mail.invite_id == Invite.id, Mail.status == MailStatus.FAILED
        ),
    }


def _latest(interview: Interview) -> ColumnElement[bool]:
    """A session of the interview after which its participant had none; both by the interview, so that all of
    its people can be joined at once instead of one by one."""
    newer = exists().where(
        Newer.interview_id == interview.id,
        Newer.participant_id == Session.participant_id,
        Newer.id > Session.id,
    )
    return and_(Session.interview_id == interview.id, ~newer)


def with_participants(query: Select[*Ts]) -> Select[*Ts]:
    """Invites with whom they led to."""
    return query.outerjoin(
        Participant,
        and_(
            Participant.interview_id == Invite.interview_id,
            Participant.user_id == Invite.accepted_by,
            Participant.invite_id == Invite.id,
        ),
    )


def with_sessions(query: Select[*Ts], interview: Interview) -> Select[*Ts]:
    """Participants with the latest of their sessions, as `Session`."""
    return query.outerjoin(Session, and_(Session.participant_id == Participant.id, _latest(interview)))


def state_of(now: datetime) -> ColumnElement[str]:
    """The state of each row, by name."""
    whens = ((holds, name.value) for name, holds in states(now).items())
    return case(*whens, else_=PersonState.INVITED.value)
