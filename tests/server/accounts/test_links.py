"""Links that come by mail: confirming an address, a new password."""

import asyncio

import pytest
from sqlalchemy import func, select

from server.accounts.models import MailedLink
from server.mail.models import Mail
from server.storage.db import Database
from tests.server.mail.post_office import PostOffice
from tests.server.world import PASSWORD, Person, VirtualClock, World

NEW = "another fine password"


async def _confirm(person: Person, token: str) -> tuple[int, str | None]:
    answer = await person.post("/auth/verification/confirm", {"token": token})
    return answer.status, answer.json and answer.json["error"]


async def _reset(person: Person, token: str, password: str = NEW) -> tuple[int, str | None]:
    answer = await person.post("/auth/password-reset/confirm", {"token": token, "password": password})
    return answer.status, answer.json and answer.json["error"]


async def test_signing_up_mails_a_link_that_confirms_the_address_once(
    world: World, post_office: PostOffice
) -> None:
    person = await world.person()
    assert person.me["user"]["is_verified"] is False
    token = await post_office.link_to(person.email, "verify-email")
    anywhere = await world.somebody()
    assert await _confirm(anywhere, token) == (204, None)
    assert (await person.get("/me")).json["user"]["is_verified"] is True
    assert await _confirm(anywhere, token) == (410, "link_invalid")


async def test_a_link_ends_after_its_time_and_serves_one_purpose(
    world: World, post_office: PostOffice, clock: VirtualClock
) -> None:
    person = await world.person()
    token = await post_office.link_to(person.email, "verify-email")
    assert await _reset(person, token) == (410, "link_invalid")
    clock.advance(days=3)
    assert await _confirm(person, token) == (410, "link_invalid")
    await person.post("/auth/verification", {"email": person.email})
    again = await post_office.link_to(person.email, "verify-email", number=2)
    assert again != token
    assert await _confirm(person, again) == (204, None)


async def test_a_table_of_links_gives_none_away(
    world: World, post_office: PostOffice, database: Database
) -> None:
    person = await world.person()
    token = await post_office.link_to(person.email, "verify-email")
    assert len(token) >= 43  # 256 bits
    async with database.begin() as uow:
        row = (await uow.session.scalars(select(MailedLink))).one()
    assert token.encode() not in row.token_hash


@pytest.mark.parametrize("path", ["/auth/verification", "/auth/password-reset"])
async def test_asking_says_nothing_of_who_has_an_account_and_has_a_ceiling(
    world: World, database: Database, clock: VirtualClock, path: str
) -> None:
    person = await world.person()
    for email in (person.email.upper(), "nobody@example.com"):
        asker = await world.somebody()
        answers = [await asker.post(path, {"email": email}) for _ in range(6)]
        assert [(one.status, one.raw) for one in answers[:5]] == [(204, b"")] * 5
        assert answers[5].refused == (429, "too_many_attempts")
        assert answers[5].headers["Retry-After"] == "3600"
    async with database.begin() as uow:
        addresses = set(await uow.session.scalars(select(Mail.to_email)))
        assert addresses == {person.email}
        assert await uow.session.scalar(select(func.count()).select_from(MailedLink)) == 6
    clock.advance(hours=1, seconds=1)
    assert (await (await world.somebody()).post(path, {"email": person.email})).status == 204


async def test_one_address_cannot_have_mails_sent_to_everybody(world: World) -> None:
    asker = await world.somebody()
    answers = [await asker.post("/auth/password-reset", {"email": f"n{n}@example.com"}) for n in range(31)]
    assert {answer.status for answer in answers[:30]} == {204}
    assert answers[30].refused == (429, "too_many_attempts")


async def test_a_new_password_by_mail_ends_all_sign_ins_and_tokens(
    world: World, post_office: PostOffice, clock: VirtualClock
) -> None:
    person = await world.person(organisation="Northwind")
    made = (await person.post("/me/api-tokens", {"name": "N", "scope": "read"})).json
    browser = await world.somebody()
    for _ in range(2):
        await browser.post("/auth/password-reset", {"email": person.email})
    first = await post_office.link_to(person.email, "reset-password")
    second = await post_office.link_to(person.email, "reset-password", number=2)
    assert (await _reset(browser, first, "short"))[0] == 422
    assert await _reset(browser, first) == (204, None)
    assert await _reset(browser, first) == (410, "link_invalid")
    assert await _reset(browser, second) == (410, "link_invalid")
    assert (await person.get("/me")).refused == (401, "not_signed_in")
    assert (await person.post("/auth/refresh")).refused == (401, "not_signed_in")
    bearer = {"Authorization": f"Bearer {made['token']}"}
    assert (await browser.get("/me", headers=bearer)).refused == (401, "not_signed_in")
    old = await browser.post("/auth/sign-in", {"email": person.email, "password": PASSWORD})
    assert old.refused == (401, "wrong_credentials")
    signed_in = await browser.post("/auth/sign-in", {"email": person.email, "password": NEW})
    assert signed_in.json["user"]["is_verified"] is True
    clock.advance(hours=1)
    await browser.post("/auth/password-reset", {"email": person.email})
    third = await post_office.link_to(person.email, "reset-password", number=3)
    clock.advance(hours=1)
    assert await _reset(browser, third) == (410, "link_invalid")


async def test_of_two_who_use_a_link_at_once_one_wins(world: World, post_office: PostOffice) -> None:
    person = await world.person()
    await person.post("/auth/password-reset", {"email": person.email})
    token = await post_office.link_to(person.email, "reset-password")
    others = [await world.somebody() for _ in range(2)]
    results = await asyncio.gather(*(_reset(other, token) for other in others))
    assert sorted(results, key=str) == [(204, None), (410, "link_invalid")]


async def test_guessing_links_is_locked(world: World) -> None:
    guesser = await world.somebody()
    results = [await _confirm(guesser, f"guess{n}") for n in range(31)]
    assert results == [(410, "link_invalid")] * 30 + [(429, "too_many_attempts")]
