"""Interviews: creating them, reading them, who asks the questions."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import exists, select

from server.accounts.identity import STAFF
from server.accounts.models import Membership, User
from server.accounts.schemas import PersonRef
from server.errors import BadRequest, FieldProblem, InterviewNotFound
from server.interviews import schemas
from server.interviews.models import (
    Interview,
    InterviewInterviewer,
    InterviewKind,
    InterviewQuestion,
    InterviewStatus,
    Invite,
    InviteStatus,
    Participant,
    ParticipantStatus,
)
from server.interviews.templates import filled
from server.questions.editing import refuse_strangers
from server.questions.models import Question
from server.storage.db import UnitOfWork
from server.storage.paging import Page, after


async def create_interview(
    uow: UnitOfWork, *, organisation_id: UUID, recruiter_id: UUID, new: schemas.CreateInterview
) -> Interview:
    """A new interview, active at once unless it is a draft.

    Raises BadRequest for times, questions or people that cannot work, TemplateNotFound.
    """
    new = await filled(uow, organisation_id, new)
    await _check(uow, organisation_id, new)
    interview = Interview(
        organisation_id=organisation_id,
        recruiter_id=recruiter_id,
        status=InterviewStatus.INACTIVE if new.draft else InterviewStatus.ACTIVE,
        **new.model_dump(exclude={"questions", "interviewer_ids", "template_id", "draw_seed", "draft"}),
    )
    uow.session.add(interview)
    await uow.session.flush()
    uow.session.add_all(
        InterviewQuestion(
            organisation_id=organisation_id,
            interview_id=interview.id,
            order_index=index,
            **question.model_dump(),
        )
        for index, question in enumerate(new.questions)
    )
    uow.session.add_all(seat(interview, new.interviewer_ids))
    await uow.session.flush()
    return interview


def seat(interview: Interview, interviewer_ids: Iterable[UUID]) -> list[InterviewInterviewer]:
    """Places for its interviewers, the first one leads."""
    return [
        InterviewInterviewer(
            organisation_id=interview.organisation_id,
            interview_id=interview.id,
            user_id=user_id,
            position=position,
        )
        for position, user_id in enumerate(dict.fromkeys(interviewer_ids))
    ]


async def _check(uow: UnitOfWork, organisation_id: UUID, new: schemas.CreateInterview) -> None:
    problems: list[FieldProblem] = []
    if not new.title:
        problems.append(FieldProblem(field="title", problem="An interview needs a title or a template."))
    if not new.draft:
        problems += _missing(new.kind, questions=bool(new.questions), people=bool(new.interviewer_ids))
    if new.deadline is not None and new.deadline <= uow.now:
        problems.append(FieldProblem(field="deadline", problem="The deadline is in the past."))
    problems += await _strange_people(uow, organisation_id, new.interviewer_ids)
    if problems:
        raise BadRequest(problems)
    copied = [question.question_id for question in new.questions if question.question_id is not None]
    await refuse_strangers(uow, organisation_id, Question, copied, field=lambda _: "questions")


def _missing(kind: InterviewKind, *, questions: bool, people: bool) -> list[FieldProblem]:
    """What an interview of this kind cannot be active without."""
    if kind is InterviewKind.ONE_WAY and not questions:
        said = "A one-way interview needs at least one question."
        return [FieldProblem(field="questions", problem=said)]
    if kind is not InterviewKind.ONE_WAY and not people:
        return [FieldProblem(field="interviewer_ids", problem="A live interview needs an interviewer.")]
    return []


async def refuse_incomplete(uow: UnitOfWork, interview: Interview) -> None:
    """Raise BadRequest for what candidates could not take as it is."""
    if interview.kind is InterviewKind.ONE_WAY:
        found = exists().where(InterviewQuestion.interview_id == interview.id)
    else:
        found = exists().where(InterviewInterviewer.interview_id == interview.id)
    there = bool(await uow.session.scalar(select(found)))
    if problems := _missing(interview.kind, questions=there, people=there):
        raise BadRequest(problems)


async def refuse_strange_people(uow: UnitOfWork, organisation_id: UUID, ids: Sequence[UUID]) -> None:
    """Raise BadRequest for interviewers who are not on the organisation's staff."""
    if problems := await _strange_people(uow, organisation_id, ids):
        raise BadRequest(problems)


async def _strange_people(uow: UnitOfWork, organisation_id: UUID, ids: Sequence[UUID]) -> list[FieldProblem]:
    strangers = set(ids) - await _staff_among(uow, organisation_id, ids)
    named = ", ".join(sorted(map(str, strangers)))
    said = f"Not on your staff: {named}"
    return [FieldProblem(field="interviewer_ids", problem=said)] if strangers else []


async def _staff_among(uow: UnitOfWork, organisation_id: UUID, ids: Sequence[UUID]) -> set[UUID]:
    if not ids:
        return set()
    return set(
        await uow.session.scalars(
            select(Membership.user_id).where(
                Membership.organisation_id == organisation_id,
                Membership.user_id.in_(ids),
                Membership.role.in_(STAFF),
                Membership.is_active,
            )
        )
    )


