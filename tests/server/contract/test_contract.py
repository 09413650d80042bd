"""What the OpenAPI document promises holds for everybody: schemathesis asks, signed in as each role."""

import asyncio
import os
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import update

from server.accounts.models import Membership, Role, SignInFamily
from server.app import openapi_document
from server.settings import Settings
from tests.server.contract.caller import Caller, Depth, Heard, write_notes
from tests.server.test_authorisation import everything
from tests.server.world import Person, Sitting, World

PATHS = openapi_document()["paths"]


@pytest.fixture
def settings(settings_without_mail: Settings) -> Settings:
    """Behind a proxy: each request says where it comes from."""
    return settings_without_mail.model_copy(update={"trust_proxy": True})


def _person(sitting: Sitting, role: str) -> Person | None:
    if role == "nobody":
        return None
    if role == "candidate":
        return sitting.candidate
    return sitting.team.everybody["admin" if role == "super_admin" else role]


async def _promoted(world: World, person: Person) -> None:
    """Make somebody a super_admin, which nobody can do over the API who is none."""
    async with world.database.begin() as uow:
        mine = Membership.user_id == UUID(person.id)
        await uow.session.execute(update(Membership).where(mine).values(role=Role.SUPER_ADMIN))


def _bearer(person: Person | None) -> dict[str, str]:
    if person is None:
        return {}
    cookies = person.client.session.cookie_jar.filter_cookies(person.client.make_url("/"))
    return {"Authorization": f"Bearer {cookies['viva_access'].value}"}


# How many of the operations at least answer each of them with what they asked for: three quarters of what was
# counted when this was written (7, 17, 16, 16, 62 and 72). What is left needs a secret of somebody's mail, a
# socket, a picture, or the provider of other tests.
GOT = {
    "nobody": 5,
    "candidate": 12,
    "interviewer": 12,
    "reviewer": 12,
    "recruiter": 46,
    "admin": 54,
    "super_admin": 54,
}
TOO_OFTEN = 0.02
# Requests of the others mostly end at what they may not do, so borders of fields are tried as the admin.
DEPTHS = {"admin": Depth(examples=3, borders=True)}


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("role", GOT)
async def test_the_document_holds(world: World, role: str) -> None:
    sitting, ids = await everything(world)
    loop = asyncio.get_running_loop()
    if role == "super_admin":
        await _promoted(world, sitting.team.admin)

    async def sign_in_again() -> None:
        async with world.database.begin() as uow:
            await uow.session.execute(update(SignInFamily).values(revoked_at=None))

    caller = Caller(
        document=openapi_document(),
        base_url=str(sitting.candidate.client.make_url("/")).rstrip("/"),
        headers=_bearer(_person(sitting, role)),
        ids=ids,
        depth=DEPTHS.get(role, Depth(examples=3)),
        sign_in_again=lambda: asyncio.run_coroutine_threadsafe(sign_in_again(), loop).result(10),
    )
    heard = await asyncio.to_thread(caller.run)
    if folder := os.environ.get("VIVA_CONTRACT_NOTES"):
        write_notes(Path(folder) / role, heard)
    assert not heard.wrong, "\n\n".join(heard.wrong[:20])
    _meant_something(heard, role)


def _meant_something(heard: Heard, role: str) -> None:
    """That everything was asked, little for the limits' sake refused, and many things really done."""
    asked = {f"{method.upper()} {path}" for path, methods in PATHS.items() for method in methods}
    assert set(heard.statuses) == asked
    assert heard.count(429) <= TOO_OFTEN * heard.requests
    assert len(heard.answered(200, 201, 202, 204)) >= GOT[role], heard.statuses
    if role != "nobody":
        refused = {name for name, counted in heard.statuses.items() if set(counted) <= {401, 405}}
        assert all("/auth/" in name for name in refused), f"not signed in any more: {refused}"
