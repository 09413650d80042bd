"""Versions over HTTP: what is read carries its version as ETag, what is written may ask for it with If-Match."""

import re
from dataclasses import dataclass

from aiohttp import web

from server.errors import StaleVersion

TAG = re.compile(r'(?:W/)?"?([0-9]{1,9})"?')
"""Weak too: a proxy that compresses makes strong tags weak, and the version is the same all the same."""


@dataclass(frozen=True, slots=True)
class IfMatch:
    """The versions a change was made for; None stands for any."""

    versions: frozenset[int] | None = None

    def check(self, version: int) -> None:
        """Raise StaleVersion when what stands there now is another version."""
        if self.versions is not None and version not in self.versions:
            raise StaleVersion(headers={"ETag": etag(version)})


def read_if_match(request: web.Request) -> IfMatch:
    """What the request asks for; a tag we never gave matches nothing."""
    sent = request.headers.getall("If-Match", [])
    tags = [tag.strip() for value in sent for tag in value.split(",")]
    if not tags or "*" in tags:
        return IfMatch()
    return IfMatch(frozenset(int(found[1]) for found in map(TAG.fullmatch, tags) if found))


def etag(version: int) -> str:
    """The tag of a version as the header carries it."""
    return f'"{version}"'
