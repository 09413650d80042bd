"""Starting and stopping everything that runs sessions."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import structlog

from server.live.bus import LiveBus
from server.media.ice import IceOptions
from server.settings import Settings
from server.sittings.facts import Timings
from server.sittings.finisher import Finisher
from server.sittings.hub import Hub
from server.sittings.proctor import ProctorDesk
from server.sittings.store import SittingStore
from server.storage.db import Database
from server.storage.files import Files
from server.storage.scope import system

logger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Running:
    """What runs sessions in this process."""

    hub: Hub
    desk: ProctorDesk | None
    finisher: Finisher


@asynccontextmanager
async def running_sessions(
    settings: Settings, database: Database, files: Files, bus: LiveBus, ice: IceOptions
) -> AsyncIterator[Running]:
    """Run sessions inside the block; recordings that an earlier process left are finished meanwhile."""
    store = SittingStore(database.within(system("sittings")), files, settings.data_dir)
    finisher = Finisher(store)
    desk = (
        ProctorDesk(settings.models_path, store, most_workers=settings.proctoring_workers)
        if settings.proctoring
        else None
    )
    hub = Hub(
        store=store,
        bus=bus,
        finisher=finisher,
        desk=desk,
        ice=ice,
        max_bitrate_bps=settings.max_bitrate_kbps * 1000,
        timings=Timings(
            warm_seat_seconds=settings.warm_seat_seconds, offer_seconds=settings.offer_timeout_seconds
        ),
    )
    await store.close_stray_events()
    await finisher.recover_in_background()
    if desk is not None:
        await desk.start()
    try:
        yield Running(hub, desk, finisher)
    finally:
        await hub.close()
        if desk is not None:
            await desk.stop()
        await finisher.close()


async def recover(settings: Settings, database: Database, files: Files) -> int:
    """Finish what a crash left behind, without serving; returns how many videos that were."""
    finisher = Finisher(SittingStore(database.within(system("sittings")), files, settings.data_dir))
    try:
        return await finisher.recover()
    finally:
        await finisher.close()
