"""What is no request of ours is refused by name, and nothing of it reaches the database."""

import pytest

from tests.server.world import PASSWORD, Person, World


@pytest.mark.parametrize(
    "query",
    [
        "since=0",
        "since=0.5",
        "since=2030-01-31",
        "since=0001-01-01T00:00:00%2B14:00",
        "cursor=x",
        "action=a%00b",
        "entity_type=%00",
    ],
)
async def test_a_query_that_says_nothing_is_named(world: World, query: str) -> None:
    team = await world.team()
    answer = await team.admin.get(f"/audit?{query}")
    assert answer.refused == (422, "bad_request")
    assert answer.json["detail"][0]["field"] == query.partition("=")[0]


async def test_times_are_written_out(world: World) -> None:
    team = await world.team()
    for deadline in (4_000_000_000, "4000000000", "9999-12-31T23:59:59-14:00"):
        body = {"title": "T", "kind": "one_way", "questions": [{"text": "Q"}], "deadline": deadline}
        answer = await team.recruiter.post("/interviews", body)
        assert answer.refused == (422, "bad_request")
        assert [problem["field"] for problem in answer.json["detail"]] == ["deadline"]


async def test_what_a_database_cannot_keep_is_refused_before_it(world: World) -> None:
    team, nul = await world.team(), "a\x00b"
    for path, body in (
        ("/me/api-tokens", {"name": nul, "scope": "read"}),
        ("/auth/sign-up", {"email": "n@example.com", "password": PASSWORD, "full_name": nul}),
    ):
        assert (await team.admin.post(path, body)).refused == (422, "bad_request")
    for path in ("/members?search=a%00", "/sessions?q=%00", "/mails?to=%00", "/mails?kind=%00"):
        assert (await team.admin.get(path)).refused == (422, "bad_request")


async def test_an_origin_that_is_none_is_foreign(world: World) -> None:
    signing_up = {"email": "odd@example.com", "password": PASSWORD, "full_name": "Odd"}
    stranger = await world.somebody()
    answer = await stranger.post("/auth/sign-up", signing_up, headers={"Origin": "http://["})
    assert answer.refused == (403, "origin_not_allowed")


async def test_a_name_in_a_path_has_the_methods_of_its_own(stranger: Person) -> None:
    answer = await stranger.ask("PUT", "/questions/export")
    assert (answer.status, answer.headers["Allow"]) == (405, "GET")
    assert (await stranger.get("/questions/no-id")).refused == (404, "not_found")


async def test_a_socket_wants_a_websocket(world: World) -> None:
    sitting = await world.sitting()
    for place in ("socket", "live"):
        answer = await sitting.team.admin.get(f"{sitting.path}/{place}")
        assert answer.refused == (426, "socket_wanted")
        assert answer.headers["Upgrade"] == "websocket"


@pytest.mark.parametrize("version", [False, "0", 0.5, None])
async def test_what_only_looks_like_a_number_is_none(world: World, version: object) -> None:
    team = await world.team()
    answer = await team.admin.put("/proctoring/policy", {"version": version, "preset": "off"})
    assert answer.refused == (422, "bad_request")
    assert [problem["field"] for problem in answer.json["detail"]] == ["version"]


async def test_zero_is_not_false(world: World) -> None:
    team = await world.team()
    [member] = [one for one in (await team.admin.get("/members")).json["items"] if one["role"] == "reviewer"]
    answer = await team.admin.patch(f"/members/{member['id']}", {"is_active": 0})
    assert answer.refused == (422, "bad_request")
    assert [problem["field"] for problem in answer.json["detail"]] == ["is_active"]


async def test_a_cursor_that_is_empty_is_none(world: World) -> None:
    team = await world.team()
    assert (await team.admin.get("/mails?cursor=")).refused == (422, "bad_request")
    assert (await team.admin.get("/mails?cursor=~&failed_first=true")).status == 200


async def test_a_providers_answer_no_provider_would_give_is_refused_by_name(stranger: Person) -> None:
    assert (await stranger.get("/auth/oidc/callback?code=%C3%A9")).refused == (422, "bad_request")
