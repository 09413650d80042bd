"""Nothing is recorded before consent."""

import pytest
from sqlalchemy import select

from server.accounts.models import Organisation
from server.errors import ConsentRequired
from server.keys import BUS
from server.scheduling.models import Consent
from server.storage.db import Database
from tests.server.world import Sitting, World


async def _agree(sitting: Sitting, version: str) -> tuple[int, str | None]:
    body = {"version": version, "full_name": "Casey Candidate"}
    answer = await sitting.candidate.post(f"{sitting.path}/consent", body)
    return answer.status, answer.json.get("error")


async def test_the_text_names_the_organisation_and_the_signs(world: World) -> None:
    sitting = await world.sitting(consent=False)
    consent = sitting.session["consent"]
    assert "Northwind asks you" in consent["text"]
    assert "180 days" in consent["text"]
    assert "{" not in consent["text"]
    assert {"no_face", "multiple_faces"} <= set(consent["event_types"])
    assert consent["retention_days"] == 180
    assert consent["given_at"] is None


async def test_consent_is_kept_with_the_text_that_was_shown(world: World, database: Database) -> None:
    sitting = await world.sitting()
    shown = (await sitting.candidate.get(sitting.path)).json["consent"]
    assert shown["given_at"] is not None
    assert await _agree(sitting, shown["required_version"]) == (201, None)
    async with database.begin() as uow:
        [kept] = (await uow.session.scalars(select(Consent))).all()
    assert kept.text == shown["text"]
    assert kept.full_name == "Casey Candidate"
    assert kept.ip == "127.0.0.1"


async def test_a_new_text_has_to_be_agreed_to_again(world: World, database: Database) -> None:
    sitting = await world.sitting()
    old = sitting.session["consent"]["required_version"]
    async with database.begin() as uow:
        organisation = await uow.session.get_one(Organisation, sitting.team.id)
        organisation.settings = {"consent_text": "New text of {organisation}.", "consent_version": "2"}
    shown = (await sitting.candidate.get(sitting.path)).json["consent"]
    assert (shown["text"], shown["given_at"]) == ("New text of Northwind.", None)
    with pytest.raises(ConsentRequired):
        await world.video(sitting)
    assert await _agree(sitting, old) == (409, "consent_version_stale")
    assert await _agree(sitting, "2") == (201, None)
    await world.video(sitting)


async def test_no_video_without_consent(world: World) -> None:
    sitting = await world.sitting(consent=False)
    with pytest.raises(ConsentRequired):
        await world.video(sitting)


async def test_withdrawing_is_announced_and_stops_recording(world: World) -> None:
    sitting = await world.sitting()
    async with world.app[BUS].subscribe(f"session:{sitting.id}") as messages:
        assert (await sitting.candidate.delete(f"{sitting.path}/consent")).status == 204
        assert await anext(messages) == {"type": "consent", "withdrawn": True}
    assert (await sitting.candidate.delete(f"{sitting.path}/consent")).status == 204
    with pytest.raises(ConsentRequired):
        await world.video(sitting)


async def test_only_the_candidate_consents(world: World) -> None:
    sitting = await world.sitting(consent=False)
    version = sitting.session["consent"]["required_version"]
    body = {"version": version, "full_name": "Ada Admin"}
    assert (await sitting.team.admin.post(f"{sitting.path}/consent", body)).refused == (403, "not_allowed")
    assert (await sitting.team.admin.delete(f"{sitting.path}/consent")).refused == (403, "not_allowed")
    stranger = await world.person()
    answer = await stranger.post(f"{sitting.path}/consent", body)
    assert answer.refused == (404, "session_not_found")


async def test_no_consent_to_what_is_over(world: World) -> None:
    sitting = await world.sitting(consent=False)
    await sitting.candidate.post(f"{sitting.path}/end")
    version = sitting.session["consent"]["required_version"]
    assert await _agree(sitting, version) == (409, "session_ended")
