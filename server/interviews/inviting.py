"""Inviting people: judging a list, making codes and links, sending them, once more, and taking them back."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from server.accounts.attempts import Limit, count_failure, refuse_if_locked
from server.accounts.models import Organisation, User
from server.errors import AlreadyInvited, Internal, InterviewClosed, InviteAccepted, InviteRevoked
from server.interviews.addresses import Entry
from server.interviews.invites import expire_due, find_invite, status_of
from server.interviews.letter import letter_context
from server.interviews.models import Interview, Invite, InviteStatus
from server.interviews.service import people_changed, questions_of, takes_answers
from server.mail.service import cancel_mails_of, enqueue
from server.signing import keyed_hash, token_hash
from server.storage.db import UnitOfWork
from server.storage.scope import system

LIFETIME = timedelta(days=14)
RESENDS = Limit("invite_resend", 3, timedelta(hours=1))
CODES = 1_000_000
DRAWS = 20


class Verdict(StrEnum):
    FINE = "fine"
    DUPLICATE = "duplicate"
    ALREADY_INVITED = "already_invited"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Desk:
    """What inviting needs of the server: the key of the codes, and the address that links lead to."""

    code_key: bytes
    public_url: str


@dataclass(frozen=True, slots=True)
class Secrets:
    """What opens an invite, told once: to whom it is sent, and to whoever made it."""

    code: str
    token: str


@dataclass(frozen=True, slots=True)
class Judged:
    """One person of a list, what would become of the line, and the invite once there is one."""

    entry: Entry
    verdict: Verdict
    invite: Invite | None = None
    secrets: Secrets | None = None


async def judge(uow: UnitOfWork, interview: Interview, entries: Sequence[Entry]) -> list[Judged]:
    """What would become of each line; nothing is changed, nothing is sent."""
    wanted = [entry.email for entry in entries if entry.email is not None]
    standing = set(
        await uow.session.scalars(
            select(Invite.email).where(
                Invite.interview_id == interview.id,
                Invite.email.in_(wanted),
                (Invite.status == InviteStatus.ACCEPTED)
                | ((Invite.status == InviteStatus.PENDING) & (Invite.expires_at > uow.now)),
            )
        )
    )
    seen: set[str] = set()
    judged: list[Judged] = []
    for entry in entries:
        judged.append(Judged(entry, _verdict(entry, seen, standing)))
        if entry.email is not None:
            seen.add(entry.email)
    return judged


def _verdict(entry: Entry, seen: set[str], standing: set[str]) -> Verdict:
    if entry.email is None:
        return Verdict.WRONG
    if entry.email in seen:
        return Verdict.DUPLICATE
    return Verdict.ALREADY_INVITED if entry.email in standing else Verdict.FINE


async def invite(
    uow: UnitOfWork,
    interview: Interview,
    entries: Sequence[Entry],
    *,
    invited_by: UUID | None,
    desk: Desk,
    lifetime: timedelta = LIFETIME,
) -> list[Judged]:
    """Invite each address by mail; a line that is wrong, repeated or invited already stops no other.

    Raises InterviewClosed when the interview takes nobody any more.
    """
    if not takes_answers(interview, uow):
        raise InterviewClosed
    await expire_due(uow)
    judged = await judge(uow, interview, entries)
    wanted = [line.entry for line in judged if line.verdict is Verdict.FINE]
    expires_at = _expiry(interview, uow.now, lifetime)
    made = await _make(uow, interview, wanted, invited_by=invited_by, desk=desk, expires_at=expires_at)
    await _send(uow, interview, list(made.values()), desk)
    people_changed(uow, interview.organisation_id)
    return [
        Judged(line.entry, line.verdict, *made[line.entry]) if line.verdict is Verdict.FINE else line
        for line in judged
    ]


def _expiry(interview: Interview, now: datetime, lifetime: timedelta) -> datetime:
    end = now + lifetime
    return end if interview.deadline is None else min(end, interview.deadline)


Made = tuple[Invite, Secrets]


async def _make(
    uow: UnitOfWork,
    interview: Interview,
    entries: Sequence[Entry],
    *,
    invited_by: UUID | None,
    desk: Desk,
    expires_at: datetime,
) -> dict[Entry, Made]:
    """Invites with codes no other open invite has; another process may draw the same one, then draw again."""
    for _ in range(DRAWS):
        codes = await _draw(uow, len(entries), desk.code_key)
        made: dict[Entry, Made] = {}
        for entry, code in zip(entries, codes, strict=True):
            opened = Secrets(code, secrets.token_urlsafe(24))
            fresh = Invite(
                organisation_id=interview.organisation_id,
                interview_id=interview.id,
                invited_by=invited_by,
                email=entry.email,
                name=entry.name,
                code_hash=keyed_hash(desk.code_key, code),
                token_hash=token_hash(opened.token),
                expires_at=expires_at,
            )
            made[entry] = (fresh, opened)
        try:
            async with uow.session.begin_nested():
                uow.session.add_all(fresh for fresh, _ in made.values())
        except IntegrityError:
            continue
        return made
    raise Internal


async def _draw(uow: UnitOfWork, count: int, code_key: bytes) -> list[str]:
    """Distinct codes that are free at this moment."""
    free: dict[str, bytes] = {}
    for _ in range(DRAWS):
        drawn = {f"{secrets.randbelow(CODES):06d}" for _ in range(count - len(free))}
        hashes = {keyed_hash(code_key, code): code for code in drawn}
        async with uow.widened(system("codes")):  # whosever they are
            found = await uow.session.scalars(
                select(Invite.code_hash).where(
                    Invite.code_hash.in_(hashes), Invite.status == InviteStatus.PENDING
                )
            )
            taken = set(found)
        free |= {code: hashed for hashed, code in hashes.items() if hashed not in taken}
        if len(free) == count:
            return list(free)
    raise Internal


async def _send(uow: UnitOfWork, interview: Interview, made: Sequence[Made], desk: Desk) -> None:
    """Queue each one's letter."""
    organisation = await uow.session.get_one(Organisation, interview.organisation_id)
    asking = {fresh.invited_by for fresh, _ in made} - {None}
    people = {user.id: user for user in await uow.session.scalars(select(User).where(User.id.in_(asking)))}
    questions = (await questions_of(uow, [interview])).get(interview.id, [])
    for fresh, opened in made:
        asked_by = people.get(fresh.invited_by) if fresh.invited_by else None
        await enqueue(
            uow,
            kind="invite",
            to=fresh.email,
            organisation=organisation,
            invite_id=fresh.id,
            reply_to=asked_by.email if asked_by else None,
            context=letter_context(interview, fresh, questions)
            | {
                "asked_by": asked_by.full_name if asked_by else "",
                # What follows # is never sent to a server: the code is in no log.
                "link": f"{desk.public_url}/i/{opened.token}#{opened.code}",
                "code": opened.code,
            },
        )


