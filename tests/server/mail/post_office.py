"""A real mail server of the tests, which can be rude, slow or away."""

import asyncio
import re
from collections import defaultdict
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult

from tests.services import free_port

CONFIRM = "Please confirm your e-mail address"


class PostOffice:
    """Keeps what it takes; `answers` has for an address the refusals of its next mails."""

    def __init__(self) -> None:
        self.port = free_port()
        self.received: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.confirmations: list[EmailMessage] = []  # everybody who signs up gets one: kept aside
        self.answers: defaultdict[str, list[str]] = defaultdict(list)
        self.delay: asyncio.Event | None = None  # mails are answered once this is set
        self.asked = asyncio.Event()
        self.asks_for_password = False
        self._came = asyncio.Condition()
        self._server: asyncio.Server | None = None

    async def open(self) -> None:
        """Listen."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._conversation, "127.0.0.1", self.port)

    async def close(self) -> None:
        """Listen no more."""
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
            self._server = None

    def _conversation(self) -> Any:
        return SMTP(
            self,
            enable_SMTPUTF8=True,
            auth_required=self.asks_for_password,
            auth_require_tls=False,
            authenticator=lambda *_: AuthResult(success=False, handled=False),
        )

    async def handle_RCPT(  # noqa: N802 - the server looks for this name
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: list[str]
    ) -> str:
        """Take the recipient, unless there is a refusal for it."""
        if self.answers[address]:
            return self.answers[address].pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        """Keep the mail."""
        self.asked.set()
        if self.delay is not None:
            await self.delay.wait()
        message = message_from_bytes(envelope.content, policy=default)
        async with self._came:
            if message["Subject"] == CONFIRM:
                self.confirmations.append(message)
            else:
                self.received.append(message)
                self.recipients += envelope.rcpt_tos
            self._came.notify_all()
        return "250 Taken"

    async def until(self, count: int) -> None:
        """Wait for so many mails."""
        async with self._came:
            await self._came.wait_for(lambda: len(self.received) >= count)

    async def link_to(self, address: str, page: str, *, number: int = 1) -> str:
        """What stands behind the # of the link to a page, in the n-th mail to this address that has one."""

        def found() -> list[str]:
            letters = [
                letter_of(mail, "plain")
                for mail in [*self.received, *self.confirmations]
                if mail["To"] == address
            ]
            return [token for letter in letters for token in re.findall(rf"/{page}#(\S+)", letter)]

        async with self._came:
            await self._came.wait_for(lambda: len(found()) >= number)
        return found()[number - 1]


def letter_of(message: EmailMessage, subtype: str) -> str:
    """The HTML or the plain part."""
    part = message.get_body((subtype,))
    assert part is not None
    content = part.get_content()
    assert isinstance(content, str)
    return content
