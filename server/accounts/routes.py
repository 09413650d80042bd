"""Signing up, in and out; who am I; who works here."""

from aiohttp import web

from server.accounts import links, service, tokens
from server.accounts.access import PROVIDERS
from server.accounts.cookies import device_of, forget, remember
from server.accounts.identity import STAFF, InPerson, SignedIn, load_signed_in
from server.accounts.schemas import Me, People, SignIn, SignUp
from server.accounts.views import me_of
from server.errors import (
    EmailTaken,
    NotAllowed,
    NotSignedIn,
    RefreshRefused,
    TooManyAttempts,
    WrongCredentials,
)
from server.keys import SETTINGS
from server.storage.db import UnitOfWork
from server.storage.scope import person
from server.web.guards import REFRESH_COOKIE, client_address
from server.web.routing import Routes

routes = Routes("accounts", PROVIDERS)


@routes.post("/auth/sign-up", status=201, refusals=[EmailTaken, TooManyAttempts, NotSignedIn])
async def sign_up(request: web.Request, body: SignUp, uow: UnitOfWork) -> Me:
    """Create an account and sign in; with an organisation's name, create that too and administer it."""
    user = await service.sign_up(
        uow,
        email=body.email,
        password=body.password,
        full_name=body.full_name,
        organisation_name=body.organisation_name,
        address=client_address(request),
    )
    user.last_login_at = uow.now
    await links.mail_verification(uow, user, request.app[SETTINGS].public_url)
    remember(request, uow, await tokens.start_family(uow, user.id, device_of(request)))
    await uow.enter(person(user.id))
    return me_of(await load_signed_in(uow, user.id))


@routes.post("/auth/sign-in", refusals=[WrongCredentials, TooManyAttempts, NotSignedIn])
async def sign_in(request: web.Request, body: SignIn, uow: UnitOfWork) -> Me:
    """Sign in with e-mail and password."""
    user = await service.sign_in(
        uow, email=body.email, password=body.password, address=client_address(request)
    )
    remember(request, uow, await tokens.start_family(uow, user.id, device_of(request)))
    await uow.enter(person(user.id))
    return me_of(await load_signed_in(uow, user.id))


@routes.post("/auth/refresh", refusals=[RefreshRefused, NotSignedIn])
async def refresh(request: web.Request, uow: UnitOfWork) -> Me:
    """Exchange the refresh cookie for a new pair of cookies.

    A refresh token works once. Using one again ends the whole sign-in.
    """
    token = request.cookies.get(REFRESH_COOKIE, "")
    try:
        refreshed = await tokens.rotate(uow, token, device_of(request))
        await uow.enter(person(refreshed.user_id))
        who = await load_signed_in(uow, refreshed.user_id)
    except NotSignedIn:
        forget(request)
        raise
    remember(request, uow, refreshed)
    return me_of(who)


@routes.post("/auth/sign-out")
async def sign_out(request: web.Request, uow: UnitOfWork) -> None:
    """End this sign-in."""
    token = request.cookies.get(REFRESH_COOKIE)
    if token:
        await tokens.revoke(uow, token)
    forget(request)


@routes.post("/auth/sign-out-everywhere")
async def sign_out_everywhere(request: web.Request, who: InPerson, uow: UnitOfWork) -> None:
    """End all my sign-ins, this one too, at once."""
    await tokens.revoke_all(uow, who.id)
    forget(request)


@routes.get("/me")
async def get_me(_request: web.Request, who: SignedIn) -> Me:
    """Who is signed in."""
    return me_of(who)


@routes.get("/people", refusals=[NotAllowed])
async def list_people(_request: web.Request, who: SignedIn, uow: UnitOfWork) -> People:
    """The staff of my organisation, to choose interviewers from."""
    return People(items=await service.staff(uow, who.require(STAFF)))
