"""Headers may hold any byte: what is no text is refused by name, or is nobody's."""

import asyncio

import pytest

from tests.server.world import World

RAW = b"\xff\xfe\xc3\x28"


async def _status(world: World, request: bytes) -> int:
    """The status a request written byte by byte is answered with."""
    url = (await world.somebody()).client.make_url("/")
    reader, writer = await asyncio.open_connection(url.host, url.port)
    writer.write(request.replace(b"\n", b"\r\n"))
    head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 5)
    writer.close()
    await writer.wait_closed()
    return int(head.split(b" ", 2)[1])


@pytest.mark.parametrize("name", [b"Authorization", b"Cookie", b"X-Request-Id", b"User-Agent", b"If-Match"])
async def test_a_header_that_is_no_text_is_refused(world: World, name: bytes) -> None:
    value = {b"Authorization": b"Bearer " + RAW, b"Cookie": b"viva_access=" + RAW}.get(name, RAW)
    lines = [b"GET /api/v1/me HTTP/1.1", b"Host: localhost", name + b": " + value, b"Connection: close"]
    status = await _status(world, b"\n".join([*lines, b"", b""]))
    assert status == 401


async def test_an_idempotency_key_that_is_no_text_is_refused(world: World) -> None:
    team = await world.team()
    client, origin = team.recruiter.client, team.recruiter.origin
    cookies = client.session.cookie_jar.filter_cookies(client.make_url("/api/v1/me"))
    sent = "; ".join(f"{cookie.key}={cookie.value}" for cookie in cookies.values()).encode()
    body = b'{"title": "T", "kind": "one_way", "questions": [{"text": "Q"}]}'
    lines = [
        b"POST /api/v1/interviews HTTP/1.1",
        b"Host: " + origin.removeprefix("http://").encode(),
        b"Origin: " + origin.encode(),
        b"Cookie: " + sent,
        b"Content-Type: application/json",
        b"Idempotency-Key: " + RAW,
        b"Content-Length: %d" % len(body),
        b"Connection: close",
    ]
    status = await _status(world, b"\n".join([*lines, b"", body]))
    assert status == 422
    assert (await team.recruiter.get("/interviews")).json["items"] == []
