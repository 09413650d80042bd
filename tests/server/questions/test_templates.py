"""Templates: what they draw, and interviews made of them."""

from collections import Counter
from uuid import UUID

import pytest
from sqlalchemy import select

from server.interviews.models import InterviewQuestion
from tests.server.questions.test_questions import make
from tests.server.world import Json, Person, World, unknown_id

TEMPLATE = {
    "name": "Engineer",
    "description": "A talk",
    "question_count": 4,
    "easy_percent": 50,
    "medium_percent": 25,
    "hard_percent": 25,
    "duration_minutes": 45,
    "interview_guide": "Be kind.",
}


async def collection(person: Person, **counts: int) -> dict[str, Json]:
    """Questions of each difficulty, by id."""
    made: dict[str, Json] = {}
    for kind, count in counts.items():
        for number in range(count):
            question = await make(person, f"{kind} {number}?", difficulty=kind, tags=[f"{kind} tag"])
            made[question["id"]] = question
    return made


async def template_of(person: Person, **changes: Json) -> Json:
    """A template."""
    answer = await person.post("/templates", TEMPLATE | changes)
    assert answer.status == 201, answer
    return answer.json


async def test_a_template_is_made_read_and_written_anew(world: World) -> None:
    recruiter = (await world.team()).recruiter
    bank = (await recruiter.post("/banks", {"name": "Bank"})).json
    made = await template_of(recruiter, tags=["B", "a"], bank_ids=[bank["id"]])
    assert (made["difficulty"], made["version"]) == (3, 1)
    assert [tag["name"] for tag in made["tags"]] == ["a", "B"]
    assert made["banks"] == [{"id": bank["id"], "name": "Bank"}]
    path = f"/templates/{made['id']}"
    assert (await recruiter.get(path)).json == made
    new = {"name": "Other", "question_count": 2, "duration_minutes": 10}
    written = await recruiter.put(path, new, headers={"If-Match": '"1"'})
    assert (written.json["tags"], written.json["banks"], written.json["version"]) == ([], [], 2)
    thirds = [written.json[f"{kind}_percent"] for kind in ("easy", "medium", "hard")]
    assert (thirds, written.json["interview_guide"]) == ([33, 34, 33], "")
    for stale in (
        await recruiter.put(path, new, headers={"If-Match": '"1"'}),
        await recruiter.delete(path, headers={"If-Match": '"1"'}),
    ):
        assert stale.refused == (409, "stale_version")
    assert (await recruiter.delete(path, headers={"If-Match": '"2"'})).status == 204
    assert (await recruiter.get(path)).refused == (404, "template_not_found")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"easy_percent": 51}, ""),
        ({"easy_percent": -1, "medium_percent": 76}, "easy_percent"),
        ({"question_count": 0}, "question_count"),
        ({"question_count": 51}, "question_count"),
        ({"difficulty": 6}, "difficulty"),
        ({"duration_minutes": 0}, "duration_minutes"),
        ({"bank_ids": [str(unknown_id())]}, "bank_ids.0"),
    ],
)
async def test_what_cannot_work_is_refused_by_field(world: World, changes: Json, field: str) -> None:
    recruiter = (await world.team()).recruiter
    answer = await recruiter.post("/templates", TEMPLATE | changes)
    assert answer.refused == (422, "bad_request")
    assert [problem["field"] for problem in answer.json["detail"]] == [field]


async def test_a_draw_follows_the_distribution_and_the_seed(world: World) -> None:
    recruiter = (await world.team()).recruiter
    made = await collection(recruiter, easy=6, medium=6, hard=6)
    path = f"/templates/{(await template_of(recruiter))['id']}/draw"
    drawn = (await recruiter.post(path, {"seed": 7})).json
    kinds = [question["difficulty"] for question in drawn["questions"]]
    assert kinds == ["easy", "easy", "medium", "hard"]
    assert drawn["wanted"] == drawn["drawn"] == {"easy": 2, "medium": 1, "hard": 1}
    assert (drawn["substitutions"], drawn["missing"], drawn["seed"]) == ([], 0, 7)
    filled = (drawn["title"], drawn["description"], drawn["duration_minutes"], drawn["interview_guide"])
    assert filled == ("Engineer", "A talk", 45, "Be kind.")
    assert {one["question_id"] for one in drawn["questions"]} <= set(made)
    assert (await recruiter.post(path, {"seed": 7})).json == drawn
    other = (await recruiter.post(path, {})).json
    assert (await recruiter.post(path, {"seed": other["seed"]})).json == other


