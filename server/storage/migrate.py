"""Brings a database to the newest revision of migrations/."""

import asyncio
from pathlib import Path

from alembic import command
from alembic.config import Config

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"


def config(url: str) -> Config:
    """Alembic's configuration, made in code: there is no alembic.ini to find."""
    made = Config()
    made.set_main_option("script_location", str(MIGRATIONS))
    made.attributes["url"] = url
    return made


async def upgrade(url: str) -> None:
    """Apply every missing revision. Runs in a thread: Alembic blocks and brings its own event loop."""
    await asyncio.to_thread(command.upgrade, config(url), "head")
