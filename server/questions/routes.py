"""Questions, tags, banks and templates, for those who manage interviews."""

from typing import Any
from uuid import UUID

from aiohttp import web

from server.accounts.access import PROVIDERS
from server.accounts.identity import MANAGERS, SignedIn
from server.accounts.service import audit
from server.errors import (
    BadRequest,
    BankNotFound,
    BankQuestionNotFound,
    InUse,
    NotAllowed,
    TagExists,
    TagNotFound,
    TemplateNotFound,
)
from server.interviews.service import was_asked
from server.questions import banks, schemas, service, tags, templates, transfer
from server.questions.models import InterviewTemplate, Question, QuestionBank, Tag
from server.storage.db import UnitOfWork
from server.web.csvfile import CsvFile
from server.web.guards import client_address
from server.web.routing import Routes
from server.web.versions import IfMatch

routes = Routes("questions", PROVIDERS)

KINDS = {
    Question: "question",
    Tag: "tag",
    QuestionBank: "question_bank",
    InterviewTemplate: "interview_template",
}


def _note(
    request: web.Request,
    uow: UnitOfWork,
    who: SignedIn,
    done: str,
    row: Question | Tag | QuestionBank | InterviewTemplate,
    after: dict[str, Any] | None = None,
) -> None:
    kind = KINDS[type(row)]
    audit(
        uow,
        action=f"{kind}.{done}",
        entity=(kind, row.id),
        organisation_id=row.organisation_id,
        actor_id=who.id,
        after=after,
        address=client_address(request),
    )


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
    _note(request, uow, who, "created", question, body.model_dump(mode="json"))
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
    _note(request, uow, who, "changed", question, body.model_dump(mode="json", exclude_unset=True))
    return (await service.describe(uow, [question]))[0]


@routes.delete("/questions/{question_id}", refusals=[NotAllowed, BankQuestionNotFound])
async def remove_question(
    request: web.Request, who: SignedIn, uow: UnitOfWork, question_id: UUID, if_match: IfMatch
) -> schemas.QuestionRemoved:
    """Delete a question; one that an interview asks is archived instead."""
    question = await service.find_question(uow, question_id, who.require(MANAGERS))
    asked = await was_asked(uow, question.id)
    await service.remove_question(uow, question, if_match, asked=asked)
    _note(request, uow, who, "archived" if asked else "deleted", question)
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
    _note(request, uow, who, "created", tag, {"name": tag.name})
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
    _note(request, uow, who, "changed", tag, {"name": tag.name})
    return (await tags.describe(uow, [tag]))[0]


@routes.delete("/tags/{tag_id}", refusals=[NotAllowed, TagNotFound, InUse])
async def remove_tag(
    request: web.Request, who: SignedIn, uow: UnitOfWork, tag_id: UUID, if_match: IfMatch
) -> None:
    """Delete a tag and take it from its questions; refused while templates draw by it."""
    tag = await tags.find_tag(uow, tag_id, who.require(MANAGERS))
    await tags.remove_tag(uow, tag, if_match)
    _note(request, uow, who, "deleted", tag)


# --- banks


@routes.get("/banks", refusals=[NotAllowed])
async def list_banks(
    _request: web.Request, who: SignedIn, uow: UnitOfWork, query: schemas.SearchQuery
) -> schemas.Banks:
    """The question banks, newest first."""
    page = await banks.list_banks(uow, who.require(MANAGERS), query)
    return schemas.Banks(items=await banks.describe(uow, page.items), next_cursor=page.next_cursor)


@routes.post("/banks", status=201, once=True, refusals=[NotAllowed])
async def create_bank(
    request: web.Request, who: SignedIn, uow: UnitOfWork, body: schemas.CreateBank
) -> schemas.Bank:
    """Create a question bank."""
    bank = await banks.create_bank(uow, who.require(MANAGERS)[0], body)
    _note(request, uow, who, "created", bank, {"name": bank.name, "questions": len(body.question_ids)})
    return await banks.open_bank(uow, bank)


@routes.get("/banks/{bank_id}", refusals=[NotAllowed, BankNotFound])
async def get_bank(_request: web.Request, who: SignedIn, uow: UnitOfWork, bank_id: UUID) -> schemas.Bank:
    """A bank with its questions in their order."""
    return await banks.open_bank(uow, await banks.find_bank(uow, bank_id, who.require(MANAGERS)))


