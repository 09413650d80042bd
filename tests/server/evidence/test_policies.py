"""Which rules a session runs under, and how people choose them."""

import asyncio
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from proctoring.rules.policy import Policy, only
from proctoring.rules.presets import THRESHOLDS, preset
from proctoring.types import EventType
from server.accounts.models import AuditEntry
from server.evidence.models import ProctoringPolicy, SessionPolicy
from server.evidence.policies import STANDARD, preview_rules, rules_for
from server.evidence.rules import PolicyRules, read_rules
from server.scheduling.models import InterviewSession
from tests.server.world import Sitting, World


async def _add(world: World, sitting: Sitting, version: int, event_types: list[str], **of: object) -> None:
    wanted = [EventType(each) for each in event_types]
    rules = PolicyRules.of(Policy(types=only(Policy(), wanted))).model_dump(mode="json")
    async with world.database.begin() as uow:
        uow.session.add(ProctoringPolicy(organisation_id=sitting.team.id, version=version, rules=rules, **of))


async def _types(world: World, sitting: Sitting, *, fix: bool) -> list[str]:
    async with world.database.begin() as uow:
        session = await uow.session.get_one(InterviewSession, sitting.id)
        rules = await (rules_for if fix else preview_rules)(uow, session)
        return [kind.value for kind in rules.event_types]


async def test_the_standard_rules_survive_the_database(world: World) -> None:
    sitting = await world.sitting(consent=False)
    async with world.database.begin() as uow:
        session = await uow.session.get_one(InterviewSession, sitting.id)
        assert await preview_rules(uow, session) == STANDARD
        assert (await rules_for(uow, session)).policy == Policy(version="organisation-1")
        assert (await preview_rules(uow, session)).policy == Policy(version="organisation-1")


async def test_a_session_keeps_the_version_it_ran_under(world: World) -> None:
    early = await world.sitting(consent=False)
    await _add(world, early, 1, ["no_face"])
    assert await _types(world, early, fix=True) == ["no_face"]
    await _add(world, early, 2, ["multiple_faces"])
    late = await world.sitting(early.team, consent=False)
    assert await _types(world, early, fix=True) == ["no_face"]
    assert await _types(world, early, fix=False) == ["no_face"]
    assert await _types(world, late, fix=False) == ["multiple_faces"]
    assert await _types(world, late, fix=True) == ["multiple_faces"]


async def test_an_interview_may_have_rules_of_its_own(world: World) -> None:
    sitting = await world.sitting(consent=False)
    await _add(world, sitting, 9, ["no_face"])
    await _add(world, sitting, 1, ["multiple_faces"], interview_id=sitting.interview["id"])
    assert await _types(world, sitting, fix=False) == ["multiple_faces"]
    other = await world.sitting(sitting.team, consent=False)
    assert await _types(world, other, fix=False) == ["no_face"]
    shown = (await other.candidate.get(other.path)).json["consent"]["event_types"]
    assert shown == ["no_face"]


async def test_consent_fixes_what_was_agreed_to(world: World) -> None:
    sitting = await world.sitting()
    chosen = await sitting.team.admin.put("/proctoring/policy", {"version": 0, "preset": "strict"})
    assert chosen.status == 200, chosen
    async with world.database.begin() as uow:
        session = await uow.session.get_one(InterviewSession, sitting.id)
        assert (await rules_for(uow, session)).policy.preset == "standard"
    later = await world.sitting(sitting.team)
    async with world.database.begin() as uow:
        session = await uow.session.get_one(InterviewSession, later.id)
        assert (await rules_for(uow, session)).policy.preset == "strict"


# --- choosing


def _rules(**changes: Any) -> dict[str, Any]:
    """Rules of one's own: the standard, except for some fields of no_face."""
    rules = PolicyRules.of(Policy()).model_dump(mode="json") | {"preset": "custom"}
    rules["types"]["no_face"] |= changes
    return rules


def test_every_preset_survives_being_stored() -> None:
    for name in ("off", "gentle", "standard", "strict"):
        stored = PolicyRules.of(preset(name)).model_dump(mode="json")
        assert read_rules(stored).policy(name) == preset(name)


async def test_presets_can_be_read_by_those_who_choose(world: World) -> None:
    team = await world.team()
    found = (await team.recruiter.get("/proctoring/presets")).json
    assert [each["name"] for each in found["presets"]] == ["off", "gentle", "standard", "strict"]
    assert found["presets"][2]["rules"]["types"]["no_face"]["dwell_ms"] == 3000
    assert len(found["thresholds"]) == sum(map(len, THRESHOLDS.values()))
    for person in (team.interviewer, team.reviewer):
        assert (await person.get("/proctoring/presets")).refused == (403, "not_allowed")
        assert (await person.get("/proctoring/policy")).refused == (403, "not_allowed")


