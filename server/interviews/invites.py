"""Invitations that exist: reading them, redeeming codes, and the lock against guessing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import case, exists, select, update
from sqlalchemy.exc import IntegrityError

from server.accounts.attempts import Limit, count_failure, is_reached, refuse_if_known, refuse_if_locked
from server.accounts.models import Organisation, User
from server.errors import (
    EmailNotVerified,
    InterviewClosed,
    InviteAlreadyAdded,
    InviteExpired,
    InviteNotFound,
    InviteOtherEmail,
    InviteRevoked,
    InviteUnknownCode,
    InviteUnknownLink,
    VivaError,
)
from server.interviews.models import Interview, InterviewStatus, Invite, InviteStatus, Participant
from server.interviews.service import people_changed, takes_answers
from server.mail.models import Mail, MailStatus
from server.signing import keyed_hash, token_hash
from server.storage.db import UnitOfWork
from server.storage.paging import Page, after
from server.storage.scope import system

GUESSES = Limit("invite_code", 5, timedelta(minutes=15))
GUESSES_A_DAY = Limit("invite_code_day", 30, timedelta(days=1))
# From wherever they come; see docs/decisions/0015.
GUESSES_OF_ALL = Limit("invite_code_all", 100, timedelta(hours=1))


async def expire_due(uow: UnitOfWork) -> None:
    """Close invites past their time, which frees their codes."""
    async with uow.widened(system("codes")):  # a code is free when no organisation uses it
        await uow.session.execute(
            update(Invite)
            .where(Invite.status == InviteStatus.PENDING, Invite.expires_at <= uow.now)
            .values(status=InviteStatus.EXPIRED)
        )


@dataclass(frozen=True, slots=True)
class InviteFilter:
    """Which invites: by status, by a part of the address or name, only those whose mail failed."""

    status: InviteStatus | None = None
    q: str | None = None
    undelivered: bool = False


async def list_invites(
    uow: UnitOfWork, interview_id: UUID, wanted: InviteFilter, *, limit: int, cursor: str | None
) -> Page[Invite]:
    """Invites of an interview, newest first."""
    query = select(Invite).where(Invite.interview_id == interview_id)
    lapsed = (Invite.status == InviteStatus.PENDING) & (Invite.expires_at <= uow.now)
    if wanted.status is InviteStatus.EXPIRED:
        query = query.where((Invite.status == InviteStatus.EXPIRED) | lapsed)
    elif wanted.status is not None:
        query = query.where(Invite.status == wanted.status, ~lapsed)
    if wanted.q is not None:
        part = wanted.q.casefold()
        query = query.where(
            Invite.email.contains(part, autoescape=True) | Invite.name.icontains(part, autoescape=True)
        )
    if wanted.undelivered:  # an invite that is sent again takes its failed mail back
        query = query.where(exists().where(Mail.invite_id == Invite.id, Mail.status == MailStatus.FAILED))
    return await after(uow, query, Invite.id, limit=limit, cursor=cursor)


async def find_invite(uow: UnitOfWork, interview: Interview, invite_id: UUID) -> Invite:
    """An invite of this interview, locked; raises InviteNotFound."""
    found = await uow.session.scalar(
        select(Invite).where(Invite.id == invite_id, Invite.interview_id == interview.id).with_for_update()
    )
    if found is None:
        raise InviteNotFound
    return found


async def invite_behind(uow: UnitOfWork, token: str) -> Invite:
    """The invite a link leads to; raises InviteUnknownLink, InviteExpired, InviteRevoked."""
    found = await uow.session.scalar(select(Invite).where(Invite.token_hash == token_hash(token)))
    if found is None:
        raise InviteUnknownLink
    match status_of(found, uow.now):
        case InviteStatus.REVOKED:
            raise InviteRevoked
        case InviteStatus.EXPIRED:
            raise InviteExpired
        case _:
            return found


def note_opened(uow: UnitOfWork, found: Invite) -> None:
    """Somebody followed the link, for the first time or again."""
    if found.opened_at is None:
        found.opened_at = uow.now
        people_changed(uow, found.organisation_id)


def status_of(found: Invite, now: datetime) -> InviteStatus:
    """An invite's status at `now`, also before anybody marked it expired."""
    if found.status is InviteStatus.PENDING and found.expires_at <= now:
        return InviteStatus.EXPIRED
    return found.status


