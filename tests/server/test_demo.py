"""The demo organisation and the command line."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from server import cli
from server.demo import CANDIDATE, DOMAIN, LIVE, ONE_WAY, Demo, seed
from server.settings import Settings
from server.storage.db import Database
from tests.server.mail.outbox import mails
from tests.server.world import Json, Person, VirtualClock


async def _sign_in(person: Person, demo: Demo, email: str) -> Json:
    answer = await person.post("/auth/sign-in", {"email": email, "password": demo.password})
    assert answer.status == 200, answer
    return answer.json


async def test_the_demo_is_seeded_once_and_can_be_used(
    database: Database, settings: Settings, stranger: Person
) -> None:
    demo = await seed(database, settings)
    assert await seed(database, settings) == demo
    assert (settings.data_dir / "demo.json").stat().st_mode & 0o777 == 0o600
    assert set(demo.codes) == {ONE_WAY.title, LIVE.title}
    invitations = {mail.text for mail in await mails(database)}
    for title, code in demo.codes.items():
        assert any(title in (text or "") and f"{code[:3]} {code[3:]}" in (text or "") for text in invitations)
    for email in demo.emails:
        me = await _sign_in(stranger, demo, email)
        assert me["landing"] == ("candidate" if email == CANDIDATE else "staff")
        assert me["user"]["is_verified"]
    await _sign_in(stranger, demo, CANDIDATE)
    for code in demo.codes.values():
        assert (await stranger.post("/candidate/interviews", {"code": code})).status == 201
    interviews = (await stranger.get("/candidate/interviews")).json["items"]
    live, one_way = (item["interview"] for item in interviews)
    assert (one_way["question_count"], one_way["think_seconds"], one_way["answer_seconds"]) == (3, 15, 90)
    assert (one_way["takes"], live["kind"]) == (2, "live")
    assert await seed(database, settings) == demo


async def test_the_demo_has_questions_and_templates_that_draw_as_they_say(
    database: Database, settings: Settings, stranger: Person
) -> None:
    demo = await seed(database, settings)
    await _sign_in(stranger, demo, f"recruiter@{DOMAIN}")
    [bank] = (await stranger.get("/banks")).json["items"]
    assert bank["question_count"] >= 30
    templates = (await stranger.get("/templates")).json["items"]
    assert len(templates) == 2
    for template in templates:
        drawn = (await stranger.post(f"/templates/{template['id']}/draw", {})).json
        assert (drawn["substitutions"], drawn["missing"]) == ([], 0)
        assert len(drawn["questions"]) == template["question_count"]
    await stranger.delete(f"/templates/{templates[0]['id']}")
    await seed(database, settings)
    assert len((await stranger.get("/templates")).json["items"]) == 1


async def test_an_expired_code_is_replaced(
    database: Database, settings: Settings, clock: VirtualClock
) -> None:
    before = dict((await seed(database, settings)).codes)
    clock.advance(days=15)
    after = dict((await seed(database, settings)).codes)
    assert set(before.values()).isdisjoint(after.values())
    assert [len(code) for code in after.values()] == [6, 6]


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    """A command configures logging for its process; the next test's output is another one."""
    yield
    structlog.reset_defaults()


@pytest.fixture
def environment(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The settings as a command finds them."""
    monkeypatch.setenv("DATABASE_URL", settings.database_url or "")
    monkeypatch.setenv("VIVA_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("VIVA_MODELS_DIR", str(settings.data_dir / "models"))
    return settings


def test_viva_demo_prints_what_is_needed(environment: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["demo"]) == 0
    said = capsys.readouterr().out
    kept = json.loads((environment.data_dir / "demo.json").read_text())
    assert kept["password"] in said
    for code in kept["codes"].values():
        assert f"{code[:3]} {code[3:]}" in said


def test_viva_user_add(
    environment: Settings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    password = tmp_path / "password"
    command = [
        "user",
        "add",
        "Ada@Example.com",
        "--name",
        "Ada",
        "--organisation",
        "New",
        "--role",
        "recruiter",
    ]
    for line, status, said in [
        ("correct horse battery", 0, "Added ada@example.com."),
        ("correct horse battery", 1, "email_taken"),
        ("short", 1, "password"),
    ]:
        password.write_text(line + "\n")
        with password.open() as stdin:
            monkeypatch.setattr("sys.stdin", stdin)
            assert cli.main(command) == status
        captured = capsys.readouterr()
        assert said in captured.out + captured.err


async def test_viva_user_add_makes_a_password_and_is_noted(
    environment: Settings, capsys: pytest.CaptureFixture[str], database: Database, stranger: Person
) -> None:
    command = ["user", "add", "ada@example.com", "--name", "Ada", "--organisation", "New"]
    assert await asyncio.to_thread(cli.main, [*command, "--generate-password"]) == 0
    [line] = [line for line in capsys.readouterr().out.splitlines() if line.startswith("Password: ")]
    password = line.removeprefix("Password: ")
    assert len(password) == 20
    answer = await stranger.post("/auth/sign-in", {"email": "ada@example.com", "password": password})
    assert (answer.status, answer.json["user"]["is_verified"]) == (200, True)
    [entry] = (await stranger.get("/audit")).json["items"]
    assert (entry["action"], entry["actor"]) == ("user.added", None)
    assert entry["after"] == {"email": "ada@example.com", "role": "admin"}


def test_viva_openapi_prints_the_document(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["openapi"]) == 0
    assert json.loads(capsys.readouterr().out)["openapi"] == "3.1.0"


def test_viva_migrate_and_recover(environment: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["migrate"]) == 0
    assert cli.main(["recover"]) == 0
    assert "Finished 0 recordings." in capsys.readouterr().out


def test_viva_doctor_names_what_is_missing(environment: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    environment.data_dir.mkdir(parents=True)
    assert cli.main(["doctor"]) == 1
    lines = {line[6:].partition(":")[0]: line[:4].strip() for line in capsys.readouterr().out.splitlines()}
    assert lines["database"] == lines["files"] == lines["live bus"] == "ok"
    assert lines["models"] == "FAIL"


def test_a_bad_setting_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("VIVA_PORT", "many")
    assert cli.main(["openapi"]) == 1
    assert "port" in capsys.readouterr().err
