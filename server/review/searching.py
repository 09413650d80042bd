"""Searching lists of sessions and videos: who and which interviews first, then what hangs on them.

One query over everything would join every session with its candidate to look at names. Ids found before let
the database go straight to their rows; where too many fit to name them, the newest are soon met.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Uuid, any_, literal, or_, select

from server.accounts.service import matches, people_matching
from server.interviews.models import Interview
from server.scheduling.models import InterviewSession
from server.storage.db import UnitOfWork


async def of_candidates(uow: UnitOfWork, part: str) -> ColumnElement[bool]:
    """Whether a session's candidate has this in their name or e-mail; the session is joined with its User."""
    people = await people_matching(uow, part)
    return matches(part) if people is None else InterviewSession.candidate_id.in_(people)


async def of_candidates_or_titles(
    uow: UnitOfWork, organisations: Sequence[UUID], part: str
) -> ColumnElement[bool]:
    """The same, or whether the interview has it in its title."""
    interviews = await uow.session.scalars(
        select(Interview.id).where(
            Interview.organisation_id.in_(organisations), Interview.title.icontains(part, autoescape=True)
        )
    )
    # One parameter, where IN would write and read one for each of hundreds.
    named = literal(interviews.all(), ARRAY(Uuid()))
    return or_(InterviewSession.interview_id == any_(named), await of_candidates(uow, part))
