"""Whoever takes mails away: an SMTP server, or a folder where none is set."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol

import aiosmtplib
from aiosmtplib import (
    SMTPAuthenticationError,
    SMTPConnectResponseError,
    SMTPException,
    SMTPHeloError,
    SMTPNotSupported,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPSenderRefused,
)

from server.mail.envelope import mailbox, message_of
from server.mail.models import Mail
from server.settings import Settings

FOLDER = "mails"
MAX_WORDS = 500
# These say that we are set up wrongly, or that the server is in trouble; the recipient is not to blame.
_OURS = (SMTPAuthenticationError, SMTPConnectResponseError, SMTPHeloError, SMTPSenderRefused)


class CannotSend(Exception):
    """A mail did not go; `why` is the server's words, `for_good` says that trying again is no use.

    `line_down`: no other mail would have gone either.
    """

    def __init__(self, why: str, *, for_good: bool = False, line_down: bool = False) -> None:
        super().__init__(why)
        self.why = why
        self.for_good = for_good
        self.line_down = line_down


class Line(Protocol):
    """A way out that stays open for some mails."""

    async def send(self, mail: Mail) -> None:
        """Send one mail; raises CannotSend."""


class Carrier(Protocol):
    """Opens lines. `keeps_letters`: a mail may be read here after it was sent."""

    keeps_letters: bool

    def line(self) -> AbstractAsyncContextManager[Line]:
        """A line for as long as the block runs; opening one raises nothing."""


def carrier_of(settings: Settings) -> Carrier:
    """The SMTP server of this configuration, or else the folder."""
    return FolderCarrier(settings) if settings.smtp_host is None else SmtpCarrier(settings)


class FolderCarrier:
    """Writes .eml files that only we can read; any mail program opens them."""

    keeps_letters = True

    def __init__(self, settings: Settings) -> None:
        self._folder = settings.data_dir / FOLDER
        self._sender = settings.mail_from

    @asynccontextmanager
    async def line(self) -> AsyncIterator[Line]:
        """The folder is always there."""
        yield self

    async def send(self, mail: Mail) -> None:
        """Write the file, again where it is there already."""
        try:
            content = message_of(mail, sender=self._sender).as_bytes()
            await asyncio.to_thread(_write, self._folder / f"{mail.id}.eml", content)
        except ValueError as error:
            raise CannotSend(words(str(error)), for_good=True) from error
        except OSError as error:
            raise CannotSend(words(str(error)), line_down=True) from error


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)


class SmtpCarrier:
    """Sends through one SMTP server."""

    keeps_letters = False

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @asynccontextmanager
    async def line(self) -> AsyncIterator[Line]:
        """A connection, made with the first mail and made anew after a failure of its own."""
        line = _SmtpLine(self._settings)
        try:
            yield line
        except BaseException:  # also when it is called off: nobody waits for a goodbye then
            line.drop()
            raise
        await line.hang_up()


class _SmtpLine:
    """One connection at a time. Every step has a time limit, and so has a mail as a whole."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._client: aiosmtplib.SMTP | None = None

    async def send(self, mail: Mail) -> None:
        """Send over the connection there is, or over a new one."""
        try:
            message, to = message_of(mail, sender=self._settings.mail_from), mailbox(mail.to_email)
        except ValueError as error:
            raise CannotSend(words(str(error)), for_good=True) from error
        try:
            async with asyncio.timeout(self._settings.smtp_timeout_seconds):
                client = await self._connected()
        except (SMTPException, OSError, ValueError) as error:
            self.drop()
            raise CannotSend(words(_said(error)), line_down=True) from error
        await self._send(client, message, to)

    async def _send(self, client: aiosmtplib.SMTP, message: EmailMessage, to: str) -> None:
        sender = self._settings.mail_from
        try:
            async with asyncio.timeout(self._settings.smtp_timeout_seconds):
                await client.send_message(message, sender=sender, recipients=[to])
        except (SMTPException, OSError, ValueError) as error:
            if isinstance(error, OSError):  # includes every lost connection and every time limit
                self.drop()
            raise CannotSend(words(_said(error)), for_good=_for_good(error)) from error

    async def _connected(self) -> aiosmtplib.SMTP:
        if self._client is None or not self._client.is_connected:
            given = self._settings
            self._client = aiosmtplib.SMTP(
                hostname=given.smtp_host,
                port=given.smtp_port,
                username=given.smtp_user,
                password=given.smtp_password.get_secret_value() if given.smtp_password else None,
                use_tls=given.smtp_tls == "tls",
                start_tls=given.smtp_tls == "starttls",
                timeout=given.smtp_timeout_seconds,
                local_hostname=given.public_host,
            )
            await self._client.connect()
        return self._client

    def drop(self) -> None:
        """Forget the connection, whatever state it is in."""
        if self._client is not None:
            self._client.close()
            self._client = None

    async def hang_up(self) -> None:
        """Say goodbye, if there is somebody to say it to."""
        client, self._client = self._client, None
        if client is None or not client.is_connected:
            return
        try:
            async with asyncio.timeout(self._settings.smtp_timeout_seconds):
                await client.quit()
        except (SMTPException, OSError):
            client.close()


def _for_good(error: Exception) -> bool:
    """Whether another attempt would end the same way."""
    if isinstance(error, SMTPRecipientsRefused):
        return all(refused.code >= 500 for refused in error.recipients)
    if isinstance(error, _OURS):
        return False
    if isinstance(error, SMTPResponseException):
        return error.code >= 500
    return isinstance(error, SMTPNotSupported | ValueError)


def _said(error: Exception) -> str:
    """What the server said, or what happened instead of an answer."""
    if isinstance(error, SMTPRecipientsRefused):
        return "; ".join(f"{refused.code} {refused.message}" for refused in error.recipients)
    if isinstance(error, SMTPResponseException):
        return f"{error.code} {error.message}"
    if isinstance(error, TimeoutError):
        return "The mail server did not answer in time."
    return str(error) or type(error).__name__


def words(said: str) -> str:
    """Foreign words, fit to be stored and shown: one line of at most MAX_WORDS characters."""
    return "".join(char for char in " ".join(said.split()) if char.isprintable())[:MAX_WORDS]