async def test_general_numbers_are_served_with_the_range_they_are_checked_against(world: World) -> None:
    team = await world.team()
    found = (await team.recruiter.get("/proctoring/presets")).json
    general = {each.pop("name"): each for each in found["general"]}
    rules = found["presets"][2]["rules"]
    assert set(general) == set(rules) - {"preset", "types"}
    assert general["min_share"] == {"least": 0.5, "most": 1, "unit": "share"}
    assert general["min_observations"]["unit"] == "count"
    for name, number in general.items():
        for bound, status in ((number["least"], 200), (number["most"], 200), (number["most"] + 1, 422)):
            version = (await team.admin.get("/proctoring/policy")).json["own_version"]
            own = {"version": version, "preset": "custom", "rules": rules | {name: bound}}
            assert (await team.admin.put("/proctoring/policy", own)).status == status, (name, bound)


async def test_an_organisation_begins_with_the_standard(world: World) -> None:
    sitting = await world.sitting()
    path = f"/interviews/{sitting.interview['id']}/proctoring-policy"
    for each in ("/proctoring/policy", path):
        found = (await sitting.team.recruiter.get(each)).json
        assert (found["origin"], found["own_version"], found["changed_by"]) == ("preset", 0, None)
        assert found["rules"]["preset"] == "standard"


async def test_a_choice_is_a_new_version_with_a_name_to_it(world: World) -> None:
    sitting = await world.sitting()
    recruiter = sitting.team.recruiter
    first = (await recruiter.put("/proctoring/policy", {"version": 0, "preset": "gentle"})).json
    assert (first["origin"], first["rules"]["preset"]) == ("organisation", "gentle")
    assert first["changed_by"]["id"] == recruiter.id
    own = {"version": first["own_version"], "preset": "custom", "rules": _rules(dwell_ms=4000)}
    second = (await recruiter.put("/proctoring/policy", own)).json
    assert second["own_version"] == first["own_version"] + 1
    assert second["rules"]["types"]["no_face"]["dwell_ms"] == 4000
    assert (await recruiter.get("/proctoring/policy")).json == second
    async with world.database.begin() as uow:
        entries = await uow.session.scalars(
            select(AuditEntry).where(AuditEntry.action == "proctoring_policy.changed").order_by(AuditEntry.at)
        )
        noted = [(entry.entity_type, entry.entity_id, entry.actor_id, entry.after) for entry in entries]
    assert noted[-1][:3] == ("organisation", sitting.team.id, UUID(recruiter.id))
    assert noted[-1][3] == {"origin": "organisation", "version": second["version"], "preset": "custom"}


async def test_a_stale_choice_is_refused(world: World) -> None:
    team = await world.team()
    assert (await team.admin.put("/proctoring/policy", {"version": 0, "preset": "off"})).status == 200
    stale = await team.recruiter.put("/proctoring/policy", {"version": 0, "preset": "strict"})
    assert stale.refused == (409, "stale_version")
    assert (await team.admin.get("/proctoring/policy")).json["rules"]["preset"] == "off"


async def test_of_two_choices_at_once_one_wins(world: World) -> None:
    team = await world.team()
    answers = await asyncio.gather(
        *(
            person.put("/proctoring/policy", {"version": 0, "preset": name})
            for person, name in ((team.admin, "off"), (team.recruiter, "strict"))
        )
    )
    assert sorted(answer.status for answer in answers) == [200, 409]


async def test_an_interviews_own_rules_can_be_taken_back(world: World) -> None:
    sitting = await world.sitting()
    recruiter, path = sitting.team.recruiter, f"/interviews/{sitting.interview['id']}/proctoring-policy"
    own = (await recruiter.put(path, {"version": 0, "preset": "strict"})).json
    assert (own["origin"], own["own_version"]) == ("interview", 1)
    assert (await recruiter.delete(f"{path}?version=2")).refused == (409, "stale_version")
    assert (await recruiter.delete(path)).refused == (422, "bad_request")
    back = (await recruiter.delete(f"{path}?version=1")).json
    assert (back["origin"], back["own_version"]) == ("preset", 0)
    again = (await recruiter.put(path, {"version": 0, "preset": "off"})).json
    assert (again["origin"], again["own_version"]) == ("interview", 2), "a version is never given twice"


