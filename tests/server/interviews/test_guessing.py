"""Who guesses codes gets nowhere, and honest people get in meanwhile."""

import asyncio
from bisect import bisect_left
from contextlib import suppress
from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, select, update

from server.accounts.attempts import Limit, count_failure, refuse_if_locked, take
from server.accounts.models import Attempt, User
from server.errors import (
    EmailNotVerified,
    InviteOtherEmail,
    InviteUnknownCode,
    TooManyAttempts,
    VivaError,
)
from server.interviews.invites import GUESSES_A_DAY, GUESSES_OF_ALL, redeem
from server.interviews.models import Invite, InviteStatus
from server.keys import SIGNING
from server.storage.db import Database
from tests.server.interviews.test_invites import redeem_code, wrong_code
from tests.server.world import VirtualClock, World


async def test_the_sixth_guess_is_locked_out_and_the_right_code_too(
    world: World, database: Database, clock: VirtualClock
) -> None:
    team, candidate = await world.team(), await world.person()
    code = await world.code(team, await world.interview(team), candidate.email)
    wrong = await wrong_code(database, _key(world))
    for _ in range(5):
        assert await redeem_code(candidate, wrong) == (404, "invite_unknown_code")
        clock.advance(seconds=10)
    locked = await candidate.post("/candidate/interviews", {"code": code})
    assert locked.refused == (429, "too_many_attempts")
    assert locked.headers["Retry-After"] == str(15 * 60 - 50)
    clock.advance(seconds=15 * 60 - 50 + 1)
    await candidate.post("/auth/refresh")
    assert await redeem_code(candidate, code) == (201, None)


def _key(world: World) -> bytes:
    return world.app[SIGNING].invite_codes


async def test_the_lock_holds_for_the_address_whichever_account_guesses(
    world: World, database: Database
) -> None:
    wrong = await wrong_code(database, _key(world))
    guessers = [await world.person() for _ in range(6)]
    results = [await redeem_code(guesser, wrong) for guesser in guessers]
    assert results == [(404, "invite_unknown_code")] * 5 + [(429, "too_many_attempts")]


async def test_guessing_in_parallel_gets_no_further(world: World, database: Database) -> None:
    candidate = await world.person()
    wrong = await wrong_code(database, _key(world))
    results = await asyncio.gather(*(redeem_code(candidate, wrong) for _ in range(12)))
    assert results.count((404, "invite_unknown_code")) == 5
    assert results.count((429, "too_many_attempts")) == 7


async def test_an_hour_of_guessing_gets_twenty_guesses(
    world: World, database: Database, clock: VirtualClock
) -> None:
    candidate = await world.person()
    wrong = await wrong_code(database, _key(world))
    guesses = 0
    for _ in range(60):
        await candidate.post("/auth/refresh")
        while await redeem_code(candidate, wrong) == (404, "invite_unknown_code"):
            guesses += 1
        clock.advance(minutes=1)
    assert guesses == 20


@pytest.mark.slow
async def test_a_day_of_guessing_gets_thirty_guesses(
    world: World, database: Database, clock: VirtualClock
) -> None:
    candidate = await world.person()
    wrong = await wrong_code(database, _key(world))
    guesses = 0
    for _ in range(24 * 4):
        await candidate.post("/auth/refresh")
        while await redeem_code(candidate, wrong) == (404, "invite_unknown_code"):
            guesses += 1
        clock.advance(minutes=15, seconds=1)
    assert guesses == 30


HUNDRED_THOUSAND = 100_000


def _around(code: str) -> list[str]:
    """A hundred thousand codes, with a real one among them."""
    return [f"{(int(code) - HUNDRED_THOUSAND // 2 + n) % 1_000_000:06d}" for n in range(HUNDRED_THOUSAND)]


def _most_in_an_hour(times: list[datetime]) -> int:
    """How many of these moments at most lie within one hour, wherever it begins."""
    return max(bisect_left(times, at + timedelta(hours=1)) - place for place, at in enumerate(times))


async def _guess_all(
    database: Database, key: bytes, clock: VirtualClock, crowd: list[User], codes: list[str], seconds: float
) -> list[datetime]:
    """Guess each code from the next account and an address of its own; when guesses were looked at.

    Guesses that leave nothing behind share a transaction: beginning 100,000 of them is what would take long.
    """
    looked_at: list[datetime] = []
    guesses = enumerate(codes)
    left = len(codes)
    while left:
        with suppress(InviteUnknownCode, InviteOtherEmail):  # these are kept: the transaction ends with them
            async with database.begin() as uow:
                for number, code in guesses:
                    left -= 1
                    clock.advance(seconds=seconds)
                    uow.now = clock.now
                    user, address = crowd[number % len(crowd)], f"2001:db8::{number:x}"
                    try:
                        await redeem(uow, user=user, code=code, address=address, code_key=key)
                        pytest.fail(f"{code} got in")
                    except (TooManyAttempts, EmailNotVerified):
                        continue
                    except VivaError:
                        looked_at.append(clock.now)
                        raise
    return looked_at


