"""Access tokens (15 minutes, signed) and refresh tokens (30 days, rotating, one family per sign-in)."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import jwt
from sqlalchemy import ColumnElement, delete, select, update

from server.accounts.identity import access_changed
from server.accounts.models import AuthProvider, RefreshToken, SignInFamily
from server.errors import NotSignedIn, RefreshRefused, SignInNotFound
from server.signing import token_hash
from server.storage.base import new_id
from server.storage.db import UnitOfWork

ACCESS_LIFETIME = timedelta(minutes=15)
REFRESH_LIFETIME = timedelta(days=30)
# Two tabs that wake up together refresh with the same token; the later one is no thief.
REUSE_LEEWAY = timedelta(seconds=10)
ALGORITHM = "HS256"
AUDIENCE = "viva"
MOST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Device:
    """Where a sign-in comes from."""

    address: str
    user_agent: str


@dataclass(frozen=True, slots=True)
class AccessClaims:
    """What an access token proves."""

    user_id: UUID
    family_id: UUID


@dataclass(frozen=True, slots=True)
class Refreshed:
    """A refresh token, told once, and whose it is."""

    token: str
    user_id: UUID
    family_id: UUID


def issue_access(key: bytes, claims: AccessClaims, now: datetime) -> str:
    """A signed token that holds for ACCESS_LIFETIME."""
    payload = {
        "sub": str(claims.user_id),
        "sid": str(claims.family_id),
        "aud": AUDIENCE,
        "iat": now,
        "exp": now + ACCESS_LIFETIME,
    }
    return jwt.encode(payload, key, algorithm=ALGORITHM)


def read_access(key: bytes, token: str, now: datetime) -> AccessClaims:
    """What the token proves at `now`; raises NotSignedIn for anything but a valid one."""
    try:
        payload = jwt.decode(
            token,
            key,
            algorithms=[ALGORITHM],
            audience=AUDIENCE,
            options={"require": ["exp", "sub", "sid"], "verify_exp": False, "verify_iat": False},
        )
        if payload["exp"] <= now.timestamp():
            raise NotSignedIn
        return AccessClaims(user_id=UUID(payload["sub"]), family_id=UUID(payload["sid"]))
    except (jwt.InvalidTokenError, ValueError, TypeError) as error:
        raise NotSignedIn from error


async def start_family(
    uow: UnitOfWork, user_id: UUID, device: Device, auth_provider: AuthProvider = AuthProvider.LOCAL
) -> Refreshed:
    """A new sign-in with its first refresh token."""
    family = SignInFamily(
        id=new_id(),
        user_id=user_id,
        auth_provider=auth_provider,
        last_used_at=uow.now,
        expires_at=uow.now + REFRESH_LIFETIME,
        user_agent=device.user_agent[:300],
        ip=device.address,
    )
    uow.session.add(family)
    await uow.session.flush()
    return _issue_refresh(uow, user_id, family.id, device)


def _issue_refresh(uow: UnitOfWork, user_id: UUID, family_id: UUID, device: Device) -> Refreshed:
    token = secrets.token_urlsafe(32)
    uow.session.add(
        RefreshToken(
            user_id=user_id,
            family_id=family_id,
            token_hash=token_hash(token),
            expires_at=uow.now + REFRESH_LIFETIME,
            user_agent=device.user_agent[:300],
            ip=device.address,
        )
    )
    return Refreshed(token, user_id, family_id)


async def rotate(uow: UnitOfWork, token: str, device: Device) -> Refreshed:
    """The next token of the family; RefreshRefused, and a token used before revokes its family."""
    known = await uow.session.scalar(
        select(RefreshToken).where(RefreshToken.token_hash == token_hash(token)).with_for_update()
    )
    if known is None or known.is_revoked or known.expires_at <= uow.now:
        raise RefreshRefused
    if known.used_at is not None and uow.now - known.used_at > REUSE_LEEWAY:
        await _revoke(uow, SignInFamily.id == known.family_id)
        raise RefreshRefused
    known.used_at = known.used_at or uow.now
    touched = await uow.session.scalar(
        update(SignInFamily)
        .where(SignInFamily.id == known.family_id, SignInFamily.revoked_at.is_(None))
        .values(
            last_used_at=uow.now,
            expires_at=uow.now + REFRESH_LIFETIME,
            user_agent=device.user_agent[:300],
            ip=device.address,
        )
        .returning(SignInFamily.id)
    )
    if touched is None:  # ended at this very moment
        raise RefreshRefused
    return _issue_refresh(uow, known.user_id, known.family_id, device)


async def revoke(uow: UnitOfWork, token: str) -> None:
    """End the sign-in a refresh token belongs to; an unknown one is fine."""
    family = await uow.session.scalar(
        select(RefreshToken.family_id).where(RefreshToken.token_hash == token_hash(token))
    )
    if family is not None:
        await _revoke(uow, SignInFamily.id == family)


async def sign_ins(uow: UnitOfWork, user_id: UUID) -> Sequence[SignInFamily]:
    """A person's sign-ins that have not ended, the one used last first; forgets those past their time."""
    await uow.session.execute(
        delete(SignInFamily).where(SignInFamily.user_id == user_id, SignInFamily.expires_at <= uow.now)
    )
    found = await uow.session.scalars(
        select(SignInFamily)
        .where(SignInFamily.user_id == user_id, SignInFamily.revoked_at.is_(None))
        .order_by(SignInFamily.last_used_at.desc(), SignInFamily.id.desc())
        .limit(MOST_SHOWN)
    )
    return found.all()


async def revoke_sign_in(uow: UnitOfWork, user_id: UUID, family_id: UUID) -> None:
    """End one of a person's sign-ins; raises SignInNotFound."""
    ended = await _revoke(uow, SignInFamily.id == family_id, SignInFamily.user_id == user_id)
    if not ended:
        raise SignInNotFound


async def revoke_all(uow: UnitOfWork, user_id: UUID, *, but: UUID | None = None) -> None:
    """End all sign-ins of a person, except one."""
    conditions = [SignInFamily.user_id == user_id]
    if but is not None:
        conditions.append(SignInFamily.id != but)
    await _revoke(uow, *conditions)


async def _revoke(uow: UnitOfWork, *conditions: ColumnElement[bool]) -> int:
    """End sign-ins at once: neither their refresh tokens nor their access tokens work any more."""
    ended = await uow.session.execute(
        update(SignInFamily)
        .where(SignInFamily.revoked_at.is_(None), *conditions)
        .values(revoked_at=uow.now)
        .returning(SignInFamily.id, SignInFamily.user_id)
    )
    families = {row.id: row.user_id for row in ended}
    if families:
        await uow.session.execute(
            update(RefreshToken).where(RefreshToken.family_id.in_(families)).values(is_revoked=True)
        )
    for user_id in set(families.values()):
        access_changed(uow, user_id)
    return len(families)
