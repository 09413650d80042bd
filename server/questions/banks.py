"""Banks: named collections of questions in an order."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError

from server.errors import BankNotFound, InUse
from server.questions import schemas, service
from server.questions.editing import refuse_strangers, touch
from server.questions.models import BankQuestion, InterviewTemplate, Question, QuestionBank, TemplateBank
from server.storage.db import UnitOfWork
from server.storage.paging import Page, after
from server.web.versions import IfMatch


async def create_bank(uow: UnitOfWork, organisation_id: UUID, new: schemas.CreateBank) -> QuestionBank:
    """A new bank; raises BadRequest for questions that are twice in it or not the organisation's."""
    bank = QuestionBank(organisation_id=organisation_id, name=new.name)
    uow.session.add(bank)
    await uow.session.flush()
    await _put(uow, bank, new.question_ids)
    return bank


async def change_bank(
    uow: UnitOfWork, bank: QuestionBank, change: schemas.ChangeBank, if_match: IfMatch
) -> None:
    """Rename it, or give it other questions or another order; raises StaleVersion, BadRequest."""
    if_match.check(bank.version)
    if change.name is not None:
        bank.name = change.name
    touch(uow, bank)
    await uow.session.flush()  # before its questions: of two who change it at once the second stops here
    if change.question_ids is not None:
        await uow.session.execute(delete(BankQuestion).where(BankQuestion.bank_id == bank.id))
        await _put(uow, bank, change.question_ids)


async def _put(uow: UnitOfWork, bank: QuestionBank, question_ids: Sequence[UUID]) -> None:
    await refuse_strangers(
        uow, bank.organisation_id, Question, question_ids, field=lambda index: f"question_ids.{index}"
    )
    uow.session.add_all(
        BankQuestion(
            organisation_id=bank.organisation_id, bank_id=bank.id, question_id=question_id, position=position
        )
        for position, question_id in enumerate(question_ids)
    )
    await uow.session.flush()


async def remove_bank(uow: UnitOfWork, bank: QuestionBank, if_match: IfMatch) -> None:
    """Forget the bank, its questions stay; raises InUse while templates draw from it, StaleVersion."""
    if_match.check(bank.version)
    using = select(InterviewTemplate.name).join(
        TemplateBank, TemplateBank.template_id == InterviewTemplate.id
    )
    names = (await uow.session.scalars(using.where(TemplateBank.bank_id == bank.id).limit(3))).all()
    if names:
        raise InUse.by(names)
    try:
        async with uow.session.begin_nested():
            await uow.session.delete(bank)
    except IntegrityError as error:  # a template began to use it just now
        raise InUse from error


async def find_bank(uow: UnitOfWork, bank_id: UUID, organisations: Sequence[UUID]) -> QuestionBank:
    """A bank of one of the organisations; raises BankNotFound for all others."""
    found = await uow.session.scalar(
        select(QuestionBank).where(
            QuestionBank.id == bank_id, QuestionBank.organisation_id.in_(organisations)
        )
    )
    if found is None:
        raise BankNotFound
    return found


async def list_banks(
    uow: UnitOfWork, organisations: Sequence[UUID], query: schemas.SearchQuery
) -> Page[QuestionBank]:
    """The organisations' banks, newest first."""
    found = select(QuestionBank).where(QuestionBank.organisation_id.in_(organisations))
    if query.q.strip():
        found = found.where(QuestionBank.name.icontains(query.q.strip(), autoescape=True))
    return await after(uow, found, QuestionBank.id, limit=query.limit, cursor=query.cursor)


async def describe(uow: UnitOfWork, banks: Sequence[QuestionBank]) -> list[schemas.BankRow]:
    """Banks as lists show them, in one query."""
    rows = await uow.session.execute(
        select(BankQuestion.bank_id, func.count())
        .where(BankQuestion.bank_id.in_([bank.id for bank in banks]))
        .group_by(BankQuestion.bank_id)
    )
    counts = dict(rows.all())
    return [
        schemas.BankRow(
            id=bank.id,
            version=bank.version,
            name=bank.name,
            question_count=counts.get(bank.id, 0),
            created_at=bank.created_at,
            updated_at=bank.updated_at,
        )
        for bank in banks
    ]


async def open_bank(uow: UnitOfWork, bank: QuestionBank) -> schemas.Bank:
    """A bank with its questions in their order, archived ones too."""
    found = await uow.session.scalars(
        select(Question)
        .join(BankQuestion, BankQuestion.question_id == Question.id)
        .where(BankQuestion.bank_id == bank.id)
        .order_by(BankQuestion.position)
    )
    questions = await service.describe(uow, found.all())
    return schemas.Bank(
        id=bank.id,
        version=bank.version,
        name=bank.name,
        question_count=len(questions),
        created_at=bank.created_at,
        updated_at=bank.updated_at,
        questions=questions,
    )
