"""Requests that come twice with one Idempotency-Key are done once."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import func, select

from server.app import PACKAGES, openapi_document
from server.interviews.models import Interview, Invite
from server.mail.models import Mail
from server.questions.models import Question
from server.storage.answers import KeptAnswer
from server.storage.db import Database
from tests.server.world import Answer, Person, VirtualClock, World

NEW = {"title": "T", "kind": "one_way", "questions": [{"text": "Why?"}]}


async def send(person: Person, path: str, body: Any, key: str = "k") -> Answer:
    return await person.post(path, body, headers={"Idempotency-Key": key})


async def count(database: Database, table: Any, *conditions: Any) -> int:
    async with database.begin() as uow:
        return await uow.session.scalar(select(func.count()).select_from(table).where(*conditions)) or 0


async def test_the_second_time_the_first_answer_comes_again(world: World, database: Database) -> None:
    recruiter = (await world.team()).recruiter
    first = await send(recruiter, "/interviews", NEW)
    await recruiter.patch(f"/interviews/{first.json['id']}", {"title": "Changed since"})
    second = await send(recruiter, "/interviews", dict(reversed(NEW.items())))
    assert (second.status, second.json, second.headers["ETag"]) == (201, first.json, first.headers["ETag"])
    assert await count(database, Interview) == 1


async def test_each_create_is_done_once(world: World, database: Database) -> None:
    recruiter = (await world.team()).recruiter
    interview = (await recruiter.post("/interviews", NEW)).json
    invites = f"/interviews/{interview['id']}/invites"
    asked: tuple[tuple[str, Any], ...] = (
        ("/questions", {"text": "Why?"}),
        ("/banks", {"name": "B"}),
        ("/tags", {"name": "t"}),
        ("/templates", {"name": "x", "question_count": 1, "duration_minutes": 30}),
        (invites, {"emails": ["a@example.com"]}),
    )
    for path, body in asked:  # one key: each operation has keys of its own
        first, second = await send(recruiter, path, body), await send(recruiter, path, body)
        assert (first.status, second.json) == (201, first.json), path
        assert path != invites or second.json["items"][0]["code"]
    assert await count(database, Question) == 1
    assert await count(database, Invite) == await count(database, Mail, Mail.kind == "invite") == 1


async def test_the_key_with_another_request_is_refused(world: World, database: Database) -> None:
    recruiter = (await world.team()).recruiter
    first = (await send(recruiter, "/interviews", NEW)).json
    other = (await send(recruiter, "/interviews", NEW, "other")).json
    refused = await send(recruiter, "/interviews", NEW | {"title": "Other"})
    assert refused.refused == (422, "idempotency_key_reused")
    people = {"emails": ["a@example.com"]}
    assert (await send(recruiter, f"/interviews/{first['id']}/invites", people)).status == 201
    refused = await send(recruiter, f"/interviews/{other['id']}/invites", people)
    assert refused.refused == (422, "idempotency_key_reused")
    assert (await count(database, Interview), await count(database, Invite)) == (2, 1)


async def test_of_two_at_once_one_is_done(world: World, database: Database) -> None:
    recruiter = (await world.team()).recruiter
    answers = await asyncio.gather(*(send(recruiter, "/interviews", NEW) for _ in range(6)))
    assert {answer.status for answer in answers} == {201}
    assert len({answer.json["id"] for answer in answers}) == 1
    assert await count(database, Interview) == 1


async def test_everybody_has_keys_of_their_own(world: World, database: Database) -> None:
    team, other = await world.team(), await world.team("Other")
    people = (team.recruiter, team.admin, other.recruiter)
    made = {(await send(person, "/interviews", NEW)).json["id"] for person in people}
    assert len(made) == await count(database, Interview) == 3


async def test_a_refusal_is_not_kept(world: World, database: Database) -> None:
    recruiter = (await world.team()).recruiter
    await recruiter.post("/tags", {"name": "t"})
    assert (await send(recruiter, "/tags", {"name": "t"})).refused == (409, "tag_exists")
    assert await count(database, KeptAnswer) == 0
    [tag] = (await recruiter.get("/tags")).json["items"]
    await recruiter.delete(f"/tags/{tag['id']}")
    assert (await send(recruiter, "/tags", {"name": "t"})).status == 201


async def test_after_a_day_the_key_is_new_again(
    world: World, database: Database, clock: VirtualClock
) -> None:
    recruiter = (await world.team()).recruiter
    await send(recruiter, "/interviews", NEW)
    await send(recruiter, "/interviews", NEW, "another")
    clock.advance(hours=24)
    await recruiter.post("/auth/refresh")
    await send(recruiter, "/interviews", NEW | {"title": "Other"})
    assert await count(database, Interview) == 3
    assert await count(database, KeptAnswer) == 1


async def test_a_stolen_table_tells_no_codes(world: World, database: Database) -> None:
    team = await world.team()
    interview = await world.interview(team)
    body = {"emails": ["a@example.com"]}
    made = await send(team.recruiter, f"/interviews/{interview['id']}/invites", body)
    async with database.begin() as uow:
        [kept] = await uow.session.scalars(select(KeptAnswer))
    assert made.json["items"][0]["code"].encode() not in kept.sealed
    assert b"a@example.com" not in kept.sealed + kept.key_hash + kept.request_hash


@pytest.mark.parametrize("key", ["", "a b", "ä", "x" * 256])
async def test_what_is_no_key_is_refused(world: World, key: str) -> None:
    recruiter = (await world.team()).recruiter
    refused = await send(recruiter, "/interviews", NEW, key)
    assert refused.refused == (422, "bad_request")
    assert refused.json["detail"][0]["field"] == "Idempotency-Key"


def test_the_document_names_the_header_where_it_counts() -> None:
    paths = openapi_document()["paths"]
    named = {
        described["operationId"]
        for methods in paths.values()
        for described in methods.values()
        if any(parameter["name"] == "Idempotency-Key" for parameter in described.get("parameters", ()))
    }
    made = {one.name for routes in PACKAGES for one in routes.operations if one.once}
    assert named == made >= {"create_interview", "create_invites", "create_question", "duplicate_interview"}


def test_what_is_answered_once_answers_with_a_model_and_leaves_nothing_when_refused() -> None:
    for operation in (one for routes in PACKAGES for one in routes.operations if one.once):
        assert operation.answer is not None
        assert not [refusal for refusal in operation.refusals if refusal.keeps_changes]
