"""People and the audit log, for an organisation's administrators."""

from uuid import UUID

from aiohttp import web

from server.accounts import auditing, branding, colleagues, members, schemas, service
from server.accounts.access import PROVIDERS
from server.accounts.identity import ADMINS, MANAGERS, SignedIn
from server.accounts.organisation import Branding
from server.accounts.views import audit_entry_of, colleague_invite_of, member_of
from server.errors import (
    AlreadyMember,
    BadRequest,
    ColleagueInviteNotFound,
    LastAdmin,
    MemberNotFound,
    NotAllowed,
    TooManyAttempts,
)
from server.keys import SETTINGS
from server.storage.db import UnitOfWork
from server.web.guards import client_address
from server.web.routing import Routes

routes = Routes("admin", PROVIDERS)


@routes.get("/members", refusals=[NotAllowed, BadRequest])
async def list_members(
    _request: web.Request, who: SignedIn, uow: UnitOfWork, query: schemas.MembersQuery
) -> schemas.Members:
    """Everybody in my organisation, deactivated people too, newest first."""
    page = await members.list_members(
        uow, who.require(ADMINS)[0], search=query.search, limit=query.limit, cursor=query.cursor
    )
    return schemas.Members(items=[member_of(*one) for one in page.items], next_cursor=page.next_cursor)


@routes.patch("/members/{member_id}", refusals=[NotAllowed, MemberNotFound, LastAdmin])
async def change_member(
    request: web.Request, who: SignedIn, uow: UnitOfWork, member_id: UUID, body: schemas.ChangeMember
) -> schemas.Member:
    """Change somebody's role, or deactivate them: they keep their account and lose this organisation."""
    change = members.Change(role=body.role, is_active=body.is_active)
    changed = await members.change_member(uow, who, member_id, change, address=client_address(request))
    return member_of(*changed)


@routes.get("/members/invites", refusals=[NotAllowed, BadRequest])
async def list_colleague_invites(
    _request: web.Request, who: SignedIn, uow: UnitOfWork, query: schemas.ColleagueInvitesQuery
) -> schemas.ColleagueInvites:
    """Colleagues I invited who have not joined yet, newest first."""
    page = await colleagues.list_open(uow, who.require(ADMINS)[0], limit=query.limit, cursor=query.cursor)
    return schemas.ColleagueInvites(
        items=[colleague_invite_of(row, uow.now) for row in page.items], next_cursor=page.next_cursor
    )


@routes.post("/members/invites", status=201, refusals=[NotAllowed, AlreadyMember, TooManyAttempts])
async def invite_colleague(
    request: web.Request, who: SignedIn, uow: UnitOfWork, body: schemas.InviteColleague
) -> schemas.ColleagueInviteOut:
    """Mail somebody a link to join my organisation; asking again for an address replaces the link."""
    made = await colleagues.invite(
        uow,
        who,
        email=body.email,
        role=body.role,
        address=client_address(request),
        public_url=request.app[SETTINGS].public_url,
    )
    return colleague_invite_of(made, uow.now)


@routes.delete("/members/invites/{colleague_invite_id}", refusals=[NotAllowed, ColleagueInviteNotFound])
async def revoke_colleague_invite(
    request: web.Request, who: SignedIn, uow: UnitOfWork, colleague_invite_id: UUID
) -> None:
    """Take an invitation back: its link works no more."""
    await colleagues.revoke(uow, who, colleague_invite_id, address=client_address(request))


@routes.get("/organisation/branding", refusals=[NotAllowed])
async def get_branding(_request: web.Request, who: SignedIn, uow: UnitOfWork) -> schemas.BrandingOut:
    """How my organisation's letters and its candidates' pages look."""
    found = await branding.branding_of(uow, who.require(MANAGERS)[0])
    return schemas.BrandingOut(accent_color=found.accent_color)


@routes.put("/organisation/branding", refusals=[NotAllowed, BadRequest])
async def set_branding(
    request: web.Request, who: SignedIn, uow: UnitOfWork, body: schemas.SetBranding
) -> schemas.BrandingOut:
    """Change that; refused is a colour on which words could not be read."""
    wanted = Branding(accent_color=body.accent_color)
    organisation_id = who.require(ADMINS)[0]
    await branding.set_branding(uow, who, organisation_id, wanted, address=client_address(request))
    return schemas.BrandingOut(accent_color=wanted.accent_color)


@routes.get("/audit", refusals=[NotAllowed, BadRequest])
async def search_audit(
    _request: web.Request, who: SignedIn, uow: UnitOfWork, query: schemas.AuditQuery
) -> schemas.AuditEntries:
    """What was done in my organisation, newest first; `action` is how one begins."""
    wanted = auditing.Wanted(**query.model_dump(exclude={"limit", "cursor"}))
    page = await auditing.search(uow, who.require(ADMINS)[0], wanted, limit=query.limit, cursor=query.cursor)
    ids = {entry.actor_id for entry in page.items if entry.actor_id is not None}
    actors = await service.users_by_id(uow, list(ids))
    return schemas.AuditEntries(
        items=[
            audit_entry_of(entry, actors.get(entry.actor_id) if entry.actor_id else None)
            for entry in page.items
        ],
        next_cursor=page.next_cursor,
    )