async def resend(
    uow: UnitOfWork, interview: Interview, invite_id: UUID, *, asked_by: UUID, desk: Desk
) -> tuple[Invite, Secrets]:
    """Send an invite with a new code and link, for a new lifetime; those of before open nothing any more.

    Raises InviteNotFound, InviteAccepted, InviteRevoked, InterviewClosed, AlreadyInvited when another invite
    of the address stands meanwhile, and TooManyAttempts after three within an hour.
    """
    found = await find_invite(uow, interview, invite_id)
    _refuse_unless_open(found, uow.now)
    if not takes_answers(interview, uow):
        raise InterviewClosed
    count = (RESENDS, f"invite:{found.id}")
    await refuse_if_locked(uow, count)
    await expire_due(uow)
    await uow.session.refresh(found)
    opened = await _renew(uow, interview, found, desk)
    found.invited_by = asked_by
    await cancel_mails_of(uow, found.id)
    await count_failure(uow, count)
    await _send(uow, interview, [(found, opened)], desk)
    people_changed(uow, interview.organisation_id)
    return found, opened


async def _renew(uow: UnitOfWork, interview: Interview, found: Invite, desk: Desk) -> Secrets:
    """New secrets for the invite, which is open again."""
    await _refuse_if_standing(uow, interview, found)
    for _ in range(DRAWS):
        [code] = await _draw(uow, 1, desk.code_key)
        opened = Secrets(code, secrets.token_urlsafe(24))
        try:
            async with uow.session.begin_nested():
                found.status = InviteStatus.PENDING
                found.expires_at = _expiry(interview, uow.now, LIFETIME)
                found.opened_at = None  # the new link was not
                found.code_hash = keyed_hash(desk.code_key, code)
                found.token_hash = token_hash(opened.token)
        except IntegrityError:
            await _refuse_if_standing(uow, interview, found)
            continue
        return opened
    raise Internal


async def _refuse_if_standing(uow: UnitOfWork, interview: Interview, found: Invite) -> None:
    standing = await uow.session.scalar(
        select(Invite.id).where(
            Invite.interview_id == interview.id,
            Invite.email == found.email,
            Invite.id != found.id,
            Invite.status.in_([InviteStatus.PENDING, InviteStatus.ACCEPTED]),
        )
    )
    if standing is not None:
        raise AlreadyInvited


async def revoke(uow: UnitOfWork, interview: Interview, invite_id: UUID) -> Invite:
    """Take an invite back: its code and link open nothing, a mail that waits is not sent.

    Raises InviteNotFound, InviteAccepted. Taking back twice is taking back once.
    """
    found = await find_invite(uow, interview, invite_id)
    if found.status is InviteStatus.REVOKED:
        return found
    _refuse_unless_open(found, uow.now)
    found.status = InviteStatus.REVOKED
    found.revoked_at = uow.now
    people_changed(uow, interview.organisation_id)
    await cancel_mails_of(uow, found.id)
    return found


def _refuse_unless_open(found: Invite, now: datetime) -> None:
    match status_of(found, now):
        case InviteStatus.ACCEPTED | InviteStatus.COMPLETED:
            raise InviteAccepted
        case InviteStatus.REVOKED:
            raise InviteRevoked
        case InviteStatus.PENDING | InviteStatus.EXPIRED:
            return
