"""The cookies of a sign-in: set and removed with the answer."""

from aiohttp import web

from server.accounts import tokens
from server.keys import SETTINGS, SIGNING
from server.storage.db import UnitOfWork
from server.web import API
from server.web.guards import ACCESS_COOKIE, REFRESH_COOKIE, client_address, plain
from server.web.routing import on_response

REFRESH_PATH = f"{API}/auth"


def device_of(request: web.Request) -> tokens.Device:
    """Where a request comes from, as people recognise it in the list of their sign-ins."""
    return tokens.Device(client_address(request), plain(request.headers.get("User-Agent", "")))


def remember(request: web.Request, uow: UnitOfWork, refreshed: tokens.Refreshed) -> None:
    """Answer with the cookies of a sign-in."""
    claims = tokens.AccessClaims(refreshed.user_id, refreshed.family_id)
    access = tokens.issue_access(request.app[SIGNING].access_tokens, claims, uow.now)
    secure = request.app[SETTINGS].https

    def change(response: web.StreamResponse) -> None:
        if response.status >= 400:
            return  # the commit failed: these tokens were never kept
        for name, value, path, lifetime in (
            (ACCESS_COOKIE, access, "/", tokens.ACCESS_LIFETIME),
            (REFRESH_COOKIE, refreshed.token, REFRESH_PATH, tokens.REFRESH_LIFETIME),
        ):
            response.set_cookie(
                name,
                value,
                path=path,
                max_age=int(lifetime.total_seconds()),
                httponly=True,
                samesite="Lax",
                secure=secure,
            )

    on_response(request, change)


def forget(request: web.Request) -> None:
    """Answer with the cookies removed."""

    def change(response: web.StreamResponse) -> None:
        response.del_cookie(ACCESS_COOKIE, path="/")
        response.del_cookie(REFRESH_COOKIE, path=REFRESH_PATH)

    on_response(request, change)
