"""Creating and reading interviews."""

from datetime import timedelta

import pytest

from tests.server.world import Json, VirtualClock, World, unknown_id


async def test_an_interview_has_questions_with_the_times_that_hold(world: World) -> None:
    team = await world.team()
    made = await world.interview(team)
    assert made["status"] == "active"
    assert [question["text"] for question in made["questions"]] == ["Why?", "How?"]
    assert [question["order_index"] for question in made["questions"]] == [0, 1]
    assert [question["answer_seconds"] for question in made["questions"]] == [60, 30]
    assert [question["think_seconds"] for question in made["questions"]] == [10, 10]
    assert (await team.recruiter.get(f"/interviews/{made['id']}")).json == made


async def test_the_first_interviewer_leads(world: World) -> None:
    team = await world.team()
    made = await world.interview(team, "live", interviewer_ids=[team.recruiter.id, team.interviewer.id])
    assert [person["id"] for person in made["interviewers"]] == [team.recruiter.id, team.interviewer.id]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"questions": []}, "questions"),
        ({"kind": "live", "interviewer_ids": []}, "interviewer_ids"),
        ({"kind": "live", "interviewer_ids": [str(unknown_id())]}, "interviewer_ids"),
        ({"deadline": "2001-01-01T00:00:00Z"}, "deadline"),
        ({"deadline": "2099-01-01T00:00:00"}, "deadline"),
        ({"takes": 0}, "takes"),
        ({"answer_seconds": 4}, "answer_seconds"),
        ({"questions": [{"text": " "}]}, "questions.0.text"),
        ({"questions": [{"text": "x" * 501}]}, "questions.0.text"),
        ({"colour": "red"}, "colour"),
    ],
)
async def test_what_cannot_work_is_refused_by_field(world: World, changes: Json, field: str) -> None:
    team = await world.team()
    body = {"title": "T", "kind": "one_way", "questions": [{"text": "Why?"}]} | changes
    answer = await team.recruiter.post("/interviews", body)
    assert answer.refused == (422, "bad_request")
    assert [problem["field"] for problem in answer.json["detail"]] == [field]


async def test_only_those_who_manage_interviews_see_them(world: World) -> None:
    team, other = await world.team(), await world.team("Other")
    interview = await world.interview(team)
    path = f"/interviews/{interview['id']}"
    for person in (team.interviewer, team.reviewer, await world.person()):
        for method, where in (("GET", path), ("GET", "/interviews"), ("GET", f"{path}/invites")):
            assert (await person.ask(method, where)).refused == (403, "not_allowed")
        assert (await person.post(f"{path}/invites", {"emails": ["a@example.com"]})).status == 403
    for where in (path, f"{path}/invites"):
        assert (await other.admin.get(where)).refused == (404, "interview_not_found")
    invited = await other.admin.post(f"{path}/invites", {"emails": ["a@example.com"]})
    assert invited.refused == (404, "interview_not_found")
    assert (await other.admin.get("/interviews")).json["items"] == []
    assert (await team.admin.get(path)).status == 200


async def test_the_list_goes_on_after_the_cursor(world: World) -> None:
    team = await world.team()
    made = [(await world.interview(team, title=f"No. {number}"))["id"] for number in range(5)]
    seen: list[str] = []
    query: dict[str, str] = {"limit": "2"}
    while query.get("cursor") != "end":
        page = (await team.recruiter.get("/interviews", params=query)).json
        seen += [interview["id"] for interview in page["items"]]
        query["cursor"] = page["next_cursor"] or "end"
    assert seen == made[::-1]
    assert (await team.recruiter.get("/interviews?cursor=nonsense")).refused == (422, "bad_request")
    assert (await team.recruiter.get("/interviews?limit=0")).refused == (422, "bad_request")


async def test_nobody_is_invited_after_the_deadline(world: World, clock: VirtualClock) -> None:
    team = await world.team()
    deadline = (clock() + timedelta(days=1)).isoformat()
    interview = await world.interview(team, deadline=deadline)
    clock.advance(days=1)
    await team.recruiter.post("/auth/refresh")
    answer = await team.recruiter.post(
        f"/interviews/{interview['id']}/invites", {"emails": ["a@example.com"]}
    )
    assert answer.refused == (409, "interview_closed")
