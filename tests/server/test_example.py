"""The example of docs/ against a server that listens."""

import asyncio
import os
import sys
from pathlib import Path

from tests.server.world import Person, World

EXAMPLE = Path(__file__).resolve().parents[2] / "docs" / "examples" / "invite_two.py"


async def _run(person: Person, token: str, *people: str) -> tuple[int, str, str]:
    environment = os.environ | {"VIVA_URL": person.origin, "VIVA_TOKEN": token}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(EXAMPLE),
        *people,
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    said, complained = await process.communicate()
    assert process.returncode is not None
    return process.returncode, said.decode(), complained.decode()


async def _token(person: Person, scope: str) -> str:
    answer = await person.post("/me/api-tokens", {"name": "example", "scope": scope})
    assert answer.status == 201, answer
    return str(answer.json["token"])


async def test_it_creates_an_interview_and_invites_two_once(world: World) -> None:
    team = await world.team()
    token = await _token(team.recruiter, "write")
    status, said, complained = await _run(team.recruiter, token, "ada@example.com", "grace@example.com")
    assert (status, complained) == (0, "")
    [interview] = (await team.recruiter.get("/interviews")).json["items"]
    invites = (await team.recruiter.get(f"/interviews/{interview['id']}/invites")).json["items"]
    assert {one["email"] for one in invites} == {"ada@example.com", "grace@example.com"}
    first, *codes = said.splitlines()
    assert first == f"interview {interview['id']}"
    assert len(codes) == 2

    again = await _run(team.recruiter, token, "ada@example.com", "grace@example.com")
    assert again == (0, said, "")
    assert len((await team.recruiter.get("/interviews")).json["items"]) == 1


async def test_a_refusal_is_told_by_its_code(world: World) -> None:
    team = await world.team()
    status, said, complained = await _run(team.recruiter, await _token(team.recruiter, "read"))
    assert (status, said) == (1, "")
    assert "403 token_may_only_read" in complained
    assert (await team.recruiter.get("/interviews")).json["items"] == []