@pytest.mark.slow
@pytest.mark.timeout(300)
async def test_a_hundred_thousand_guesses_of_one_account_get_nowhere(
    world: World, database: Database, clock: VirtualClock
) -> None:
    """A day of guesses, each from another address: 30 are looked at, at most 20 of them within an hour."""
    team = await world.team()
    code = await world.code(team, await world.interview(team), "invited@example.com")
    async with database.begin() as uow:
        guesser = User(email="guesser@example.com", full_name="G", is_verified=True)
        uow.session.add(guesser)
    pause = 24 * 3600 / HUNDRED_THOUSAND
    looked_at = await _guess_all(database, _key(world), clock, [guesser], _around(code), pause)
    assert len(looked_at) == GUESSES_A_DAY.allowed == 30
    assert _most_in_an_hour(looked_at) == 20
    assert await _status_of_invite(database) is InviteStatus.PENDING


@pytest.mark.slow
@pytest.mark.timeout(300)
async def test_a_hundred_thousand_guesses_from_everywhere_get_nowhere(
    world: World, database: Database, clock: VirtualClock
) -> None:
    """Of 400 accounts that claim addresses and 100,000 addresses in two hours 100 an hour are looked at.

    At this ceiling 100,000 guesses take 1000 hours, six weeks: three times as long as an invitation is open.
    """
    team = await world.team()
    code = await world.code(team, await world.interview(team), "invited@example.com")
    async with database.begin() as uow:
        crowd = [User(email=f"g{number}@example.com", full_name="G") for number in range(400)]
        uow.session.add_all(crowd)
    pause = 2 * 3600 / HUNDRED_THOUSAND
    looked_at = await _guess_all(database, _key(world), clock, crowd, _around(code), pause)
    assert _most_in_an_hour(looked_at) == GUESSES_OF_ALL.allowed == 100
    assert len(looked_at) == 2 * 100
    assert await _status_of_invite(database) is InviteStatus.PENDING


async def _status_of_invite(database: Database) -> InviteStatus:
    async with database.begin() as uow:
        return (await uow.session.scalars(select(Invite))).one().status


async def test_a_lock_that_was_found_is_not_asked_for_again_and_ends_in_time(
    database: Database, clock: VirtualClock
) -> None:
    limit = Limit("test", 2, timedelta(minutes=1))
    guess = (limit, "user:1")
    for _ in range(2):
        async with database.begin() as uow:
            await take(uow, guess)
    for _ in range(2):
        with pytest.raises(TooManyAttempts) as refused:
            async with database.begin() as uow:
                await refuse_if_locked(uow, guess)
        assert refused.value.retry_after_seconds == 60
        async with database.begin() as uow:  # it is remembered: nothing in the table says so any more
            await uow.session.execute(delete(Attempt))
    clock.advance(minutes=1)
    async with database.begin() as uow:
        await refuse_if_locked(uow, guess)


async def test_under_a_flood_honest_people_get_in(
    world: World, database: Database, clock: VirtualClock
) -> None:
    team, honest, other = await world.team(), await world.person(), await world.person()
    interview = await world.interview(team)
    code = await world.code(team, interview, honest.email)
    async with database.begin() as uow:
        await count_failure(uow, *[(GUESSES_OF_ALL, "all")] * GUESSES_OF_ALL.allowed)
    assert await redeem_code(honest, code) == (403, "email_not_verified")
    async with database.begin() as uow:
        await uow.session.execute(update(User).values(is_verified=True))
    # Nobody learns that the code exists.
    assert await redeem_code(other, code) == (404, "invite_unknown_code")
    assert await redeem_code(honest, code) == (201, None)
    clock.advance(hours=1, seconds=1)
    await other.post("/auth/refresh")
    assert await redeem_code(other, code) == (403, "invite_other_email")


async def test_somebody_elses_code_counts_as_a_guess(world: World) -> None:
    team, candidate = await world.team(), await world.person()
    code = await world.code(team, await world.interview(team), "somebody@example.com")
    results = [await redeem_code(candidate, code) for _ in range(6)]
    assert results == [(403, "invite_other_email")] * 5 + [(429, "too_many_attempts")]
