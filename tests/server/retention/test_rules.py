"""What an organisation promises: days and a text, by version."""

import asyncio

import pytest

from server.errors import ConsentRequired
from server.retention.routes import KEEPER
from tests.server.world import PASSWORD, Json, Sitting, VirtualClock, World

PATH = "/organisation/data-rules"
TEXT = "{organisation} records you and keeps that for {retention_days} days. Please agree."


async def _set(sitting: Sitting, **changes: Json) -> Json:
    now = (await sitting.team.admin.get(PATH)).json
    body = {key: now[key] for key in ("consent_version", "retention_days", "consent_text")}
    answer = await sitting.team.admin.put(PATH, body | changes)
    assert answer.status == 200, answer
    return answer.json


async def test_a_new_text_asks_again_and_an_old_agreement_keeps_its_own(world: World) -> None:
    sitting = await world.sitting()
    before = (await sitting.team.admin.get(PATH)).json
    assert before["versions"] == []
    after = await _set(sitting, consent_text=TEXT)
    assert [one["version"] for one in after["versions"]] == [
        after["consent_version"],
        before["consent_version"],
    ]
    assert [one["created_by"] for one in after["versions"]] == ["Ada Admin", None]
    shown = (await sitting.candidate.get(sitting.path)).json["consent"]
    assert (shown["given_at"], shown["required_version"]) == (None, after["consent_version"])
    assert shown["text"] == "Northwind records you and keeps that for 180 days. Please agree."
    with pytest.raises(ConsentRequired):
        await world.video(sitting)
    agreed = {"version": after["consent_version"], "full_name": "Casey"}
    assert (await sitting.candidate.post(f"{sitting.path}/consent", agreed)).status == 201
    await world.video(sitting)


async def test_the_same_rules_are_no_new_version(world: World) -> None:
    sitting = await world.sitting()
    before = (await sitting.team.admin.get(PATH)).json
    assert await _set(sitting) == before
    changed = await _set(sitting, retention_days=30)
    assert await _set(sitting) == changed


async def test_of_two_admins_at_once_one_wins(world: World) -> None:
    sitting = await world.sitting()
    version = (await sitting.team.admin.get(PATH)).json["consent_version"]
    answers = await asyncio.gather(
        *(
            sitting.team.admin.put(
                PATH, {"consent_version": version, "retention_days": days, "consent_text": TEXT}
            )
            for days in (10, 20)
        )
    )
    assert sorted(answer.status for answer in answers) == [200, 409]
    assert {answer.json["error"] for answer in answers if answer.status == 409} == {"stale_version"}


async def test_only_admins_set_them_and_only_their_own(world: World) -> None:
    sitting, other = await world.sitting(), await world.sitting(await world.team("Other"))
    await _set(sitting, retention_days=7)
    assert (await other.team.admin.get(PATH)).json["retention_days"] == 180
    for person in (sitting.team.recruiter, sitting.team.interviewer, sitting.candidate):
        assert (await person.get(PATH)).refused == (403, "not_allowed")
    body = {"consent_version": "x", "retention_days": 0, "consent_text": "short"}
    assert (await sitting.team.admin.put(PATH, body)).refused == (422, "bad_request")


async def test_who_agreed_to_fewer_days_is_held_to_them(world: World, clock: VirtualClock) -> None:
    short, long = await world.sitting(consent=False), await world.sitting(consent=False)
    await _set(short, retention_days=10)
    detail = (await short.candidate.get(short.path)).json["consent"]
    agreed = {"version": detail["required_version"], "full_name": "Casey"}
    assert (await short.candidate.post(f"{short.path}/consent", agreed)).status == 201
    await short.candidate.post(f"{short.path}/end")
    await long.candidate.post(f"{long.path}/end")
    await _set(short, retention_days=3650)
    keeper = world.app[KEEPER]
    await keeper.close()
    clock.advance(days=11)
    await keeper.look_around()
    for sitting, status in ((short, 404), (long, 200)):
        admin = sitting.team.admin
        await admin.post("/auth/sign-in", {"email": admin.email, "password": PASSWORD})
        assert (await admin.get(sitting.path)).status == status


async def test_shortening_says_how_much_goes(world: World, clock: VirtualClock) -> None:
    sitting = await world.sitting()
    await sitting.candidate.post(f"{sitting.path}/end")
    clock.advance(days=5)
    admin = sitting.team.admin
    await admin.post("/auth/sign-in", {"email": admin.email, "password": PASSWORD})
    for days, sessions in ((4, 1), (6, 0)):
        counted = await admin.get(f"{PATH}/expired", params={"days": str(days)})
        assert counted.json == {"sessions": sessions}
