"""Questions and tags: writing, finding, archiving, versions."""

import asyncio

import pytest

from server.storage.db import Database
from tests.server.counting import queries
from tests.server.world import Json, Person, World, unknown_id


async def make(person: Person, text: str, **more: Json) -> Json:
    """A question."""
    answer = await person.post("/questions", {"text": text} | more)
    assert answer.status == 201, answer
    return answer.json


async def found(person: Person, **query: Json) -> list[str]:
    """The texts of the questions a filter finds."""
    answer = await person.get("/questions", params=query)
    assert answer.status == 200, answer
    return [question["text"] for question in answer.json["items"]]


async def test_a_question_is_made_read_and_changed(world: World) -> None:
    recruiter = (await world.team()).recruiter
    made = await make(
        recruiter, " Why? ", category="technical", difficulty="hard", tags=["Web", "SQL", "web"]
    )
    assert (made["text"], made["category"], made["difficulty"]) == ("Why?", "technical", "hard")
    assert [tag["name"] for tag in made["tags"]] == ["SQL", "web"]
    path = f"/questions/{made['id']}"
    assert (await recruiter.get(path)).json == made
    changed = (await recruiter.patch(path, {"text": "How?", "tags": ["sql", "new"]})).json
    assert (changed["text"], changed["difficulty"], changed["version"]) == ("How?", "hard", 2)
    assert [tag["name"] for tag in changed["tags"]] == ["new", "SQL"]
    assert (await recruiter.patch(path, {"tags": []})).json["tags"] == []


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"text": " "}, "text"),
        ({"text": "x" * 501}, "text"),
        ({"text": "nul\0"}, "text"),
        ({"text": "x", "category": "x" * 51}, "category"),
        ({"text": "x", "category": "two\nlines"}, "category"),
        ({"text": "x", "difficulty": "brutal"}, "difficulty"),
        ({"text": "x", "tags": ["a;b"]}, "tags.0"),
        ({"text": "x", "tags": ["x"] * 21}, "tags"),
        ({"text": "x", "colour": "red"}, "colour"),
    ],
)
async def test_what_cannot_be_kept_is_refused_by_field(world: World, body: Json, field: str) -> None:
    recruiter = (await world.team()).recruiter
    answer = await recruiter.post("/questions", body)
    assert answer.refused == (422, "bad_request")
    assert [problem["field"] for problem in answer.json["detail"]] == [field]


async def test_a_stale_write_is_refused_and_names_the_version(world: World) -> None:
    recruiter = (await world.team()).recruiter
    made = await make(recruiter, "Why?", tags=["a"])
    path = f"/questions/{made['id']}"
    first = (await recruiter.get(path)).headers["ETag"]
    # Tags are rows of their own: changing only them makes a new version too.
    second = await recruiter.patch(path, {"tags": ["b"]}, headers={"If-Match": first})
    assert (second.status, second.headers["ETag"]) == (200, '"2"')
    for stale in (
        await recruiter.patch(path, {"text": "How?"}, headers={"If-Match": first}),
        await recruiter.delete(path, headers={"If-Match": first}),
    ):
        assert stale.refused == (409, "stale_version")
        assert stale.headers["ETag"] == '"2"'
    assert (await recruiter.get(path)).json == second.json
    assert (await recruiter.delete(path, headers={"If-Match": '"2"'})).json == {"archived": False}
    assert (await recruiter.get(path)).refused == (404, "question_not_found")


async def test_of_two_who_change_it_at_once_one_wins(world: World) -> None:
    recruiter = (await world.team()).recruiter
    path = f"/questions/{(await make(recruiter, 'Why?'))['id']}"
    answers = await asyncio.gather(
        *(
            recruiter.patch(path, {"text": f"{number}?", "tags": [str(number)]}, headers={"If-Match": '"1"'})
            for number in range(4)
        )
    )
    assert sorted(answer.status for answer in answers) == [200, 409, 409, 409]
    won = next(answer.json for answer in answers if answer.status == 200)
    assert (await recruiter.get(path)).json == won
    assert won["text"] == f"{won['tags'][0]['name']}?"


async def test_the_filters_find_what_fits(world: World) -> None:
    recruiter = (await world.team()).recruiter
    why = await make(recruiter, "Why 100%?", category="technical", difficulty="easy", tags=["Web"])
    await make(recruiter, "How?", category="behavioral", difficulty="easy")
    await make(recruiter, "What?", category="technical", difficulty="hard", tags=["web"])
    bank = (await recruiter.post("/banks", {"name": "B", "question_ids": [why["id"]]})).json
    assert await found(recruiter) == ["What?", "How?", "Why 100%?"]
    assert await found(recruiter, q="HO") == ["How?"]
    assert await found(recruiter, q="%") == ["Why 100%?"]
    assert await found(recruiter, q="behav") == ["How?"]
    assert await found(recruiter, category="technical", difficulty="easy") == ["Why 100%?"]
    assert await found(recruiter, tag=why["tags"][0]["id"]) == ["What?", "Why 100%?"]
    assert await found(recruiter, bank=bank["id"]) == ["Why 100%?"]
    assert await found(recruiter, tag=str(unknown_id())) == []
    assert (await recruiter.get("/questions?difficulty=brutal")).refused == (422, "bad_request")
    assert (await recruiter.get("/questions?q=%00")).refused == (422, "bad_request")


