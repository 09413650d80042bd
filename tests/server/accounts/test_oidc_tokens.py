"""Which tokens of a provider count."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import jwt
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from server.accounts.oidc import OidcProvider, open_http
from server.errors import OidcRefused, OidcUnavailable
from server.settings import Settings
from tests.server.accounts.test_oidc import CLIENT, Json


class Forger:
    """A provider of our own that signs what it is told to, with its key."""

    def __init__(self) -> None:
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.algorithms = ["RS256", "HS256", "none"]
        self.issuer = ""
        self.asked: list[str] = []

    async def metadata(self, request: web.Request) -> web.Response:
        """Discovery."""
        self.asked.append(request.path)
        return web.json_response(
            {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/jwks",
                "id_token_signing_alg_values_supported": self.algorithms,
            }
        )

    async def jwks(self, request: web.Request) -> web.Response:
        """Its public key."""
        self.asked.append(request.path)
        public = RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True) | {"kid": "k", "use": "sig"}
        return web.json_response({"keys": [public]})


@pytest.fixture
async def forger() -> AsyncIterator[Forger]:
    """The forger, listening."""
    forger = Forger()
    app = web.Application()
    app.router.add_get("/.well-known/openid-configuration", forger.metadata)
    app.router.add_get("/jwks", forger.jwks)
    async with TestServer(app) as server:
        forger.issuer = str(server.make_url("/")).rstrip("/")
        yield forger


@pytest.fixture
async def asks(forger: Forger, tmp_path: Path) -> AsyncIterator[OidcProvider]:
    """Viva's side of it."""
    settings = Settings(data_dir=tmp_path, oidc_issuer=forger.issuer, oidc_client_id=CLIENT)
    async with open_http() as http:
        yield OidcProvider(settings, http)


NOW = datetime(2030, 1, 1, tzinfo=UTC)


def _claims(forger: Forger, **changes: Json) -> dict[str, Json]:
    at = int(NOW.timestamp())
    good = {"iss": forger.issuer, "aud": CLIENT, "sub": "s", "iat": at, "exp": at + 300, "nonce": "n"}
    return {name: value for name, value in (good | changes).items() if value is not None}


async def test_a_good_token_is_taken_and_keys_are_asked_for_once(asks: OidcProvider, forger: Forger) -> None:
    token = jwt.encode(_claims(forger), forger.key, algorithm="RS256", headers={"kid": "k"})
    for _ in range(3):
        assert (await asks.check_id_token(token, nonce="n", now=NOW))["sub"] == "s"
    assert forger.asked == ["/.well-known/openid-configuration", "/jwks"]


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://other.example"},
        {"aud": "other"},
        {"aud": [CLIENT, "other"]},
        {"azp": "other"},
        {"nonce": "other"},
        {"nonce": None},
        {"exp": int(NOW.timestamp()) - 61},
        {"exp": None},
        {"iat": int(NOW.timestamp()) + 61},
        {"sub": ""},
    ],
    ids=lambda changes: f"{next(iter(changes))} {next(iter(changes.values()))}",
)
async def test_a_token_for_somebody_else_is_refused(
    asks: OidcProvider, forger: Forger, changes: Json
) -> None:
    token = jwt.encode(_claims(forger, **changes), forger.key, algorithm="RS256", headers={"kid": "k"})
    with pytest.raises(OidcRefused):
        await asks.check_id_token(token, nonce="n", now=NOW)


async def test_only_the_providers_own_signature_counts(asks: OidcProvider, forger: Forger) -> None:
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    secret = "k" * 64
    tokens = [
        jwt.encode(_claims(forger), other, algorithm="RS256", headers={"kid": "k"}),
        jwt.encode(_claims(forger), other, algorithm="RS256", headers={"kid": "unknown"}),
        jwt.encode(_claims(forger), forger.key, algorithm="RS512", headers={"kid": "k"}),  # not announced
        jwt.encode(_claims(forger), secret, algorithm="HS256", headers={"kid": "k"}),
        jwt.encode(_claims(forger), "", algorithm="none", headers={"kid": "k"}),
        "nonsense",
    ]
    for token in tokens:
        with pytest.raises(OidcRefused):
            await asks.check_id_token(token, nonce="n", now=NOW)


async def test_a_provider_that_calls_itself_something_else_is_not_asked(
    asks: OidcProvider, forger: Forger
) -> None:
    forger.issuer = "https://other.example"
    with pytest.raises(OidcUnavailable):
        await asks.authorization_endpoint()
