"""Everything an operator may set, read once from the environment; docs/OPERATIONS.md lists each one."""

import os
import secrets
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AliasChoices, BeforeValidator, Field, SecretStr
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

SECRET_FILE = "secret-key"  # noqa: S105 - the name of a file, not a secret


def _split(value: object) -> object:
    """Comma-separated text as a tuple, so that lists can be written plainly in the environment."""
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return value


Urls = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split)]


class Settings(BaseSettings):
    """One process's configuration."""

    model_config = SettingsConfigDict(env_prefix="VIVA_", frozen=True, extra="ignore", env_ignore_empty=True)

    host: str = Field("127.0.0.1", description="Address the HTTP server listens on.")
    port: int = Field(
        8080, ge=0, le=65535, description="Port the HTTP server listens on; 0 picks a free one."
    )
    public_url: str = Field(
        default_factory=lambda given: f"http://localhost:{given.get('port', 8080)}",
        description="Where browsers find Viva: decides links, the allowed Origin and Secure cookies.",
    )
    data_dir: Path = Field(
        Path("data"), description="Folder of the embedded database, recordings and generated secrets."
    )
    database_url: str | None = Field(
        None,
        validation_alias=AliasChoices("DATABASE_URL", "database_url"),
        description="PostgreSQL to use; without it an embedded one is started under the data folder.",
    )
    redis_url: str | None = Field(
        None,
        validation_alias=AliasChoices("REDIS_URL", "redis_url"),
        description="Redis for live events between several processes; without it they stay in this process.",
    )
    storage_url: str | None = Field(
        None,
        description="Object store for files (`s3://bucket/prefix`; credentials as AWS_* variables); "
        "without it a folder `files` in the data folder.",
    )
    secret_key: SecretStr | None = Field(
        None,
        min_length=32,
        description="Signs sign-in tokens and codes, at least 32 characters; without it one is made and kept "
        "in the data folder (mode 0600).",
    )
    stun_urls: Urls = Field((), description="STUN servers handed to browsers, comma-separated.")
    turn_urls: Urls = Field((), description="TURN servers handed to browsers, comma-separated.")
    turn_secret: SecretStr | None = Field(
        None, description="Secret shared with the TURN server for time-limited credentials."
    )
    media_port: int = Field(
        0,
        ge=0,
        le=65_000,
        description="First UDP port of the media; one more for every 8 connections. 0 takes any free port.",
    )
    media_announced: str = Field(
        "",
        max_length=255,
        description="Address put into answers instead of the machine's own, `host` or `host:port`: where a "
        "NAT or a container's port mapping leads here.",
    )
    media_candidates: Literal["all", "public", "none"] = Field(
        "all",
        description="Which addresses named by browsers are checked by the server: all, public, none. `none` "
        "is enough where every browser reaches the server; its own checks are always answered.",
    )
    max_bitrate_kbps: int = Field(
        2500, ge=150, le=20_000, description="Most a browser may send of one camera or screen, in kbit/s."
    )
    proctoring: bool = Field(
        default=True, description="Analyse recordings for incidents; `false` saves the worker process."
    )
    proctoring_workers: int = Field(
        default_factory=lambda: max(1, (os.cpu_count() or 2) // 2),
        ge=1,
        le=64,
        description="Most worker processes for the analysis; another one starts for every 16 candidates. "
        "Half of the processors unless given.",
    )
    warm_seat_seconds: float = Field(
        60.0,
        gt=0,
        le=3600,
        description="How long the place of a participant whose connection dropped is kept.",
    )
    offer_timeout_seconds: float = Field(
        60.0, gt=0, le=3600, description="How long a candidate may be connected without sending a camera."
    )
    oidc_issuer: str | None = Field(
        None,
        max_length=500,
        description="Issuer of the OpenID Connect provider people may sign in with; none unless given.",
    )
    oidc_client_id: str = Field("", max_length=300, description="What the provider calls Viva.")
    oidc_client_secret: SecretStr | None = Field(
        None, description="Secret shared with the provider; without it Viva is a public client (PKCE alone)."
    )
    oidc_name: str = Field(
        "single sign-on", max_length=60, description="What the button calls the provider: Sign in with …."
    )
    oidc_domains: Urls = Field(
        (),
        description="E-mail domains the provider may sign in, comma-separated; any when there are none.",
    )
    oidc_organisation: str | None = Field(
        None,
        max_length=80,
        description="Slug of the organisation whoever signs in for the first time joins; without it none.",
    )
    oidc_role: Literal["admin", "recruiter", "interviewer", "reviewer"] = Field(
        "reviewer", description="Role in that organisation: admin, recruiter, interviewer, reviewer."
    )
    trust_proxy: bool = Field(
        default=False,
        description="Take the client's address from the last X-Forwarded-For entry.",
    )
    web_dir: Path = Field(Path("web/dist"), description="The built web app.")
    models_dir: Path | None = Field(
        None, description="Folder of the model files; `models` in the data folder unless given."
    )
    metrics_token: SecretStr | None = Field(
        None,
        min_length=16,
        description="Bearer token for `GET /metrics`, at least 16 characters; without it there is no such "
        "page.",
    )
    smtp_host: str | None = Field(
        None,
        description="Mail server that takes Viva's mails; without it they are written into the folder "
        "`mails` in the data folder, and admins can read them.",
    )
    smtp_port: int | None = Field(
        None,
        ge=1,
        le=65535,
        description="Its port; 587 with `starttls`, 465 with `tls` and 25 with `none` unless given.",
    )
    smtp_tls: Literal["starttls", "tls", "none"] = Field(
        "starttls", description="How the way to it is protected: starttls, tls (from the first byte), none."
    )
    smtp_user: str | None = Field(None, description="Name to sign in there with; without it nobody signs in.")
    smtp_password: SecretStr | None = Field(None, description="Password to sign in there with.")
    smtp_timeout_seconds: float = Field(
        30.0,
        gt=0,
        le=300,
        description="Longest that connecting, and then sending one mail, may take before it is "
        "tried again later.",
    )
    mail_from: str = Field(
        default_factory=lambda given: f"viva@{urlsplit(given.get('public_url', '')).hostname or 'localhost'}",
        max_length=254,
        pattern=r"^[^@\s<>]+@[^@\s<>]+$",
        description="Address that mails come from; the company's name stands before it.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="Least severe log level."
    )
    log_format: Literal["console", "json"] = Field("console", description="How log lines are written.")

    @property
    def https(self) -> bool:
        """Whether browsers reach Viva over TLS."""
        return urlsplit(self.public_url).scheme == "https"

    @property
    def public_origin(self) -> str:
        """Scheme, host and port of the public address, as browsers write it in Origin."""
        parts = urlsplit(self.public_url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def public_host(self) -> str:
        """The host browsers find Viva under."""
        return urlsplit(self.public_url).hostname or "localhost"

    @property
    def models_path(self) -> Path:
        """Folder of the model files."""
        return self.models_dir or self.data_dir / "models"

    @cached_property
    def secret(self) -> bytes:
        """The signing secret, given or made once and kept in the data folder."""
        if self.secret_key is not None:
            return self.secret_key.get_secret_value().encode()
        return _kept_secret(self.data_dir / SECRET_FILE)


def _kept_secret(path: Path) -> bytes:
    """The secret in `path`; made with mode 0600 when there is none. Two processes starting together agree."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    if not path.exists():
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48))
        try:
            os.link(draft, path)  # unlike a rename this never replaces the other process's secret
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip().encode()
