"""An OpenID Connect provider as Viva asks it: discovery, keys, codes for ID tokens, and what those prove."""

import asyncio
import hmac
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote_plus

import aiohttp
import jwt
import structlog
from aiohttp import web

from server.errors import OidcRefused, OidcUnavailable
from server.settings import Settings

log = structlog.get_logger()

TIMEOUT_SECONDS = 10
MAX_ANSWER_BYTES = 256 * 1024
DISCOVERY_SECONDS = 3600
KEYS_SECONDS = 3600
KEYS_AT_MOST_EVERY_SECONDS = 30  # a token with a key we do not know makes us ask again, but not all the time
LEEWAY = timedelta(seconds=60)
# Signatures only the provider can make; `none` and HS* are no such thing.
ASYMMETRIC = frozenset(
    {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}
)
Claims = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Identity:
    """What the provider says about who signed in."""

    issuer: str
    subject: str
    email: str | None
    email_verified: bool
    name: str | None


class OidcProvider:
    """One provider; what it says about itself is asked rarely, and every question has a time limit."""

    def __init__(self, settings: Settings, http: aiohttp.ClientSession) -> None:
        self.issuer = (settings.oidc_issuer or "").rstrip("/")
        self.client_id = settings.oidc_client_id
        self._secret = settings.oidc_client_secret
        self.redirect_uri = f"{settings.public_url.rstrip('/')}/api/v1/auth/oidc/callback"
        self._http = http
        self._asking = asyncio.Lock()
        self._metadata: Claims = {}
        self._metadata_until = 0.0
        self._keys: dict[str | None, jwt.PyJWK] = {}
        self._keys_asked_at = float("-inf")

    async def authorization_endpoint(self) -> str:
        """Where browsers are sent; raises OidcUnavailable."""
        return str((await self._discovered())["authorization_endpoint"])

    async def redeem(self, *, code: str, verifier: str, nonce: str, now: datetime) -> Identity:
        """Who the code stands for; raises OidcRefused, OidcUnavailable."""
        metadata = await self._discovered()
        answer = await self._redeem_code(str(metadata["token_endpoint"]), code, verifier)
        claims = await self.check_id_token(str(answer.get("id_token", "")), nonce=nonce, now=now)
        subject = str(claims["sub"])
        if "email" not in claims and "userinfo_endpoint" in metadata and answer.get("access_token"):
            headers = {"Authorization": f"Bearer {answer['access_token']}"}
            more = await self._ask("GET", str(metadata["userinfo_endpoint"]), headers=headers)
            if more.get("sub") != subject:
                raise OidcRefused
            claims = {**more, **claims}
        email, name = claims.get("email"), claims.get("name")
        return Identity(
            issuer=self.issuer,
            subject=subject,
            email=email if isinstance(email, str) else None,
            email_verified=claims.get("email_verified") is True,
            name=name if isinstance(name, str) else None,
        )

    async def check_id_token(self, token: str, *, nonce: str, now: datetime) -> Claims:
        """The claims of a token this provider made for us, now, for this sign-in; raises OidcRefused."""
        try:
            header = jwt.get_unverified_header(token)
            algorithm = header.get("alg")
            if algorithm not in await self._algorithms():
                raise OidcRefused
            key = await self._key(header.get("kid"))
            claims: dict[str, Any] = jwt.decode(
                token,
                key.key,
                algorithms=[algorithm],
                audience=self.client_id,
                issuer=self.issuer,
                # Times are compared with our own clock below.
                options={
                    "require": ["exp", "iat", "sub", "iss", "aud"],
                    "verify_exp": False,
                    "verify_iat": False,
                    "verify_nbf": False,
                },
            )
            exp, iat = float(claims["exp"]), float(claims["iat"])
        except (jwt.PyJWTError, ValueError, TypeError) as error:
            log.warning("oidc_token_refused", reason=type(error).__name__)
            raise OidcRefused from error
        late = exp + LEEWAY.total_seconds() <= now.timestamp()
        early = iat - LEEWAY.total_seconds() > now.timestamp()
        given = claims.get("nonce")
        same = isinstance(given, str) and hmac.compare_digest(given.encode(), nonce.encode())
        others = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        party = claims.get("azp")
        foreign = party != self.client_id if others or party is not None else False
        if late or early or not same or foreign or not claims["sub"]:
            log.warning("oidc_token_refused", late=late, early=early, nonce=same, foreign=foreign)
            raise OidcRefused
        return claims

    async def _redeem_code(self, endpoint: str, code: str, verifier: str) -> Claims:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.redirect_uri,
            "code_verifier": verifier,
        }
        if self._secret is None:
            return await self._ask("POST", endpoint, data={**form, "client_id": self.client_id})
        secret = self._secret.get_secret_value()
        methods = (await self._discovered()).get("token_endpoint_auth_methods_supported")
        if isinstance(methods, list) and "client_secret_basic" not in methods:
            form |= {"client_id": self.client_id, "client_secret": secret}
            return await self._ask("POST", endpoint, data=form)
        # RFC 6749 section 2.3.1: both are form-encoded first.
        basic = aiohttp.encode_basic_auth(quote_plus(self.client_id), quote_plus(secret))
        return await self._ask("POST", endpoint, data=form, headers={"Authorization": basic})

    async def _algorithms(self) -> frozenset[str]:
        """What the provider announces to sign with, of what can be trusted."""
        announced = (await self._discovered()).get("id_token_signing_alg_values_supported", ["RS256"])
        return ASYMMETRIC & frozenset(announced)

    async def _discovered(self) -> Claims:
        """What the provider says about itself, at most an hour old."""
        async with self._asking:
            if time.monotonic() >= self._metadata_until:
                found = await self._ask("GET", f"{self.issuer}/.well-known/openid-configuration")
                if str(found.get("issuer", "")).rstrip("/") != self.issuer:
                    log.error("oidc_issuer_differs", configured=self.issuer, announced=found.get("issuer"))
                    raise OidcUnavailable
                self._metadata = found
                self._metadata_until = time.monotonic() + DISCOVERY_SECONDS
            return self._metadata

    async def _key(self, name: str | None) -> jwt.PyJWK:
        """The provider's key of this name; one we do not know may be new."""
        uri = str((await self._discovered())["jwks_uri"])
        async with self._asking:
            age = time.monotonic() - self._keys_asked_at
            if age > KEYS_SECONDS or (name not in self._keys and age > KEYS_AT_MOST_EVERY_SECONDS):
                found = jwt.PyJWKSet.from_dict(dict(await self._ask("GET", uri)))
                self._keys = {key.key_id: key for key in found.keys}
                self._keys_asked_at = time.monotonic()
            if name is None and len(self._keys) == 1:
                return next(iter(self._keys.values()))
            if name not in self._keys:
                raise OidcRefused
            return self._keys[name]

    async def _ask(self, method: str, url: str, **options: Any) -> Claims:
        """A JSON object of the provider; OidcRefused for its 4xx, OidcUnavailable for everything else."""
        try:
            async with self._http.request(method, url, allow_redirects=False, **options) as response:
                raw = await response.content.read(MAX_ANSWER_BYTES + 1)
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            log.warning("oidc_unavailable", url=url, reason=type(error).__name__)
            raise OidcUnavailable from error
        if 400 <= response.status < 500:
            log.warning("oidc_refused", url=url, status=response.status)
            raise OidcRefused
        try:
            answer = json.loads(raw) if response.status == 200 and len(raw) <= MAX_ANSWER_BYTES else None
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            log.warning("oidc_strange_answer", url=url, status=response.status)
            raise OidcUnavailable
        return answer


OIDC: web.AppKey[OidcProvider | None] = web.AppKey("oidc")


def open_http() -> aiohttp.ClientSession:
    """For asking the provider: no cookies, no waiting longer than TIMEOUT_SECONDS."""
    timeout = aiohttp.ClientTimeout(total=TIMEOUT_SECONDS)
    return aiohttp.ClientSession(timeout=timeout, cookie_jar=aiohttp.DummyCookieJar())
