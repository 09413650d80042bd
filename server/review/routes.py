"""Reading sessions: the list, one of them, and its review."""

from uuid import UUID

from aiohttp import web

from server.accounts.access import PROVIDERS
from server.accounts.identity import MANAGERS, SignedIn
from server.errors import BadRequest, InterviewNotFound, NotAllowed, SessionNotFound
from server.interviews.service import find_interview
from server.keys import PRESENCE
from server.mail.delivery import DELIVERER
from server.review.detail import Review, SessionDetail, review_of, session_detail
from server.review.funnels import (
    Dashboard,
    DashboardQuery,
    DashboardRow,
    Weeks,
    WeeksQuery,
    dashboard,
    one_row,
    weeks,
)
from server.review.people import (
    InvitedPeople,
    PeopleFilter,
    PeopleQuery,
    export_people,
    list_people,
)
from server.review.sessions import SessionRows, SessionsQuery, list_sessions
from server.review.videos import VideoRows, VideosQuery, list_videos
from server.scheduling.service import access
from server.storage.db import UnitOfWork
from server.web.csvfile import CsvFile
from server.web.routing import Routes

routes = Routes("sessions", PROVIDERS)


@routes.get("/sessions", refusals=[NotAllowed, BadRequest])
async def list_staff_sessions(
    request: web.Request, who: SignedIn, uow: UnitOfWork, query: SessionsQuery
) -> SessionRows:
    """The sessions I may see as staff, newest first."""
    return await list_sessions(uow, who, query, request.app[PRESENCE])


@routes.get("/videos", refusals=[NotAllowed, BadRequest])
async def list_staff_videos(
    _request: web.Request, who: SignedIn, uow: UnitOfWork, query: VideosQuery
) -> VideoRows:
    """The videos of my organisation, newest first, for those who manage interviews."""
    return await list_videos(uow, who, query)


@routes.get("/sessions/{session_id}", refusals=[SessionNotFound])
async def get_session(
    _request: web.Request, who: SignedIn, uow: UnitOfWork, session_id: UUID
) -> SessionDetail:
    """One session, for its candidate, its panel and the organisation's staff."""
    return await session_detail(uow, await access(uow, session_id, who))


@routes.get("/sessions/{session_id}/review", refusals=[SessionNotFound])
async def get_session_review(
    _request: web.Request, who: SignedIn, uow: UnitOfWork, session_id: UUID
) -> Review:
    """A session's videos and timeline, for staff."""
    granted = await access(uow, session_id, who)
    if granted.is_candidate:
        raise SessionNotFound
    return await review_of(uow, granted)


@routes.get("/dashboard/interviews", refusals=[NotAllowed, BadRequest])
async def list_dashboard_interviews(
    _request: web.Request, who: SignedIn, uow: UnitOfWork, query: DashboardQuery
) -> Dashboard:
    """The organisation's interviews, newest first, with how far those invited have come."""
    return await dashboard(uow, who.require(MANAGERS), query)


@routes.get("/dashboard/interviews/{interview_id}", refusals=[NotAllowed, InterviewNotFound])
async def get_dashboard_interview(
    _request: web.Request, who: SignedIn, uow: UnitOfWork, interview_id: UUID
) -> DashboardRow:
    """How far those invited to one interview have come."""
    return await one_row(uow, await find_interview(uow, interview_id, who.require(MANAGERS)))


@routes.get("/dashboard/weeks", refusals=[NotAllowed, InterviewNotFound])
async def list_dashboard_weeks(
    _request: web.Request, who: SignedIn, uow: UnitOfWork, query: WeeksQuery
) -> Weeks:
    """Invitations and finished interviews of the last twelve weeks, of all interviews or of one."""
    organisations = who.require(MANAGERS)
    one = query.interview_id
    return await weeks(uow, organisations, await find_interview(uow, one, organisations) if one else None)


@routes.get("/interviews/{interview_id}/people", refusals=[NotAllowed, InterviewNotFound, BadRequest])
async def list_interview_people(
    request: web.Request, who: SignedIn, uow: UnitOfWork, interview_id: UUID, query: PeopleQuery
) -> InvitedPeople:
    """Everybody invited to an interview, newest first, each in the state they are in."""
    interview = await find_interview(uow, interview_id, who.require(MANAGERS))
    presence = request.app[PRESENCE]
    found = await list_people(uow, interview, query, presence, limit=query.limit, cursor=query.cursor)
    return found.model_copy(update={"mails_kept": request.app[DELIVERER].keeps_letters})


@routes.get(
    "/interviews/{interview_id}/people/export",
    refusals=[NotAllowed, InterviewNotFound],
    media_type="text/csv",
)
async def export_interview_people(
    _request: web.Request, who: SignedIn, uow: UnitOfWork, interview_id: UUID, query: PeopleFilter
) -> CsvFile:
    """Those who fit the filter as a CSV file; cells a spreadsheet would run begin with a quote."""
    interview = await find_interview(uow, interview_id, who.require(MANAGERS))
    lines = export_people(uow, interview, query)
    return CsvFile("".join([line async for line in lines]).encode(), "people.csv")