async def find_interview(uow: UnitOfWork, interview_id: UUID, organisations: Sequence[UUID]) -> Interview:
    """An interview of one of the organisations; raises InterviewNotFound for all others."""
    interview = await uow.session.scalar(
        select(Interview).where(Interview.id == interview_id, Interview.organisation_id.in_(organisations))
    )
    if interview is None:
        raise InterviewNotFound
    return interview


async def list_interviews(
    uow: UnitOfWork, organisations: Sequence[UUID], *, limit: int, cursor: str | None
) -> Page[Interview]:
    """The organisations' interviews, newest first."""
    query = select(Interview).where(Interview.organisation_id.in_(organisations))
    return await after(uow, query, Interview.id, limit=limit, cursor=cursor)


def takes_answers(interview: Interview, uow: UnitOfWork) -> bool:
    """Whether candidates may still join and start."""
    open_still = interview.deadline is None or uow.now < interview.deadline
    return interview.status is InterviewStatus.ACTIVE and open_still


async def questions_of(
    uow: UnitOfWork, interviews: Sequence[Interview]
) -> dict[UUID, list[schemas.AskedQuestion]]:
    """The questions of each interview in their order, with the times that hold."""
    by_id = {interview.id: interview for interview in interviews}
    found = await uow.session.scalars(
        select(InterviewQuestion)
        .where(InterviewQuestion.interview_id.in_(by_id))
        .order_by(InterviewQuestion.interview_id, InterviewQuestion.order_index)
    )
    questions: defaultdict[UUID, list[schemas.AskedQuestion]] = defaultdict(list)
    for question in found:
        interview = by_id[question.interview_id]
        own_think, own_answer = question.think_seconds, question.answer_seconds
        questions[interview.id].append(
            schemas.AskedQuestion(
                id=question.id,
                question_id=question.question_id,
                text=question.text,
                order_index=question.order_index,
                think_seconds=interview.think_seconds if own_think is None else own_think,
                answer_seconds=interview.answer_seconds if own_answer is None else own_answer,
                own_think_seconds=own_think,
                own_answer_seconds=own_answer,
            )
        )
    return questions


async def interviewers_of(uow: UnitOfWork, interview_ids: Sequence[UUID]) -> dict[UUID, list[PersonRef]]:
    """The interviewers of each interview, the lead first."""
    rows = await uow.session.execute(
        select(InterviewInterviewer.interview_id, User.id, User.full_name)
        .join(User, User.id == InterviewInterviewer.user_id)
        .where(InterviewInterviewer.interview_id.in_(interview_ids))
        .order_by(InterviewInterviewer.position)
    )
    interviewers: defaultdict[UUID, list[PersonRef]] = defaultdict(list)
    for interview_id, user_id, full_name in rows:
        interviewers[interview_id].append(PersonRef(id=user_id, full_name=full_name))
    return interviewers


async def describe(uow: UnitOfWork, interviews: Sequence[Interview]) -> list[schemas.Interview]:
    """Interviews as the API shows them, in two queries however many there are."""
    questions = await questions_of(uow, interviews)
    interviewers = await interviewers_of(uow, [interview.id for interview in interviews])
    return [
        schemas.Interview(
            id=interview.id,
            version=interview.version,
            title=interview.title,
            description=interview.description,
            kind=interview.kind,
            status=interview.status,
            deadline=interview.deadline,
            think_seconds=interview.think_seconds,
            answer_seconds=interview.answer_seconds,
            takes=interview.takes,
            practice_question=interview.practice_question,
            duration_minutes=interview.duration_minutes,
            interview_guide=interview.interview_guide,
            created_at=interview.created_at,
            updated_at=interview.updated_at,
            questions=questions.get(interview.id, []),
            interviewers=interviewers.get(interview.id, []),
        )
        for interview in interviews
    ]


async def was_asked(uow: UnitOfWork, question_id: UUID) -> bool:
    """Whether an interview has a copy of this question of the collection."""
    found = select(InterviewQuestion.id).where(InterviewQuestion.question_id == question_id).limit(1)
    return await uow.session.scalar(found) is not None


async def complete_participation(uow: UnitOfWork, participant_id: UUID) -> None:
    """The candidate has done their part; the invitation that brought them is completed too."""
    participant = await uow.session.get_one(Participant, participant_id)
    if participant.status is not ParticipantStatus.ACTIVE:
        return
    participant.status = ParticipantStatus.COMPLETED
    participant.completed_at = uow.now
    invite = await uow.session.get(Invite, participant.invite_id) if participant.invite_id else None
    if invite is not None and invite.status is InviteStatus.ACCEPTED:
        invite.status = InviteStatus.COMPLETED
        invite.completed_at = uow.now


def people_topic(organisation_id: UUID) -> str:
    """Name of the topic of an organisation's people on the live bus."""
    return f"people:{organisation_id}"


def people_changed(uow: UnitOfWork, organisation_id: UUID) -> None:
    """Announce that something about those invited has changed: who is told reads it again."""
    uow.publish(people_topic(organisation_id), {"type": "people"})
