"""Inviting colleagues: a mailed link that makes somebody a member with a role."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select, update

from server.accounts import limits, links
from server.accounts.attempts import count_failure, refuse_if_locked, take
from server.accounts.identity import ADMINS, SignedIn
from server.accounts.models import ColleagueInvite, Membership, Organisation, Role, User
from server.accounts.passwords import hash_password
from server.accounts.service import audit
from server.errors import (
    AlreadyMember,
    BadRequest,
    ColleagueInviteNotFound,
    FieldProblem,
    LinkInvalid,
)
from server.mail.service import enqueue
from server.signing import token_hash
from server.storage.db import UnitOfWork
from server.storage.paging import Page, after
from server.storage.scope import system

LIFETIME = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Invited:
    """An open invitation, and the account of the invited address, if it has one that is theirs for sure."""

    invite: ColleagueInvite
    organisation: Organisation
    user: User | None

    @property
    def needs_password(self) -> bool:
        """Whether who accepts has to choose a password: no account, or one whose address nobody confirmed."""
        return self.user is None or not self.user.is_verified


async def invite(
    uow: UnitOfWork, who: SignedIn, *, email: str, role: Role, address: str, public_url: str
) -> ColleagueInvite:
    """Mail a link to join my organisation; an earlier one for the same address works no more.

    Raises NotAllowed, AlreadyMember, TooManyAttempts.
    """
    organisation_id = who.require(ADMINS)[0]
    organisation = next(one for one, _ in who.memberships if one.id == organisation_id)
    await take(uow, limits.of_user(limits.COLLEAGUES_OF_USER, who.id))
    if await _is_member(uow, organisation_id, email):
        raise AlreadyMember
    await uow.session.execute(
        update(ColleagueInvite)
        .where(ColleagueInvite.organisation_id == organisation_id, ColleagueInvite.email == email)
        .where(ColleagueInvite.accepted_at.is_(None), ColleagueInvite.revoked_at.is_(None))
        .values(revoked_at=uow.now)
    )
    token = secrets.token_urlsafe(32)
    made = ColleagueInvite(
        organisation_id=organisation_id,
        email=email,
        role=role,
        token_hash=token_hash(token),
        invited_by=who.id,
        created_at=uow.now,
        expires_at=uow.now + LIFETIME,
    )
    uow.session.add(made)
    await uow.session.flush()
    context = {
        "name": "",
        "invited_by": who.user.full_name,
        "role": role.value,
        "link": f"{public_url}/join#{token}",
        "until": links.spoken(made.expires_at),
    }
    await enqueue(uow, kind="colleague_invite", to=email, context=context, organisation=organisation)
    _note(uow, "colleague.invited", made, who.id, address)
    return made


async def list_open(
    uow: UnitOfWork, organisation_id: UUID, *, limit: int, cursor: str | None
) -> Page[ColleagueInvite]:
    """Invitations nobody accepted yet, those past their time too, newest first."""
    query = select(ColleagueInvite).where(
        ColleagueInvite.organisation_id == organisation_id,
        ColleagueInvite.accepted_at.is_(None),
        ColleagueInvite.revoked_at.is_(None),
    )
    return await after(uow, query, ColleagueInvite.id, limit=limit, cursor=cursor)


async def revoke(uow: UnitOfWork, who: SignedIn, invite_id: UUID, *, address: str) -> None:
    """Take an invitation back; raises NotAllowed, ColleagueInviteNotFound."""
    found = await uow.session.scalar(
        select(ColleagueInvite)
        .where(ColleagueInvite.id == invite_id, ColleagueInvite.organisation_id == who.require(ADMINS)[0])
        .where(ColleagueInvite.accepted_at.is_(None), ColleagueInvite.revoked_at.is_(None))
        .with_for_update()
    )
    if found is None:
        raise ColleagueInviteNotFound
    found.revoked_at = uow.now
    _note(uow, "colleague.invite_revoked", found, who.id, address)


async def look(uow: UnitOfWork, *, token: str, address: str) -> Invited:
    """What a link invites to; raises LinkInvalid, TooManyAttempts."""
    guess = limits.of_address(limits.LINK_ADDRESS, address)
    await refuse_if_locked(uow, guess)
    await uow.enter(system("invitation of a colleague"))  # whose it is, nobody knows before
    found = await uow.session.scalar(
        select(ColleagueInvite)
        .where(ColleagueInvite.token_hash == token_hash(token), ColleagueInvite.expires_at > uow.now)
        .where(ColleagueInvite.accepted_at.is_(None), ColleagueInvite.revoked_at.is_(None))
        .with_for_update()
    )
    if found is None:
        await count_failure(uow, guess)
        raise LinkInvalid
    organisation = await uow.session.get_one(Organisation, found.organisation_id)
    user = await uow.session.scalar(select(User).where(User.email == found.email))
    return Invited(found, organisation, user)


async def accept(
    uow: UnitOfWork, *, token: str, full_name: str | None, password: str | None, address: str
) -> tuple[User, bool]:
    """The new member, and whether they just chose their password and may be signed in.

    The link proves the address. Who claimed the address without proving it before loses the account.
    Raises LinkInvalid, TooManyAttempts, BadRequest when name or password is missing.
    """
    invited = await look(uow, token=token, address=address)
    user, chooses_password = invited.user, invited.needs_password
    if user is not None and not user.is_active:
        raise LinkInvalid
    if chooses_password:
        user = await _own_account(uow, invited, full_name, password)
    assert user is not None
    await _join(uow, invited.invite, user)
    invited.invite.accepted_at = uow.now
    _note(uow, "colleague.joined", invited.invite, user.id, address)
    return user, chooses_password


async def _own_account(
    uow: UnitOfWork, invited: Invited, full_name: str | None, password: str | None
) -> User:
    missing = [name for name, given in (("full_name", full_name), ("password", password)) if not given]
    if missing or full_name is None or password is None:
        raise BadRequest([FieldProblem(field=name, problem="Field required") for name in missing])
    user = invited.user
    if user is not None:
        user.full_name = full_name
        await links.take_over(uow, user, password)
        return user
    user = User(
        email=invited.invite.email,
        full_name=full_name,
        password_hash=await hash_password(password),
        is_verified=True,
    )
    uow.session.add(user)
    await uow.session.flush()
    return user


async def _join(uow: UnitOfWork, made: ColleagueInvite, user: User) -> None:
    """Give the role; somebody who was deactivated is back."""
    membership = await uow.session.scalar(
        select(Membership)
        .where(Membership.organisation_id == made.organisation_id, Membership.user_id == user.id)
        .with_for_update()
    )
    if membership is None:
        uow.session.add(Membership(organisation_id=made.organisation_id, user_id=user.id, role=made.role))
    elif not membership.is_active:
        membership.role, membership.is_active = made.role, True
    await uow.session.flush()


async def _is_member(uow: UnitOfWork, organisation_id: UUID, email: str) -> bool:
    found = await uow.session.scalar(
        select(Membership.id)
        .join(User, User.id == Membership.user_id)
        .where(Membership.organisation_id == organisation_id, Membership.is_active, User.email == email)
    )
    return found is not None


def _note(uow: UnitOfWork, action: str, made: ColleagueInvite, actor_id: UUID, address: str) -> None:
    audit(
        uow,
        action=action,
        entity=("colleague_invite", made.id),
        organisation_id=made.organisation_id,
        actor_id=actor_id,
        after={"email": made.email, "role": made.role.value},
        address=address,
    )
