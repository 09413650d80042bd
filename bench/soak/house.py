"""The whole server: signalling, sittings, recordings, finishing, analysis and its database."""

import asyncio
import os
import signal
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import uvloop
from aiohttp import web

from bench.soak.figures import look, names
from server.app import create_app
from server.keys import DATABASE
from server.logs import configure_logging
from server.settings import Settings
from server.signalling.socket import HUB

REPOSITORY = Path(__file__).resolve().parents[2]


def serve(folder: Path) -> None:
    """Serve; prints the port. The database is the embedded one, in the folder."""
    models = Path(os.environ.get("VIVA_MODELS_DIR") or REPOSITORY / "data" / "models")
    settings = Settings(
        data_dir=folder,
        models_dir=models,
        web_dir=folder / "no-web",
        log_level="warning",
        warm_seat_seconds=10,
    )
    configure_logging(settings)
    app = create_app(settings)
    began = time.monotonic()

    async def sample(_request: web.Request) -> web.Response:
        # Idle database connections stay for the next request: as many as the busiest moment needed.
        pool: Any = app[DATABASE].engine.pool
        return web.json_response(asdict(look(began, len(app[HUB]._ice.ports._all()) + pool.checkedin())))

    async def held(_request: web.Request) -> web.Response:
        return web.json_response(names())

    app.on_startup.append(_start_all_threads)
    app.router.add_get("/sample", sample)
    app.router.add_get("/names", held)
    uvloop.run(_until_told(app))


async def _until_told(app: web.Application) -> None:
    """Serve, print the port, and end in an orderly way at SIGTERM: worker and database end too."""
    told = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, told.set)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(runner.addresses[0][1], flush=True)
    await told.wait()
    await runner.cleanup()


async def _start_all_threads(_app: web.Application) -> None:
    """The pool of the loop starts threads as they are needed and keeps them: none may look like a leak."""
    await asyncio.gather(*(asyncio.to_thread(time.sleep, 0.05) for _ in range(64)))
