"""The door to a running session."""

from functools import partial
from uuid import UUID

from aiohttp import web

from server.accounts.access import authenticate
from server.accounts.identity import SignedIn
from server.accounts.standing import while_allowed
from server.errors import NotSignedIn, OriginNotAllowed, SessionEnded, SessionNotFound
from server.interviews.models import Interview, InterviewKind
from server.keys import DATABASE, SETTINGS
from server.protocol.words import Role
from server.scheduling.models import PanelRole
from server.scheduling.service import SessionAccess, access
from server.signalling.ice import ice_servers_for
from server.signalling.socket import HUB, Admission, open_socket
from server.sittings.facts import SittingFacts
from server.web.routing import Routes

routes = Routes("signalling")


@routes.socket("/sessions/{session_id}/socket", refusals=[NotSignedIn, OriginNotAllowed, SessionNotFound])
async def session_socket(request: web.Request, session_id: UUID) -> web.WebSocketResponse:
    """One participant's signalling (docs/PROTOCOL.md): the candidate, or in live sessions the panel."""
    who = await authenticate(request)
    admission = await _admit(request, session_id, who)
    conversation = await open_socket(request, request.app[HUB], admission)
    async with while_allowed(request, who, partial(_admit, request, session_id), conversation.turn_out):
        return await conversation.run()


async def _admit(request: web.Request, session_id: UUID, who: SignedIn) -> Admission:
    async with request.app[DATABASE].begin(who.scope) as uow:
        granted = await access(uow, session_id, who)
        session = granted.session
        interview = await uow.session.get_one(Interview, session.interview_id)
    if not granted.may_enter or (interview.kind is InterviewKind.ONE_WAY and not granted.is_candidate):
        raise SessionNotFound
    facts = SittingFacts(
        session_id=str(session_id),
        kind=interview.kind.value,
        candidate_id=str(session.candidate_id),
        status=session.status.value,
    )
    return Admission(
        facts=facts,
        user_id=str(who.id),
        full_name=who.user.full_name,
        role=_role(granted),
        ice_servers=partial(ice_servers_for, request.app[SETTINGS], str(who.id)),
        refusal=SessionEnded() if session.ended_at is not None else None,
    )


def _role(granted: SessionAccess) -> Role:
    if granted.is_candidate:
        return "candidate"
    return "observer" if granted.panel_role is PanelRole.OBSERVER else "interviewer"
