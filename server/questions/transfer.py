"""Questions in and out as a file."""

from collections.abc import AsyncIterator, Sequence
from uuid import UUID

from sqlalchemy import select

from server.questions import csvfile, schemas
from server.questions.models import Question
from server.questions.service import create_questions, list_questions
from server.questions.tags import tags_of
from server.storage.db import UnitOfWork

EXPORT_PAGE = 1000


async def import_questions(
    uow: UnitOfWork, organisation_id: UUID, given: schemas.ImportQuestions
) -> schemas.Imported:
    """What becomes of each line; unless it is a dry run, the new ones are made. Raises BadRequest.

    A line whose text the organisation's collection has already, or a line before it, makes nothing.
    """
    lines = csvfile.read(given.csv)
    known = await _known(uow, organisation_id, [line.question.text for line in lines if line.question])
    new: list[schemas.CreateBankQuestion] = []
    items: list[schemas.ImportedLine] = []
    for line in lines:
        if line.question is None:
            items.append(_shown(line, "wrong"))
        elif line.question.text in known:
            items.append(_shown(line, "duplicate"))
        else:
            known.add(line.question.text)
            new.append(line.question)
            items.append(_shown(line, "new"))
    if new and not given.dry_run:
        # The list shows the newest first: so it shows them in the order of the file.
        await create_questions(uow, organisation_id, new[::-1])
    statuses = [item.status for item in items]
    return schemas.Imported(
        items=items,
        new_count=statuses.count("new"),
        duplicate_count=statuses.count("duplicate"),
        wrong_count=statuses.count("wrong"),
        dry_run=given.dry_run,
    )


async def _known(uow: UnitOfWork, organisation_id: UUID, texts: Sequence[str]) -> set[str]:
    found = await uow.session.scalars(
        select(Question.text).where(Question.organisation_id == organisation_id, Question.text.in_(texts))
    )
    return set(found)


def _shown(line: csvfile.Line, status: str) -> schemas.ImportedLine:
    question = line.question
    return schemas.ImportedLine.model_validate(
        {
            "line": line.number,
            "status": status,
            "text": question.text if question else line.cells["text"],
            "category": question.category if question else line.cells["category"],
            "difficulty": question.difficulty if question else line.cells["difficulty"],
            "tags": question.tags if question else line.tags,
            "problems": line.problems,
        }
    )


async def export_questions(
    uow: UnitOfWork, organisations: Sequence[UUID], wanted: schemas.QuestionFilter
) -> AsyncIterator[str]:
    """The questions that fit as the lines of a CSV file, newest first, a page at a time."""
    cursor: str | None = None
    header = True
    while header or cursor is not None:
        page = await list_questions(uow, organisations, wanted, limit=EXPORT_PAGE, cursor=cursor)
        tags = await tags_of(uow, [question.id for question in page.items])
        rows = (
            (one.text, one.category, one.difficulty.value, [tag.name for tag in tags.get(one.id, [])])
            for one in page.items
        )
        yield "".join(csvfile.write(rows, header=header))
        header, cursor = False, page.next_cursor
