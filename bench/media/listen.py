"""How the Python servers of this bench are spoken to."""

import asyncio

from aiohttp import web


async def listen(app: web.Application) -> None:
    """Serve until killed; prints the port."""
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()
