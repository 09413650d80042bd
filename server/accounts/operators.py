"""What whoever runs the server does to accounts, from its command line."""

import secrets

from sqlalchemy import select

from server.accounts.models import Organisation, Role, User
from server.accounts.schemas import SignUp
from server.accounts.service import add_member, audit, create_organisation, sign_up
from server.storage.db import UnitOfWork


def generated_password() -> str:
    """20 characters, 120 random bits."""
    return secrets.token_urlsafe(15)


async def add_user(uow: UnitOfWork, wanted: SignUp, role: Role) -> User:
    """A person whose address counts as confirmed, in the organisation of that name; noted in its audit log.

    The organisation is made when there is none. Raises EmailTaken.
    """
    user = await sign_up(uow, email=wanted.email, password=wanted.password, full_name=wanted.full_name)
    user.is_verified = True
    organisation = await _organisation(uow, wanted.organisation_name)
    if organisation is not None:
        add_member(uow, organisation.id, user.id, role)
    audit(
        uow,
        action="user.added",
        entity=("user", user.id),
        organisation_id=None if organisation is None else organisation.id,
        actor_id=None,
        after={"email": user.email, "role": None if organisation is None else role.value},
    )
    return user


async def _organisation(uow: UnitOfWork, name: str | None) -> Organisation | None:
    if name is None:
        return None
    found = await uow.session.scalar(select(Organisation).where(Organisation.name == name).limit(1))
    return found or await create_organisation(uow, name)
