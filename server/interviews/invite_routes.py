"""Invites: looking a list over, inviting, sending again, taking back; and what a link leads to."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from aiohttp import web

from server.accounts.access import PROVIDERS
from server.accounts.identity import MANAGERS, SignedIn
from server.accounts.models import Organisation, User
from server.accounts.organisation import settings_of
from server.accounts.service import audit
from server.errors import (
    AlreadyInvited,
    BadRequest,
    FieldProblem,
    InterviewClosed,
    InterviewNotFound,
    InviteAccepted,
    InviteExpired,
    InviteNotFound,
    InviteRevoked,
    InviteUnknownLink,
    NotAllowed,
    TooManyAttempts,
)
from server.interviews import invites, inviting, models, schemas
from server.interviews.addresses import Entry, entries_of, entry_of
from server.interviews.inviting import Desk, Judged, Verdict
from server.interviews.letter import minutes_of
from server.interviews.service import find_interview, questions_of
from server.keys import SETTINGS, SIGNING
from server.mail.models import Mail, MailStatus
from server.mail.service import latest_mails
from server.storage.db import UnitOfWork
from server.storage.scope import system
from server.web.guards import client_address
from server.web.routing import Routes

routes = Routes("invites", PROVIDERS)

INVITES = "/interviews/{interview_id}/invites"
REASONS = {
    Verdict.DUPLICATE: "This address stands further up in the list.",
    Verdict.ALREADY_INVITED: "This person is invited already.",
}
ERRORS = {Verdict.WRONG: "bad_email"}
DELIVERIES = {
    MailStatus.QUEUED: schemas.Delivery.QUEUED,
    MailStatus.SENT: schemas.Delivery.SENT,
    MailStatus.FAILED: schemas.Delivery.FAILED,
    MailStatus.CANCELLED: schemas.Delivery.NOT_SENT,
}


@routes.get(INVITES, refusals=[NotAllowed, InterviewNotFound])
async def list_invites(
    _request: web.Request, who: SignedIn, uow: UnitOfWork, interview_id: UUID, query: schemas.InvitesQuery
) -> schemas.Invites:
    """Everybody invited to an interview, newest first, with what became of each mail; no codes."""
    interview = await find_interview(uow, interview_id, who.require(MANAGERS))
    wanted = invites.InviteFilter(query.status, query.q, query.undelivered)
    page = await invites.list_invites(uow, interview.id, wanted, limit=query.limit, cursor=query.cursor)
    return schemas.Invites(items=await _shown(uow, page.items), next_cursor=page.next_cursor)


@routes.post(INVITES + "/preview", refusals=[NotAllowed, InterviewNotFound, BadRequest])
async def preview_invites(
    _request: web.Request, who: SignedIn, uow: UnitOfWork, interview_id: UUID, body: schemas.PastedList
) -> schemas.ListPreview:
    """What would become of each line of a list, before anything is sent."""
    interview = await find_interview(uow, interview_id, who.require(MANAGERS))
    judged = await inviting.judge(uow, interview, _within_bounds(entries_of(body.text)))
    counts = Counter(line.verdict.value for line in judged)
    return schemas.ListPreview(
        items=[_line(line) for line in judged],
        fine=counts["fine"],
        duplicate=counts["duplicate"],
        already_invited=counts["already_invited"],
        wrong=counts["wrong"],
    )


@routes.post(
    INVITES, status=201, once=True, refusals=[NotAllowed, InterviewNotFound, InterviewClosed, BadRequest]
)
async def create_invites(
    request: web.Request, who: SignedIn, uow: UnitOfWork, interview_id: UUID, body: schemas.NewInvites
) -> schemas.Invites:
    """Invite people by mail.

    Each line has its own result: a code, told only here, or an error: bad_email, duplicate, already_invited.
    """
    interview = await find_interview(uow, interview_id, who.require(MANAGERS))
    if body.text is not None:
        entries = _within_bounds(entries_of(body.text))
    else:
        entries = [entry_of(written, line) for line, written in enumerate(body.emails or (), 1)]
    judged = await inviting.invite(
        uow,
        interview,
        entries,
        invited_by=who.id,
        desk=_desk(request),
        lifetime=timedelta(days=body.expires_in_days),
    )
    made = [line for line in judged if line.invite is not None]
    _audit(request, uow, who, "interview.invited", interview.id, interview, {"invites": len(made)})
    return schemas.Invites(items=[_result(line) for line in judged])


@routes.post(
    INVITES + "/{invite_id}/resend",
    refusals=[
        NotAllowed,
        InterviewNotFound,
        InterviewClosed,
        InviteNotFound,
        InviteAccepted,
        InviteRevoked,
        AlreadyInvited,
        TooManyAttempts,
    ],
)
async def resend_invite(
    request: web.Request, who: SignedIn, uow: UnitOfWork, interview_id: UUID, invite_id: UUID
) -> schemas.Invite:
    """Send an invite again, at most three times an hour.

    It gets a new code, told only here, a new link and a new term; those of before open nothing any more.
    """
    interview = await find_interview(uow, interview_id, who.require(MANAGERS))
    found, opened = await inviting.resend(uow, interview, invite_id, asked_by=who.id, desk=_desk(request))
    _audit(request, uow, who, "invite.resent", found.id, interview)
    await uow.session.flush()
    [shown] = await _shown(uow, [found])
    return shown.model_copy(update={"code": opened.code})


@routes.post(
    INVITES + "/{invite_id}/revoke", refusals=[NotAllowed, InterviewNotFound, InviteNotFound, InviteAccepted]
)
async def revoke_invite(
    request: web.Request, who: SignedIn, uow: UnitOfWork, interview_id: UUID, invite_id: UUID
) -> schemas.Invite:
    """Take an invite back, whose code and link then open nothing; nobody is told."""
    interview = await find_interview(uow, interview_id, who.require(MANAGERS))
    found = await inviting.revoke(uow, interview, invite_id)
    _audit(request, uow, who, "invite.revoked", found.id, interview)
    [shown] = await _shown(uow, [found])
    return shown


@routes.post("/invitations/look", refusals=[InviteUnknownLink, InviteExpired, InviteRevoked])
async def look_at_invitation(
    _request: web.Request, uow: UnitOfWork, body: schemas.Link
) -> schemas.Invitation:
    """What the link of an invitation leads to, before signing in."""
    await uow.enter(system("invitation"))  # whose it is, nobody knows before
    found = await invites.invite_behind(uow, body.token)
    invites.note_opened(uow, found)
    interview = await uow.session.get_one(models.Interview, found.interview_id)
    organisation = await uow.session.get_one(Organisation, found.organisation_id)
    asked_by = await uow.session.get(User, found.invited_by) if found.invited_by else None
    questions = (await questions_of(uow, [interview])).get(interview.id, [])
    return schemas.Invitation(
        organisation_name=organisation.name,
        accent_color=settings_of(organisation).branding.accent_color,
        title=interview.title,
        description=interview.description,
        kind=interview.kind,
        question_count=len(questions),
        minutes=minutes_of(interview, questions),
        asked_by=asked_by.full_name if asked_by else None,
        email=found.email,
        status=found.status,
        expires_at=found.expires_at,
    )


def _desk(request: web.Request) -> Desk:
    settings = request.app[SETTINGS]
    return Desk(request.app[SIGNING].invite_codes, settings.public_url.rstrip("/"))


def _within_bounds(entries: list[Entry]) -> list[Entry]:
    """Raises BadRequest for a list of nobody, or of too many."""
    if not entries:
        raise BadRequest([FieldProblem(field="text", problem="There is nobody in this list.")])
    if len(entries) > schemas.MAX_EMAILS:
        problem = f"At most {schemas.MAX_EMAILS} people at once; this list has {len(entries)}."
        raise BadRequest([FieldProblem(field="text", problem=problem)])
    return entries


def _audit(
    request: web.Request,
    uow: UnitOfWork,
    who: SignedIn,
    action: str,
    entity_id: UUID,
    interview: models.Interview,
    after: dict[str, object] | None = None,
) -> None:
    audit(
        uow,
        action=action,
        entity=(action.partition(".")[0], entity_id),
        organisation_id=interview.organisation_id,
        actor_id=who.id,
        after=after,
        address=client_address(request),
    )


def _line(line: Judged) -> schemas.ListLine:
    entry = line.entry
    return schemas.ListLine(
        line=entry.line,
        written=entry.written,
        email=entry.email,
        name=entry.name,
        verdict=line.verdict.value,
        reason=entry.problem or REASONS.get(line.verdict),
    )


def _result(line: Judged) -> schemas.Invite:
    """What became of a line, with the code where there is one."""
    invite = line.invite
    if invite is None or line.secrets is None:
        error = ERRORS.get(line.verdict, line.verdict.value)
        return schemas.Invite(
            id=None, email=line.entry.email or line.entry.written[:254], status=None, error=error
        )
    return schemas.Invite(
        id=invite.id,
        email=invite.email,
        name=invite.name,
        status=invite.status,
        code=line.secrets.code,
        created_at=invite.created_at,
        expires_at=invite.expires_at,
        delivery=schemas.Delivery.QUEUED,
    )


async def _shown(uow: UnitOfWork, found: Sequence[models.Invite]) -> list[schemas.Invite]:
    """Invites with what became of their newest mails, in one query however many there are."""
    mails = await latest_mails(uow, [invite.id for invite in found])
    return [_show(uow, invite, mails.get(invite.id)) for invite in found]


def _show(uow: UnitOfWork, invite: models.Invite, mail: Mail | None) -> schemas.Invite:
    return schemas.Invite(
        id=invite.id,
        email=invite.email,
        name=invite.name,
        status=invites.status_of(invite, uow.now),
        created_at=invite.created_at,
        expires_at=invite.expires_at,
        accepted_at=invite.accepted_at,
        delivery=DELIVERIES[mail.status] if mail else schemas.Delivery.NOT_SENT,
        delivery_error=mail.last_error if mail else None,
        sent_at=mail.sent_at if mail else None,
    )
