"""Every operation, asked by those who have no business there."""

import re
from uuid import UUID

import pytest
from aiohttp import WSServerHandshakeError

from proctoring.types import EventType, Incident, IncidentChange, Phase, Severity
from server.accounts.models import Organisation
from server.app import PACKAGES, service
from server.evidence.service import record_change
from server.keys import FILES
from server.mail.service import enqueue
from server.storage.base import new_id
from server.web.operations import Operation
from tests.server.world import Person, Sitting, World

TEMPLATE = {"name": "x", "question_count": 1, "duration_minutes": 30}
BODIES = {
    "preview_invites": {"text": "a@example.com"},
    "create_interview": {"title": "T", "kind": "one_way", "questions": [{"text": "Q"}]},
    "change_interview": {"title": "x"},
    "create_invites": {"emails": ["a@example.com"]},
    "add_candidate_interview": {"code": "000000"},
    "set_data_rules": {"consent_version": "x", "retention_days": 1, "consent_text": "x" * 50},
    "set_branding": {"accent_color": "#123456"},
    "request_erasure": {"email": "a@example.com"},
    "give_consent": {"version": "1", "full_name": "N"},
    "change_event": {"verdict": "confirmed"},
    "change_video": {"feedback": "x"},
    "create_question": {"text": "Why?"},
    "import_questions": {"csv": "text\nWhy?\n"},
    "change_question": {"text": "x"},
    "create_tag": {"name": "x"},
    "rename_tag": {"name": "x"},
    "create_bank": {"name": "x"},
    "change_bank": {"name": "x"},
    "create_template": TEMPLATE,
    "replace_template": TEMPLATE,
    "draw_questions": {},
    "set_proctoring_policy": {"version": 0, "preset": "off"},
    "set_interview_proctoring_policy": {"version": 0, "preset": "off"},
    "change_password": {"current_password": "x", "new_password": "a longer one"},
    "create_api_token": {"name": "N", "scope": "read"},
    "change_member": {"role": "reviewer"},
    "invite_colleague": {"email": "a@example.com", "role": "reviewer"},
}
QUERIES = {"remove_interview_proctoring_policy": "?version=0", "count_expired_sessions": "?days=1"}
# What these answer depends on nothing but who asks.
PUBLIC = {
    "sign_up": "makes an account",
    "sign_in": "asks for the password",
    "refresh": "asks for the refresh cookie",
    "sign_out": "ends the sign-in of its own cookie",
    "request_verification": "mails a link to the address itself, whoever asks",
    "confirm_verification": "asks for the mailed link",
    "request_password_reset": "mails a link to the address itself, whoever asks",
    "confirm_password_reset": "asks for the mailed link",
    "look_at_colleague_invite": "asks for the mailed link",
    "accept_colleague_invite": "asks for the mailed link",
    "look_at_invitation": "asks for the mailed link",
    "get_sign_in_ways": "what the sign-in page offers",
    "start_oidc": "sends the browser to the provider",
    "finish_oidc": "asks for the provider's code",
    "get_health": "says that the server answers",
    "get_openapi": "the document of all operations",
}
"""Operations that ask nobody to be signed in, and why."""
OWN = {"get_me", "list_candidate_interviews", "download_my_data"}
ALL = [operation for routes in (*PACKAGES, service) for operation in routes.operations]
SOCKETS = [operation for operation in ALL if operation.is_socket]
OPERATIONS = [operation for operation in ALL if operation.signed_in and not operation.is_socket]


async def everything(world: World) -> tuple[Sitting, dict[str, UUID]]:
    """A session with one of everything, and the ids that paths take."""
    sitting = await world.sitting()
    video_id = await world.video(sitting, content=b"x")
    [invite] = (await sitting.team.recruiter.get(f"/interviews/{sitting.interview['id']}/invites")).json[
        "items"
    ]
    incident = Incident(
        incident_id=new_id(),
        event_type=EventType.NO_FACE,
        severity=Severity.HIGH,
        started_ms=0,
        ended_ms=1,
        measured={},
        thresholds={},
        detector="d",
        model_version="1",
        snapshot=b"jpeg",
        snapshot_offset_ms=0,
    )
    async with world.database.begin() as uow:
        organisation = await uow.session.get_one(Organisation, sitting.team.id)
        letter = {
            "name": "",
            "title": "",
            "description": "",
            "facts": [],
            "link": "",
            "code": "",
            "asked_by": "",
        }
        mail = await enqueue(
            uow, kind="invite", to="a@example.com", context=letter, organisation=organisation
        )
        await record_change(
            uow,
            world.app[FILES],
            session_id=sitting.id,
            video_id=video_id,
            question_id=None,
            change=IncidentChange(Phase.CLOSED, incident),
        )
    recruiter = sitting.team.recruiter
    question = (await recruiter.post("/questions", {"text": "Why?", "tags": ["t"]})).json
    bank = (await recruiter.post("/banks", {"name": "b", "question_ids": [question["id"]]})).json
    template = (await recruiter.post("/templates", TEMPLATE | {"bank_ids": [bank["id"]]})).json
    ids = {
        "question_id": UUID(question["id"]),
        "tag_id": UUID(question["tags"][0]["id"]),
        "bank_id": UUID(bank["id"]),
        "template_id": UUID(template["id"]),
        "session_id": sitting.id,
        "video_id": video_id,
        "event_id": incident.incident_id,
        "interview_id": UUID(sitting.interview["id"]),
        "mail_id": mail.id,
        "invite_id": UUID(invite["id"]),
        "sign_in_id": UUID((await sitting.candidate.get("/me/sign-ins")).json["items"][0]["id"]),
        "member_id": UUID((await sitting.team.admin.get("/members")).json["items"][0]["id"]),
    }
    token = (await sitting.team.admin.post("/me/api-tokens", {"name": "N", "scope": "read"})).json
    ids["token_id"] = UUID(token["id"])
    colleague = {"email": "colleague@example.com", "role": "reviewer"}
    invited = (await sitting.team.admin.post("/members/invites", colleague)).json
    ids["colleague_invite_id"] = UUID(invited["id"])
    return sitting, ids


