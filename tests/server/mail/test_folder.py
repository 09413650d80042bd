"""Without a mail server: files that only we can read, and letters that stay."""

from email import message_from_bytes
from email.policy import default

import pytest
from aiohttp import web

from server.mail.delivery import DELIVERER
from server.mail.models import MailStatus
from server.settings import Settings
from server.storage.db import Database
from tests.server.mail.outbox import mails, post
from tests.server.mail.post_office import letter_of
from tests.server.world import World


@pytest.fixture
def settings(settings_without_mail: Settings) -> Settings:
    """A configuration without a mail server."""
    return settings_without_mail


async def test_mails_become_files(app: web.Application, database: Database, settings: Settings) -> None:
    await post(database, "casey@example.com", company="<script>alert(1)</script>")
    await app[DELIVERER].deliver_due()
    [mail] = await mails(database)
    assert mail.status is MailStatus.SENT
    [path] = (settings.data_dir / "mails").iterdir()
    assert path.name == f"{mail.id}.eml"
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    message = message_from_bytes(path.read_bytes(), policy=default)
    assert message["From"].addresses[0].display_name == "<script>alert(1)</script>"
    assert "<script>" not in letter_of(message, "html")
    assert letter_of(message, "html").splitlines() == (mail.html or "").splitlines()
    assert letter_of(message, "plain").splitlines() == (mail.text or "").splitlines()


async def test_a_folder_that_cannot_be_written_keeps_mails_queued(
    app: web.Application, database: Database, settings: Settings
) -> None:
    (settings.data_dir / "mails").write_bytes(b"")  # where a file stands root can make no folder either
    await post(database, "casey@example.com")
    await app[DELIVERER].deliver_due()
    [mail] = await mails(database)
    assert (mail.status, mail.attempts) == (MailStatus.QUEUED, 1)


async def test_admins_read_them_on_a_page(app: web.Application, world: World) -> None:
    team = await world.team()
    await post(world.database, "casey@example.com")
    await app[DELIVERER].deliver_due()
    page = (await team.admin.get("/mails")).json
    assert page["readable"]
    letter = (await team.admin.get(f"/mails/{page['items'][0]['id']}")).json
    assert "123 456" in letter["text"]
    assert "123&nbsp;456" in letter["html"]
    shown = await team.admin.get(f"/mails/{page['items'][0]['id']}/letter")
    assert (shown.headers["Content-Type"], shown.raw.decode()) == ("text/html; charset=utf-8", letter["html"])
    policy = shown.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox allow-popups" in policy
    assert "allow-scripts" not in policy
    assert shown.headers["X-Frame-Options"] == "SAMEORIGIN"
