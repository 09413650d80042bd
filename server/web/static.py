"""The built web app: its files, and index.html for every path that is a page of it."""

import asyncio
import re
import secrets
from pathlib import Path

from aiohttp import web

from server.errors import NotFound
from server.keys import SETTINGS
from server.web.guards import page_policy

HASHED = re.compile(
    r"[.-][A-Za-z0-9_-]{8,}\.\w+$"
)  # the bundler writes a hash of the content into these names
NONCE, NONCE_BYTES = "VIVA_STYLE_NONCE", 16
"""Stands in the built page where its nonce belongs (web/vite.config.ts), and how long that is."""
FOREVER = "public, max-age=31536000, immutable"


def serve_web_app(app: web.Application, folder: Path) -> None:
    """Answer everything that is not the API from `folder`, and the page that shows the API."""
    root = folder.resolve()

    async def page(request: web.Request) -> web.StreamResponse:
        path = request.match_info["path"]
        file = (root / path).resolve()
        if path and file.is_relative_to(root) and file.is_file():
            forever = path.startswith("assets/") and HASHED.search(file.name)
            return web.FileResponse(file, headers={"Cache-Control": FOREVER if forever else "no-cache"})
        if Path(path).suffix:
            raise NotFound  # a missing script must not be answered with a page
        index = root / "index.html"
        if not index.is_file():
            raise NotFound("The web app is not built: run make build.")
        nonce = secrets.token_urlsafe(NONCE_BYTES)
        return web.Response(
            text=(await asyncio.to_thread(index.read_text, "utf-8")).replace(NONCE, nonce),
            content_type="text/html",
            headers={
                "Cache-Control": "no-store",
                "Content-Security-Policy": page_policy(request.app[SETTINGS], nonce),
            },
        )

    app.router.add_get("/{path:(?!api(/|$)).*|api/docs}", page)
