"""Brings a database to the newest revision of migrations/."""

import asyncio
import os
import re
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import asyncpg
from sqlalchemy import make_url

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"
CONNECT_TIMEOUT_SECONDS = 10
UPGRADE_TIMEOUT_SECONDS = 1800
SAID_CHARACTERS = 4000
REVISION = re.compile(r'^(down_)?revision = "(.+)"$', re.MULTILINE)


def config(url: str) -> "Config":
    """Alembic's configuration, made in code: there is no alembic.ini to find."""
    from alembic.config import Config

    made = Config()
    made.set_main_option("script_location", str(MIGRATIONS))
    made.attributes["url"] = url
    return made


class MigrationError(Exception):
    """A revision could not be applied; the message ends with what Alembic said."""


async def upgrade(url: str) -> None:
    """Apply every missing revision; raises MigrationError.

    Alembic works in a process of its own and only where a revision is missing: it costs a server 11 MB for as
    long as it runs, blocks, and brings its own event loop.
    """
    if await current(url) == newest():
        return
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "server.storage.migrate"),
        env={**os.environ, "DATABASE_URL": url},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        cwd=MIGRATIONS.parent,
    )
    try:
        async with asyncio.timeout(UPGRADE_TIMEOUT_SECONDS):
            said, _ = await process.communicate()
    except BaseException:  # also when we are told to stop: nobody else would end it
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        raise
    if process.returncode:
        raise MigrationError(said.decode(errors="replace")[-SAID_CHARACTERS:])


def newest() -> str:
    """The revision that no other follows; ValueError when there is not exactly one."""
    found: dict[str, set[str]] = {"": set(), "down_": set()}
    for file in (MIGRATIONS / "versions").glob("*.py"):
        for kind, name in REVISION.findall(file.read_text()):
            found[kind].add(name)
    (head,) = found[""] - found["down_"]
    return head


async def current(url: str) -> str | None:
    """The revision a database is at; None for an empty one."""
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    connection = await asyncpg.connect(plain, timeout=CONNECT_TIMEOUT_SECONDS)
    try:
        if await connection.fetchval("SELECT to_regclass('alembic_version')") is None:
            return None
        revision: str | None = await connection.fetchval("SELECT version_num FROM alembic_version")
        return revision
    finally:
        await connection.close(timeout=CONNECT_TIMEOUT_SECONDS)


if __name__ == "__main__":
    from alembic import command

    command.upgrade(config(os.environ["DATABASE_URL"]), "head")
