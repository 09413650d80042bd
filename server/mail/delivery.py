"""Takes due mails out of the outbox and has them carried away.

Any number of processes may do so at once. A mail is claimed in one transaction (the row says until when),
sent in none, and marked in another. A crash between sending and marking repeats a mail after the claim has
run out; its Message-ID is the same then. Nothing is ever left out.
"""

import asyncio
import random
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta

import structlog
from aiohttp import web
from sqlalchemy import select

from server.live.bus import LiveBus
from server.mail.carriers import CannotSend, Carrier, Line
from server.mail.models import Mail, MailStatus
from server.mail.service import TOPIC, forget_letters
from server.storage.db import Database, UnitOfWork
from server.storage.scope import system

log = structlog.get_logger(__name__)

BATCH = 10
LINES = 2
"""Mails claimed at once, and how many connections one process opens."""
POLL_SECONDS = 15.0
GRACE_SECONDS = 5.0
FIRST_WAIT_SECONDS = 30.0
LONGEST_WAIT_SECONDS = 3600.0
MAX_ATTEMPTS = 16
"""With these waits the last attempt is about nine hours after the first."""
KEEP_FAILED = timedelta(days=14)
SLACK = timedelta(seconds=60)


class Deliverer:
    """Delivers what is due: when told over the bus, and every POLL_SECONDS."""

    def __init__(
        self, database: Database, bus: LiveBus, carrier: Carrier, *, mail_timeout_seconds: float
    ) -> None:
        self._database = database.within(system("mail"))
        self._bus = bus
        self._carrier = carrier
        self._limit = timedelta(seconds=2 * mail_timeout_seconds)  # to connect, and to send
        self._busy = asyncio.Lock()
        self._closing = False
        self._task: asyncio.Task[None] | None = None

    @property
    def keeps_letters(self) -> bool:
        """Whether mails may be read here after they were sent."""
        return self._carrier.keeps_letters

    def start(self) -> None:
        """Begin to deliver; `close` ends it."""
        self._task = asyncio.create_task(self._run(), name="mail-deliverer")

    async def close(self) -> None:
        """Let the mails that are on their way arrive, for at most GRACE_SECONDS, and stop."""
        task, self._task = self._task, None
        if task is None:
            return
        self._closing = True
        with suppress(TimeoutError):
            async with asyncio.timeout(GRACE_SECONDS), self._busy:
                pass
        task.cancel()
        await asyncio.wait({task})

    async def _run(self) -> None:
        while True:
            try:
                await self._listen()
            except Exception:  # database or bus are away: what is due waits in its table
                log.exception("mail_delivery_interrupted")
                await asyncio.sleep(POLL_SECONDS)

    async def _listen(self) -> None:
        async with self._bus.subscribe(TOPIC) as wakes:
            while True:
                await self.deliver_due()
                with suppress(TimeoutError):
                    async with asyncio.timeout(POLL_SECONDS):
                        await anext(wakes)

    async def deliver_due(self) -> None:
        """Send everything that is due now, until nothing is left or nothing can be sent."""
        async with self._busy:
            async with asyncio.TaskGroup() as lines:
                for _ in range(LINES):
                    lines.create_task(self._drain(), name="mail-line")
            async with self._database.begin() as uow:
                await forget_letters(uow, uow.now - KEEP_FAILED)

    async def _drain(self) -> None:
        async with self._carrier.line() as line:
            while batch := await self._claim():
                if not await self._deliver(line, batch):
                    return

    async def _claim(self) -> Sequence[Mail]:
        """Some due mails that are nobody else's until their next attempt is due."""
        if self._closing:
            return ()
        async with self._database.begin() as uow:
            due = await uow.session.scalars(
                select(Mail)
                .where(Mail.status == MailStatus.QUEUED, Mail.next_attempt_at <= uow.now)
                .order_by(Mail.priority, Mail.next_attempt_at)
                .limit(BATCH)
                .with_for_update(skip_locked=True)
            )
            batch = due.all()
            for mail in batch:
                mail.attempts += 1
                mail.next_attempt_at = uow.now + BATCH * self._limit + SLACK
            return batch

    async def _deliver(self, line: Line, batch: Sequence[Mail]) -> bool:
        """Send each mail and note what became of it; False when there is no use in going on."""
        for index, mail in enumerate(batch):
            if self._closing:
                await self._give_back(batch[index:])
                return False
            if not self._ours_still(mail):
                return False  # this process stood still: others may have begun to send these
            failure = await _try(line, mail)
            async with self._database.begin() as uow:
                await self._note(uow, mail, failure)
            if failure is not None and failure.line_down:
                await self._give_back(batch[index + 1 :])
                return False
        return True

    async def _give_back(self, untried: Sequence[Mail]) -> None:
        """These were claimed and not tried: it does not count."""
        async with self._database.begin() as uow:
            for claimed in untried:
                mail = await _ours(uow, claimed)
                if mail is not None:
                    mail.attempts -= 1
                    mail.next_attempt_at = uow.now

    def _ours_still(self, mail: Mail) -> bool:
        """Whether the claim holds long enough to send this mail and say so."""
        return self._database.clock() + self._limit < mail.next_attempt_at

    async def _note(self, uow: UnitOfWork, claimed: Mail, failure: CannotSend | None) -> None:
        """Write down the outcome, unless somebody cancelled or took over the mail meanwhile."""
        mail = await _ours(uow, claimed)
        if mail is None:
            return
        if failure is None:
            _mark_sent(mail, uow.now, keeps_letter=self._carrier.keeps_letters)
        elif failure.for_good or mail.attempts >= MAX_ATTEMPTS:
            mail.status, mail.last_error = MailStatus.FAILED, failure.why
        else:
            mail.last_error = failure.why
            mail.next_attempt_at = uow.now + wait_after(mail.attempts)
        if failure is not None:
            log.warning("mail_not_sent", mail=str(mail.id), attempts=mail.attempts, why=failure.why)


async def _try(line: Line, mail: Mail) -> CannotSend | None:
    """Send one mail; why it could not be sent, or None. What nobody foresaw stops no other mail."""
    try:
        await line.send(mail)
    except CannotSend as error:
        return error
    except Exception as error:
        log.exception("mail_failed_oddly", mail=str(mail.id))
        return CannotSend(type(error).__name__)
    return None


async def _ours(uow: UnitOfWork, claimed: Mail) -> Mail | None:
    """The row as it is now, locked; None once somebody cancelled or took over the mail."""
    return await uow.session.scalar(
        select(Mail)
        .where(
            Mail.id == claimed.id,
            Mail.status == MailStatus.QUEUED,
            Mail.attempts == claimed.attempts,
            Mail.next_attempt_at == claimed.next_attempt_at,
        )
        .with_for_update()
    )


def _mark_sent(mail: Mail, now: datetime, *, keeps_letter: bool) -> None:
    mail.status = MailStatus.SENT
    mail.sent_at = now
    mail.last_error = None
    if not keeps_letter:  # codes and links now live in the mail alone
        mail.html = mail.text = None


def wait_after(attempts: int) -> timedelta:
    """How long to wait after so many attempts: doubled each time, and spread so that not all come at once."""
    wait = min(LONGEST_WAIT_SECONDS, FIRST_WAIT_SECONDS * 2 ** (attempts - 1))
    return timedelta(seconds=wait * random.uniform(0.75, 1.25))  # noqa: S311 - no secret


DELIVERER = web.AppKey("deliverer", Deliverer)