async def test_a_draw_says_what_stands_in(world: World) -> None:
    recruiter = (await world.team()).recruiter
    await collection(recruiter, easy=1, medium=3)
    template = await template_of(recruiter, question_count=8)
    drawn = (await recruiter.post(f"/templates/{template['id']}/draw", {})).json
    assert drawn["wanted"] == {"easy": 4, "medium": 2, "hard": 2}
    assert drawn["drawn"] == {"easy": 1, "medium": 3, "hard": 0}
    assert drawn["substitutions"] == [{"short": "easy", "filled_from": "medium", "count": 1}]
    assert drawn["missing"] == 4


async def test_a_draw_keeps_to_banks_and_tags_and_leaves_the_archive(world: World) -> None:
    recruiter = (await world.team()).recruiter
    made = await collection(recruiter, easy=4, hard=4)
    await collection((await world.team("Other")).recruiter, easy=9)
    easy = [key for key, question in made.items() if question["difficulty"] == "easy"]
    bank = (await recruiter.post("/banks", {"name": "Bank", "question_ids": easy})).json
    await recruiter.patch(f"/questions/{easy[0]}", {"archived": True})

    async def kinds(**changes: Json) -> Counter[str]:
        template = await template_of(recruiter, question_count=50, **changes)
        drawn = (await recruiter.post(f"/templates/{template['id']}/draw", {})).json
        assert drawn["missing"] == 50 - len(drawn["questions"])
        return Counter(question["difficulty"] for question in drawn["questions"])

    assert await kinds() == {"easy": 3, "hard": 4}
    assert await kinds(bank_ids=[bank["id"]]) == {"easy": 3}
    assert await kinds(tags=["HARD tag"]) == {"hard": 4}
    assert await kinds(tags=["hard tag", "easy tag"]) == {"easy": 3, "hard": 4}
    assert await kinds(tags=["hard tag"], bank_ids=[bank["id"]]) == {}


async def test_an_interview_is_made_of_a_template(world: World) -> None:
    team = await world.team()
    await collection(team.recruiter, easy=6, medium=6, hard=6)
    template = await template_of(team.recruiter)
    drawn = (await team.recruiter.post(f"/templates/{template['id']}/draw", {"seed": 3})).json
    new = {"kind": "one_way", "template_id": template["id"], "draw_seed": 3}
    answer = await team.recruiter.post("/interviews", new)
    assert answer.status == 201, answer
    made = answer.json
    assert (made["title"], made["description"]) == ("Engineer", "A talk")
    assert (made["duration_minutes"], made["interview_guide"]) == (45, "Be kind.")
    assert [one["text"] for one in made["questions"]] == [one["text"] for one in drawn["questions"]]
    async with world.database.begin() as uow:
        kept = await uow.session.scalars(
            select(InterviewQuestion.question_id)
            .where(InterviewQuestion.interview_id == UUID(made["id"]))
            .order_by(InterviewQuestion.order_index)
        )
        assert [str(one) for one in kept] == [one["question_id"] for one in drawn["questions"]]
    own = new | {"title": "Mine", "questions": [{"text": "Only this?"}], "duration_minutes": 5}
    made = (await team.recruiter.post("/interviews", own)).json
    assert (made["title"], made["duration_minutes"], len(made["questions"])) == ("Mine", 5, 1)


async def test_what_an_interview_cannot_be_made_of(world: World) -> None:
    team, other = await world.team(), await world.team("Other")
    foreign = await template_of(other.recruiter)
    question = await make(other.recruiter, "Foreign?")
    empty = await template_of(team.recruiter)
    new: Json = {"kind": "one_way"}
    recruiter = team.recruiter
    for template_id in (foreign["id"], str(unknown_id())):
        refused = await recruiter.post("/interviews", new | {"template_id": template_id})
        assert refused.refused == (404, "template_not_found")
    for body, field in (
        (new | {"questions": [{"text": "Why?"}]}, "title"),
        (new | {"template_id": empty["id"]}, "questions"),
        (new | {"title": "T", "questions": [{"text": "F?", "question_id": question["id"]}]}, "questions"),
    ):
        answer = await recruiter.post("/interviews", body)
        assert answer.refused == (422, "bad_request")
        assert [problem["field"] for problem in answer.json["detail"]] == [field]


async def test_the_copy_stays_when_its_question_goes(world: World) -> None:
    team = await world.team()
    question = await make(team.recruiter, "Why?")
    interview = await world.interview(team, questions=[{"text": "Why?", "question_id": question["id"]}])
    await team.recruiter.patch(f"/questions/{question['id']}", {"text": "How?"})
    path = f"/interviews/{interview['id']}"
    assert (await team.recruiter.get(path)).json["questions"] == interview["questions"]
