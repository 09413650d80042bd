"""Tables of people and access."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Computed, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from server.storage.base import Base, Created, Identified, OrganisationOwned, choice


class Role(StrEnum):
    SUPER_ADMIN = "super_admin"
    ADMIN = "admin"
    RECRUITER = "recruiter"
    INTERVIEWER = "interviewer"
    REVIEWER = "reviewer"
    CANDIDATE = "candidate"


class AuthProvider(StrEnum):
    LOCAL = "local"
    OIDC = "oidc"


class TokenScope(StrEnum):
    READ = "read"
    WRITE = "write"


class LinkPurpose(StrEnum):
    VERIFY = "verify_email"
    RESET = "reset_password"


class Organisation(Identified, Created, Base):
    """A company that interviews."""

    __tablename__ = "organisations"

    name: Mapped[str] = mapped_column(String(200))
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    company_number: Mapped[str | None] = mapped_column(String(40))
    settings: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default="{}")


class User(Identified, Created, Base):
    """A person with an account; belongs to no organisation but through memberships."""

    __tablename__ = "users"

    email: Mapped[str] = mapped_column(String(254), unique=True)  # case-folded
    full_name: Mapped[str] = mapped_column(String(200))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    auth_provider: Mapped[AuthProvider] = mapped_column(
        choice(AuthProvider, "auth_provider"), default=AuthProvider.LOCAL
    )
    is_active: Mapped[bool] = mapped_column(default=True, server_default="true")
    is_verified: Mapped[bool] = mapped_column(default=False, server_default="false")
    locale: Mapped[str] = mapped_column(String(35), default="en", server_default="en")
    timezone: Mapped[str] = mapped_column(String(64), default="UTC", server_default="UTC")
    last_login_at: Mapped[datetime | None]
    # What people are searched by, folded once: with lower() over each row a search takes four times as long.
    search: Mapped[str] = mapped_column(
        Computed("lower(full_name::text) || chr(10) || email::text", persisted=True), deferred=True
    )


class Membership(Identified, Created, OrganisationOwned, Base):
    """The role a person has in an organisation; one role each."""

    __tablename__ = "memberships"
    __table_args__ = (UniqueConstraint("organisation_id", "user_id"),)

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    role: Mapped[Role] = mapped_column(choice(Role, "role"))
    is_active: Mapped[bool] = mapped_column(default=True, server_default="true")


class ColleagueInvite(Identified, Created, OrganisationOwned, Base):
    """A mailed link with which somebody joins an organisation's staff."""

    __tablename__ = "colleague_invites"

    email: Mapped[str] = mapped_column(String(254))  # case-folded
    role: Mapped[Role] = mapped_column(choice(Role, "role"))
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    invited_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class SignInFamily(Identified, Created, Base):
    """One sign-in: a browser somebody signed in with, and all refresh tokens it got since."""

    __tablename__ = "sign_in_families"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    auth_provider: Mapped[AuthProvider] = mapped_column(choice(AuthProvider, "auth_provider"))
    last_used_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    user_agent: Mapped[str | None] = mapped_column(String(300))
    ip: Mapped[str | None] = mapped_column(String(45))


class RefreshToken(Identified, Created, Base):
    """One link of a chain of refresh tokens; the whole chain is a family and one sign-in."""

    __tablename__ = "refresh_tokens"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    family_id: Mapped[UUID] = mapped_column(ForeignKey("sign_in_families.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    is_revoked: Mapped[bool] = mapped_column(default=False, server_default="false")
    user_agent: Mapped[str | None] = mapped_column(String(300))
    ip: Mapped[str | None] = mapped_column(String(45))


class ApiToken(Identified, Created, OrganisationOwned, Base):
    """A bearer token a person made for a program; it does no more than they may in this organisation."""

    __tablename__ = "api_tokens"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    scope: Mapped[TokenScope] = mapped_column(choice(TokenScope, "scope"))
    expires_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class MailedLink(Identified, Created, Base):
    """A link mailed to a person's address that proves once, for a while, that they read it."""

    __tablename__ = "mailed_links"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    purpose: Mapped[LinkPurpose] = mapped_column(choice(LinkPurpose, "purpose"))
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class ExternalIdentity(Identified, Created, Base):
    """What a person is called by the provider they sign in with."""

    __tablename__ = "external_identities"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    issuer: Mapped[str] = mapped_column(String(500))
    subject: Mapped[str] = mapped_column(String(255))


class AuditEntry(Identified, Base):
    """Who did what to which entity. Append-only: a trigger refuses changes, and it has no foreign keys."""

    __tablename__ = "audit_entries"
    __table_args__ = (
        Index(None, "organisation_id", "at"),
        Index(None, "organisation_id", "id"),
        Index(None, "entity_type", "entity_id"),
        Index("ix_audit_entries_action", "organisation_id", "action", "id"),
    )

    at: Mapped[datetime]
    organisation_id: Mapped[UUID | None]
    actor_id: Mapped[UUID | None]
    action: Mapped[str] = mapped_column(String(80, collation="C"))
    entity_type: Mapped[str] = mapped_column(String(40))
    entity_id: Mapped[UUID]
    before: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    after: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    ip: Mapped[str | None] = mapped_column(String(45))


class Attempt(Identified, Base):
    """One failed guess (a wrong password, a wrong code), counted per subject: an account or an address."""

    __tablename__ = "attempts"
    __table_args__ = (Index(None, "kind", "subject", "at"),)

    kind: Mapped[str] = mapped_column(String(20))
    subject: Mapped[str] = mapped_column(String(300))
    at: Mapped[datetime]
