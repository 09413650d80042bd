"""Changing interviews: fields and questions, what may follow which status, and copies to start from."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, exists, select

from server.errors import (
    BadRequest,
    FieldProblem,
    InterviewBegun,
    InterviewCompleted,
    InvalidTransition,
)
from server.interviews.models import (
    Interview,
    InterviewInterviewer,
    InterviewQuestion,
    InterviewStatus,
    Participant,
)
from server.interviews.schemas import ChangeInterview, WriteQuestion
from server.interviews.service import refuse_incomplete, refuse_strange_people, seat
from server.questions.editing import refuse_strangers, touch
from server.questions.models import Question
from server.storage.db import UnitOfWork
from server.web.versions import IfMatch

S = InterviewStatus

TRANSITIONS: dict[InterviewStatus, frozenset[InterviewStatus]] = {
    S.INACTIVE: frozenset({S.ACTIVE, S.COMPLETED}),
    S.ACTIVE: frozenset({S.INACTIVE, S.COMPLETED}),
    S.COMPLETED: frozenset(),
}
FIXED = frozenset({"kind", "think_seconds", "answer_seconds", "takes", "practice_question", "questions"})
"""What is the same for everybody who takes part, and so stays once somebody does."""
NULLABLE = frozenset({"deadline", "duration_minutes"})
ELSEWHERE = frozenset({"questions", "interviewer_ids"})
COPY_OF = "Copy of "
MAX_TITLE = 200


async def change_interview(
    uow: UnitOfWork, interview: Interview, change: ChangeInterview, if_match: IfMatch
) -> None:
    """Change what is named; of two who do so at once the second stops.

    Raises StaleVersion, InterviewCompleted, InterviewBegun for what is fixed once somebody takes part,
    BadRequest.
    """
    if_match.check(interview.version)
    if interview.status is S.COMPLETED:
        raise InterviewCompleted
    given = _given(change)
    for name in given - ELSEWHERE:
        setattr(interview, name, getattr(change, name))
    touch(uow, interview)
    await uow.session.flush()  # the row is ours now: nobody changes it or joins until we are done
    if given & FIXED and await has_begun(uow, interview.id):
        raise InterviewBegun
    if change.deadline is not None and change.deadline <= uow.now:
        raise BadRequest([FieldProblem(field="deadline", problem="The deadline is in the past.")])
    if change.interviewer_ids is not None:
        await _seat_anew(uow, interview, change.interviewer_ids)
    if change.questions is not None:
        await _put(uow, interview, change.questions)
    if interview.status is S.ACTIVE:
        await refuse_incomplete(uow, interview)


def _given(change: ChangeInterview) -> set[str]:
    """The fields that were sent; null says something only where a field may be empty."""
    return {name for name in change.model_fields_set if name in NULLABLE or getattr(change, name) is not None}


async def has_begun(uow: UnitOfWork, interview_id: UUID) -> bool:
    """Whether anybody takes part."""
    found = await uow.session.scalar(select(exists().where(Participant.interview_id == interview_id)))
    return bool(found)


async def _seat_anew(uow: UnitOfWork, interview: Interview, interviewer_ids: Sequence[UUID]) -> None:
    """Other interviewers for sessions made from now on."""
    await refuse_strange_people(uow, interview.organisation_id, interviewer_ids)
    await uow.session.execute(
        delete(InterviewInterviewer).where(InterviewInterviewer.interview_id == interview.id)
    )
    uow.session.add_all(seat(interview, interviewer_ids))
    await uow.session.flush()


async def _put(uow: UnitOfWork, interview: Interview, wanted: Sequence[WriteQuestion]) -> None:
    """Make these the interview's questions, in this order."""
    standing = {
        question.id: question
        for question in await uow.session.scalars(
            select(InterviewQuestion).where(InterviewQuestion.interview_id == interview.id)
        )
    }
    await _refuse_questions(uow, interview, wanted, set(standing))
    kept = {question.id for question in wanted}
    for question_id, old in standing.items():
        if question_id not in kept:
            await uow.session.delete(old)
    for index, question in enumerate(wanted):
        values = question.model_dump(exclude={"id"}) | {"order_index": index}
        if question.id is None:
            uow.session.add(_question(interview, values))
            continue
        if question.question_id is None:
            values.pop("question_id")  # it stays a copy of what it was
        for name, value in values.items():
            setattr(standing[question.id], name, value)
    await uow.session.flush()


def _question(interview: Interview, values: dict[str, object]) -> InterviewQuestion:
    return InterviewQuestion(organisation_id=interview.organisation_id, interview_id=interview.id, **values)


async def _refuse_questions(
    uow: UnitOfWork, interview: Interview, wanted: Sequence[WriteQuestion], standing: set[UUID]
) -> None:
    seen: set[UUID] = set()
    problems: list[FieldProblem] = []
    for index, question in enumerate(wanted):
        if question.id is None:
            continue
        if question.id in seen or question.id not in standing:
            said = "Twice in the list" if question.id in seen else "This interview has none with this id"
            problems.append(FieldProblem(field=f"questions.{index}.id", problem=f"{said}: {question.id}"))
        seen.add(question.id)
    if problems:
        raise BadRequest(problems)
    copied = [question.question_id for question in wanted if question.question_id is not None]
    await refuse_strangers(
        uow, interview.organisation_id, Question, list(dict.fromkeys(copied)), field=lambda _: "questions"
    )


async def move_interview(
    uow: UnitOfWork, interview: Interview, status: InterviewStatus, if_match: IfMatch
) -> None:
    """Activate it, pause it or close it.

    Raises StaleVersion, InvalidTransition naming both states, BadRequest where something is missing.
    """
    if_match.check(interview.version)
    if status not in TRANSITIONS[interview.status]:
        raise InvalidTransition(f"An interview that is {interview.status} cannot become {status}.")
    interview.status = status
    touch(uow, interview)
    await uow.session.flush()
    if status is S.ACTIVE:
        if interview.deadline is not None and interview.deadline <= uow.now:
            raise BadRequest([FieldProblem(field="deadline", problem="The deadline is in the past.")])
        await refuse_incomplete(uow, interview)


async def duplicate_interview(uow: UnitOfWork, interview: Interview, recruiter_id: UUID) -> Interview:
    """A draft that asks the same in the same way, without people and without a deadline."""
    same = (
        "organisation_id",
        "description",
        "kind",
        "think_seconds",
        "answer_seconds",
        "takes",
        "practice_question",
        "duration_minutes",
        "interview_guide",
        "share_settings",
    )
    made = Interview(
        title=f"{COPY_OF}{interview.title}"[:MAX_TITLE],
        recruiter_id=recruiter_id,
        status=S.INACTIVE,
        **{name: getattr(interview, name) for name in same},
    )
    uow.session.add(made)
    await uow.session.flush()
    for question in await uow.session.scalars(
        select(InterviewQuestion).where(InterviewQuestion.interview_id == interview.id)
    ):
        asked = ("question_id", "text", "order_index", "think_seconds", "answer_seconds")
        uow.session.add(_question(made, {name: getattr(question, name) for name in asked}))
    seats = await uow.session.scalars(
        select(InterviewInterviewer.user_id)
        .where(InterviewInterviewer.interview_id == interview.id)
        .order_by(InterviewInterviewer.position)
    )
    uow.session.add_all(seat(made, list(seats)))
    await uow.session.flush()
    return made
