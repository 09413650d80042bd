"""Who belongs to an organisation and as what: seeing, changing and ending it."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from server.accounts import api_tokens
from server.accounts.identity import ADMINS, SignedIn, access_changed
from server.accounts.models import Membership, Organisation, Role, User
from server.accounts.service import audit, matches
from server.errors import LastAdmin, MemberNotFound, NotAllowed
from server.storage.db import UnitOfWork
from server.storage.paging import Page, after


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of a membership; None leaves it as it is."""

    role: Role | None = None
    is_active: bool | None = None


async def list_members(
    uow: UnitOfWork, organisation_id: UUID, *, search: str | None, limit: int, cursor: str | None
) -> Page[tuple[Membership, User]]:
    """The organisation's people, deactivated ones too, newest first; `search` is a part of name or e-mail."""
    query = select(Membership).where(Membership.organisation_id == organisation_id)
    if search:
        # Asked of each member: a join would read everybody there is, since names have no index to search in.
        query = query.where(
            select(matches(search))
            .where(User.id == Membership.user_id)
            .correlate(Membership)
            .scalar_subquery()
        )
    page = await after(uow, query, Membership.id, limit=limit, cursor=cursor)
    ids = [membership.user_id for membership in page.items]
    found = await uow.session.scalars(select(User).where(User.id.in_(ids)))
    users = {user.id: user for user in found}
    return Page([(one, users[one.user_id]) for one in page.items], page.next_cursor)


async def change_member(
    uow: UnitOfWork, who: SignedIn, membership_id: UUID, change: Change, *, address: str
) -> tuple[Membership, User]:
    """Another role, or none for now; raises MemberNotFound, NotAllowed, LastAdmin.

    Of two administrators who demote each other at the same moment one is refused.
    """
    organisation_id = who.require(ADMINS)[0]
    # Everybody who changes this organisation's people waits here.
    await uow.session.execute(
        select(Organisation.id).where(Organisation.id == organisation_id).with_for_update(key_share=True)
    )
    found = (
        await uow.session.execute(
            select(Membership, User)
            .join(User, User.id == Membership.user_id)
            .where(Membership.id == membership_id, Membership.organisation_id == organisation_id)
        )
    ).one_or_none()
    if found is None:
        raise MemberNotFound
    membership, user = found
    if Role.SUPER_ADMIN in (membership.role, change.role) and not _is_super(who):
        raise NotAllowed
    before = {"role": membership.role.value, "is_active": membership.is_active}
    membership.role = change.role or membership.role
    membership.is_active = membership.is_active if change.is_active is None else change.is_active
    after_ = {"role": membership.role.value, "is_active": membership.is_active}
    if before == after_:
        return membership, user
    await uow.session.flush()
    await _require_admin(uow, organisation_id)
    if not membership.is_active:
        await api_tokens.revoke_all(uow, user.id, organisation_id)
    access_changed(uow, user.id)
    audit(
        uow,
        action="member.changed",
        entity=("user", user.id),
        organisation_id=organisation_id,
        actor_id=who.id,
        before=before,
        after=after_,
        address=address,
    )
    return membership, user


def _is_super(who: SignedIn) -> bool:
    return any(role is Role.SUPER_ADMIN for _, role in who.memberships)


async def _require_admin(uow: UnitOfWork, organisation_id: UUID) -> None:
    """Raise LastAdmin when the change left nobody to administer the organisation."""
    admins = await uow.session.scalar(
        select(func.count())
        .select_from(Membership)
        .join(User, User.id == Membership.user_id)
        .where(
            Membership.organisation_id == organisation_id,
            Membership.role.in_(ADMINS),
            Membership.is_active,
            User.is_active,
        )
    )
    if not admins:
        raise LastAdmin
