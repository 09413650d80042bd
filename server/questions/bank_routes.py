"""Banks and templates, for those who manage interviews."""

from uuid import UUID

from aiohttp import web

from server.accounts.access import PROVIDERS
from server.accounts.identity import MANAGERS, SignedIn
from server.errors import (
    BadRequest,
    BankNotFound,
    InUse,
    NotAllowed,
    TemplateNotFound,
)
from server.questions import banks, schemas, templates
from server.questions.notes import note
from server.storage.db import UnitOfWork
from server.web.routing import Routes
from server.web.versions import IfMatch

routes = Routes("questions", PROVIDERS)


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
    note(request, uow, who, "created", bank, {"name": bank.name, "questions": len(body.question_ids)})
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
    note(request, uow, who, "changed", bank, {"name": bank.name})
    return await banks.open_bank(uow, bank)


@routes.delete("/banks/{bank_id}", refusals=[NotAllowed, BankNotFound, InUse])
async def remove_bank(
    request: web.Request, who: SignedIn, uow: UnitOfWork, bank_id: UUID, if_match: IfMatch
) -> None:
    """Delete a bank; its questions stay. Refused while templates draw from it."""
    bank = await banks.find_bank(uow, bank_id, who.require(MANAGERS))
    await banks.remove_bank(uow, bank, if_match)
    note(request, uow, who, "deleted", bank)


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
    note(request, uow, who, "created", template, {"name": template.name})
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
    note(request, uow, who, "changed", template, {"name": template.name})
    return (await templates.describe(uow, [template]))[0]


@routes.delete("/templates/{template_id}", refusals=[NotAllowed, TemplateNotFound])
async def remove_template(
    request: web.Request, who: SignedIn, uow: UnitOfWork, template_id: UUID, if_match: IfMatch
) -> None:
    """Delete a template; interviews made of it stay."""
    template = await templates.find_template(uow, template_id, who.require(MANAGERS))
    await templates.remove_template(uow, template, if_match)
    note(request, uow, who, "deleted", template)


@routes.post("/templates/{template_id}/draw", refusals=[NotAllowed, TemplateNotFound, BadRequest])
async def draw_questions(
    _request: web.Request, who: SignedIn, uow: UnitOfWork, template_id: UUID, body: schemas.DrawQuestions
) -> schemas.DrawnInterview:
    """See what an interview made of the template would be filled with; nothing is kept.

    Where a difficulty has too few questions another stands in, and `substitutions` says so.
    """
    template = await templates.find_template(uow, template_id, who.require(MANAGERS))
    return await templates.draw(uow, template, body.seed)
