"""Runs the server until it is told to stop."""

import asyncio
import gc
import sys

from aiohttp import web

from server.app import create_app
from server.demo import seed
from server.keys import DATABASE
from server.settings import Settings

SHUTDOWN_SECONDS = 10.0


def serve(settings: Settings, *, demo: bool) -> int:
    """Listen, say so, and return when a signal ends it; with `demo` the demo organisation is there."""
    app = create_app(settings)
    said: list[str] = []
    if demo:

        async def seed_demo(app: web.Application) -> None:
            said.extend((await seed(app[DATABASE], settings)).lines())

        app.on_startup.append(seed_demo)

    async def settled(_app: web.Application) -> None:
        settle()

    app.on_startup.append(settled)

    def ready(_listening: str) -> None:
        sys.stdout.write("\n".join([f"Viva is ready at {settings.public_url}", *said]) + "\n")
        sys.stdout.flush()

    web.run_app(
        app,
        host=settings.host,
        port=settings.port,
        loop=_loop(),
        print=ready,
        access_log=None,
        shutdown_timeout=SHUTDOWN_SECONDS,
    )
    return 0


COLLECT_AFTER = (5_000, 10, 50)
"""Python's own (700, 10, 10) look through everything every sixty requests: 50 ms in which no packet moves."""


def settle() -> None:
    """Spare the garbage collector what stays: looking through it stops everybody for a tenth of a second.

    What is remembered later, compiled statements above all, is looked through forty times more seldom.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)


def _loop() -> asyncio.AbstractEventLoop:
    """uvloop where it exists: a third less work per packet (see bench/)."""
    try:
        import uvloop
    except ImportError:  # Windows
        return asyncio.new_event_loop()
    return uvloop.new_event_loop()
