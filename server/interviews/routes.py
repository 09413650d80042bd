"""Interviews, for those who manage them."""

from typing import Any
from uuid import UUID

from aiohttp import web
from pydantic import BaseModel, Field

from server.accounts.access import PROVIDERS
from server.accounts.identity import MANAGERS, SignedIn
from server.accounts.service import audit
from server.errors import (
    BadRequest,
    InterviewBegun,
    InterviewCompleted,
    InterviewNotFound,
    InvalidTransition,
    NotAllowed,
    TemplateNotFound,
)
from server.evidence import policies
from server.interviews import editing, schemas, service
from server.interviews.models import Interview, InterviewStatus
from server.schemas import Cursor
from server.storage.db import UnitOfWork
from server.storage.paging import DEFAULT_LIMIT, MAX_LIMIT
from server.web.guards import client_address
from server.web.routing import Routes
from server.web.versions import IfMatch

routes = Routes("interviews", PROVIDERS)

MOVES = [NotAllowed, InterviewNotFound, InvalidTransition]


class PageQuery(BaseModel):
    limit: int = Field(DEFAULT_LIMIT, ge=1, le=MAX_LIMIT)
    cursor: Cursor | None = None


@routes.get("/interviews", refusals=[NotAllowed])
async def list_interviews(
    _request: web.Request, who: SignedIn, uow: UnitOfWork, query: PageQuery
) -> schemas.Interviews:
    """The organisation's interviews, newest first."""
    page = await service.list_interviews(uow, who.require(MANAGERS), limit=query.limit, cursor=query.cursor)
    return schemas.Interviews(items=await service.describe(uow, page.items), next_cursor=page.next_cursor)


@routes.post("/interviews", status=201, once=True, refusals=[NotAllowed, BadRequest, TemplateNotFound])
async def create_interview(
    request: web.Request, who: SignedIn, uow: UnitOfWork, body: schemas.CreateInterview
) -> schemas.Interview:
    """Create an interview; it is active at once unless it is a draft."""
    organisation_id = who.require(MANAGERS)[0]
    interview = await service.create_interview(
        uow, organisation_id=organisation_id, recruiter_id=who.id, new=body
    )
    _note(request, uow, who, "created", interview, {"title": interview.title, "kind": interview.kind})
    return await _described(uow, interview)


@routes.get("/interviews/{interview_id}", refusals=[NotAllowed, InterviewNotFound])
async def get_interview(
    _request: web.Request, who: SignedIn, uow: UnitOfWork, interview_id: UUID
) -> schemas.Interview:
    """One interview."""
    return await _described(uow, await service.find_interview(uow, interview_id, who.require(MANAGERS)))


@routes.patch(
    "/interviews/{interview_id}",
    refusals=[NotAllowed, InterviewNotFound, InterviewBegun, InterviewCompleted],
)
async def change_interview(
    request: web.Request,
    who: SignedIn,
    uow: UnitOfWork,
    interview_id: UUID,
    body: schemas.ChangeInterview,
    if_match: IfMatch,
) -> schemas.Interview:
    """Change an interview; add, change, remove and reorder its questions.

    Once somebody takes part its questions and times stay; once it is closed all of it does.
    """
    interview = await service.find_interview(uow, interview_id, who.require(MANAGERS))
    await editing.change_interview(uow, interview, body, if_match)
    _note(request, uow, who, "changed", interview, body.model_dump(mode="json", exclude_unset=True))
    return await _described(uow, interview)


@routes.post("/interviews/{interview_id}/activate", refusals=[*MOVES, BadRequest])
async def activate_interview(
    request: web.Request, who: SignedIn, uow: UnitOfWork, interview_id: UUID, if_match: IfMatch
) -> schemas.Interview:
    """Open a draft or a paused interview: candidates may join and start."""
    interview = await service.find_interview(uow, interview_id, who.require(MANAGERS))
    await editing.move_interview(uow, interview, InterviewStatus.ACTIVE, if_match)
    _note(request, uow, who, "activated", interview)
    return await _described(uow, interview)


@routes.post("/interviews/{interview_id}/pause", refusals=MOVES)
async def pause_interview(
    request: web.Request, who: SignedIn, uow: UnitOfWork, interview_id: UUID, if_match: IfMatch
) -> schemas.Interview:
    """Let nobody join or start for now; who has started may finish."""
    interview = await service.find_interview(uow, interview_id, who.require(MANAGERS))
    await editing.move_interview(uow, interview, InterviewStatus.INACTIVE, if_match)
    _note(request, uow, who, "paused", interview)
    return await _described(uow, interview)


@routes.post("/interviews/{interview_id}/close", refusals=MOVES)
async def close_interview(
    request: web.Request, who: SignedIn, uow: UnitOfWork, interview_id: UUID, if_match: IfMatch
) -> schemas.Interview:
    """Let nobody join or start any more, for good; who has started may finish."""
    interview = await service.find_interview(uow, interview_id, who.require(MANAGERS))
    await editing.move_interview(uow, interview, InterviewStatus.COMPLETED, if_match)
    _note(request, uow, who, "closed", interview)
    return await _described(uow, interview)


@routes.post(
    "/interviews/{interview_id}/duplicate", status=201, once=True, refusals=[NotAllowed, InterviewNotFound]
)
async def duplicate_interview(
    request: web.Request, who: SignedIn, uow: UnitOfWork, interview_id: UUID
) -> schemas.Interview:
    """Make a draft that asks the same, watched by the same rules, without people and without a deadline."""
    interview = await service.find_interview(uow, interview_id, who.require(MANAGERS))
    made = await editing.duplicate_interview(uow, interview, who.id)
    await policies.copy_own(uow, interview, made, by=who.id)
    _note(request, uow, who, "created", made, {"title": made.title, "copy_of": str(interview.id)})
    return await _described(uow, made)


async def _described(uow: UnitOfWork, interview: Interview) -> schemas.Interview:
    return (await service.describe(uow, [interview]))[0]


def _note(
    request: web.Request,
    uow: UnitOfWork,
    who: SignedIn,
    done: str,
    interview: Interview,
    after: dict[str, Any] | None = None,
) -> None:
    audit(
        uow,
        action=f"interview.{done}",
        entity=("interview", interview.id),
        organisation_id=interview.organisation_id,
        actor_id=who.id,
        after=after,
        address=client_address(request),
    )
