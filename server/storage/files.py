"""Files by key: a folder by default, an S3-compatible store by URL."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from obstore.exceptions import NotFoundError
from obstore.store import LocalStore, ObjectStore, from_url

from server.errors import FileMissing

CHUNK_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class FileFacts:
    """Size in bytes, a tag that changes with the content, and when it was last written."""

    size: int
    etag: str
    modified_at: datetime


class Files:
    """One store; keys are relative paths with forward slashes. A missing key raises FileMissing.

    `folder` is where a store on this machine lives.
    """

    def __init__(self, store: ObjectStore, folder: Path | None = None) -> None:
        self._store = store
        self._folder = folder

    async def put(self, key: str, content: bytes) -> None:
        """Write a small file, replacing what was there."""
        await self._store.put_async(key, content)

    async def put_file(self, path: Path, key: str) -> None:
        """Copy a file into the store in pieces; readers see all of it or nothing."""
        await self._store.put_async(key, path)

    async def facts(self, key: str) -> FileFacts:
        """Size and tag of a file."""
        try:
            meta = await self._store.head_async(key)
        except (FileNotFoundError, NotFoundError) as error:
            raise FileMissing from error
        tag = (meta["e_tag"] or f"{meta['size']:x}-{meta['last_modified'].timestamp():.0f}").strip('"')
        return FileFacts(size=meta["size"], etag=tag, modified_at=meta["last_modified"])

    async def get(self, key: str) -> bytes:
        """All of a small file."""
        try:
            result = await self._store.get_async(key)
        except (FileNotFoundError, NotFoundError) as error:
            raise FileMissing from error
        return bytes(await result.bytes_async())

    async def read(self, key: str, start: int, end: int) -> AsyncIterator[bytes]:
        """Bytes `start` to `end` (exclusive, more than start) in pieces of about 256 KiB."""
        try:
            result = await self._store.get_async(key, options={"range": (start, end)})
        except (FileNotFoundError, NotFoundError) as error:
            raise FileMissing from error
        async for chunk in result.stream(min_chunk_size=CHUNK_BYTES):
            yield bytes(chunk)

    async def delete(self, key: str) -> None:
        """Remove a file; one that is gone already is fine."""
        try:
            await self._store.delete_async(key)
        except (FileNotFoundError, NotFoundError):
            return

    async def delete_under(self, prefix: str) -> None:
        """Remove all files whose keys begin with `prefix` and a slash, one after the other."""
        async for some in self._store.list(prefix):
            for found in some:
                await self.delete(found["path"])
        if self._folder is not None:  # a crash while writing leaves a draft that the store does not list
            await asyncio.to_thread(remove_folder, self._folder / prefix)


def remove_folder(folder: Path) -> None:
    """Delete a folder with all that is in it; one that is gone already is fine."""
    try:
        shutil.rmtree(folder)
    except FileNotFoundError:
        return


def open_files(storage_url: str | None, data_dir: Path) -> Files:
    """The store for this configuration."""
    if storage_url:
        return Files(from_url(storage_url))
    folder = (data_dir / "files").resolve()
    return Files(LocalStore(folder, mkdir=True), folder)
