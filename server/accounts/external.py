"""People who sign in with another provider: finding them, linking them, letting them join."""

from dataclasses import dataclass
from uuid import UUID

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import func, select

from server.accounts import links
from server.accounts.models import AuthProvider, ExternalIdentity, Membership, Organisation, Role, User
from server.accounts.oidc import Identity
from server.accounts.schemas import Email
from server.accounts.service import audit
from server.errors import OidcNotAllowed
from server.storage.db import UnitOfWork
from server.storage.scope import system

_email = TypeAdapter[str](Email)


@dataclass(frozen=True, slots=True)
class Welcome:
    """Whom the provider may sign in, and what they join the first time."""

    domains: tuple[str, ...]
    organisation_slug: str | None
    role: Role


async def sign_in(uow: UnitOfWork, identity: Identity, welcome: Welcome, *, address: str) -> User:
    """The person behind the identity; the first time they are linked by e-mail, or made.

    An account is linked only to an address the provider has verified. Who claimed that address here without
    proving it loses the account. Raises OidcNotAllowed.
    """
    await uow.enter(system("sign-in with a provider"))  # it may make them a member
    # Two first sign-ins of one person at the same moment wait for each other.
    name = f"oidc:{identity.issuer}:{identity.subject}"
    await uow.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))
    known = await uow.session.scalar(
        select(User)
        .join(ExternalIdentity, ExternalIdentity.user_id == User.id)
        .where(ExternalIdentity.issuer == identity.issuer, ExternalIdentity.subject == identity.subject)
    )
    user = known or await _first_time(uow, identity, welcome, address)
    if not user.is_active:
        raise OidcNotAllowed
    user.last_login_at = uow.now
    return user


async def _first_time(uow: UnitOfWork, identity: Identity, welcome: Welcome, address: str) -> User:
    email = _allowed_email(identity, welcome)
    user = await uow.session.scalar(select(User).where(User.email == email))
    action = "oidc.linked"
    if user is None:
        action = "oidc.signed_up"
        user = User(
            email=email,
            full_name=(identity.name or email.partition("@")[0])[:200],
            auth_provider=AuthProvider.OIDC,
            is_verified=True,
        )
        uow.session.add(user)
        await uow.session.flush()
    elif not user.is_verified:
        await links.take_over(uow, user, None)
    uow.session.add(ExternalIdentity(user_id=user.id, issuer=identity.issuer, subject=identity.subject[:255]))
    audit(
        uow,
        action=action,
        entity=("user", user.id),
        organisation_id=await _join(uow, user, welcome),
        actor_id=user.id,
        after={"issuer": identity.issuer},
        address=address,
    )
    return user


def _allowed_email(identity: Identity, welcome: Welcome) -> str:
    if not identity.email_verified or len(identity.subject) > 255:
        raise OidcNotAllowed
    try:
        email = _email.validate_python(identity.email)
    except ValidationError as error:
        raise OidcNotAllowed from error
    domains = {domain.casefold() for domain in welcome.domains}
    if domains and email.rpartition("@")[2] not in domains:
        raise OidcNotAllowed
    return email


async def _join(uow: UnitOfWork, user: User, welcome: Welcome) -> UUID | None:
    """Membership in the configured organisation; who was deactivated there stays so."""
    if welcome.organisation_slug is None:
        return None
    organisation_id = await uow.session.scalar(
        select(Organisation.id).where(Organisation.slug == welcome.organisation_slug)
    )
    if organisation_id is None:
        raise OidcNotAllowed("The organisation people should join does not exist: VIVA_OIDC_ORGANISATION.")
    standing = await uow.session.scalar(
        select(Membership.id).where(
            Membership.organisation_id == organisation_id, Membership.user_id == user.id
        )
    )
    if standing is None:
        uow.session.add(Membership(organisation_id=organisation_id, user_id=user.id, role=welcome.role))
        await uow.session.flush()
    return organisation_id
