"""Accounts: signing up and in, organisations, people, the audit log."""

import re
import secrets
import unicodedata
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.exc import IntegrityError

from server.accounts import limits
from server.accounts.attempts import count_failure, forgive, refuse_if_locked, take
from server.accounts.identity import STAFF
from server.accounts.models import AuditEntry, Membership, Organisation, Role, User
from server.accounts.passwords import hash_password, password_matches
from server.accounts.schemas import Person
from server.errors import EmailTaken, WrongCredentials, WrongPassword
from server.storage.db import UnitOfWork
from server.storage.scope import system

MOST_NAMED = 1000


async def sign_up(
    uow: UnitOfWork,
    *,
    email: str,
    password: str,
    full_name: str,
    organisation_name: str | None = None,
    address: str | None = None,
) -> User:
    """A new account; with an organisation's name also that organisation, which the person administers.

    Raises EmailTaken, and TooManyAttempts when so many come from one `address`.
    """
    if address is not None:
        by_email = limits.of_email(limits.SIGN_UP_EMAIL, email)
        await take(uow, by_email, limits.of_address(limits.SIGN_UP_ADDRESS, address))
    user = User(email=email, full_name=full_name, password_hash=await hash_password(password))
    try:
        async with uow.session.begin_nested():
            uow.session.add(user)
    except IntegrityError as error:
        raise EmailTaken from error
    if organisation_name:
        async with uow.widened(system("new organisation")):
            organisation = await create_organisation(uow, organisation_name)
            add_member(uow, organisation.id, user.id, Role.ADMIN)
    return user


async def sign_in(uow: UnitOfWork, *, email: str, password: str, address: str) -> User:
    """The person with this e-mail and password; raises WrongCredentials, TooManyAttempts."""
    pair = (limits.SIGN_IN_PAIR, f"email:{email} address:{address}")
    by_address = limits.of_address(limits.SIGN_IN_ADDRESS, address)
    guesses = (pair, by_address, limits.of_email(limits.SIGN_IN_EMAIL, email))
    await refuse_if_locked(uow, *guesses)
    user = await uow.session.scalar(select(User).where(User.email == email))
    matches = await password_matches(user.password_hash if user else None, password)
    if user is None or not matches or not user.is_active:
        await count_failure(uow, *guesses)
        raise WrongCredentials
    await forgive(uow, pair)
    user.last_login_at = uow.now
    return user


async def create_organisation(uow: UnitOfWork, name: str) -> Organisation:
    """A new organisation with a slug made from its name."""
    slug = slugify(name)
    taken = await uow.session.scalar(select(Organisation.id).where(Organisation.slug == slug))
    if taken is not None:
        slug = f"{slug[:72]}-{secrets.token_hex(3)}"
    organisation = Organisation(name=name, slug=slug)
    uow.session.add(organisation)
    await uow.session.flush()
    return organisation


def slugify(name: str) -> str:
    """Lower-case letters, digits and hyphens of a name; `organisation` when none are left."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:80] or "organisation"


def add_member(uow: UnitOfWork, organisation_id: UUID, user_id: UUID, role: Role) -> None:
    """Give a person a role in an organisation."""
    uow.session.add(Membership(organisation_id=organisation_id, user_id=user_id, role=role))


async def staff(uow: UnitOfWork, organisation_ids: Sequence[UUID]) -> list[Person]:
    """Everybody who works for one of the organisations, by name."""
    rows = await uow.session.execute(
        select(User, Membership.role)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.organisation_id.in_(organisation_ids), Membership.role.in_(STAFF))
        .where(Membership.is_active, User.is_active)
        .order_by(User.full_name, User.id)
    )
    return [Person(id=user.id, full_name=user.full_name, email=user.email, role=role) for user, role in rows]


async def change_password(
    uow: UnitOfWork, user: User, *, current: str, new: str, address: str | None = None
) -> None:
    """Another password; raises WrongPassword, TooManyAttempts.

    Who has none, since they sign in elsewhere, makes one with a mailed link.
    """
    guess = limits.of_user(limits.PASSWORD_OF_USER, user.id)
    await refuse_if_locked(uow, guess)
    if not await password_matches(user.password_hash, current):
        await count_failure(uow, guess)
        raise WrongPassword
    await forgive(uow, guess)
    user.password_hash = await hash_password(new)
    audit(
        uow,
        action="password.changed",
        entity=("user", user.id),
        organisation_id=None,
        actor_id=user.id,
        address=address,
    )


async def users_by_id(uow: UnitOfWork, ids: Sequence[UUID]) -> dict[UUID, User]:
    """The people with these ids."""
    if not ids:
        return {}
    users = await uow.session.scalars(select(User).where(User.id.in_(ids)))
    return {user.id: user for user in users}


async def people_matching(uow: UnitOfWork, part: str) -> list[UUID] | None:
    """The people with this in their name or e-mail; None when there are more than a query should name."""
    found = await uow.session.scalars(select(User.id).where(matches(part)).limit(MOST_NAMED + 1))
    ids = list(found)
    return ids if len(ids) <= MOST_NAMED else None


def matches(part: str) -> ColumnElement[bool]:
    """Whether a person has this in their name or e-mail."""
    escaped = re.sub(r"([%_/])", r"/\1", part)
    return User.search.like(func.lower(f"%{escaped}%"), escape="/")


def audit(
    uow: UnitOfWork,
    *,
    action: str,
    entity: tuple[str, UUID],
    organisation_id: UUID | None,
    actor_id: UUID | None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    address: str | None = None,
) -> None:
    """Note who did what to which entity; values must be plain JSON."""
    uow.session.add(
        AuditEntry(
            at=uow.now,
            organisation_id=organisation_id,
            actor_id=actor_id,
            action=action,
            entity_type=entity[0],
            entity_id=entity[1],
            before=before,
            after=after,
            ip=address,
        )
    )
