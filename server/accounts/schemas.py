"""What the accounts API takes and gives."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, EmailStr, Field, StrictBool, StringConstraints

from server.accounts.models import AuthProvider, Role, TokenScope
from server.schemas import ONE_LINE, Cursor, Input, Instant, Output
from server.storage.paging import DEFAULT_LIMIT, MAX_LIMIT

Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=ONE_LINE)
]


def _fold(address: str) -> str:
    """The name before the @ case-folded; domains come lower-case already, and ß is no ss in them."""
    name, _, domain = address.rpartition("@")
    return f"{name.casefold()}@{domain}"


Email = Annotated[EmailStr, AfterValidator(_fold)]
"""An address as Viva keeps it: case-folded, since nobody means two people by two spellings."""


NewPassword = Annotated[str, Field(min_length=10, max_length=200)]
StaffRole = Literal[Role.ADMIN, Role.RECRUITER, Role.INTERVIEWER, Role.REVIEWER]
"""What an administrator may make somebody."""


class SignUp(Input):
    email: Email
    password: NewPassword
    full_name: Name
    organisation_name: Name | None = None


class SignIn(Input):
    email: Email
    password: str = Field(max_length=200)


class UserOut(Output):
    id: UUID
    email: str
    full_name: str
    locale: str
    timezone: str
    is_verified: bool
    has_password: bool


class OrganisationOut(Output):
    id: UUID
    name: str
    slug: str


class MembershipOut(Output):
    organisation: OrganisationOut
    role: Role


class Me(Output):
    """Who is signed in, and where they should land."""

    user: UserOut
    memberships: list[MembershipOut]
    landing: Literal["candidate", "staff"]


class PersonRef(Output):
    """A person as others see them."""

    id: UUID
    full_name: str


class Person(PersonRef):
    """A member of the organisation's staff."""

    email: str
    role: Role


class People(Output):
    items: list[Person]
    next_cursor: str | None = None


class ChangePassword(Input):
    current_password: str = Field(max_length=200)
    new_password: NewPassword


class OwnSignIn(Output):
    """A browser I am signed in with."""

    id: UUID
    auth_provider: AuthProvider
    created_at: datetime
    last_used_at: datetime
    user_agent: str | None
    ip: str | None
    is_this_one: bool


class OwnSignIns(Output):
    items: list[OwnSignIn]
    next_cursor: str | None = None


class NewApiToken(Input):
    name: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100, pattern=ONE_LINE)
    ]
    scope: TokenScope
    lifetime_days: int = Field(90, ge=1, le=365)
    organisation_id: UUID | None = None  # the first one I work for unless given


class ApiTokenOut(Output):
    """A token of mine; `token` is told once, when it is made."""

    id: UUID
    name: str
    scope: TokenScope
    organisation: OrganisationOut
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    token: str | None = None


class ApiTokens(Output):
    items: list[ApiTokenOut]
    next_cursor: str | None = None


class MembersQuery(BaseModel):
    search: str | None = Field(None, min_length=1, max_length=200, pattern=ONE_LINE)
    limit: int = Field(DEFAULT_LIMIT, ge=1, le=MAX_LIMIT)
    cursor: Cursor | None = None


class Member(Output):
    """Somebody in my organisation, as its administrators see them; `id` is that of the membership."""

    id: UUID
    user_id: UUID
    full_name: str
    email: str
    role: Role
    is_active: bool
    is_verified: bool
    joined_at: datetime
    last_login_at: datetime | None


class Members(Output):
    items: list[Member]
    next_cursor: str | None = None


class ChangeMember(Input):
    role: StaffRole | None = None
    is_active: StrictBool | None = None


class AuditQuery(BaseModel):
    actor_id: UUID | None = None
    action: str | None = Field(None, min_length=1, max_length=80, pattern=ONE_LINE)
    entity_type: str | None = Field(None, min_length=1, max_length=40, pattern=ONE_LINE)
    entity_id: UUID | None = None
    since: Instant | None = None
    until: Instant | None = None
    limit: int = Field(DEFAULT_LIMIT, ge=1, le=MAX_LIMIT)
    cursor: Cursor | None = None


class AuditEntryOut(Output):
    """Who did what to which entity, with what changed before and after."""

    id: UUID
    at: datetime
    actor_id: UUID | None
    actor: PersonRef | None
    action: str
    entity_type: str
    entity_id: UUID
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    ip: str | None


class AuditEntries(Output):
    items: list[AuditEntryOut]
    next_cursor: str | None = None


class MailMe(Input):
    email: Email


LinkText = Annotated[str, Field(min_length=1, max_length=100)]


class LinkToken(Input):
    token: LinkText


class ResetPassword(Input):
    token: LinkText
    password: NewPassword


class InviteColleague(Input):
    email: Email
    role: StaffRole


class ColleagueInvitesQuery(BaseModel):
    limit: int = Field(DEFAULT_LIMIT, ge=1, le=MAX_LIMIT)
    cursor: Cursor | None = None


class ColleagueInviteOut(Output):
    """An invitation to join my organisation that nobody accepted yet."""

    id: UUID
    email: str
    role: Role
    created_at: datetime
    expires_at: datetime
    is_expired: bool


class ColleagueInvites(Output):
    items: list[ColleagueInviteOut]
    next_cursor: str | None = None


class SetBranding(Input):
    """How letters and candidates' pages look; without an `accent_color` (#rrggbb) as Viva's own."""

    accent_color: str | None = Field(pattern=r"^#[0-9a-fA-F]{6}$")


class BrandingOut(Output):
    accent_color: str | None


class ColleagueInvitation(Output):
    """What a mailed link invites to, as the invited person sees it."""

    organisation_name: str
    email: str
    role: Role
    needs_password: bool


class AcceptColleagueInvite(Input):
    token: LinkText
    full_name: Name | None = None
    password: NewPassword | None = None


class Joined(Output):
    signed_in: bool
