"""My data as a ZIP that is made while it is read: no more of it is in memory than one piece of a file."""

import asyncio
import zipfile
from collections.abc import AsyncIterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import IO
from uuid import UUID

from aiohttp import web
from pydantic import BaseModel

from server.errors import FileMissing
from server.keys import DATABASE, FILES
from server.retention import mydata
from server.storage.db import Database
from server.storage.files import Files
from server.storage.scope import system
from server.web.routing import Answer

NAME = "viva-my-data.zip"


class _Pieces:
    """Where the archive is written: what was not taken away yet."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, piece: bytes) -> int:
        self._pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """Nothing waits anywhere else."""

    def take(self) -> bytes:
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)


class _Zip:
    """A ZIP for somebody who reads from its beginning; checksums are made off the event loop."""

    def __init__(self) -> None:
        self._pieces = _Pieces()
        self._zip = zipfile.ZipFile(self._pieces, "w")  # type: ignore[call-overload]

    async def add(self, name: str, chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        """Put a file into it; its size need not be known."""
        entry: IO[bytes] = await asyncio.to_thread(self._zip.open, name, "w", force_zip64=True)
        with ExitStack() as stack:
            stack.callback(entry.close)
            async for chunk in chunks:
                await asyncio.to_thread(entry.write, chunk)
                yield self._pieces.take()
        yield self._pieces.take()

    def end(self) -> bytes:
        """The list of what is in it."""
        self._zip.close()
        return self._pieces.take()


async def archive(database: Database, files: Files, user_id: UUID) -> AsyncIterator[bytes]:
    """All that is stored about a person; each session is read in a transaction of its own."""
    zipped = _Zip()
    async with database.begin(system("my data")) as uow:
        me = await mydata.about(uow, user_id)
        sessions = await mydata.sessions(uow, user_id)
    async for piece in zipped.add("me.json", _json(me)):
        yield piece
    for number, session_id in enumerate(sessions, start=1):
        async with database.begin(system("my data")) as uow:
            content = await mydata.content(uow, session_id)
        if content is None:
            continue
        folder = f"interview-{number}"
        async for piece in zipped.add(f"{folder}/interview.json", _json(content.session)):
            yield piece
        for name, key in content.files.items():
            try:
                size = (await files.facts(key)).size
            except FileMissing:
                continue
            chunks = files.read(key, 0, size) if size else _nothing()
            async for piece in zipped.add(f"{folder}/{name}", chunks):
                yield piece
    yield zipped.end()


async def _json(model: BaseModel) -> AsyncIterator[bytes]:
    yield model.model_dump_json(indent=2).encode()


async def _nothing() -> AsyncIterator[bytes]:
    return
    yield


@dataclass(frozen=True, slots=True)
class MyArchive(Answer):
    """The archive of one person."""

    user_id: UUID

    async def respond(self, request: web.Request) -> web.StreamResponse:
        """Send it as it is made."""
        response = web.StreamResponse(
            headers={"Content-Disposition": f'attachment; filename="{NAME}"', "Cache-Control": "no-store"}
        )
        response.content_type = "application/zip"
        await response.prepare(request)
        async for piece in archive(request.app[DATABASE], request.app[FILES], self.user_id):
            if piece:
                await response.write(piece)
        await response.write_eof()
        return response
