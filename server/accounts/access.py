"""Who is asking: from cookie or bearer token to a person."""

from uuid import UUID

from aiohttp import web

from server.accounts import api_tokens
from server.accounts.identity import InPerson, SignedIn, load_signed_in
from server.accounts.tokens import read_access
from server.errors import NotSignedIn, SignInRequired, TokenMayOnlyRead
from server.keys import DATABASE, SIGNING
from server.storage.db import UnitOfWork
from server.storage.scope import person
from server.web.guards import ACCESS_COOKIE, check_origin
from server.web.operations import SAFE_METHODS, Provider


async def current_user(request: web.Request, uow: UnitOfWork) -> SignedIn:
    """Who sent this request, or whose token it carries; raises NotSignedIn, TokenMayOnlyRead."""
    token = _token(request)
    if api_tokens.is_one(token):
        return await api_tokens.owner(uow, token, changes=request.method not in SAFE_METHODS)
    return await _in_person(request, uow, token)


async def in_person(request: web.Request, uow: UnitOfWork) -> InPerson:
    """Who signed in and sent this request; raises NotSignedIn, and SignInRequired for API tokens."""
    token = _token(request)
    if api_tokens.is_one(token):
        raise SignInRequired
    return await _in_person(request, uow, token)


async def _in_person(request: web.Request, uow: UnitOfWork, token: str) -> InPerson:
    claims = read_access(request.app[SIGNING].access_tokens, token, uow.now)
    return await _still_in_person(uow, claims.user_id, claims.family_id)


async def _still_in_person(uow: UnitOfWork, user_id: UUID, family_id: UUID) -> InPerson:
    await uow.enter(person(user_id))
    who = await load_signed_in(uow, user_id, family_id=family_id)
    return InPerson(who.user, who.memberships, family_id)


def _token(request: web.Request) -> str:
    """The token of the request's header or cookie; one in the address is none."""
    scheme, _, bearer = request.headers.get("Authorization", "").partition(" ")
    token = bearer.strip() if scheme.lower() == "bearer" else request.cookies.get(ACCESS_COOKIE)
    if not token:
        raise NotSignedIn
    return token


async def authenticate(request: web.Request) -> SignedIn:
    """Who opens this WebSocket, in a transaction of its own; raises NotSignedIn or OriginNotAllowed.

    A token that may only read opens none: what is said on a socket changes things.
    """
    check_origin(request)
    async with request.app[DATABASE].begin() as uow:
        token = _token(request)
        if api_tokens.is_one(token):
            return await api_tokens.owner(uow, token, changes=True)
        return await _in_person(request, uow, token)


async def authenticate_again(request: web.Request, who: SignedIn) -> SignedIn:
    """The same person as they are now, in a transaction of its own; raises NotSignedIn, TokenMayOnlyRead.

    An access token that ran out meanwhile is no reason: the sign-in it came from lasts or does not.
    """
    async with request.app[DATABASE].begin() as uow:
        if isinstance(who, InPerson):
            return await _still_in_person(uow, who.id, who.family_id)
        return await api_tokens.owner(uow, _token(request), changes=True)


def _id_of(who: SignedIn) -> UUID:
    return who.id


PROVIDERS = {
    SignedIn: Provider(current_user, refusals_when_changing=(TokenMayOnlyRead,), identify=_id_of),
    InPerson: Provider(in_person, refusals=(NotSignedIn, SignInRequired), identify=_id_of),
}
