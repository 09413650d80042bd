"""Templates: how an interview is put together, and the draw that fills one."""

import secrets
from collections import Counter, defaultdict
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, select

from server.errors import TemplateNotFound
from server.questions import drawing, schemas
from server.questions.editing import refuse_strangers, touch
from server.questions.models import (
    BankQuestion,
    Difficulty,
    InterviewTemplate,
    Question,
    QuestionBank,
    QuestionTag,
    Tag,
    TemplateBank,
    TemplateTag,
)
from server.questions.tags import tags_named
from server.storage.db import UnitOfWork
from server.storage.paging import Page, after
from server.web.versions import IfMatch


async def create_template(
    uow: UnitOfWork, organisation_id: UUID, new: schemas.WriteTemplate
) -> InterviewTemplate:
    """A new template; raises BadRequest for banks that are twice in it or not the organisation's."""
    template = InterviewTemplate(
        organisation_id=organisation_id, **new.model_dump(exclude={"tags", "bank_ids"})
    )
    uow.session.add(template)
    await uow.session.flush()
    await _draw_from(uow, template, new)
    return template


async def replace_template(
    uow: UnitOfWork, template: InterviewTemplate, new: schemas.WriteTemplate, if_match: IfMatch
) -> None:
    """Write it anew as a whole; raises StaleVersion, BadRequest."""
    if_match.check(template.version)
    for name, value in new.model_dump(exclude={"tags", "bank_ids"}).items():
        setattr(template, name, value)
    touch(uow, template)
    await uow.session.flush()  # before what it draws from: of two who write at once the second stops here
    for table in (TemplateTag, TemplateBank):
        await uow.session.execute(delete(table).where(table.template_id == template.id))
    await _draw_from(uow, template, new)


async def _draw_from(uow: UnitOfWork, template: InterviewTemplate, new: schemas.WriteTemplate) -> None:
    organisation_id = template.organisation_id
    await refuse_strangers(
        uow, organisation_id, QuestionBank, new.bank_ids, field=lambda index: f"bank_ids.{index}"
    )
    tags = await tags_named(uow, organisation_id, new.tags)
    uow.session.add_all(
        TemplateTag(organisation_id=organisation_id, template_id=template.id, tag_id=tag_id)
        for tag_id in tags.values()
    )
    uow.session.add_all(
        TemplateBank(organisation_id=organisation_id, template_id=template.id, bank_id=bank_id)
        for bank_id in new.bank_ids
    )
    await uow.session.flush()


async def remove_template(uow: UnitOfWork, template: InterviewTemplate, if_match: IfMatch) -> None:
    """Forget it; interviews made of it stay. Raises StaleVersion."""
    if_match.check(template.version)
    await uow.session.delete(template)
    await uow.session.flush()


async def find_template(
    uow: UnitOfWork, template_id: UUID, organisations: Sequence[UUID]
) -> InterviewTemplate:
    """A template of one of the organisations; raises TemplateNotFound for all others."""
    found = await uow.session.scalar(
        select(InterviewTemplate).where(
            InterviewTemplate.id == template_id, InterviewTemplate.organisation_id.in_(organisations)
        )
    )
    if found is None:
        raise TemplateNotFound
    return found


async def list_templates(
    uow: UnitOfWork, organisations: Sequence[UUID], query: schemas.SearchQuery
) -> Page[InterviewTemplate]:
    """The organisations' templates, newest first."""
    found = select(InterviewTemplate).where(InterviewTemplate.organisation_id.in_(organisations))
    if query.q.strip():
        found = found.where(InterviewTemplate.name.icontains(query.q.strip(), autoescape=True))
    return await after(uow, found, InterviewTemplate.id, limit=query.limit, cursor=query.cursor)


