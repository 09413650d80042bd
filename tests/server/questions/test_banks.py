"""Banks: questions in an order."""

import asyncio

from tests.server.questions.test_questions import make
from tests.server.world import Json, Person, World, unknown_id


async def texts(person: Person, path: str) -> list[str]:
    """What is in a bank, in its order."""
    bank = (await person.get(path)).json
    assert bank["question_count"] == len(bank["questions"])
    return [question["text"] for question in bank["questions"]]


async def test_questions_are_added_removed_and_reordered(world: World) -> None:
    recruiter = (await world.team()).recruiter
    ids = {text: (await make(recruiter, text))["id"] for text in "abcd"}
    new = {"name": "Bank", "question_ids": [ids["b"], ids["a"]]}
    made = await recruiter.post("/banks", new)
    assert (made.status, made.headers["ETag"]) == (201, '"1"')
    path = f"/banks/{made.json['id']}"
    assert await texts(recruiter, path) == ["b", "a"]
    order = [ids[text] for text in "dab"]
    changed = await recruiter.patch(path, {"question_ids": order}, headers={"If-Match": '"1"'})
    assert (changed.json["version"], changed.json["name"]) == (2, "Bank")
    assert await texts(recruiter, path) == ["d", "a", "b"]
    stale = await recruiter.patch(path, {"question_ids": []}, headers={"If-Match": '"1"'})
    assert stale.refused == (409, "stale_version")
    assert (await recruiter.patch(path, {"name": "Other"})).json["question_count"] == 3
    [row] = (await recruiter.get("/banks?q=oth")).json["items"]
    assert (row["name"], row["question_count"]) == ("Other", 3)
    [bank] = (await recruiter.get(f"/questions/{ids['d']}")).json["banks"]
    assert bank["name"] == "Other"


async def test_only_own_questions_and_each_once(world: World) -> None:
    recruiter, other = (await world.team()).recruiter, (await world.team("Other")).recruiter
    own, foreign = (await make(recruiter, "Own?"))["id"], (await make(other, "Foreign?"))["id"]
    for ids, field in (
        ([own, foreign], "question_ids.1"),
        ([str(unknown_id())], "question_ids.0"),
        ([own, own], "question_ids.1"),
    ):
        answer = await recruiter.post("/banks", {"name": "Bank", "question_ids": ids})
        assert answer.refused == (422, "bad_request")
        assert [problem["field"] for problem in answer.json["detail"]] == [field]
    assert (await recruiter.get("/banks")).json["items"] == []


async def test_of_two_orders_at_once_one_wins_whole(world: World) -> None:
    recruiter = (await world.team()).recruiter
    ids = [(await make(recruiter, text))["id"] for text in "abc"]
    bank = (await recruiter.post("/banks", {"name": "Bank", "question_ids": ids})).json
    path = f"/banks/{bank['id']}"

    async def put(order: list[str]) -> Json:
        return await recruiter.patch(path, {"question_ids": order}, headers={"If-Match": '"1"'})

    answers = await asyncio.gather(put(ids[::-1]), put(ids[:1]), put([]))
    assert sorted(answer.status for answer in answers) == [200, 409, 409]
    won = next(answer for answer in answers if answer.status == 200)
    assert (await recruiter.get(path)).json == won.json


async def test_a_bank_goes_and_its_questions_stay(world: World) -> None:
    recruiter = (await world.team()).recruiter
    question = await make(recruiter, "Why?")
    bank = (await recruiter.post("/banks", {"name": "Bank", "question_ids": [question["id"]]})).json
    path = f"/banks/{bank['id']}"
    template = {"name": "T", "question_count": 1, "duration_minutes": 30, "bank_ids": [bank["id"]]}
    kept = (await recruiter.post("/templates", template)).json
    assert (await recruiter.delete(path)).refused == (409, "in_use")
    assert (await recruiter.delete(f"/templates/{kept['id']}")).status == 204
    stale = await recruiter.delete(path, headers={"If-Match": '"9"'})
    assert stale.refused == (409, "stale_version")
    assert (await recruiter.delete(path, headers={"If-Match": '"1"'})).status == 204
    assert (await recruiter.get(path)).refused == (404, "bank_not_found")
    assert (await recruiter.get(f"/questions/{question['id']}")).json["banks"] == []


async def test_a_question_that_goes_leaves_its_banks(world: World) -> None:
    recruiter = (await world.team()).recruiter
    ids = [(await make(recruiter, text))["id"] for text in "abc"]
    bank = (await recruiter.post("/banks", {"name": "Bank", "question_ids": ids})).json
    assert (await recruiter.delete(f"/questions/{ids[1]}")).json == {"archived": False}
    assert await texts(recruiter, f"/banks/{bank['id']}") == ["a", "c"]
