"""Signing in with an OpenID Connect provider: authorization code with PKCE, state and nonce."""

import base64
import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

import jwt
from aiohttp import web
from pydantic import BaseModel, Field

from server.accounts import external, tokens
from server.accounts.access import PROVIDERS
from server.accounts.cookies import device_of, remember
from server.accounts.models import AuthProvider, Role
from server.accounts.oidc import OIDC, OidcProvider
from server.errors import OidcNotConfigured, OidcRefused, OidcUnavailable, VivaError
from server.keys import SETTINGS, SIGNING
from server.schemas import Output
from server.storage.db import UnitOfWork
from server.web import API
from server.web.guards import client_address
from server.web.routing import Answer, Routes, on_response

routes = Routes("accounts", PROVIDERS)

FLOW_COOKIE = "viva_oidc"
FLOW_PATH = f"{API}/auth/oidc"
FLOW_LIFETIME = timedelta(minutes=10)
FLOW_AUDIENCE = "viva-oidc"


class SignInWays(Output):
    """How people may sign in besides with a password; `oidc_name` is what the button says."""

    oidc_name: str | None


PRINTED = "^[ -~]*$"
"""All that OAuth lets codes and states be made of (RFC 6749, appendix A)."""


class StartQuery(BaseModel):
    next: str = Field("/", max_length=500)


class CallbackQuery(BaseModel):
    code: str | None = Field(None, max_length=2000, pattern=PRINTED)
    state: str | None = Field(None, max_length=200, pattern=PRINTED)


class Redirect(Answer):
    """Sends the browser on."""

    def __init__(self, location: str) -> None:
        self._location = location

    async def respond(self, _request: web.Request) -> web.StreamResponse:
        """302, remembered by nobody."""
        headers = {"Location": self._location, "Cache-Control": "no-store"}
        return web.Response(status=302, headers=headers)


@routes.get("/auth/ways")
async def get_sign_in_ways(request: web.Request) -> SignInWays:
    """How people may sign in here."""
    is_there = request.app[OIDC] is not None
    return SignInWays(oidc_name=request.app[SETTINGS].oidc_name if is_there else None)


@routes.get("/auth/oidc/start", status=302, refusals=[OidcNotConfigured])
async def start_oidc(request: web.Request, uow: UnitOfWork, query: StartQuery) -> Redirect:
    """Send the browser to the provider; it comes back to the callback, and then to `next`."""
    provider = _provider(request)
    try:
        endpoint = await provider.authorization_endpoint()
    except OidcUnavailable as refusal:
        return _told(refusal)
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    flow = {"state": state, "nonce": nonce, "verifier": verifier, "next": own_path(query.next)}
    _remember_flow(request, flow, uow.now)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    asked = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": provider.redirect_uri,
        "scope": "openid email profile",
        "state": state,
        "nonce": nonce,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    return Redirect(f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(asked)}")


@routes.get("/auth/oidc/callback", status=302, refusals=[OidcNotConfigured])
async def finish_oidc(request: web.Request, uow: UnitOfWork, query: CallbackQuery) -> Redirect:
    """Where the provider sends the browser back to; what went wrong is said on the sign-in page."""
    provider, settings = _provider(request), request.app[SETTINGS]
    on_response(request, lambda response: response.del_cookie(FLOW_COOKIE, path=FLOW_PATH))
    try:
        flow = _flow(request, query, uow.now)
        identity = await provider.redeem(
            code=query.code or "", verifier=flow["verifier"], nonce=flow["nonce"], now=uow.now
        )
        welcome = external.Welcome(
            settings.oidc_domains, settings.oidc_organisation, Role(settings.oidc_role)
        )
        async with uow.session.begin_nested():  # a refusal takes back what it began
            user = await external.sign_in(uow, identity, welcome, address=client_address(request))
    except VivaError as refusal:
        return _told(refusal)
    family = await tokens.start_family(uow, user.id, device_of(request), AuthProvider.OIDC)
    remember(request, uow, family)
    return Redirect(flow["next"])


def _told(refusal: VivaError) -> Redirect:
    """Back to the sign-in page, which says what went wrong: a browser that was sent here shows no JSON."""
    return Redirect(f"/sign-in?{urlencode({'problem': refusal.code})}")


def own_path(wanted: str) -> str:
    """A path of our own pages, or the first page: nobody is sent to another site from here."""
    parts = urlsplit(wanted)
    is_own = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and not parts.netloc
    return wanted if is_own and wanted.isprintable() and "\\" not in wanted else "/"


def _provider(request: web.Request) -> OidcProvider:
    provider = request.app[OIDC]
    if provider is None:
        raise OidcNotConfigured
    return provider


def _remember_flow(request: web.Request, flow: dict[str, str], now: datetime) -> None:
    """What the callback compares, in a signed cookie of the browser that began."""
    claims = {**flow, "aud": FLOW_AUDIENCE, "exp": now + FLOW_LIFETIME}
    value = jwt.encode(claims, request.app[SIGNING].oidc_flows, algorithm=tokens.ALGORITHM)
    secure = request.app[SETTINGS].https

    def change(response: web.StreamResponse) -> None:
        response.set_cookie(
            FLOW_COOKIE,
            value,
            path=FLOW_PATH,
            max_age=int(FLOW_LIFETIME.total_seconds()),
            httponly=True,
            samesite="Lax",
            secure=secure,
        )

    on_response(request, change)


def _flow(request: web.Request, query: CallbackQuery, now: datetime) -> dict[str, Any]:
    """The sign-in this browser began and the provider answers; raises OidcRefused."""
    try:
        flow: dict[str, Any] = jwt.decode(
            request.cookies.get(FLOW_COOKIE, ""),
            request.app[SIGNING].oidc_flows,
            algorithms=[tokens.ALGORITHM],
            audience=FLOW_AUDIENCE,
            options={"require": ["exp"], "verify_exp": False},
        )
    except jwt.PyJWTError as error:
        raise OidcRefused from error
    same = hmac.compare_digest(str(flow["state"]).encode(), (query.state or "").encode())
    if not same or flow["exp"] <= now.timestamp() or not query.code:
        raise OidcRefused
    return flow
