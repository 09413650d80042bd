"""Questions and tags, for those who manage interviews."""

from uuid import UUID

from aiohttp import web

from server.accounts.access import PROVIDERS
from server.accounts.identity import MANAGERS, SignedIn
from server.accounts.service import audit
from server.errors import (
    BankQuestionNotFound,
    InUse,
    NotAllowed,
    TagExists,
    TagNotFound,
)
from server.interviews.service import was_asked
from server.questions import schemas, service, tags, transfer
from server.questions.notes import note
from server.storage.db import UnitOfWork
from server.web.csvfile import CsvFile
from server.web.guards import client_address
from server.web.routing import Routes
from server.web.versions import IfMatch

routes = Routes("questions", PROVIDERS)

# --- questions


@routes.get("/questions", refusals=[NotAllowed])
async def list_questions(
    _request: web.Request, who: SignedIn, uow: UnitOfWork, query: schemas.QuestionsQuery
) -> schemas.BankQuestions:
    """The questions that fit the filter, newest first."""
    page = await service.list_questions(
        uow, who.require(MANAGERS), query, limit=query.limit, cursor=query.cursor
    )
    return schemas.BankQuestions(items=await service.describe(uow, page.items), next_cursor=page.next_cursor)


@routes.post("/questions", status=201, once=True, refusals=[NotAllowed])
async def create_question(
    request: web.Request, who: SignedIn, uow: UnitOfWork, body: schemas.CreateBankQuestion
) -> schemas.BankQuestion:
    """Add a question to the collection."""
    [question] = await service.create_questions(uow, who.require(MANAGERS)[0], [body])
    note(request, uow, who, "created", question, body.model_dump(mode="json"))
    return (await service.describe(uow, [question]))[0]


@routes.get("/questions/export", refusals=[NotAllowed], media_type="text/csv")
async def export_questions(
    _request: web.Request, who: SignedIn, uow: UnitOfWork, query: schemas.QuestionFilter
) -> CsvFile:
    """The questions that fit the filter as a CSV file.

    Cells that a spreadsheet would run as a formula begin with a quote; the import takes it away again.
    """
    lines = transfer.export_questions(uow, who.require(MANAGERS), query)
    return CsvFile("".join([line async for line in lines]).encode(), "questions.csv")


@routes.post("/questions/import", refusals=[NotAllowed])
async def import_questions(
    request: web.Request, who: SignedIn, uow: UnitOfWork, body: schemas.ImportQuestions
) -> schemas.Imported:
    """Add the questions of a CSV file, or with `dry_run` only say what would become of each line.

    The first line names the columns: text, and where wanted category, difficulty and tags (separated by
    semicolons). A line that is wrong or there already stops no other.
    """
    organisation_id = who.require(MANAGERS)[0]
    imported = await transfer.import_questions(uow, organisation_id, body)
    if imported.new_count and not body.dry_run:
        audit(
            uow,
            action="questions.imported",
            entity=("organisation", organisation_id),
            organisation_id=organisation_id,
            actor_id=who.id,
            after={"questions": imported.new_count},
            address=client_address(request),
        )
    return imported


@routes.get("/questions/{question_id}", refusals=[NotAllowed, BankQuestionNotFound])
async def get_question(
    _request: web.Request, who: SignedIn, uow: UnitOfWork, question_id: UUID
) -> schemas.BankQuestion:
    """One question."""
    question = await service.find_question(uow, question_id, who.require(MANAGERS))
    return (await service.describe(uow, [question]))[0]


@routes.patch("/questions/{question_id}", refusals=[NotAllowed, BankQuestionNotFound])
async def change_question(
    request: web.Request,
    who: SignedIn,
    uow: UnitOfWork,
    question_id: UUID,
    body: schemas.ChangeQuestion,
    if_match: IfMatch,
) -> schemas.BankQuestion:
    """Change a question, archive it or take it out of the archive; interviews keep the text they copied."""
    question = await service.find_question(uow, question_id, who.require(MANAGERS))
    await service.change_question(uow, question, body, if_match)
    note(request, uow, who, "changed", question, body.model_dump(mode="json", exclude_unset=True))
    return (await service.describe(uow, [question]))[0]


@routes.delete("/questions/{question_id}", refusals=[NotAllowed, BankQuestionNotFound])
async def remove_question(
    request: web.Request, who: SignedIn, uow: UnitOfWork, question_id: UUID, if_match: IfMatch
) -> schemas.QuestionRemoved:
    """Delete a question; one that an interview asks is archived instead."""
    question = await service.find_question(uow, question_id, who.require(MANAGERS))
    asked = await was_asked(uow, question.id)
    await service.remove_question(uow, question, if_match, asked=asked)
    note(request, uow, who, "archived" if asked else "deleted", question)
    return schemas.QuestionRemoved(archived=asked)


# --- tags


@routes.get("/tags", refusals=[NotAllowed])
async def list_tags(
    _request: web.Request, who: SignedIn, uow: UnitOfWork, query: schemas.SearchQuery
) -> schemas.Tags:
    """The tags, newest first."""
    page = await tags.list_tags(uow, who.require(MANAGERS), query)
    return schemas.Tags(items=await tags.describe(uow, page.items), next_cursor=page.next_cursor)


@routes.post("/tags", status=201, once=True, refusals=[NotAllowed, TagExists])
async def create_tag(
    request: web.Request, who: SignedIn, uow: UnitOfWork, body: schemas.WriteTag
) -> schemas.Tag:
    """Add a tag; spellings that differ in upper and lower case are one tag."""
    tag = await tags.create_tag(uow, who.require(MANAGERS)[0], body.name)
    note(request, uow, who, "created", tag, {"name": tag.name})
    return (await tags.describe(uow, [tag]))[0]


@routes.get("/tags/{tag_id}", refusals=[NotAllowed, TagNotFound])
async def get_tag(_request: web.Request, who: SignedIn, uow: UnitOfWork, tag_id: UUID) -> schemas.Tag:
    """One tag."""
    tag = await tags.find_tag(uow, tag_id, who.require(MANAGERS))
    return (await tags.describe(uow, [tag]))[0]


@routes.put("/tags/{tag_id}", refusals=[NotAllowed, TagNotFound, TagExists])
async def rename_tag(
    request: web.Request,
    who: SignedIn,
    uow: UnitOfWork,
    tag_id: UUID,
    body: schemas.WriteTag,
    if_match: IfMatch,
) -> schemas.Tag:
    """Rename a tag wherever it is used."""
    tag = await tags.find_tag(uow, tag_id, who.require(MANAGERS))
    await tags.rename_tag(uow, tag, body.name, if_match)
    note(request, uow, who, "changed", tag, {"name": tag.name})
    return (await tags.describe(uow, [tag]))[0]


@routes.delete("/tags/{tag_id}", refusals=[NotAllowed, TagNotFound, InUse])
async def remove_tag(
    request: web.Request, who: SignedIn, uow: UnitOfWork, tag_id: UUID, if_match: IfMatch
) -> None:
    """Delete a tag and take it from its questions; refused while templates draw by it."""
    tag = await tags.find_tag(uow, tag_id, who.require(MANAGERS))
    await tags.remove_tag(uow, tag, if_match)
    note(request, uow, who, "deleted", tag)


# --- banks


# --- templates
