"""What every request passes."""

import pytest
from aiohttp import web

from tests.server.world import Person, World


async def test_refusals_have_one_shape(stranger: Person) -> None:
    assert (await stranger.get("/nothing")).refused == (404, "not_found")
    assert (await stranger.post("/nothing")).refused == (404, "not_found")
    wrong_method = await stranger.delete("/me")
    assert wrong_method.refused == (405, "method_not_allowed")
    assert "GET" in wrong_method.headers["Allow"]
    assert isinstance(wrong_method.json["detail"], str)


async def test_bodies_are_json_and_not_too_large(stranger: Person) -> None:
    client = stranger.client
    path = "/api/v1/auth/sign-in"
    form = await client.post(path, data={"email": "a@example.com"})
    assert (form.status, (await form.json())["error"]) == (415, "unsupported_media_type")
    headers = {"Content-Type": "application/json"}
    broken = await client.post(path, data=b'{"email"', headers=headers)
    assert (broken.status, (await broken.json())["error"]) == (422, "bad_request")
    for data in (b"[]", b"null", b'"text"', b"\xff"):
        assert (await client.post(path, data=data, headers=headers)).status == 422
    large = await client.post(path, data=b" " * (1024 * 1024 + 1), headers=headers)
    assert (large.status, (await large.json())["error"]) == (413, "body_too_large")


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1", ""])
async def test_another_site_changes_nothing(world: World, origin: str) -> None:
    person = await world.person()
    answer = await person.post("/auth/sign-out", headers={"Origin": origin})
    assert answer.refused == (403, "origin_not_allowed")
    assert (await person.get("/me", headers={"Origin": origin})).status == 200


async def test_cookies_need_an_origin_but_programs_do_not(world: World) -> None:
    person = await world.person()
    url = "/api/v1/auth/sign-out"
    refused = await person.client.post(url)
    assert (refused.status, (await refused.json())["error"]) == (403, "origin_not_allowed")
    program = await world.somebody()
    assert (await program.client.post(url)).status == 204
    public = await person.post("/auth/sign-out", headers={"Origin": "http://localhost:8080"})
    assert public.status == 204


async def test_every_answer_carries_the_headers_that_protect(stranger: Person) -> None:
    for path in ("/health", "/nothing", "/me"):
        headers = (await stranger.get(path)).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "connect-src 'self' ws://localhost:8080;" in policy
        assert "unsafe" not in policy
        assert "script-src" not in policy  # falls back to 'self'
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "camera=(self), microphone=(self)" in headers["Permissions-Policy"]
        assert headers["Cache-Control"] == "no-store"
        assert "Python" not in headers["Server"]


async def test_a_defect_says_nothing_of_itself(world: World, app: web.Application) -> None:
    from server.keys import FILES

    sitting = await world.sitting()
    video_id = await world.video(sitting, content=b"x")
    app[FILES].facts = None  # type: ignore[assignment, method-assign]
    answer = await sitting.candidate.get(f"/videos/{video_id}/file")
    assert answer.refused == (500, "internal")
    assert b"NoneType" not in answer.raw
