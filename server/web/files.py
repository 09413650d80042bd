"""Files from the store over HTTP: whole, or the part a player asks for."""

from dataclasses import dataclass
from email.utils import format_datetime

from aiohttp import web

from server.errors import RangeNotSatisfiable
from server.keys import FILES
from server.storage.files import FileFacts
from server.web.routing import Answer


@dataclass(frozen=True, slots=True)
class StoredFile(Answer):
    """A stored file; `etag` is the tag of its content where that is known better than by the store."""

    key: str
    content_type: str
    etag: str | None = None
    download_name: str | None = None

    async def respond(self, request: web.Request) -> web.StreamResponse:
        """Send 200, 206 or 304; a range past the end is RangeNotSatisfiable."""
        files = request.app[FILES]
        facts = await files.facts(self.key)
        etag = self.etag or facts.etag
        headers = self._headers(facts, etag)
        if any(tag.value in (etag, "*") for tag in request.if_none_match or ()):
            return web.Response(status=304, headers=headers)
        start, end = self._range(request, facts, etag)
        partial = (start, end) != (0, facts.size)
        if partial:
            headers["Content-Range"] = f"bytes {start}-{end - 1}/{facts.size}"
        response = web.StreamResponse(status=206 if partial else 200, headers=headers)
        response.content_type = self.content_type
        response.content_length = end - start
        await response.prepare(request)
        if request.method != "HEAD" and end > start:
            async for chunk in files.read(self.key, start, end):
                await response.write(chunk)
        await response.write_eof()
        return response

    def _headers(self, facts: FileFacts, etag: str) -> dict[str, str]:
        headers = {
            "ETag": f'"{etag}"',
            "Last-Modified": format_datetime(facts.modified_at, usegmt=True),
            "Accept-Ranges": "bytes",
            "Cache-Control": "private, no-cache",  # asked again each time, since rights may have changed
        }
        if self.download_name:
            headers["Content-Disposition"] = f'attachment; filename="{self.download_name}"'
        return headers

    def _range(self, request: web.Request, facts: FileFacts, etag: str) -> tuple[int, int]:
        """First byte and the one after the last; the whole file without a usable range."""
        condition = request.headers.get("If-Range")
        if "Range" not in request.headers or (condition is not None and condition.strip('"') != etag):
            return 0, facts.size
        try:
            wanted = request.http_range
        except ValueError:
            return 0, facts.size
        start, stop = wanted.start or 0, wanted.stop
        if start < 0:
            start, stop = max(0, facts.size + start), facts.size
        end = facts.size if stop is None else min(stop, facts.size)
        if start >= end:
            raise RangeNotSatisfiable(headers={"Content-Range": f"bytes */{facts.size}"})
        return start, end
