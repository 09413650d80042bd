"""Questions: writing them, finding them, archiving those that interviews have asked."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, delete, or_, select

from server.errors import BankQuestionNotFound
from server.questions import schemas
from server.questions.editing import touch
from server.questions.models import BankQuestion, Question, QuestionBank, QuestionTag
from server.questions.tags import fold, tags_named, tags_of
from server.storage.db import UnitOfWork
from server.storage.paging import Page, after
from server.web.versions import IfMatch


async def create_questions(
    uow: UnitOfWork, organisation_id: UUID, new: Sequence[schemas.CreateBankQuestion]
) -> list[Question]:
    """New questions, in a few statements however many there are."""
    tags = await tags_named(uow, organisation_id, [name for each in new for name in each.tags])
    made = [Question(organisation_id=organisation_id, **each.model_dump(exclude={"tags"})) for each in new]
    uow.session.add_all(made)
    await uow.session.flush()
    uow.session.add_all(
        QuestionTag(organisation_id=organisation_id, question_id=question.id, tag_id=tag_id)
        for question, each in zip(made, new, strict=True)
        for tag_id in {tags[fold(name)] for name in each.tags}
    )
    await uow.session.flush()
    return made


async def change_question(
    uow: UnitOfWork, question: Question, change: schemas.ChangeQuestion, if_match: IfMatch
) -> None:
    """Change what is given; interviews keep the text they copied. Raises StaleVersion."""
    if_match.check(question.version)
    for name, value in change.model_dump(exclude_none=True, exclude={"tags", "archived"}).items():
        setattr(question, name, value)
    if change.archived is not None:
        question.archived_at = (question.archived_at or uow.now) if change.archived else None
    touch(uow, question)
    await uow.session.flush()  # before the tags: of two who change it at once the second stops here
    if change.tags is not None:
        await _set_tags(uow, question, change.tags)


async def _set_tags(uow: UnitOfWork, question: Question, names: Sequence[str]) -> None:
    tags = await tags_named(uow, question.organisation_id, names)
    await uow.session.execute(delete(QuestionTag).where(QuestionTag.question_id == question.id))
    uow.session.add_all(
        QuestionTag(organisation_id=question.organisation_id, question_id=question.id, tag_id=tag_id)
        for tag_id in tags.values()
    )
    await uow.session.flush()


async def remove_question(uow: UnitOfWork, question: Question, if_match: IfMatch, *, asked: bool) -> None:
    """Delete it, or archive it where it was `asked` in an interview; raises StaleVersion."""
    if_match.check(question.version)
    if asked:
        question.archived_at = question.archived_at or uow.now
        touch(uow, question)
    else:
        await uow.session.delete(question)
    await uow.session.flush()


async def find_question(uow: UnitOfWork, question_id: UUID, organisations: Sequence[UUID]) -> Question:
    """A question of one of the organisations; raises BankQuestionNotFound for all others."""
    found = await uow.session.scalar(
        select(Question).where(Question.id == question_id, Question.organisation_id.in_(organisations))
    )
    if found is None:
        raise BankQuestionNotFound
    return found


async def list_questions(
    uow: UnitOfWork,
    organisations: Sequence[UUID],
    wanted: schemas.QuestionFilter,
    *,
    limit: int,
    cursor: str | None,
) -> Page[Question]:
    """The organisations' questions that fit, newest first."""
    query = select(Question).where(Question.organisation_id.in_(organisations), *_conditions(wanted))
    return await after(uow, query, Question.id, limit=limit, cursor=cursor)


def _conditions(wanted: schemas.QuestionFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [
        Question.archived_at.is_not(None) if wanted.archived else Question.archived_at.is_(None)
    ]
    if text := wanted.q.strip():
        found.append(
            or_(
                Question.text.icontains(text, autoescape=True),
                Question.category.icontains(text, autoescape=True),
            )
        )
    if wanted.category is not None:
        found.append(Question.category == wanted.category)
    if wanted.difficulty is not None:
        found.append(Question.difficulty == wanted.difficulty)
    if wanted.tag is not None:
        tagged = select(QuestionTag.question_id).where(QuestionTag.tag_id == wanted.tag)
        found.append(Question.id.in_(tagged))
    if wanted.bank is not None:
        kept = select(BankQuestion.question_id).where(BankQuestion.bank_id == wanted.bank)
        found.append(Question.id.in_(kept))
    return found


async def describe(uow: UnitOfWork, questions: Sequence[Question]) -> list[schemas.BankQuestion]:
    """Questions as the API shows them, in two queries however many there are."""
    ids = [question.id for question in questions]
    tags = await tags_of(uow, ids)
    banks = await _banks_of(uow, ids)
    return [
        schemas.BankQuestion(
            id=question.id,
            version=question.version,
            text=question.text,
            category=question.category,
            difficulty=question.difficulty,
            tags=tags.get(question.id, []),
            banks=banks.get(question.id, []),
            archived_at=question.archived_at,
            created_at=question.created_at,
            updated_at=question.updated_at,
        )
        for question in questions
    ]


async def _banks_of(uow: UnitOfWork, question_ids: Sequence[UUID]) -> dict[UUID, list[schemas.BankRef]]:
    rows = await uow.session.execute(
        select(BankQuestion.question_id, QuestionBank.id, QuestionBank.name)
        .join(QuestionBank, QuestionBank.id == BankQuestion.bank_id)
        .where(BankQuestion.question_id.in_(question_ids))
        .order_by(QuestionBank.name, QuestionBank.id)
    )
    found: defaultdict[UUID, list[schemas.BankRef]] = defaultdict(list)
    for question_id, bank_id, name in rows:
        found[question_id].append(schemas.BankRef(id=bank_id, name=name))
    return found
