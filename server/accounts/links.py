"""Links mailed to people: to confirm an address, to choose a new password. Each works once, for a while."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update

from server.accounts import api_tokens, limits, tokens
from server.accounts.attempts import count_failure, refuse_if_locked, take
from server.accounts.models import LinkPurpose, MailedLink, User
from server.accounts.passwords import hash_password
from server.accounts.service import audit
from server.errors import LinkInvalid
from server.mail.service import enqueue
from server.signing import token_hash
from server.storage.db import UnitOfWork
from server.storage.scope import person, system

LIFETIMES = {LinkPurpose.VERIFY: timedelta(days=3), LinkPurpose.RESET: timedelta(hours=1)}
PAGES = {LinkPurpose.VERIFY: "verify-email", LinkPurpose.RESET: "reset-password"}


async def request_verification(uow: UnitOfWork, *, email: str, address: str, public_url: str) -> None:
    """Mail a link to confirm an address that is not confirmed yet; says nothing of whether there was one.

    Raises TooManyAttempts, by e-mail and by address, for accounts there are none of as well.
    """
    by_email = limits.of_email(limits.VERIFICATION_EMAIL, email)
    await take(uow, by_email, limits.of_address(limits.MAIL_ADDRESS, address))
    user = await _active(uow, email)
    if user is not None and not user.is_verified:
        await mail_verification(uow, user, public_url)


async def mail_verification(uow: UnitOfWork, user: User, public_url: str) -> None:
    """Mail a link that confirms the person's address."""
    await _mail(uow, user, LinkPurpose.VERIFY, public_url)


async def confirm_address(uow: UnitOfWork, *, token: str, address: str) -> User:
    """The person whose address the link confirms; raises LinkInvalid, TooManyAttempts."""
    user = await _use(uow, LinkPurpose.VERIFY, token, address)
    await uow.enter(person(user.id))
    user.is_verified = True
    _note(uow, "email.verified", user, address)
    return user


async def request_reset(uow: UnitOfWork, *, email: str, address: str, public_url: str) -> None:
    """Mail a link to choose a new password with; says nothing of whether there is such an account.

    Raises TooManyAttempts, by e-mail and by address, for accounts there are none of as well.
    """
    by_email = limits.of_email(limits.RESET_EMAIL, email)
    await take(uow, by_email, limits.of_address(limits.MAIL_ADDRESS, address))
    user = await _active(uow, email)
    if user is not None:
        await _mail(uow, user, LinkPurpose.RESET, public_url)


async def reset_password(
    uow: UnitOfWork, *, token: str, password: str, address: str, public_url: str
) -> User:
    """A new password for who reads the mail; all their sign-ins and API tokens end.

    Raises LinkInvalid, TooManyAttempts.
    """
    user = await _use(uow, LinkPurpose.RESET, token, address)
    await uow.enter(person(user.id))
    await take_over(uow, user, password)
    _note(uow, "password.reset", user, address)
    await mail_password_changed(uow, user, public_url)
    return user


async def take_over(uow: UnitOfWork, user: User, password: str | None) -> None:
    """The account is theirs who reads the address: whoever knew the old password is out."""
    user.password_hash = None if password is None else await hash_password(password)
    user.is_verified = True
    await tokens.revoke_all(uow, user.id)
    async with uow.widened(system("account taken over")):  # also where they do not work any more
        await api_tokens.revoke_all(uow, user.id)
    await uow.session.execute(
        update(MailedLink)
        .where(MailedLink.user_id == user.id, MailedLink.used_at.is_(None))
        .values(used_at=uow.now)
    )


async def mail_password_changed(uow: UnitOfWork, user: User, public_url: str) -> None:
    """Tell the person, in case it was not them."""
    context = {"name": user.full_name, "link": f"{public_url}/forgot-password"}
    async with uow.widened(system("mail of an account")):
        await enqueue(uow, kind="password_changed", to=user.email, context=context)


def spoken(moment: datetime) -> str:
    """A time as letters say it."""
    return f"{moment:%d %B %Y, %H:%M} UTC"


async def _mail(uow: UnitOfWork, user: User, purpose: LinkPurpose, public_url: str) -> None:
    token = secrets.token_urlsafe(32)
    expires_at = uow.now + LIFETIMES[purpose]
    uow.session.add(
        MailedLink(user_id=user.id, purpose=purpose, token_hash=token_hash(token), expires_at=expires_at)
    )
    # What stands after # is sent to no server, so it is in no log and no Referer.
    link = f"{public_url}/{PAGES[purpose]}#{token}"
    context = {"name": user.full_name, "link": link, "until": spoken(expires_at)}
    async with uow.widened(system("mail of an account")):
        await enqueue(uow, kind=purpose.value, to=user.email, context=context)


async def _use(uow: UnitOfWork, purpose: LinkPurpose, token: str, address: str) -> User:
    """Whose link it is, which is then used up; of two uses at once one is refused."""
    guess = limits.of_address(limits.LINK_ADDRESS, address)
    await refuse_if_locked(uow, guess)
    user_id = await uow.session.scalar(
        update(MailedLink)
        .where(
            MailedLink.token_hash == token_hash(token),
            MailedLink.purpose == purpose,
            MailedLink.used_at.is_(None),
            MailedLink.expires_at > uow.now,
        )
        .values(used_at=uow.now)
        .returning(MailedLink.user_id)
    )
    user = await _by_id(uow, user_id)
    if user is None or not user.is_active:
        await count_failure(uow, guess)
        raise LinkInvalid
    return user


async def _by_id(uow: UnitOfWork, user_id: UUID | None) -> User | None:
    return None if user_id is None else await uow.session.get(User, user_id)


async def _active(uow: UnitOfWork, email: str) -> User | None:
    found: User | None = await uow.session.scalar(select(User).where(User.email == email, User.is_active))
    return found


def _note(uow: UnitOfWork, action: str, user: User, address: str) -> None:
    audit(
        uow,
        action=action,
        entity=("user", user.id),
        organisation_id=None,
        actor_id=user.id,
        address=address,
    )
