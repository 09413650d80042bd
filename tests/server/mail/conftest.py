"""The server under test has a mail server."""

import pytest

from server.settings import Settings


@pytest.fixture
def settings(mail_settings: Settings) -> Settings:
    """A configuration with a mail server."""
    return mail_settings