async def test_a_session_keeps_rules_that_were_taken_back(world: World) -> None:
    team = await world.team()
    sitting = await world.sitting(team, consent=False)
    path = f"/interviews/{sitting.interview['id']}/proctoring-policy"
    await team.recruiter.put(path, {"version": 0, "preset": "strict"})
    async with world.database.begin() as uow:
        session = await uow.session.get_one(InterviewSession, sitting.id)
        assert (await rules_for(uow, session)).policy.version == "interview-1"
    await team.recruiter.delete(f"{path}?version=1")
    async with world.database.begin() as uow:
        session = await uow.session.get_one(InterviewSession, sitting.id)
        assert (await rules_for(uow, session)).policy.preset == "strict"
        assert (await preview_rules(uow, session)).policy.preset == "strict"


@pytest.mark.parametrize(
    "changes",
    [
        {"dwell_ms": -1},
        {"dwell_ms": 3_600_001},
        {"severities": []},
        {"severities": [[5, "low"]]},
        {"severities": [[0, "high"], [0, "critical"]]},
        {"severities": [[0, "high"], [1000, "low"]]},
        {"severities": [[0, "dreadful"]]},
        {"repeats": [[1, 1]]},
        {"repeats": [[4, 1], [3, 1]]},
        {"thresholds": {}},
        {"thresholds": {"present_min_score": 0.55, "life_min_motion": 2, "shoe_size": 44}},
        {"thresholds": {"present_min_score": 1.5, "life_min_motion": 2}},
        {"most_points": 101},
        {"points": {"low": 1}},
        {"weight": 3},
    ],
)
async def test_rules_that_cannot_work_are_refused(world: World, changes: dict[str, Any]) -> None:
    team = await world.team()
    body = {"version": 0, "preset": "custom", "rules": _rules(**changes)}
    assert (await team.admin.put("/proctoring/policy", body)).refused == (422, "bad_request")


async def test_a_choice_is_a_preset_or_all_the_rules(world: World) -> None:
    team = await world.team()
    rules = _rules()
    del rules["types"]["paste"]
    for body in (
        {"version": 0, "preset": "custom"},
        {"version": 0, "preset": "strict", "rules": _rules()},
        {"version": 0, "preset": "custom", "rules": rules},
        {"version": 0, "preset": "harsh"},
        {"preset": "off"},
    ):
        assert (await team.admin.put("/proctoring/policy", body)).refused == (422, "bad_request")


# --- rows of before

FIRST_ROW = {
    "event_types": ["no_face", "analysis_degraded"],
    "policy": {
        "version": "standard-1",
        "no_face": {"dwell_ms": 4000, "end_after_ms": 1000, "severities": [[0, "low"], [9000, "high"]]},
        "present_min_score": 0.7,
        "max_gap_ms": 6000,
        "degraded_severities": [[0, "medium"]],
    },
}


def test_a_row_of_the_first_release_means_what_it_meant() -> None:
    policy = read_rules(FIRST_ROW).policy("organisation-1")
    assert policy.event_types == [EventType.NO_FACE, EventType.ANALYSIS_DEGRADED]
    no_face = policy[EventType.NO_FACE]
    assert (no_face.dwell_ms, no_face.end_after_ms, no_face.merge_gap_ms) == (4000, 1000, 0)
    assert no_face.severities == ((0, "low"), (9000, "high"))
    assert (policy.present_min_score, policy.max_gap_ms) == (0.7, 6000)
    assert policy[EventType.ANALYSIS_DEGRADED].severities == ((0, "medium"),)
    assert policy[EventType.MULTIPLE_FACES].thresholds == Policy()[EventType.MULTIPLE_FACES].thresholds


def test_a_row_from_before_a_type_or_a_limit_existed() -> None:
    stored = _rules()
    del stored["types"]["paste"]
    del stored["types"]["no_face"]["thresholds"]["life_min_motion"]
    del stored["hold_ms"]
    policy = read_rules(stored).policy("organisation-1")
    assert not policy[EventType.PASTE].enabled
    assert policy[EventType.NO_FACE].thresholds == Policy()[EventType.NO_FACE].thresholds
    assert policy.hold_ms == Policy().hold_ms


async def test_a_default_of_before_gives_way_to_todays(world: World) -> None:
    sitting = await world.sitting(consent=False)
    async with world.database.begin() as uow:
        old = ProctoringPolicy(organisation_id=sitting.team.id, version=1, rules=FIRST_ROW, is_default=True)
        uow.session.add(old)
    found = (await sitting.team.admin.get("/proctoring/policy")).json
    assert (found["origin"], found["own_version"]) == ("preset", 0)
    async with world.database.begin() as uow:
        session = await uow.session.get_one(InterviewSession, sitting.id)
        assert await preview_rules(uow, session) == STANDARD
        assert (await rules_for(uow, session)).policy == Policy(version="organisation-2")
        assert len((await uow.session.scalars(select(SessionPolicy))).all()) == 1
