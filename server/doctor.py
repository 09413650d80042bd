"""Checks what Viva needs, and says what to do where something is missing."""

import shutil
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from uuid import uuid4

from sqlalchemy import text

from server.live.bus import open_bus
from server.settings import Settings
from server.storage.db import make_engine
from server.storage.files import open_files
from server.storage.migrate import current, newest
from server.storage.postgres import embedded_postgres
from server.storage.scope import APP_ROLE

LOW_DISK_BYTES = 2 * 1024**3


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    what: str
    ok: bool
    detail: str


async def examine(settings: Settings) -> list[Finding]:
    """Look at everything; a failure of one check stops no other."""
    checks: tuple[tuple[str, Callable[[Settings], Awaitable[str]]], ...] = (
        ("database", _database),
        ("files", _files),
        ("disk", _disk),
        ("live bus", _bus),
        ("models", _models),
        ("web app", _web_app),
    )
    findings = []
    for what, check in checks:
        try:
            findings.append(Finding(what, ok=True, detail=await check(settings)))
        except Exception as error:
            findings.append(Finding(what, ok=False, detail=f"{type(error).__name__}: {error}"))
    return findings


async def _database(settings: Settings) -> str:
    if settings.database_url:
        return await _revision(settings.database_url)
    async with embedded_postgres(settings.data_dir) as url:
        return f"embedded, {await _revision(url)}"


async def _revision(url: str) -> str:
    """The revision the database is at; RuntimeError when it is not the newest."""
    found, wanted = await current(url), newest()
    if found != wanted:
        raise RuntimeError(f"at revision {found}, the newest is {wanted}: run `viva migrate`")
    engine = make_engine(url)
    try:
        async with engine.connect() as connection:  # may transactions work as the role that policies bind?
            await connection.execute(text(f"SET LOCAL ROLE {APP_ROLE}"))
    finally:
        await engine.dispose()
    return f"at revision {found}"


async def _files(settings: Settings) -> str:
    files = open_files(settings.storage_url, settings.data_dir)
    key = f"doctor/{uuid4()}"
    await files.put(key, b"viva")
    await files.get(key)
    await files.delete(key)
    return settings.storage_url or str(settings.data_dir / "files")


async def _disk(settings: Settings) -> str:
    free = shutil.disk_usage(settings.data_dir).free
    if free < LOW_DISK_BYTES:
        raise RuntimeError(f"only {free // 1024**2} MiB free under {settings.data_dir}")
    return f"{free // 1024**3} GiB free"


async def _bus(settings: Settings) -> str:
    bus = await open_bus(settings.redis_url)
    await bus.close()
    return "Redis" if settings.redis_url else "in this process"


async def _models(settings: Settings) -> str:
    from proctoring.models import verify_models

    verify_models(settings.models_path)
    return str(settings.models_path)


async def _web_app(settings: Settings) -> str:
    index = settings.web_dir / "index.html"
    if not index.is_file():
        raise RuntimeError(f"{index} is missing: run `make build`")
    return str(settings.web_dir)
