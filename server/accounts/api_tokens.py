"""Bearer tokens that people make for programs: told once, kept as hashes, good in one organisation."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from server.accounts.identity import STAFF, SignedIn, access_changed, load_signed_in
from server.accounts.models import ApiToken, TokenScope
from server.errors import ApiTokenNotFound, NotSignedIn, TokenMayOnlyRead, TooManyApiTokens
from server.signing import token_hash
from server.storage.db import UnitOfWork
from server.storage.scope import member, system

PREFIX = "viva_"  # by which people and secret scanners know one when they see it
MOST_PER_PERSON = 50
TOUCH_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Made:
    """A new token, and its text that is told once."""

    row: ApiToken
    token: str


def is_one(token: str) -> bool:
    """Whether this is the text of an API token, not of a sign-in."""
    return token.startswith(PREFIX)


async def owner(uow: UnitOfWork, token: str, *, changes: bool) -> SignedIn:
    """The person a token speaks for, with the one organisation it is good for.

    Raises NotSignedIn, and TokenMayOnlyRead when it `changes` something and may not.
    """
    await uow.enter(system("API token"))  # whose it is, nobody knows before
    row = await uow.session.scalar(
        select(ApiToken).where(
            ApiToken.token_hash == token_hash(token),
            ApiToken.revoked_at.is_(None),
            ApiToken.expires_at > uow.now,
        )
    )
    if row is None:
        raise NotSignedIn
    await uow.enter(member(row.user_id, [row.organisation_id]))
    who = await load_signed_in(uow, row.user_id)
    memberships = tuple(one for one in who.memberships if one[0].id == row.organisation_id)
    if not any(role in STAFF for _, role in memberships):
        raise NotSignedIn
    if changes and row.scope is TokenScope.READ:
        raise TokenMayOnlyRead
    if row.last_used_at is None or uow.now - row.last_used_at > TOUCH_EVERY:
        row.last_used_at = uow.now
    return SignedIn(who.user, memberships)


async def make(
    uow: UnitOfWork,
    *,
    user_id: UUID,
    organisation_id: UUID,
    name: str,
    scope: TokenScope,
    lifetime: timedelta,
) -> Made:
    """A token of 256 random bits; raises TooManyApiTokens."""
    standing = await uow.session.scalar(
        select(func.count()).select_from(ApiToken).where(ApiToken.user_id == user_id, *_standing(uow))
    )
    if (standing or 0) >= MOST_PER_PERSON:
        raise TooManyApiTokens
    token = PREFIX + secrets.token_urlsafe(32)
    row = ApiToken(
        organisation_id=organisation_id,
        user_id=user_id,
        name=name,
        token_hash=token_hash(token),
        scope=scope,
        expires_at=uow.now + lifetime,
    )
    uow.session.add(row)
    await uow.session.flush()
    await uow.session.refresh(row, ["created_at"])
    return Made(row, token)


async def list_own(uow: UnitOfWork, user_id: UUID) -> Sequence[ApiToken]:
    """A person's tokens that still work, newest first."""
    found = await uow.session.scalars(
        select(ApiToken)
        .where(ApiToken.user_id == user_id, *_standing(uow))
        .order_by(ApiToken.id.desc())
        .limit(MOST_PER_PERSON)
    )
    return found.all()


async def revoke(uow: UnitOfWork, user_id: UUID, token_id: UUID) -> ApiToken:
    """End one of a person's tokens; raises ApiTokenNotFound."""
    row = await uow.session.scalar(
        select(ApiToken).where(ApiToken.id == token_id, ApiToken.user_id == user_id, *_standing(uow))
    )
    if row is None:
        raise ApiTokenNotFound
    await uow.act_for(row.organisation_id)  # where they may have stopped working
    row.revoked_at = uow.now
    access_changed(uow, user_id)
    return row


async def revoke_all(uow: UnitOfWork, user_id: UUID, organisation_id: UUID | None = None) -> None:
    """End all of a person's tokens, or those for one organisation."""
    query = select(ApiToken).where(ApiToken.user_id == user_id, *_standing(uow))
    if organisation_id is not None:
        query = query.where(ApiToken.organisation_id == organisation_id)
    for row in await uow.session.scalars(query):
        row.revoked_at = uow.now
    access_changed(uow, user_id)


def _standing(uow: UnitOfWork) -> tuple[ColumnElement[bool], ...]:
    return ApiToken.revoked_at.is_(None), ApiToken.expires_at > uow.now
