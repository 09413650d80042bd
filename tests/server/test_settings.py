"""Settings: read from the environment, documented, and kept secrets kept."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import AliasChoices, ValidationError

from server.settings import SECRET_FILE, Settings

OPERATIONS = Path(__file__).resolve().parents[2] / "docs" / "OPERATIONS.md"


def _variables() -> Iterator[tuple[str, str]]:
    """The environment variable of each setting and what is said about it."""
    for name, field in Settings.model_fields.items():
        alias = field.validation_alias
        variable = alias.choices[0] if isinstance(alias, AliasChoices) else f"VIVA_{name.upper()}"
        yield str(variable), field.description or ""


@pytest.mark.parametrize(("variable", "description"), list(_variables()))
def test_every_setting_is_documented(variable: str, description: str) -> None:
    assert description
    rows = [line for line in OPERATIONS.read_text().splitlines() if line.startswith(f"| `{variable}` |")]
    assert len(rows) == 1
    assert rows[0].endswith(f"| {description} |")


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {
        "VIVA_PORT": "9000",
        "VIVA_TRUST_PROXY": "true",
        "VIVA_STUN_URLS": "stun:a.example, stun:b.example",
        "DATABASE_URL": "postgresql://db/viva",
        "REDIS_URL": "",
    }
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    settings = Settings()
    assert settings.port == 9000
    assert settings.public_url == "http://localhost:9000"
    assert settings.trust_proxy
    assert settings.stun_urls == ("stun:a.example", "stun:b.example")
    assert settings.database_url == "postgresql://db/viva"
    assert settings.redis_url is None
    assert not settings.https


def test_a_short_secret_is_refused() -> None:
    with pytest.raises(ValidationError):
        Settings(secret_key="short")


def test_a_secret_is_made_once_and_kept_to_ourselves(tmp_path: Path) -> None:
    first, second = Settings(data_dir=tmp_path).secret, Settings(data_dir=tmp_path).secret
    assert first == second
    assert len(first) >= 32
    assert (tmp_path / SECRET_FILE).stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [SECRET_FILE]
    assert Settings(data_dir=tmp_path / "other").secret != first
