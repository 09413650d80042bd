"""A mail server for the server under test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from server.settings import Settings
from tests.server.mail.post_office import PostOffice


@pytest.fixture
async def post_office() -> AsyncIterator[PostOffice]:
    """A mail server that takes everything."""
    office = PostOffice()
    await office.open()
    yield office
    await office.close()


@pytest.fixture
def settings(database_url: str, tmp_path: Path, post_office: PostOffice) -> Settings:
    """A configuration with a mail server."""
    return Settings(
        database_url=database_url,
        data_dir=tmp_path / "data",
        web_dir=tmp_path / "web",
        redis_url=None,
        smtp_host="127.0.0.1",
        smtp_port=post_office.port,
        smtp_tls="none",
        mail_from="viva@mail.example",
    )
