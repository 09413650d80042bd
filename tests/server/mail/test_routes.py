"""The outbox as admins see it."""

from datetime import timedelta

import pytest

from server.mail.delivery import KEEP_FAILED, Deliverer
from server.mail.service import enqueue
from server.storage.db import Database
from tests.server.mail.outbox import INVITATION, mails, post
from tests.server.mail.post_office import PostOffice
from tests.server.world import VirtualClock, World, unknown_id

REFUSED = "550 No such user"


async def _some(
    world: World, deliverer: Deliverer, office: PostOffice, count: int, failing: set[int]
) -> None:
    addresses = [f"p{n}@example.com" for n in range(count)]
    for n in failing:
        office.answers[addresses[n]] = [REFUSED]
    await post(world.database, *addresses)
    await deliverer.deliver_due()


async def test_admins_see_what_became_of_each_mail(
    world: World, deliverer: Deliverer, post_office: PostOffice
) -> None:
    team = await world.team()
    await _some(world, deliverer, post_office, 3, {1})
    page = (await team.admin.get("/mails")).json
    assert [item["to"] for item in page["items"]] == [f"p{n}@example.com" for n in (2, 1, 0)]
    assert [item["status"] for item in page["items"]] == ["sent", "failed", "sent"]
    assert page["items"][1]["last_error"] == REFUSED
    assert (page["readable"], page["next_cursor"]) == (False, None)
    letter = (await team.admin.get(f"/mails/{page['items'][1]['id']}")).json
    assert (letter["subject"], letter["html"], letter["text"]) == (page["items"][1]["subject"], None, None)
    shown = await team.admin.get(f"/mails/{page['items'][1]['id']}/letter")
    assert shown.refused == (403, "not_allowed")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("status=failed", [3, 1]),
        ("to=P2", [2]),
        ("to=%25", []),
        ("kind=invite", [3, 2, 1, 0]),
        ("kind=other", []),
    ],
)
async def test_filters(
    world: World, deliverer: Deliverer, post_office: PostOffice, query: str, expected: list[int]
) -> None:
    team = await world.team()
    await _some(world, deliverer, post_office, 4, {1, 3})
    items = (await team.admin.get(f"/mails?{query}")).json["items"]
    assert [item["to"] for item in items] == [f"p{n}@example.com" for n in expected]


@pytest.mark.parametrize("limit", [1, 2, 3, 4, 5, 7])
async def test_failed_first_page_by_page(
    world: World, deliverer: Deliverer, post_office: PostOffice, limit: int
) -> None:
    team = await world.team()
    await _some(world, deliverer, post_office, 7, {0, 2, 5})
    seen: list[str] = []
    cursor = ""
    while True:
        page = (await team.admin.get(f"/mails?failed_first=true&limit={limit}{cursor}")).json
        assert len(page["items"]) <= limit
        seen += [item["to"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert seen == [f"p{n}@example.com" for n in (5, 2, 0, 6, 4, 3, 1)]


async def test_a_failed_mail_can_be_tried_again(
    world: World, deliverer: Deliverer, post_office: PostOffice
) -> None:
    team = await world.team()
    await _some(world, deliverer, post_office, 1, {0})
    [mail] = await mails(world.database)
    again = await team.admin.post(f"/mails/{mail.id}/retry")
    assert (again.status, again.json["status"], again.json["attempts"]) == (200, "queued", 0)
    await post_office.until(1)
    await deliverer.deliver_due()
    assert (await team.admin.get(f"/mails/{mail.id}")).json["status"] == "sent"
    assert (await team.admin.post(f"/mails/{mail.id}/retry")).refused == (409, "mail_not_failed")


async def test_letters_nobody_wants_any_more_are_forgotten(
    world: World, database: Database, deliverer: Deliverer, post_office: PostOffice, clock: VirtualClock
) -> None:
    team = await world.team()
    await _some(world, deliverer, post_office, 1, {0})
    assert (await mails(database))[0].text
    clock.advance(seconds=(KEEP_FAILED + timedelta(seconds=1)).total_seconds())
    await deliverer.deliver_due()
    [mail] = await mails(database)
    assert (mail.html, mail.text) == (None, None)
    await team.admin.post("/auth/refresh")
    assert (await team.admin.post(f"/mails/{mail.id}/retry")).refused == (410, "mail_gone")


async def test_nobody_else_sees_them(world: World, deliverer: Deliverer, post_office: PostOffice) -> None:
    team, other = await world.team(), await world.team("Other")
    await _some(world, deliverer, post_office, 1, {0})
    async with world.database.begin() as uow:
        account = await enqueue(uow, kind="invite", to="me@example.com", context=INVITATION)
    [mail] = [mail for mail in await mails(world.database) if mail.organisation_id]
    for person in (team.recruiter, team.interviewer, team.reviewer, await world.person()):
        assert (await person.get("/mails")).refused == (403, "not_allowed")
        assert (await person.post(f"/mails/{mail.id}/retry")).refused == (403, "not_allowed")
    assert (await other.admin.get("/mails")).json["items"] == []
    assert (await other.admin.get(f"/mails/{mail.id}")).refused == (404, "mail_not_found")
    assert (await other.admin.post(f"/mails/{mail.id}/retry")).refused == (404, "mail_not_found")
    # Letters of accounts let their reader in as somebody else: no organisation's admin sees them.
    assert (await team.admin.get(f"/mails/{account.id}")).refused == (404, "mail_not_found")
    assert len((await team.admin.get("/mails")).json["items"]) == 1
    assert (await team.admin.get(f"/mails/{unknown_id()}")).refused == (404, "mail_not_found")
    assert (await team.admin.get("/mails?cursor=~~")).refused == (422, "bad_request")
