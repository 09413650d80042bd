"""Rows of people and access as the API shows them."""

from datetime import datetime

from server.accounts.identity import SignedIn
from server.accounts.models import ApiToken, AuditEntry, ColleagueInvite, Membership, Organisation, User
from server.accounts.schemas import (
    ApiTokenOut,
    AuditEntryOut,
    ColleagueInviteOut,
    Me,
    Member,
    MembershipOut,
    OrganisationOut,
    PersonRef,
    UserOut,
)


def me_of(who: SignedIn) -> Me:
    """The person as their own client sees them."""
    user = who.user
    return Me(
        user=UserOut(
            id=user.id,
            email=user.email,
            full_name=user.full_name,
            locale=user.locale,
            timezone=user.timezone,
            is_verified=user.is_verified,
            has_password=user.password_hash is not None,
        ),
        memberships=[
            MembershipOut(
                organisation=organisation_of(organisation),
                role=role,
            )
            for organisation, role in who.memberships
        ],
        landing="staff" if who.is_staff else "candidate",
    )


def organisation_of(organisation: Organisation) -> OrganisationOut:
    """An organisation as its people see it."""
    return OrganisationOut(id=organisation.id, name=organisation.name, slug=organisation.slug)


def api_token_of(row: ApiToken, organisation: Organisation, token: str | None = None) -> ApiTokenOut:
    """A token of one's own; with its text only when it was just made."""
    return ApiTokenOut(
        id=row.id,
        name=row.name,
        scope=row.scope,
        organisation=organisation_of(organisation),
        created_at=row.created_at,
        expires_at=row.expires_at,
        last_used_at=row.last_used_at,
        token=token,
    )


def member_of(membership: Membership, user: User) -> Member:
    """A member of the organisation as its administrators see them."""
    return Member(
        id=membership.id,
        user_id=user.id,
        full_name=user.full_name,
        email=user.email,
        role=membership.role,
        is_active=membership.is_active and user.is_active,
        is_verified=user.is_verified,
        joined_at=membership.created_at,
        last_login_at=user.last_login_at,
    )


def audit_entry_of(entry: AuditEntry, actor: User | None) -> AuditEntryOut:
    """An entry with the name of who did it, while there is such a person."""
    return AuditEntryOut(
        id=entry.id,
        at=entry.at,
        actor_id=entry.actor_id,
        actor=None if actor is None else PersonRef(id=actor.id, full_name=actor.full_name),
        action=entry.action,
        entity_type=entry.entity_type,
        entity_id=entry.entity_id,
        before=entry.before,
        after=entry.after,
        ip=entry.ip,
    )


def colleague_invite_of(row: ColleagueInvite, now: datetime) -> ColleagueInviteOut:
    """An open invitation as administrators see it."""
    return ColleagueInviteOut(
        id=row.id,
        email=row.email,
        role=row.role,
        created_at=row.created_at,
        expires_at=row.expires_at,
        is_expired=row.expires_at <= now,
    )
