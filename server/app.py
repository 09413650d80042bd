"""Puts the layers together: the only file that knows all of them."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from functools import partial
from typing import Any
from uuid import UUID
from weakref import WeakSet

from aiohttp import web

from server.accounts.admin_routes import routes as admin
from server.accounts.link_routes import routes as links
from server.accounts.oidc import OIDC, OidcProvider, open_http
from server.accounts.oidc_routes import routes as oidc
from server.accounts.own_routes import routes as own
from server.accounts.routes import routes as accounts
from server.clock import Clock, utcnow
from server.evidence.routes import routes as evidence
from server.interviews.invite_routes import routes as invites
from server.interviews.routes import routes as interviews
from server.keys import BUS, DATABASE, FILES, PRESENCE, SETTINGS, SIGNING, Presence
from server.live.bus import open_bus
from server.live.routes import WATCHERS, close_watchers
from server.live.routes import routes as live
from server.mail.carriers import carrier_of
from server.mail.delivery import DELIVERER, Deliverer
from server.mail.routes import routes as mail
from server.media.udp import MediaPorts
from server.metrics.collector import RunningCollector
from server.metrics.routes import REGISTRY, add_metrics
from server.questions.bank_routes import routes as banks
from server.questions.routes import routes as questions
from server.recordings.routes import routes as recordings
from server.retention.keeper import Keeper
from server.retention.routes import KEEPER
from server.retention.routes import routes as retention
from server.review.routes import routes as review
from server.scheduling.routes import routes as sessions
from server.schemas import Output
from server.settings import Settings
from server.signalling.ice import own_ice
from server.signalling.routes import routes as signalling
from server.signalling.socket import HUB
from server.signing import SigningKeys
from server.sittings.lifecycle import running_sessions
from server.storage.files import open_files
from server.storage.running import running_database
from server.web.guards import BODY_LIMIT_BYTES, add_security_headers, refusals, same_origin
from server.web.health import add_health
from server.web.openapi import document
from server.web.routing import OPERATIONS, Answer, Routes, mount
from server.web.static import serve_web_app

PACKAGES: tuple[Routes, ...] = (
    accounts,
    questions,
    banks,
    links,
    oidc,
    own,
    admin,
    interviews,
    invites,
    sessions,
    recordings,
    evidence,
    review,
    mail,
    retention,
    live,
    signalling,
)


class Health(Output):
    status: str = "ok"


service = Routes("service")


@service.get("/health")
async def get_health(_request: web.Request) -> Health:
    """Whether the server answers."""
    return Health()


class OpenApi(Answer):
    """The document of the operations this server has."""

    async def respond(self, request: web.Request) -> web.StreamResponse:
        """Make the document."""
        operations = request.app[OPERATIONS]
        return web.json_response(document(operations))


@service.get("/openapi.json", media_type="application/json")
async def get_openapi(_request: web.Request) -> OpenApi:
    """This document."""
    return OpenApi()


def openapi_document() -> dict[str, Any]:
    """The document without a running server."""
    return document(operation for routes in (*PACKAGES, service) for operation in routes.operations)


def create_app(settings: Settings, *, clock: Clock = utcnow, rooms: bool = True) -> web.Application:
    """The whole server, not yet started; what has to be started and stopped hangs on `cleanup_ctx`.

    Without `rooms` it serves the API and runs no session: no media, no proctoring worker.
    """
    app = web.Application(middlewares=[refusals, same_origin], client_max_size=BODY_LIMIT_BYTES)
    app[SETTINGS] = settings
    app[SIGNING] = SigningKeys.derive(settings.secret)
    app[PRESENCE] = _presence(app)
    app[WATCHERS] = WeakSet()
    app.on_shutdown.append(close_watchers)
    add_security_headers(app, settings)
    mount(app, (*PACKAGES, service))
    app.cleanup_ctx.append(partial(_storage, clock))
    app.cleanup_ctx.append(_mail)
    app.cleanup_ctx.append(_retention)
    app.cleanup_ctx.append(_oidc)
    if rooms:
        app.cleanup_ctx.append(_sessions)
        app.on_shutdown.append(_close_rooms)
    add_metrics(app)
    add_health(app)
    serve_web_app(app, settings.web_dir)
    return app


def _presence(app: web.Application) -> Presence:
    def present(session_id: UUID) -> bool:
        hub = app.get(HUB)
        return hub is not None and hub.occupied(str(session_id))

    return present


async def _storage(clock: Clock, app: web.Application) -> AsyncIterator[None]:
    """Database (our own where none is named), files and live bus, for as long as the server runs."""
    settings = app[SETTINGS]
    app[FILES] = open_files(settings.storage_url, settings.data_dir)
    async with AsyncExitStack() as stack:
        app[BUS] = await open_bus(settings.redis_url)
        stack.push_async_callback(app[BUS].close)
        running = running_database(settings, app[BUS].publish, clock)
        app[DATABASE] = await stack.enter_async_context(running)
        yield


async def _mail(app: web.Application) -> AsyncIterator[None]:
    """Somebody who delivers mails, for as long as the server runs."""
    settings = app[SETTINGS]
    app[DELIVERER] = deliverer = Deliverer(
        app[DATABASE], app[BUS], carrier_of(settings), mail_timeout_seconds=settings.smtp_timeout_seconds
    )
    deliverer.start()
    yield
    await deliverer.close()


async def _retention(app: web.Application) -> AsyncIterator[None]:
    """Somebody who deletes what may be kept no longer, for as long as the server runs."""
    app[KEEPER] = keeper = Keeper(app[DATABASE], app[FILES], app[BUS], app[SETTINGS].data_dir)
    keeper.start()
    yield
    await keeper.close()


async def _oidc(app: web.Application) -> AsyncIterator[None]:
    """The provider people may sign in with, where there is one."""
    app[OIDC] = None
    if not app[SETTINGS].oidc_issuer:
        yield
        return
    async with open_http() as http:
        app[OIDC] = OidcProvider(app[SETTINGS], http)
        yield


async def _sessions(app: web.Application) -> AsyncIterator[None]:
    """Everything that runs sessions, for as long as the server runs."""
    settings = app[SETTINGS]
    ports = MediaPorts(settings.media_port)
    try:
        async with running_sessions(
            settings, app[DATABASE], app[FILES], app[BUS], own_ice(settings, ports)
        ) as running:
            app[HUB] = running.hub
            app[REGISTRY].register(RunningCollector(running, ports))
            yield
    finally:
        ports.close()


async def _close_rooms(app: web.Application) -> None:
    """Before connections are waited for: recordings finish, clients are told to come back."""
    await app[HUB].close()
