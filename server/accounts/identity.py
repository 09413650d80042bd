"""A signed-in person, the organisations they belong to and their roles."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, exists, select

from server.accounts.models import Membership, Organisation, Role, SignInFamily, User
from server.errors import NotAllowed, NotSignedIn
from server.storage.db import UnitOfWork
from server.storage.scope import Scope, member

ADMINS = frozenset({Role.SUPER_ADMIN, Role.ADMIN})
MANAGERS = ADMINS | {Role.RECRUITER}
STAFF = MANAGERS | {Role.INTERVIEWER, Role.REVIEWER}


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A signed-in person with the organisations they belong to."""

    user: User
    memberships: tuple[tuple[Organisation, Role], ...]

    @property
    def id(self) -> UUID:
        """The person's id."""
        return self.user.id

    @property
    def is_staff(self) -> bool:
        """Whether they work for any organisation."""
        return any(role in STAFF for _, role in self.memberships)

    @property
    def scope(self) -> Scope:
        """Whose rows their transactions see."""
        return member(self.user.id, self.organisations(STAFF))

    def role_in(self, organisation_id: UUID) -> Role | None:
        """Their role in an organisation, None for strangers."""
        roles = {organisation.id: role for organisation, role in self.memberships}
        return roles.get(organisation_id)

    def organisations(self, roles: Iterable[Role]) -> list[UUID]:
        """The organisations in which they have one of the roles."""
        wanted = frozenset(roles)
        return [organisation.id for organisation, role in self.memberships if role in wanted]

    def require(self, roles: Iterable[Role]) -> list[UUID]:
        """Like `organisations`; raises NotAllowed when there is none."""
        found = self.organisations(roles)
        if not found:
            raise NotAllowed
        return found


@dataclass(frozen=True, slots=True)
class InPerson(SignedIn):
    """A person who signed in themselves, not a program with a token of theirs."""

    family_id: UUID


async def load_signed_in(uow: UnitOfWork, user_id: UUID, *, family_id: UUID | None = None) -> SignedIn:
    """The person with their memberships, in one query; with `family_id` only while that sign-in lasts.

    Raises NotSignedIn for accounts gone or closed and for sign-ins that were ended.
    """
    query: Select[User, Any, Any] = (  # the outer side of the join is null for people without an organisation
        select(User, Membership.role, Organisation)
        .outerjoin(Membership, and_(Membership.user_id == User.id, Membership.is_active))
        .outerjoin(Organisation, Organisation.id == Membership.organisation_id)
        .where(User.id == user_id, User.is_active)
        .order_by(Membership.id)
    )
    if family_id is not None:
        query = query.where(
            exists().where(
                SignInFamily.id == family_id,
                SignInFamily.user_id == User.id,
                SignInFamily.revoked_at.is_(None),
            )
        )
    found = (await uow.session.execute(query)).all()
    if not found:
        raise NotSignedIn
    memberships = tuple((organisation, role) for _, role, organisation in found if organisation is not None)
    return SignedIn(found[0][0], memberships)


def access_topic(user_id: UUID) -> str:
    """Where it is announced that somebody's sign-ins, tokens or memberships have changed."""
    return f"access:{user_id}"


def access_changed(uow: UnitOfWork, user_id: UUID) -> None:
    """Have everything this person holds open ask again, after the commit, whether they may still be there."""
    uow.publish(access_topic(user_id), {"type": "access"})