async def test_the_list_goes_on_after_the_cursor(world: World) -> None:
    recruiter = (await world.team()).recruiter
    made = [(await make(recruiter, f"{number}?"))["text"] for number in range(5)]
    seen: list[str] = []
    query: dict[str, str] = {"limit": "2"}
    while query.get("cursor") != "end":
        page = (await recruiter.get("/questions", params=query)).json
        seen += [question["text"] for question in page["items"]]
        query["cursor"] = page["next_cursor"] or "end"
    assert seen == made[::-1]


async def test_a_question_that_was_asked_is_archived(world: World) -> None:
    team = await world.team()
    made = await make(team.recruiter, "Why?")
    path = f"/questions/{made['id']}"
    await world.interview(team, questions=[{"text": "Why?", "question_id": made["id"]}])
    assert (await team.recruiter.delete(path)).json == {"archived": True}
    assert await found(team.recruiter) == []
    assert await found(team.recruiter, archived="true") == ["Why?"]
    back = (await team.recruiter.patch(path, {"archived": False})).json
    assert (back["archived_at"], await found(team.recruiter)) == (None, ["Why?"])


async def test_a_tag_has_one_spelling(world: World) -> None:
    recruiter = (await world.team()).recruiter
    tag = (await recruiter.post("/tags", {"name": " Straße  und Web "})).json
    assert (tag["name"], tag["question_count"]) == ("Straße und Web", 0)
    assert (await recruiter.post("/tags", {"name": "STRASSE und web"})).refused == (409, "tag_exists")
    other = (await recruiter.post("/tags", {"name": "other"})).json
    path = f"/tags/{other['id']}"
    assert (await recruiter.put(path, {"name": "strasse UND web"})).refused == (409, "tag_exists")
    stale = await recruiter.put(path, {"name": "x"}, headers={"If-Match": '"7"'})
    assert stale.refused == (409, "stale_version")
    renamed = await recruiter.put(path, {"name": "OTHER"}, headers={"If-Match": '"1"'})
    assert (renamed.json["name"], renamed.headers["ETag"]) == ("OTHER", '"2"')
    assert [one["name"] for one in (await recruiter.get("/tags?q=stra")).json["items"]] == ["Straße und Web"]
    elsewhere = (await world.team("Other")).recruiter
    assert (await elsewhere.post("/tags", {"name": "other"})).status == 201


async def test_a_tag_is_taken_from_its_questions(world: World) -> None:
    recruiter = (await world.team()).recruiter
    made = await make(recruiter, "Why?", tags=["a", "b"])
    path = f"/tags/{made['tags'][0]['id']}"
    assert (await recruiter.get(path)).json["question_count"] == 1
    template = {"name": "T", "question_count": 1, "duration_minutes": 30, "tags": ["A"]}
    kept = (await recruiter.post("/templates", template)).json
    refused = await recruiter.delete(path)
    assert refused.refused == (409, "in_use")
    assert refused.json["detail"].endswith("Among them: T.")
    assert (await recruiter.delete(f"/templates/{kept['id']}")).status == 204
    assert (await recruiter.delete(path)).status == 204
    assert [tag["name"] for tag in (await recruiter.get(f"/questions/{made['id']}")).json["tags"]] == ["b"]
    assert (await recruiter.get(path)).refused == (404, "tag_not_found")


async def test_two_who_make_the_same_tags_at_once_share_them(world: World) -> None:
    recruiter = (await world.team()).recruiter
    words = [f"tag {number}" for number in range(10)]
    made = await asyncio.gather(
        *(make(recruiter, f"{number}?", tags=words if number % 2 else words[::-1]) for number in range(4))
    )
    assert len({tag["id"] for question in made for tag in question["tags"]}) == 10


@pytest.mark.parametrize("path", ["/questions", "/tags", "/banks", "/templates"])
async def test_a_list_asks_as_much_for_many_as_for_one(world: World, database: Database, path: str) -> None:
    recruiter = (await world.team()).recruiter

    async def grow(number: int) -> None:
        question = await make(recruiter, f"{number}?", tags=[f"tag {number}", "all"])
        bank = {"name": f"Bank {number}", "question_ids": [question["id"]]}
        bank_id = (await recruiter.post("/banks", bank)).json["id"]
        template = {"name": "T", "question_count": 1, "duration_minutes": 30, "bank_ids": [bank_id]}
        assert (await recruiter.post("/templates", template | {"tags": ["all"]})).status == 201

    async def asked() -> int:
        with queries(database) as seen:
            assert (await recruiter.get(path)).json["items"]
        return len(seen)

    await grow(0)
    once = await asked()
    for number in range(1, 6):
        await grow(number)
    assert len((await recruiter.get(path)).json["items"]) >= 6
    assert await asked() == once <= 5


async def test_only_those_who_manage_interviews_see_the_collection(world: World) -> None:
    team = await world.team()
    made = await make(team.admin, "Why?")
    for person in (team.interviewer, team.reviewer, await world.person()):
        for path in ("/questions", f"/questions/{made['id']}", "/tags", "/banks", "/templates"):
            assert (await person.get(path)).refused == (403, "not_allowed")