async def describe(uow: UnitOfWork, templates: Sequence[InterviewTemplate]) -> list[schemas.Template]:
    """Templates as the API shows them, in two queries however many there are."""
    ids = [template.id for template in templates]
    tags: defaultdict[UUID, list[schemas.TagRef]] = defaultdict(list)
    banks: defaultdict[UUID, list[schemas.BankRef]] = defaultdict(list)
    named = select(TemplateTag.template_id, Tag.id, Tag.name).join(Tag, Tag.id == TemplateTag.tag_id)
    for owner, one, name in await uow.session.execute(
        named.where(TemplateTag.template_id.in_(ids)).order_by(Tag.folded)
    ):
        tags[owner].append(schemas.TagRef(id=one, name=name))
    kept = select(TemplateBank.template_id, QuestionBank.id, QuestionBank.name).join(
        QuestionBank, QuestionBank.id == TemplateBank.bank_id
    )
    for owner, one, name in await uow.session.execute(
        kept.where(TemplateBank.template_id.in_(ids)).order_by(QuestionBank.name, QuestionBank.id)
    ):
        banks[owner].append(schemas.BankRef(id=one, name=name))
    return [_shown(template, tags[template.id], banks[template.id]) for template in templates]


def _shown(
    template: InterviewTemplate, tags: list[schemas.TagRef], banks: list[schemas.BankRef]
) -> schemas.Template:
    return schemas.Template(
        id=template.id,
        version=template.version,
        name=template.name,
        description=template.description,
        difficulty=template.difficulty,
        question_count=template.question_count,
        easy_percent=template.easy_percent,
        medium_percent=template.medium_percent,
        hard_percent=template.hard_percent,
        tags=tags,
        banks=banks,
        duration_minutes=template.duration_minutes,
        interview_guide=template.interview_guide,
        created_at=template.created_at,
        updated_at=template.updated_at,
    )


async def draw(
    uow: UnitOfWork, template: InterviewTemplate, seed: int | None = None
) -> schemas.DrawnInterview:
    """What an interview made of the template is filled with; without a seed each time something else."""
    seed = secrets.randbelow(drawing.MAX_SEED + 1) if seed is None else seed
    pool = await _pool(uow, template)
    percents = {
        Difficulty.EASY: template.easy_percent,
        Difficulty.MEDIUM: template.medium_percent,
        Difficulty.HARD: template.hard_percent,
    }
    drawn = drawing.draw(pool, template.question_count, percents, seed)
    found = await uow.session.scalars(select(Question).where(Question.id.in_(drawn.question_ids)))
    by_id = {question.id: question for question in found}
    counted = Counter(pool[one] for one in drawn.question_ids)
    return schemas.DrawnInterview(
        template_id=template.id,
        seed=seed,
        title=template.name,
        description=template.description,
        duration_minutes=template.duration_minutes,
        interview_guide=template.interview_guide,
        questions=[_drawn(by_id[one]) for one in drawn.question_ids],
        wanted=schemas.ByDifficulty(**{kind.value: drawn.wanted[kind] for kind in Difficulty}),
        drawn=schemas.ByDifficulty(**{kind.value: counted[kind] for kind in Difficulty}),
        substitutions=[
            schemas.Substituted(short=one.short, filled_from=one.filled_from, count=one.count)
            for one in drawn.substitutions
        ],
        missing=drawn.missing,
    )


def _drawn(question: Question) -> schemas.DrawnQuestion:
    return schemas.DrawnQuestion(
        question_id=question.id,
        text=question.text,
        category=question.category,
        difficulty=question.difficulty,
    )


async def _pool(uow: UnitOfWork, template: InterviewTemplate) -> dict[UUID, Difficulty]:
    """The questions it may draw: of its banks where it has any, with one of its tags where it has any."""
    tags = select(TemplateTag.tag_id).where(TemplateTag.template_id == template.id)
    banks = select(TemplateBank.bank_id).where(TemplateBank.template_id == template.id)
    tagged = select(QuestionTag.question_id).where(QuestionTag.tag_id.in_(tags))
    kept = select(BankQuestion.question_id).where(BankQuestion.bank_id.in_(banks))
    rows = await uow.session.execute(
        select(Question.id, Question.difficulty).where(
            Question.organisation_id == template.organisation_id,
            Question.archived_at.is_(None),
            ~tags.exists() | Question.id.in_(tagged),
            ~banks.exists() | Question.id.in_(kept),
        )
    )
    return dict(rows.all())