def _path(operation: Operation, ids: dict[str, UUID]) -> str:
    """The operation's address; one that needs an id `everything` does not make is a KeyError."""
    path = re.sub(r"{(\w+)}", lambda match: str(ids[match[1]]), operation.path)
    return path + QUERIES.get(operation.name, "")


async def _ask(person: Person, operation: Operation, ids: dict[str, UUID]) -> tuple[int, object]:
    answer = await person.ask(operation.method, _path(operation, ids), BODIES.get(operation.name))
    return answer.status, answer.json


async def test_nobody_gets_in_without_signing_in(world: World) -> None:
    _, ids = await everything(world)
    nobody = await world.somebody()
    for operation in OPERATIONS:
        status, said = await _ask(nobody, operation, ids)
        assert (operation.name, status) == (operation.name, 401), said


@pytest.mark.parametrize("who", ["candidate", "admin", "recruiter", "interviewer", "reviewer"])
async def test_another_organisations_people_find_nothing(world: World, who: str) -> None:
    sitting, ids = await everything(world)
    other = await world.sitting(await world.team("Other"))
    person = other.candidate if who == "candidate" else other.team.everybody[who]
    for operation in OPERATIONS:
        if operation.name in OWN or "{" not in operation.path:
            continue
        status, said = await _ask(person, operation, ids)
        assert (operation.name, status in {403, 404}) == (operation.name, True), said
    before = (await sitting.team.recruiter.get(f"{sitting.path}/review")).json
    assert before["events"][0]["verdict"] == "none"
    assert before["videos"][0]["feedback"] is None
    assert before["session"]["ended_at"] is None
    kept = (await sitting.team.recruiter.get("/questions")).json["items"]
    assert [(one["text"], one["version"], one["tags"][0]["name"]) for one in kept] == [("Why?", 1, "t")]
    policy = f"/interviews/{sitting.interview['id']}/proctoring-policy"
    assert (await sitting.team.recruiter.get(policy)).json["rules"]["preset"] == "standard"


async def test_a_candidate_gets_no_staff_lists(world: World) -> None:
    _, ids = await everything(world)
    candidate = await world.person()
    lists = {operation.name: operation for operation in OPERATIONS if "{" not in operation.path}
    collection = (
        "list_questions",
        "create_question",
        "export_questions",
        "import_questions",
        "list_tags",
        "create_tag",
        "list_banks",
        "create_bank",
        "list_templates",
        "create_template",
    )
    policies = ("list_proctoring_presets", "get_proctoring_policy", "set_proctoring_policy")
    for name in (
        "list_people",
        "list_interviews",
        "create_interview",
        "list_staff_sessions",
        "list_staff_videos",
        "list_mails",
        "get_data_rules",
        "set_data_rules",
        "count_expired_sessions",
        "list_dashboard_interviews",
        "list_dashboard_weeks",
        *policies,
        *collection,
    ):
        assert (await _ask(candidate, lists[name], ids))[0] == 403
    for name in (
        "list_members",
        "search_audit",
        "create_api_token",
        "invite_colleague",
        "list_colleague_invites",
    ):
        assert (await _ask(candidate, lists[name], ids))[0] == 403


async def test_only_administrators_see_people_and_the_audit_log(world: World) -> None:
    team = await world.team()
    for role, person in team.everybody.items():
        expected = 200 if role == "admin" else 403
        assert [(await person.get(path)).status for path in ("/members", "/audit")] == [expected] * 2


def test_every_operation_is_asked_by_others_or_public_for_a_reason() -> None:
    asked = {operation.name for operation in (*OPERATIONS, *SOCKETS)}
    assert {operation.name for operation in ALL} - asked == set(PUBLIC), "explain it in PUBLIC"


@pytest.mark.parametrize("who", ["nobody", "candidate", "admin", "recruiter", "interviewer", "reviewer"])
async def test_another_organisations_people_open_no_socket(world: World, who: str) -> None:
    _, ids = await everything(world)
    other = await world.sitting(await world.team("Other"))
    people = {"nobody": await world.somebody(), "candidate": other.candidate} | other.team.everybody
    for operation in SOCKETS:
        path, names_nothing = _path(operation, ids), "{" not in operation.path
        if names_nothing and who in {"admin", "recruiter"}:
            continue  # it tells of their own organisation
        with pytest.raises(WSServerHandshakeError) as refused:
            await people[who].watch(path)
        expected = 401 if who == "nobody" else 403 if names_nothing else 404
        assert (operation.name, refused.value.status) == (operation.name, expected)


@pytest.mark.parametrize("who", ["candidate", "admin", "recruiter", "interviewer", "reviewer"])
async def test_no_list_names_anything_of_another_organisation(world: World, who: str) -> None:
    sitting, ids = await everything(world)
    other = await world.sitting(await world.team("Other"))
    person = other.candidate if who == "candidate" else other.team.everybody[who]
    theirs = {str(one) for one in (*ids.values(), sitting.team.id, sitting.candidate.id)}
    theirs |= {each.id for each in sitting.team.everybody.values()}
    for operation in OPERATIONS:
        if operation.method == "GET" and "{" not in operation.path:
            answer = await person.get(operation.path + QUERIES.get(operation.name, ""))
            assert (operation.name, answer.status in {200, 403}) == (operation.name, True), answer
            assert [one for one in theirs if one.encode() in answer.raw] == [], operation.name
