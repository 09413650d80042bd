"""Tags: found or made by name, renamed, removed."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError

from server.errors import InUse, TagExists, TagNotFound
from server.questions import schemas
from server.questions.editing import touch
from server.questions.models import InterviewTemplate, QuestionTag, Tag, TemplateTag
from server.storage.base import new_id
from server.storage.db import UnitOfWork
from server.storage.paging import Page, after
from server.web.versions import IfMatch


def fold(name: str) -> str:
    """What two spellings of one tag have in common."""
    return " ".join(name.split()).casefold()


async def tags_named(uow: UnitOfWork, organisation_id: UUID, names: Iterable[str]) -> dict[str, UUID]:
    """The tags by folded name; unknown ones are made, in two statements however many there are."""
    wanted = {fold(name): " ".join(name.split()) for name in names}
    if not wanted:
        return {}
    rows = [
        {"id": new_id(), "organisation_id": organisation_id, "name": name, "folded": folded, "version": 1}
        for folded, name in sorted(wanted.items())  # sorted: two that make the same tags wait in one order
    ]
    await uow.session.execute(insert(Tag).values(rows).on_conflict_do_nothing())
    found = await uow.session.execute(
        select(Tag.folded, Tag.id).where(Tag.organisation_id == organisation_id, Tag.folded.in_(wanted))
    )
    return dict(found.all())


async def create_tag(uow: UnitOfWork, organisation_id: UUID, name: str) -> Tag:
    """A new tag; raises TagExists for another spelling of one that is there."""
    tag = Tag(organisation_id=organisation_id, name=" ".join(name.split()), folded=fold(name))
    await _flush(uow, tag)
    return tag


async def rename_tag(uow: UnitOfWork, tag: Tag, name: str, if_match: IfMatch) -> None:
    """Call it something else everywhere; raises TagExists, StaleVersion."""
    if_match.check(tag.version)
    tag.name, tag.folded = " ".join(name.split()), fold(name)
    touch(uow, tag)
    await _flush(uow, tag)


async def _flush(uow: UnitOfWork, tag: Tag) -> None:
    try:
        async with uow.session.begin_nested():
            uow.session.add(tag)
    except IntegrityError as error:
        raise TagExists from error


async def remove_tag(uow: UnitOfWork, tag: Tag, if_match: IfMatch) -> None:
    """Take it from all questions and forget it; raises InUse while templates draw by it, StaleVersion."""
    if_match.check(tag.version)
    using = select(InterviewTemplate.name).join(TemplateTag, TemplateTag.template_id == InterviewTemplate.id)
    names = (await uow.session.scalars(using.where(TemplateTag.tag_id == tag.id).limit(3))).all()
    if names:
        raise InUse.by(names)
    try:
        async with uow.session.begin_nested():
            await uow.session.delete(tag)
    except IntegrityError as error:  # a template began to use it just now
        raise InUse from error


async def find_tag(uow: UnitOfWork, tag_id: UUID, organisations: Sequence[UUID]) -> Tag:
    """A tag of one of the organisations; raises TagNotFound for all others."""
    found = await uow.session.scalar(
        select(Tag).where(Tag.id == tag_id, Tag.organisation_id.in_(organisations))
    )
    if found is None:
        raise TagNotFound
    return found


async def list_tags(uow: UnitOfWork, organisations: Sequence[UUID], query: schemas.SearchQuery) -> Page[Tag]:
    """The organisations' tags, newest first."""
    found = select(Tag).where(Tag.organisation_id.in_(organisations))
    if query.q.strip():
        found = found.where(Tag.name.icontains(query.q.strip(), autoescape=True))
    return await after(uow, found, Tag.id, limit=query.limit, cursor=query.cursor)


async def describe(uow: UnitOfWork, tags: Sequence[Tag]) -> list[schemas.Tag]:
    """Tags as the API shows them, in one query."""
    rows = await uow.session.execute(
        select(QuestionTag.tag_id, func.count())
        .where(QuestionTag.tag_id.in_([tag.id for tag in tags]))
        .group_by(QuestionTag.tag_id)
    )
    counts = dict(rows.all())
    return [
        schemas.Tag(
            id=tag.id,
            version=tag.version,
            name=tag.name,
            question_count=counts.get(tag.id, 0),
            created_at=tag.created_at,
            updated_at=tag.updated_at,
        )
        for tag in tags
    ]


async def tags_of(uow: UnitOfWork, question_ids: Sequence[UUID]) -> dict[UUID, list[schemas.TagRef]]:
    """The tags of each question by name, in one query."""
    rows = await uow.session.execute(
        select(QuestionTag.question_id, Tag.id, Tag.name)
        .join(Tag, Tag.id == QuestionTag.tag_id)
        .where(QuestionTag.question_id.in_(question_ids))
        .order_by(Tag.folded)
    )
    found: defaultdict[UUID, list[schemas.TagRef]] = defaultdict(list)
    for question_id, tag_id, name in rows:
        found[question_id].append(schemas.TagRef(id=tag_id, name=name))
    return found
