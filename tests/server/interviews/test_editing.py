"""Changing interviews: fields, questions, statuses, copies; and two who do so at once."""

from datetime import timedelta

import pytest

from server.web.versions import IfMatch
from tests.server.world import Json, Person, VirtualClock, World

ANY = IfMatch()


def path_of(interview: Json) -> str:
    return f"/interviews/{interview['id']}"


def texts(interview: Json) -> list[str]:
    assert [question["order_index"] for question in interview["questions"]] == list(
        range(len(interview["questions"]))
    )
    return [question["text"] for question in interview["questions"]]


async def moved(person: Person, interview: Json, move: str, **options: Json) -> Json:
    return await person.post(f"{path_of(interview)}/{move}", **options)


async def test_what_is_named_changes_and_the_rest_stays(world: World, clock: VirtualClock) -> None:
    team = await world.team()
    made = await world.interview(team, duration_minutes=30)
    clock.advance(minutes=1)
    changes = {"title": "Other", "takes": 3, "interview_guide": "Ask kindly.\nListen.", "deadline": None}
    answer = await team.recruiter.patch(path_of(made), changes, headers={"If-Match": '"1"'})
    assert answer.status == 200
    assert answer.headers["ETag"] == '"2"'
    assert answer.json == made | changes | {"version": 2, "updated_at": answer.json["updated_at"]}
    assert answer.json["updated_at"] > made["updated_at"]
    assert (await team.recruiter.get(path_of(made))).json == answer.json


async def test_null_empties_what_may_be_empty_and_says_nothing_elsewhere(
    world: World, clock: VirtualClock
) -> None:
    team = await world.team()
    deadline = (clock() + timedelta(days=1)).isoformat()
    made = await world.interview(team, duration_minutes=30, deadline=deadline)
    nothing = {"title": None, "description": None, "questions": None, "interviewer_ids": None, "takes": None}
    kept = (await team.recruiter.patch(path_of(made), nothing)).json
    assert kept == made | {"version": 2, "updated_at": kept["updated_at"]}
    emptied = (await team.recruiter.patch(path_of(made), {"deadline": None, "duration_minutes": None})).json
    assert (emptied["deadline"], emptied["duration_minutes"]) == (None, None)


async def test_questions_are_added_changed_removed_and_reordered(world: World) -> None:
    team = await world.team()
    bank = (await team.recruiter.post("/questions", {"text": "Why?"})).json
    body = [{"text": "Why?", "question_id": bank["id"]}, {"text": "How?"}, {"text": "What?"}]
    made = await world.interview(team, questions=body)
    why, how, what = made["questions"]
    wanted = [
        {"id": what["id"], "text": "What?"},
        {"text": "Who?", "think_seconds": 0},
        {"id": why["id"], "text": "Why now?", "answer_seconds": 45},
    ]
    changed = (await team.recruiter.patch(path_of(made), {"questions": wanted})).json
    assert texts(changed) == ["What?", "Who?", "Why now?"]
    assert [question["id"] for question in changed["questions"]][::2] == [what["id"], why["id"]]
    assert how["id"] not in {question["id"] for question in changed["questions"]}
    assert changed["questions"][2]["question_id"] == bank["id"]
    assert [question["answer_seconds"] for question in changed["questions"]] == [60, 60, 45]
    assert [question["own_think_seconds"] for question in changed["questions"]] == [None, 0, None]
    turned = [{"id": one["id"], "text": one["text"]} for one in changed["questions"][::-1]]
    again = (await team.recruiter.patch(path_of(made), {"questions": turned})).json
    assert texts(again) == ["Why now?", "Who?", "What?"]
    assert again["version"] == 3


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"questions": []}, "questions"),
        ({"deadline": "2001-01-01T00:00:00Z"}, "deadline"),
        ({"title": " "}, "title"),
        ({"title": "a\0b"}, "title"),
        ({"description": "a\0b"}, "description"),
        ({"interview_guide": "a\0b"}, "interview_guide"),
        ({"questions": [{"text": "a\0b"}]}, "questions.0.text"),
        ({"interviewer_ids": ["00000000-0000-7000-8000-000000000000"]}, "interviewer_ids"),
        ({"status": "completed"}, "status"),
        ({"kind": "live"}, "interviewer_ids"),
    ],
)
async def test_what_cannot_work_is_refused_by_field(world: World, changes: Json, field: str) -> None:
    team = await world.team()
    made = await world.interview(team)
    answer = await team.recruiter.patch(path_of(made), changes)
    assert answer.refused == (422, "bad_request")
    assert [problem["field"] for problem in answer.json["detail"]] == [field]
    assert (await team.recruiter.get(path_of(made))).json == made


async def test_foreign_and_repeated_questions_are_refused(world: World) -> None:
    team = await world.team()
    made, other = await world.interview(team), await world.interview(team)
    foreign = other["questions"][0]["id"]
    own = made["questions"][0]["id"]
    for ids, field in (([foreign], "questions.0.id"), ([own, own], "questions.1.id")):
        wanted = [{"id": one, "text": "?"} for one in ids]
        answer = await team.recruiter.patch(path_of(made), {"questions": wanted})
        assert [problem["field"] for problem in answer.json["detail"]] == [field]


