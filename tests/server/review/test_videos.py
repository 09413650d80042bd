"""The list of videos, and sessions by day."""

from tests.server.counting import queries
from tests.server.world import PASSWORD, Person, Team, VirtualClock, World


async def _sign_in(person: Person) -> None:
    await person.post("/auth/sign-in", {"email": person.email, "password": PASSWORD})


async def _again(team: Team) -> Team:
    """The same people days later."""
    await _sign_in(team.recruiter)
    return team


async def test_videos_are_found_by_candidate_and_day(world: World, clock: VirtualClock) -> None:
    first = await world.sitting()
    old = await world.video(first, 0, content=b"webm")
    clock.advance(days=3)
    second = await world.sitting(await _again(first.team))
    new = await world.video(second, 0)
    other = await world.sitting(await world.team("Other"))
    await world.video(other, 0)
    recruiter = first.team.recruiter
    with queries(world.database) as asked:
        rows = (await recruiter.get("/videos")).json["items"]
    assert [row["id"] for row in rows] == [str(new), str(old)]
    assert (rows[1]["candidate_email"], rows[1]["bytes"], rows[1]["status"]) == (
        first.candidate.email,
        4,
        "ready",
    )
    assert len([statement for statement in asked if "interview_videos" in statement]) == 1
    since = (clock.now.replace(microsecond=0)).isoformat()
    for query, found in (
        ({"q": first.candidate.email.upper()}, [old]),
        ({"q": "nobody"}, []),
        ({"since": since}, [new]),
        ({"until": since}, [old]),
        ({"status": "ready"}, [old]),
    ):
        rows = (await recruiter.get("/videos", params=query)).json["items"]
        assert [row["id"] for row in rows] == [str(video) for video in found], query
    page = (await recruiter.get("/videos", params={"limit": "1"})).json
    page = (await recruiter.get("/videos", params={"limit": "1", "cursor": page["next_cursor"]})).json
    assert ([row["id"] for row in page["items"]], page["next_cursor"]) == ([str(old)], None)
    for person in (first.team.reviewer, first.team.interviewer, first.candidate):
        await _sign_in(person)
        assert (await person.get("/videos")).refused == (403, "not_allowed")


async def test_sessions_are_found_by_day(world: World, clock: VirtualClock) -> None:
    first = await world.sitting()
    await world.video(first, 0)
    clock.advance(days=3)
    second = await world.sitting(await _again(first.team))
    await world.video(second, 0)
    since = clock.now.replace(microsecond=0).isoformat()
    recruiter = first.team.recruiter
    for query, found in (({"since": since}, second), ({"until": since}, first)):
        rows = (await recruiter.get("/sessions", params=query)).json["items"]
        assert [row["id"] for row in rows] == [str(found.id)]
    assert (await recruiter.get("/sessions", params={"since": "2030-01-01"})).status == 422