async def redeem(uow: UnitOfWork, *, user: User, code: str, address: str, code_key: bytes) -> Participant:
    """Take the person into the interview their code invites them to; of two at once one wins.

    Raises an Invite… refusal, InterviewClosed, or TooManyAttempts after five wrong codes from this account or
    address within 15 minutes. While many wrong codes come from all over, who has not confirmed their address
    gets EmailNotVerified: their guess is not looked at.
    """
    guesses = (
        (GUESSES, f"user:{user.id}"),
        (GUESSES, f"address:{address}"),
        (GUESSES_A_DAY, f"user:{user.id}"),
    )
    refuse_if_known(uow, *guesses)
    flooded = await is_reached(uow, (GUESSES_OF_ALL, "all"))
    if flooded and not user.is_verified:
        raise EmailNotVerified
    await refuse_if_locked(uow, *guesses)
    found = await _find(uow, keyed_hash(code_key, code), user.email)
    if found is None or found.email != user.email:
        await count_failure(uow, *guesses, (GUESSES_OF_ALL, "all"))
        # While somebody scans, no answer says that a code is another's.
        raise InviteUnknownCode if found is None or flooded else InviteOtherEmail
    return await _let_in(uow, found, user)


async def accept_own(uow: UnitOfWork, user: User, invite_id: UUID) -> Participant:
    """Take the person into an interview their confirmed address is invited to; of two at once one wins.

    Raises InviteNotFound for what is not theirs, an Invite… refusal or InterviewClosed.
    """
    own = select(Invite).where(Invite.id == invite_id, Invite.email == user.email).with_for_update()
    found = await uow.session.scalar(own) if user.is_verified else None
    if found is None:
        raise InviteNotFound
    return await _let_in(uow, found, user)


async def open_for(uow: UnitOfWork, user: User, *, limit: int) -> Sequence[tuple[Invite, Interview, str]]:
    """What the person's address is invited to and may still accept, newest first, with the company's name.

    Nothing unless the address is confirmed: anybody can sign up with another's.
    """
    if not user.is_verified:
        return []
    takes_part = exists().where(
        Participant.interview_id == Invite.interview_id, Participant.user_id == user.id
    )
    found = await uow.session.execute(
        select(Invite, Interview, Organisation.name)
        .join(Interview, Interview.id == Invite.interview_id)
        .join(Organisation, Organisation.id == Invite.organisation_id)
        .where(Invite.email == user.email, Invite.status == InviteStatus.PENDING, ~takes_part)
        .where(Invite.expires_at > uow.now, Interview.status == InterviewStatus.ACTIVE)
        .where(Interview.deadline.is_(None) | (Interview.deadline > uow.now))
        .order_by(Invite.id.desc())
        .limit(limit)
    )
    return [(invite, interview, name) for invite, interview, name in found]


async def _let_in(uow: UnitOfWork, found: Invite, user: User) -> Participant:
    """Accept an invite that is the person's own, unless it is too late."""
    if refusal := _refusal(found, uow.now):
        raise refusal
    interview = await uow.session.get_one(  # shared: as it stands while we join, whoever changes it
        Interview, found.interview_id, with_for_update={"read": True}
    )
    if not takes_answers(interview, uow):
        raise InterviewClosed
    return await _accept(uow, found, user)


async def _find(uow: UnitOfWork, code_hash: bytes, email: str) -> Invite | None:
    """The invite with this code: the open one, else the newest of this address, else the newest; locked."""
    found = await uow.session.scalars(
        select(Invite)
        .where(Invite.code_hash == code_hash)
        .order_by(
            case((Invite.status == InviteStatus.PENDING, 0), (Invite.email == email, 1), else_=2),
            Invite.id.desc(),
        )
        .limit(1)
        .with_for_update()
    )
    return found.one_or_none()


def _refusal(found: Invite, now: datetime) -> VivaError | None:
    """Why an invite that is this person's own cannot be redeemed."""
    match status_of(found, now):
        case InviteStatus.REVOKED:
            return InviteRevoked()
        case InviteStatus.EXPIRED:
            return InviteExpired()
        case InviteStatus.ACCEPTED | InviteStatus.COMPLETED:
            return InviteAlreadyAdded()
        case InviteStatus.PENDING:
            return None


async def _accept(uow: UnitOfWork, found: Invite, user: User) -> Participant:
    participant = Participant(
        organisation_id=found.organisation_id,
        interview_id=found.interview_id,
        user_id=user.id,
        invite_id=found.id,
        joined_at=uow.now,
    )
    try:
        async with uow.session.begin_nested():
            uow.session.add(participant)
    except IntegrityError as error:  # an earlier invite to the same interview was accepted
        raise InviteAlreadyAdded from error
    found.status = InviteStatus.ACCEPTED
    found.accepted_at = uow.now
    found.accepted_by = user.id
    people_changed(uow, found.organisation_id)
    return participant