async def test_a_nul_is_refused_wherever_a_text_comes_in(world: World) -> None:
    team = await world.team()
    made = await world.interview(team)
    invites = f"{path_of(made)}/invites"
    for path, body in (
        ("/interviews", {"title": "a\0", "kind": "one_way", "questions": [{"text": "?"}]}),
        (invites, {"text": "a\0@example.com"}),
        (invites, {"emails": ["a\0 <a@example.com>"]}),
        (f"{invites}/preview", {"text": "a\0"}),
        ("/invitations/look", {"token": "a\0" * 10}),
        ("/candidate/interviews", {"code": "12345\0"}),
    ):
        assert (await team.recruiter.post(path, body)).refused == (422, "bad_request")
    assert (await team.recruiter.get(f"{invites}?q=%00")).refused == (422, "bad_request")


async def test_a_draft_may_lack_what_an_active_one_needs(world: World, clock: VirtualClock) -> None:
    team = await world.team()
    made = (await team.recruiter.post("/interviews", {"title": "T", "kind": "one_way", "draft": True})).json
    assert (made["status"], made["questions"]) == ("inactive", [])
    invited = await team.recruiter.post(f"{path_of(made)}/invites", {"emails": ["a@example.com"]})
    assert invited.refused == (409, "interview_closed")
    refused = await moved(team.recruiter, made, "activate")
    assert [problem["field"] for problem in refused.json["detail"]] == ["questions"]
    await team.recruiter.patch(path_of(made), {"questions": [{"text": "Why?"}]})
    assert (await moved(team.recruiter, made, "activate")).json["status"] == "active"
    assert await world.code(team, made, "a@example.com")


async def test_nothing_is_activated_past_its_deadline(world: World, clock: VirtualClock) -> None:
    team = await world.team()
    made = await world.interview(team, deadline=(clock() + timedelta(days=1)).isoformat(), draft=True)
    clock.advance(days=2)
    await team.recruiter.post("/auth/refresh")
    refused = await moved(team.recruiter, made, "activate")
    assert [problem["field"] for problem in refused.json["detail"]] == ["deadline"]


@pytest.mark.parametrize(
    ("moves", "refused", "states"),
    [
        (["activate"], True, ("active", "active")),
        (["pause", "activate", "pause"], False, ()),
        (["pause", "pause"], True, ("inactive", "inactive")),
        (["pause", "close"], False, ()),
        (["close", "activate"], True, ("completed", "active")),
        (["close", "pause"], True, ("completed", "inactive")),
        (["close", "close"], True, ("completed", "completed")),
    ],
)
async def test_which_status_may_follow_which(
    world: World, moves: list[str], refused: bool, states: tuple[str, ...]
) -> None:
    team = await world.team()
    made = await world.interview(team)
    *_, last = [await moved(team.recruiter, made, move) for move in moves]
    if refused:
        assert last.refused == (409, "invalid_transition")
        assert last.json["detail"] == "An interview that is {} cannot become {}.".format(*states)
    else:
        assert last.status == 200


@pytest.mark.parametrize("move", ["pause", "close"])
async def test_a_paused_or_closed_interview_takes_nobody(world: World, move: str) -> None:
    team, candidate = await world.team(), await world.person()
    made = await world.interview(team)
    code = await world.code(team, made, candidate.email)
    assert (await moved(team.recruiter, made, move)).status == 200
    refused = await candidate.post("/candidate/interviews", {"code": code})
    assert refused.refused == (409, "interview_closed")


async def test_what_everybody_shares_stays_once_somebody_takes_part(world: World) -> None:
    sitting = await world.sitting()
    recruiter, path = sitting.team.recruiter, path_of(sitting.interview)
    for changes in ({"questions": [{"text": "New?"}]}, {"takes": 5}, {"think_seconds": 1}, {"kind": "live"}):
        assert (await recruiter.patch(path, changes)).refused == (409, "interview_begun")
    assert (await recruiter.patch(path, {"title": "Clearer"})).json["title"] == "Clearer"


async def test_a_closed_interview_stays_as_it_is(world: World) -> None:
    team = await world.team()
    made = await world.interview(team)
    await moved(team.recruiter, made, "close")
    assert (await team.recruiter.patch(path_of(made), {"title": "x"})).refused == (409, "interview_completed")


async def test_a_copy_asks_the_same_and_has_nobody(world: World, clock: VirtualClock) -> None:
    sitting = await world.sitting(deadline=(clock() + timedelta(days=1)).isoformat(), practice_question=True)
    recruiter, source = sitting.team.recruiter, sitting.interview
    await recruiter.put(f"{path_of(source)}/proctoring-policy", {"version": 0, "preset": "strict"})
    answer = await recruiter.post(f"{path_of(source)}/duplicate")
    copy = answer.json
    assert answer.status == 201
    assert (copy["title"], copy["status"], copy["deadline"]) == ("Copy of Engineer", "inactive", None)
    same = ("kind", "description", "think_seconds", "answer_seconds", "takes", "practice_question")
    assert {name: copy[name] for name in same} == {name: source[name] for name in same}
    assert texts(copy) == texts(source)
    assert [one["own_answer_seconds"] for one in copy["questions"]] == [None, 30]
    assert not {one["id"] for one in copy["questions"]} & {one["id"] for one in source["questions"]}
    assert (await recruiter.get(f"{path_of(copy)}/invites")).json["items"] == []
    policy = (await recruiter.get(f"{path_of(copy)}/proctoring-policy")).json
    assert (policy["origin"], policy["rules"]["preset"]) == ("interview", "strict")
    assert (await recruiter.patch(path_of(copy), {"questions": [{"text": "New?"}]})).status == 200
    assert texts((await recruiter.get(path_of(source))).json) == texts(source)
