"""My data: taking it along, asking to be forgotten. An organisation's: how long, and under which text."""

from aiohttp import web

from server.accounts.access import PROVIDERS
from server.accounts.identity import ADMINS, InPerson, SignedIn
from server.accounts.service import audit
from server.errors import NotAllowed, StaleVersion
from server.retention import rules, service
from server.retention.archive import MyArchive
from server.retention.keeper import Keeper
from server.retention.schemas import (
    AskForErasure,
    DataRules,
    DaysQuery,
    Erasure,
    ExpiredCount,
    SetDataRules,
)
from server.storage.db import UnitOfWork
from server.web.guards import client_address
from server.web.routing import Routes

KEEPER = web.AppKey("keeper", Keeper)

routes = Routes("my data", PROVIDERS)


@routes.get("/me/data", media_type="application/zip")
async def download_my_data(request: web.Request, who: InPerson, uow: UnitOfWork) -> MyArchive:
    """A ZIP of what is stored about me: account, interviews, consents, recordings and what was noticed."""
    audit(
        uow,
        action="data.downloaded",
        entity=("user", who.id),
        organisation_id=None,
        actor_id=who.id,
        address=client_address(request),
    )
    return MyArchive(who.id)


@routes.post("/me/erasure", status=202)
async def request_erasure(
    request: web.Request, who: InPerson, uow: UnitOfWork, body: AskForErasure
) -> Erasure:
    """Delete everything about me: recordings, pictures, answers, invitations and my account.

    Recording stops at once and the account is closed. Who works for an organisation keeps their account.
    """
    asked = await service.request_erasure(uow, who, email=body.email, address=client_address(request))
    return Erasure(requested_at=asked.requested_at, due_at=asked.due_at, done_at=asked.done_at)


@routes.get("/organisation/data-rules", refusals=[NotAllowed])
async def get_data_rules(_request: web.Request, who: SignedIn, uow: UnitOfWork) -> DataRules:
    """How long my organisation keeps things, and the text its candidates agree to."""
    return await rules.data_rules(uow, who.require(ADMINS)[0])


@routes.put("/organisation/data-rules", refusals=[NotAllowed, StaleVersion])
async def set_data_rules(
    request: web.Request, who: SignedIn, uow: UnitOfWork, body: SetDataRules
) -> DataRules:
    """Change them: a new version, which candidates are asked to agree to before anything more is recorded.

    Sessions keep the version they were agreed under, and are kept no longer than it promised.
    """
    organisation_id = who.require(ADMINS)[0]
    return await rules.set_data_rules(uow, organisation_id, body, by=who.id, address=client_address(request))


@routes.get("/organisation/data-rules/expired", refusals=[NotAllowed])
async def count_expired_sessions(
    _request: web.Request, who: SignedIn, uow: UnitOfWork, query: DaysQuery
) -> ExpiredCount:
    """How many sessions would be deleted if things were kept for so many days."""
    return ExpiredCount(sessions=await rules.count_expired(uow, who.require(ADMINS)[0], query.days))
