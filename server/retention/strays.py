"""Working folders that no row names: what a crash left between storing a recording and tidying up."""

import asyncio
import time
from collections.abc import Sequence
from pathlib import Path

import structlog
from sqlalchemy import select

from server.recordings.models import InterviewVideo
from server.recordings.service import WORKING_FOLDER
from server.storage.db import Database
from server.storage.files import remove_folder

log = structlog.get_logger(__name__)

BATCH = 100
OLD_SECONDS = 24 * 3600.0
"""Nothing is a stray before: a recording's row is older than its folder, but disks and clocks differ."""


async def sweep_strays(database: Database, data_dir: Path) -> int:
    """Delete old working folders of this machine that no row names; how many."""
    swept = 0
    old = await asyncio.to_thread(_old_folders, data_dir / WORKING_FOLDER)
    for start in range(0, len(old), BATCH):
        for name in await _unknown(database, old[start : start + BATCH]):
            log.warning("stray_recording_deleted", folder=name)
            await asyncio.to_thread(remove_folder, data_dir / WORKING_FOLDER / name)
            swept += 1
    return swept


def _old_folders(root: Path) -> list[str]:
    if not root.is_dir():
        return []
    old = time.time() - OLD_SECONDS
    return [folder.name for folder in root.iterdir() if folder.is_dir() and folder.stat().st_mtime < old]


async def _unknown(database: Database, names: Sequence[str]) -> list[str]:
    paths = {f"{WORKING_FOLDER}/{name}": name for name in names}
    async with database.begin() as uow:
        found = await uow.session.scalars(
            select(InterviewVideo.working_path).where(InterviewVideo.working_path.in_(paths))
        )
        known = set(found)
    return [name for path, name in paths.items() if path not in known]
