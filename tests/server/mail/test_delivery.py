"""Mails leave the outbox: through a real mail server that takes, refuses, hesitates or is away."""

import asyncio
from datetime import timedelta

import pytest
from aiohttp import web
from pydantic import SecretStr

from server.keys import BUS
from server.mail.carriers import carrier_of
from server.mail.delivery import DELIVERER, MAX_ATTEMPTS, Deliverer, wait_after
from server.mail.models import MailStatus
from server.mail.service import enqueue
from server.settings import Settings
from server.storage.db import Database
from tests.server.mail.outbox import INVITATION, mails, post
from tests.server.mail.post_office import PostOffice, letter_of
from tests.server.world import VirtualClock


def _another(app: web.Application, database: Database, settings: Settings) -> Deliverer:
    """A deliverer of another process."""
    return Deliverer(
        database,
        app[BUS],
        carrier_of(settings),
        mail_timeout_seconds=settings.smtp_timeout_seconds,
    )


async def test_a_mail_leaves_after_the_commit_by_itself(database: Database, post_office: PostOffice) -> None:
    await post(database, "casey@example.com")
    await post_office.until(1)
    [message] = post_office.received
    assert post_office.recipients == ["casey@example.com"]
    assert message["From"] == "Northwind <viva@mail.example>"
    assert message["To"] == "casey@example.com"
    assert message["Subject"] == "Northwind invites you to an interview: Engineer"
    assert message["Auto-Submitted"] == "auto-generated"
    assert "123 456" in letter_of(message, "plain")
    assert str(INVITATION["link"]) in letter_of(message, "html")


async def test_what_was_sent_keeps_no_letter(
    database: Database, deliverer: Deliverer, clock: VirtualClock
) -> None:
    await post(database, "casey@example.com")
    await deliverer.deliver_due()
    [mail] = await mails(database)
    assert (mail.status, mail.sent_at, mail.attempts) == (MailStatus.SENT, clock(), 1)
    assert (mail.html, mail.text, mail.last_error) == (None, None, None)


async def test_nothing_leaves_of_what_was_rolled_back(
    database: Database, deliverer: Deliverer, post_office: PostOffice
) -> None:
    async def change_ones_mind() -> None:
        async with database.begin() as uow:
            await enqueue(uow, kind="invite", to="a@example.com", context=INVITATION)
            await uow.session.flush()
            raise LookupError

    with pytest.raises(LookupError):
        await change_ones_mind()
    await deliverer.deliver_due()
    assert await mails(database) == []
    assert post_office.received == []


async def test_a_server_that_is_busy_is_asked_again(
    database: Database, deliverer: Deliverer, post_office: PostOffice, clock: VirtualClock
) -> None:
    post_office.answers["a@example.com"] = ["451 Greylisted, come back"]
    await post(database, "a@example.com")
    await deliverer.deliver_due()
    [mail] = await mails(database)
    assert (mail.status, mail.attempts) == (MailStatus.QUEUED, 1)
    assert mail.last_error == "451 Greylisted, come back"
    assert clock() < mail.next_attempt_at < clock() + timedelta(minutes=1)
    await deliverer.deliver_due()
    assert post_office.received == []
    clock.now = mail.next_attempt_at
    await deliverer.deliver_due()
    [mail] = await mails(database)
    assert (mail.status, mail.attempts, mail.last_error) == (MailStatus.SENT, 2, None)
    assert len(post_office.received) == 1


async def test_an_address_that_is_refused_stops_no_other(
    database: Database, deliverer: Deliverer, post_office: PostOffice
) -> None:
    post_office.answers["b@example.com"] = ["550 5.1.1 No such user here"]
    await post(database, "a@example.com", "b@example.com", "c@example.com")
    await deliverer.deliver_due()
    found = await mails(database)
    assert [mail.status for mail in found] == [MailStatus.SENT, MailStatus.FAILED, MailStatus.SENT]
    assert (found[1].last_error, found[1].attempts) == ("550 5.1.1 No such user here", 1)
    assert sorted(post_office.recipients) == ["a@example.com", "c@example.com"]


async def test_a_server_that_is_down_gets_the_mails_later(
    database: Database, deliverer: Deliverer, post_office: PostOffice, clock: VirtualClock
) -> None:
    await post_office.close()
    await post(database, *(f"p{n}@example.com" for n in range(25)))
    await deliverer.deliver_due()
    found = await mails(database)
    assert {mail.status for mail in found} == {MailStatus.QUEUED}
    tried = [mail for mail in found if mail.attempts]
    assert 1 <= len(tried) < 25  # what was not tried has lost no attempt
    assert all(mail.last_error for mail in tried)
    await post_office.open()
    clock.advance(minutes=5)
    await deliverer.deliver_due()
    assert {mail.status for mail in await mails(database)} == {MailStatus.SENT}
    assert sorted(post_office.recipients) == sorted(f"p{n}@example.com" for n in range(25))


async def test_a_server_that_does_not_answer_is_left(
    app: web.Application, database: Database, settings: Settings, post_office: PostOffice
) -> None:
    await app[DELIVERER].close()
    hasty = settings.model_copy(update={"smtp_timeout_seconds": 0.3})
    post_office.delay = asyncio.Event()
    await post(database, "a@example.com")
    await _another(app, database, hasty).deliver_due()
    [mail] = await mails(database)
    assert (mail.status, mail.attempts) == (MailStatus.QUEUED, 1)
    assert mail.last_error == "The mail server did not answer in time."
    post_office.delay.set()


