"""Two questions an operator's machinery asks: does the process answer, and can it do its work."""

import asyncio

import structlog
from aiohttp import web
from sqlalchemy import text

from server.keys import DATABASE, SETTINGS

log = structlog.get_logger()

CHECK_TIMEOUT_SECONDS = 3.0


def add_health(app: web.Application) -> None:
    """Serve `/healthz` and `/readyz`, which need no sign-in and say nothing but yes or no."""
    app.router.add_get("/healthz", get_healthz)
    app.router.add_get("/readyz", get_readyz)


async def get_healthz(_request: web.Request) -> web.Response:
    """The process answers."""
    return _answer({"status": "ok"})


async def get_readyz(request: web.Request) -> web.Response:
    """The database answers and the data folder can be written to; 503 and the failing part otherwise."""
    checks = {"database": _database(request.app), "data_folder": _data_folder(request.app)}
    outcome: dict[str, str] = {}
    for name, check in checks.items():
        try:
            async with asyncio.timeout(CHECK_TIMEOUT_SECONDS):
                await check
            outcome[name] = "ok"
        except Exception as error:  # whatever it is: this page says that, the log says why
            log.warning("not_ready", part=name, problem=repr(error))
            outcome[name] = "failed"
    ready = set(outcome.values()) == {"ok"}
    return _answer({"status": "ready" if ready else "not_ready", **outcome}, 200 if ready else 503)


async def _database(app: web.Application) -> None:
    async with app[DATABASE].begin() as uow:
        await uow.session.execute(text("SELECT 1"))


async def _data_folder(app: web.Application) -> None:
    probe = app[SETTINGS].data_dir / ".writable"
    await asyncio.to_thread(probe.write_bytes, b"")


def _answer(body: dict[str, str], status: int = 200) -> web.Response:
    return web.json_response(body, status=status, headers={"Cache-Control": "no-store"})
