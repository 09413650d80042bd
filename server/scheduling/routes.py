"""The candidate's dashboard, consent, and the end of a session."""

from uuid import UUID

from aiohttp import web

from server.accounts.access import PROVIDERS
from server.accounts.identity import SignedIn
from server.accounts.service import audit
from server.errors import (
    ConsentVersionStale,
    EmailNotVerified,
    InterviewClosed,
    InterviewNotFound,
    InvalidTransition,
    InviteAlreadyAdded,
    InviteExpired,
    InviteNotFound,
    InviteOtherEmail,
    InviteRevoked,
    InviteUnknownCode,
    NotAllowed,
    SessionEnded,
    SessionNotFound,
    StaleVersion,
    TooManyAttempts,
)
from server.evidence.policies import rules_for
from server.interviews.models import Interview
from server.interviews.schemas import AddByCode
from server.keys import SIGNING
from server.recordings.reading import answered_counts
from server.review.detail import SessionDetail, session_detail
from server.scheduling import candidates, consent, service
from server.scheduling.schemas import (
    CandidateInterview,
    CandidateInterviews,
    CandidateInvitations,
    ConsentGiven,
    GiveConsent,
)
from server.storage.db import UnitOfWork
from server.web.guards import client_address
from server.web.routing import Routes

routes = Routes("sessions", PROVIDERS)


@routes.get("/candidate/interviews")
async def list_candidate_interviews(
    _request: web.Request, who: SignedIn, uow: UnitOfWork
) -> CandidateInterviews:
    """What I take part in, newest first."""
    items = await candidates.dashboard(uow, who.id)
    answered = await answered_counts(uow, [item.session.id for item in items if item.session])
    for item in items:
        if item.session is not None:
            item.answered_count = answered.get(item.session.id, 0)
    return CandidateInterviews(items=items)


@routes.post(
    "/candidate/interviews",
    status=201,
    refusals=[
        InviteUnknownCode,
        InviteExpired,
        InviteRevoked,
        InviteAlreadyAdded,
        InviteOtherEmail,
        EmailNotVerified,
        InterviewClosed,
        TooManyAttempts,
    ],
)
async def add_candidate_interview(
    request: web.Request, who: SignedIn, uow: UnitOfWork, body: AddByCode
) -> CandidateInterview:
    """Redeem the six digits of an invitation.

    Five wrong codes from one account or one address within 15 minutes lock it until the window has passed.
    """
    return await candidates.join(
        uow,
        who.user,
        code=body.code,
        address=client_address(request),
        code_key=request.app[SIGNING].invite_codes,
    )


@routes.get("/candidate/invitations")
async def list_candidate_invitations(
    _request: web.Request, who: SignedIn, uow: UnitOfWork
) -> CandidateInvitations:
    """What my address is invited to and may still begin, newest first; nothing while it is not confirmed."""
    return CandidateInvitations(items=await candidates.invitations(uow, who.user))


@routes.post(
    "/candidate/invitations/{invite_id}/accept",
    status=201,
    refusals=[InviteNotFound, InviteExpired, InviteRevoked, InviteAlreadyAdded, InterviewClosed],
)
async def accept_candidate_invitation(
    _request: web.Request, who: SignedIn, uow: UnitOfWork, invite_id: UUID
) -> CandidateInterview:
    """Take part in what my confirmed address is invited to, without its code."""
    return await candidates.accept(uow, who.user, invite_id)


@routes.post(
    "/candidate/interviews/{interview_id}/session",
    refusals=[InterviewNotFound, InterviewClosed, SessionEnded],
)
async def open_candidate_session(
    _request: web.Request, who: SignedIn, uow: UnitOfWork, interview_id: UUID
) -> SessionDetail:
    """The sitting to go on with; a one-way interview's is made on the first call."""
    session = await candidates.open_session(uow, who.id, interview_id)
    return await session_detail(uow, await service.access(uow, session.id, who))


@routes.post("/candidate/interviews/{interview_id}/withdraw", refusals=[InterviewNotFound])
async def withdraw_from_interview(
    request: web.Request, who: SignedIn, uow: UnitOfWork, interview_id: UUID
) -> CandidateInterview:
    """Take part no longer: consent is withdrawn, recording stops, an open session is cancelled.

    What was recorded is kept for as long as the organisation keeps recordings; `/me/erasure` deletes it.
    """
    withdrawn = await candidates.withdraw(uow, who.id, interview_id)
    interview = await uow.session.get_one(Interview, interview_id)
    audit(
        uow,
        action="participant.withdrawn",
        entity=("participant", withdrawn.participant_id),
        organisation_id=interview.organisation_id,
        actor_id=who.id,
        address=client_address(request),
    )
    return withdrawn


@routes.post(
    "/sessions/{session_id}/consent",
    status=201,
    refusals=[SessionNotFound, NotAllowed, SessionEnded, ConsentVersionStale],
)
async def give_consent(
    request: web.Request, who: SignedIn, uow: UnitOfWork, session_id: UUID, body: GiveConsent
) -> ConsentGiven:
    """Agree to the text shown; only the candidate can."""
    granted = await service.access(uow, session_id, who)
    if not granted.is_candidate:
        raise NotAllowed
    await uow.act_for(granted.session.organisation_id)
    given = await consent.give_consent(
        uow, session_id, version=body.version, full_name=body.full_name, address=client_address(request)
    )
    await rules_for(uow, granted.session)  # what was shown is what was agreed to, whatever is chosen later
    return ConsentGiven(id=given.id, given_at=given.given_at, text_version=given.text_version)


@routes.delete("/sessions/{session_id}/consent", refusals=[SessionNotFound, NotAllowed])
async def withdraw_consent(_request: web.Request, who: SignedIn, uow: UnitOfWork, session_id: UUID) -> None:
    """Withdraw consent; a running recording stops."""
    granted = await service.access(uow, session_id, who)
    if not granted.is_candidate:
        raise NotAllowed
    await uow.act_for(granted.session.organisation_id)
    await consent.withdraw_consent(uow, session_id)


@routes.post(
    "/sessions/{session_id}/end",
    refusals=[SessionNotFound, NotAllowed, SessionEnded, InvalidTransition, StaleVersion],
)
async def end_session(
    request: web.Request, who: SignedIn, uow: UnitOfWork, session_id: UUID
) -> SessionDetail:
    """End a session for everybody: the candidate of a one-way interview, or whoever leads a live one."""
    granted = await service.access(uow, session_id, who)
    await service.require_may_end(uow, granted)
    await uow.act_for(granted.session.organisation_id)
    await service.end(uow, session_id)
    audit(
        uow,
        action="session.ended",
        entity=("session", session_id),
        organisation_id=granted.session.organisation_id,
        actor_id=who.id,
        address=client_address(request),
    )
    return await session_detail(uow, granted)