async def test_nobody_tries_for_ever(
    database: Database, deliverer: Deliverer, post_office: PostOffice, clock: VirtualClock
) -> None:
    post_office.answers["a@example.com"] = ["451 Later"] * MAX_ATTEMPTS
    await post(database, "a@example.com")
    begun = clock()
    for _ in range(MAX_ATTEMPTS):
        await deliverer.deliver_due()
        clock.now = max(clock(), (await mails(database))[0].next_attempt_at)
    [mail] = await mails(database)
    assert (mail.status, mail.attempts, mail.last_error) == (MailStatus.FAILED, MAX_ATTEMPTS, "451 Later")
    assert timedelta(hours=6) < clock() - begun < timedelta(hours=12)


def test_waits_grow_and_differ() -> None:
    assert timedelta(seconds=22) < wait_after(1) < timedelta(seconds=38)
    assert timedelta(minutes=45) <= wait_after(12) <= timedelta(minutes=75)
    assert len({wait_after(3) for _ in range(20)}) > 1


async def test_two_deliverers_send_each_mail_once(
    app: web.Application, database: Database, settings: Settings, post_office: PostOffice
) -> None:
    addresses = [f"p{n}@example.com" for n in range(60)]
    await post(database, *addresses)
    one, two = _another(app, database, settings), _another(app, database, settings)
    await asyncio.gather(one.deliver_due(), two.deliver_due(), app[DELIVERER].deliver_due())
    assert sorted(post_office.recipients) == sorted(addresses)
    assert {mail.attempts for mail in await mails(database)} == {1}


async def test_a_mail_whose_deliverer_died_is_sent_by_another(
    app: web.Application, database: Database, settings: Settings, post_office: PostOffice, clock: VirtualClock
) -> None:
    await app[DELIVERER].close()
    await post(database, "a@example.com")
    post_office.delay = asyncio.Event()
    dying = asyncio.create_task(_another(app, database, settings).deliver_due())
    await post_office.asked.wait()
    dying.cancel()
    await asyncio.wait({dying})
    post_office.delay.set()
    other = _another(app, database, settings)
    await other.deliver_due()
    assert (await mails(database))[0].status is MailStatus.QUEUED
    clock.advance(hours=1)
    await other.deliver_due()
    [mail] = await mails(database)
    assert (mail.status, mail.attempts) == (MailStatus.SENT, 2)
    assert {message["Message-ID"] for message in post_office.received} == {f"<{mail.id}@mail.example>"}


async def test_what_was_taken_back_is_not_sent(
    app: web.Application, database: Database, deliverer: Deliverer, post_office: PostOffice
) -> None:
    post_office.answers["a@example.com"] = ["451 Later"]
    await post(database, "a@example.com")
    await deliverer.deliver_due()
    async with database.begin() as uow:
        mail = await uow.session.merge((await mails(database))[0])
        mail.status = MailStatus.CANCELLED
        mail.next_attempt_at = uow.now
    await deliverer.deliver_due()
    assert post_office.received == []


async def test_addresses_of_all_the_world(
    database: Database, deliverer: Deliverer, post_office: PostOffice
) -> None:
    await post(database, "anna@bücher.example", "jürgen@example.com", company="Bücher & Söhne, GmbH")
    await deliverer.deliver_due()
    assert sorted(post_office.recipients) == ["anna@xn--bcher-kva.example", "jürgen@example.com"]
    names = [str(message["From"].addresses[0].display_name) for message in post_office.received]
    # The parser of the tests leaves headers in UTF-8 as bytes.
    read = {name.encode(errors="surrogateescape").decode() for name in names}
    assert read == {"Bücher & Söhne, GmbH"}


@pytest.mark.parametrize("wrong", ["no_tls", "password"])
async def test_our_own_mistakes_are_no_fault_of_the_address(
    app: web.Application, database: Database, settings: Settings, post_office: PostOffice, wrong: str
) -> None:
    await app[DELIVERER].close()
    post_office.asks_for_password = wrong == "password"
    changes: dict[str, object] = {"smtp_user": "viva", "smtp_password": SecretStr("secret-word")}
    mistaken = settings.model_copy(update={"smtp_tls": "starttls"} if wrong == "no_tls" else changes)
    await post(database, "a@example.com")
    await _another(app, database, mistaken).deliver_due()
    [mail] = await mails(database)
    assert mail.status is MailStatus.QUEUED
    assert mail.last_error
    assert "secret-word" not in mail.last_error
    assert post_office.received == []


async def test_mails_of_accounts_go_first(
    app: web.Application, database: Database, settings: Settings, post_office: PostOffice
) -> None:
    await app[DELIVERER].close()
    await post(database, *(f"p{n}@example.com" for n in range(40)))
    async with database.begin() as uow:
        await enqueue(uow, kind="invite", to="me@example.com", context=INVITATION)
    await _another(app, database, settings).deliver_due()
    assert post_office.recipients.index("me@example.com") < 12
    assert {str(message["From"]) for message in post_office.received} == {
        "Northwind <viva@mail.example>",
        "Viva <viva@mail.example>",
    }
