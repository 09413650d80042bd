"""Events: a reviewer's verdict, and the picture that shows why. Policies: what is watched for."""

from uuid import UUID

from aiohttp import web

from server.accounts.access import PROVIDERS
from server.accounts.identity import MANAGERS, SignedIn
from server.errors import (
    EventNotFound,
    FileMissing,
    InterviewNotFound,
    NotAllowed,
    RangeNotSatisfiable,
    StaleVersion,
)
from server.evidence import choosing, service
from server.evidence.policies import Scope
from server.evidence.schemas import (
    ChangeEvent,
    ChangePolicy,
    PolicyInForce,
    PolicyPresets,
    ProctoringEvent,
    WithdrawPolicy,
)
from server.interviews.service import find_interview
from server.storage.db import UnitOfWork
from server.web.files import StoredFile
from server.web.guards import client_address
from server.web.routing import Routes

routes = Routes("events", PROVIDERS)


@routes.patch("/events/{event_id}", refusals=[EventNotFound])
async def change_event(
    request: web.Request, who: SignedIn, uow: UnitOfWork, event_id: UUID, body: ChangeEvent
) -> ProctoringEvent:
    """Confirm, dismiss or annotate an event; the verdict `none` takes a verdict back."""
    event, _ = await service.visible_event(uow, event_id, who)
    return await service.review(uow, event, body, by=who.id, address=client_address(request))


@routes.get(
    "/events/{event_id}/snapshot",
    refusals=[EventNotFound, FileMissing, RangeNotSatisfiable],
    media_type="image/jpeg",
)
async def get_event_snapshot(
    _request: web.Request, who: SignedIn, uow: UnitOfWork, event_id: UUID
) -> StoredFile:
    """The picture taken when the event was noticed."""
    event, _ = await service.visible_event(uow, event_id, who)
    if event.snapshot_key is None:
        raise FileMissing
    return StoredFile(event.snapshot_key, "image/jpeg")


@routes.get("/proctoring/presets", refusals=[NotAllowed])
async def list_proctoring_presets(_request: web.Request, who: SignedIn) -> PolicyPresets:
    """The policies Viva brings along, and the range of every limit."""
    who.require(MANAGERS)
    return choosing.presets()


@routes.get("/proctoring/policy", refusals=[NotAllowed])
async def get_proctoring_policy(_request: web.Request, who: SignedIn, uow: UnitOfWork) -> PolicyInForce:
    """What my organisation's sessions are watched for."""
    return await choosing.read(uow, Scope(who.require(MANAGERS)[0]))


@routes.put("/proctoring/policy", refusals=[NotAllowed, StaleVersion])
async def set_proctoring_policy(
    request: web.Request, who: SignedIn, uow: UnitOfWork, body: ChangePolicy
) -> PolicyInForce:
    """Choose what my organisation's sessions are watched for; those that have begun keep what they have."""
    scope = Scope(who.require(MANAGERS)[0])
    return await choosing.choose(uow, scope, body, by=who.id, address=client_address(request))


@routes.get("/interviews/{interview_id}/proctoring-policy", refusals=[NotAllowed, InterviewNotFound])
async def get_interview_proctoring_policy(
    _request: web.Request, who: SignedIn, uow: UnitOfWork, interview_id: UUID
) -> PolicyInForce:
    """What an interview's sessions are watched for, by rules of its own or the organisation's."""
    return await choosing.read(uow, await _interview(uow, who, interview_id))


@routes.put(
    "/interviews/{interview_id}/proctoring-policy", refusals=[NotAllowed, InterviewNotFound, StaleVersion]
)
async def set_interview_proctoring_policy(
    request: web.Request, who: SignedIn, uow: UnitOfWork, interview_id: UUID, body: ChangePolicy
) -> PolicyInForce:
    """Give an interview rules of its own; sessions that have begun keep what they have."""
    scope = await _interview(uow, who, interview_id)
    return await choosing.choose(uow, scope, body, by=who.id, address=client_address(request))


@routes.delete(
    "/interviews/{interview_id}/proctoring-policy", refusals=[NotAllowed, InterviewNotFound, StaleVersion]
)
async def remove_interview_proctoring_policy(
    request: web.Request, who: SignedIn, uow: UnitOfWork, interview_id: UUID, query: WithdrawPolicy
) -> PolicyInForce:
    """Take an interview back to the organisation's rules."""
    scope = await _interview(uow, who, interview_id)
    return await choosing.withdraw(
        uow, scope, version=query.version, by=who.id, address=client_address(request)
    )


async def _interview(uow: UnitOfWork, who: SignedIn, interview_id: UUID) -> Scope:
    interview = await find_interview(uow, interview_id, who.require(MANAGERS))
    return Scope(interview.organisation_id, interview.id)