@routes.patch("/banks/{bank_id}", refusals=[NotAllowed, BankNotFound])
async def change_bank(
    request: web.Request,
    who: SignedIn,
    uow: UnitOfWork,
    bank_id: UUID,
    body: schemas.ChangeBank,
    if_match: IfMatch,
) -> schemas.Bank:
    """Rename a bank, add, remove or reorder its questions."""
    bank = await banks.find_bank(uow, bank_id, who.require(MANAGERS))
    await banks.change_bank(uow, bank, body, if_match)
    _note(request, uow, who, "changed", bank, {"name": bank.name})
    return await banks.open_bank(uow, bank)


@routes.delete("/banks/{bank_id}", refusals=[NotAllowed, BankNotFound, InUse])
async def remove_bank(
    request: web.Request, who: SignedIn, uow: UnitOfWork, bank_id: UUID, if_match: IfMatch
) -> None:
    """Delete a bank; its questions stay. Refused while templates draw from it."""
    bank = await banks.find_bank(uow, bank_id, who.require(MANAGERS))
    await banks.remove_bank(uow, bank, if_match)
    _note(request, uow, who, "deleted", bank)


# --- templates


@routes.get("/templates", refusals=[NotAllowed])
async def list_templates(
    _request: web.Request, who: SignedIn, uow: UnitOfWork, query: schemas.SearchQuery
) -> schemas.Templates:
    """The interview templates, newest first."""
    page = await templates.list_templates(uow, who.require(MANAGERS), query)
    return schemas.Templates(items=await templates.describe(uow, page.items), next_cursor=page.next_cursor)


@routes.post("/templates", status=201, once=True, refusals=[NotAllowed])
async def create_template(
    request: web.Request, who: SignedIn, uow: UnitOfWork, body: schemas.WriteTemplate
) -> schemas.Template:
    """Create an interview template."""
    template = await templates.create_template(uow, who.require(MANAGERS)[0], body)
    _note(request, uow, who, "created", template, {"name": template.name})
    return (await templates.describe(uow, [template]))[0]


@routes.get("/templates/{template_id}", refusals=[NotAllowed, TemplateNotFound])
async def get_template(
    _request: web.Request, who: SignedIn, uow: UnitOfWork, template_id: UUID
) -> schemas.Template:
    """One template."""
    template = await templates.find_template(uow, template_id, who.require(MANAGERS))
    return (await templates.describe(uow, [template]))[0]


@routes.put("/templates/{template_id}", refusals=[NotAllowed, TemplateNotFound])
async def replace_template(
    request: web.Request,
    who: SignedIn,
    uow: UnitOfWork,
    template_id: UUID,
    body: schemas.WriteTemplate,
    if_match: IfMatch,
) -> schemas.Template:
    """Write a template anew as a whole."""
    template = await templates.find_template(uow, template_id, who.require(MANAGERS))
    await templates.replace_template(uow, template, body, if_match)
    _note(request, uow, who, "changed", template, {"name": template.name})
    return (await templates.describe(uow, [template]))[0]


@routes.delete("/templates/{template_id}", refusals=[NotAllowed, TemplateNotFound])
async def remove_template(
    request: web.Request, who: SignedIn, uow: UnitOfWork, template_id: UUID, if_match: IfMatch
) -> None:
    """Delete a template; interviews made of it stay."""
    template = await templates.find_template(uow, template_id, who.require(MANAGERS))
    await templates.remove_template(uow, template, if_match)
    _note(request, uow, who, "deleted", template)


@routes.post("/templates/{template_id}/draw", refusals=[NotAllowed, TemplateNotFound, BadRequest])
async def draw_questions(
    _request: web.Request, who: SignedIn, uow: UnitOfWork, template_id: UUID, body: schemas.DrawQuestions
) -> schemas.DrawnInterview:
    """See what an interview made of the template would be filled with; nothing is kept.

    Where a difficulty has too few questions another stands in, and `substitutions` says so.
    """
    template = await templates.find_template(uow, template_id, who.require(MANAGERS))
    return await templates.draw(uow, template, body.seed)
