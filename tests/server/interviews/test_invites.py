"""Codes: making them, redeeming them, guessing them."""

import asyncio
from bisect import bisect_left
from contextlib import suppress
from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, func, select, update

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
from server.interviews.inviting import LIFETIME
from server.interviews.models import Invite, InviteStatus, Participant
from server.keys import SIGNING
from server.signing import keyed_hash
from server.storage.db import Database
from tests.server.world import Person, Team, VirtualClock, World


async def _redeem(person: Person, code: str) -> tuple[int, str | None]:
    answer = await person.post("/candidate/interviews", {"code": code})
    return answer.status, answer.json.get("error")


async def _wrong_code(database: Database, key: bytes) -> str:
    """Six digits that are nobody's code."""
    async with database.begin() as uow:
        taken = set(await uow.session.scalars(select(Invite.code_hash)))
    return next(f"{n:06d}" for n in range(1_000_000) if keyed_hash(key, f"{n:06d}") not in taken)


async def test_each_line_has_a_result_of_its_own(world: World) -> None:
    team = await world.team()
    interview = await world.interview(team)
    path = f"/interviews/{interview['id']}/invites"
    await team.recruiter.post(path, {"emails": ["known@example.com"]})
    lines = ["New@Example.com ", "nonsense", "new@example.com", "known@example.com", "other@example.com"]
    items = (await team.recruiter.post(path, {"emails": lines})).json["items"]
    assert [item["error"] for item in items] == [None, "bad_email", "duplicate", "already_invited", None]
    assert items[0]["email"] == "new@example.com"
    assert len({item["code"] for item in items if item["code"]}) == 2
    assert all(len(item["code"]) == 6 and item["code"].isdigit() for item in items if item["code"])
    listed = (await team.recruiter.get(path)).json["items"]
    assert [item["email"] for item in listed] == ["other@example.com", "new@example.com", "known@example.com"]
    assert {item["code"] for item in listed} == {None}


async def test_a_table_of_invites_gives_no_codes_away(world: World, database: Database) -> None:
    team = await world.team()
    code = await world.code(team, await world.interview(team), "a@example.com")
    async with database.begin() as uow:
        invite = (await uow.session.scalars(select(Invite))).one()
    assert code.encode() not in invite.code_hash + invite.token_hash
    assert len(invite.code_hash) == 32


async def test_a_code_opens_the_interview_to_whom_it_was_sent(world: World) -> None:
    team, candidate = await world.team(), await world.person()
    interview = await world.interview(team)
    code = await world.code(team, interview, candidate.email.upper())
    answer = await candidate.post("/candidate/interviews", {"code": f"{code[:3]} {code[3:]}"})
    assert answer.status == 201
    assert answer.json["interview"]["title"] == "Engineer"
    assert answer.json["interview"]["organisation_name"] == "Northwind"
    assert answer.json["interview"]["question_count"] == 2
    assert answer.json["status"] == "active"
    assert answer.json["session"] is None
    assert (await candidate.get("/candidate/interviews")).json["items"] == [answer.json]
    [invite] = (await team.recruiter.get(f"/interviews/{interview['id']}/invites")).json["items"]
    assert invite["status"] == "accepted"


async def test_a_live_interview_has_its_session_at_once(world: World) -> None:
    team, candidate = await world.team(), await world.person()
    code = await world.code(team, await world.interview(team, "live"), candidate.email)
    joined = (await candidate.post("/candidate/interviews", {"code": code})).json
    assert joined["session"]["status"] == "confirmed"
    session = (await team.interviewer.get(f"/sessions/{joined['session']['id']}")).json
    roles = {person["id"]: person["panel_role"] for person in session["interviewers"]}
    assert roles == {team.interviewer.id: "lead", team.recruiter.id: "member"}


async def test_refusals_are_named(world: World, database: Database, clock: VirtualClock) -> None:
    team, candidate, other = await world.team(), await world.person(), await world.person()
    code = await world.code(team, await world.interview(team), candidate.email)
    assert await _redeem(other, code) == (403, "invite_other_email")
    assert await _redeem(candidate, code) == (201, None)
    assert await _redeem(candidate, code) == (409, "invite_already_added")

    revoked = await world.code(team, await world.interview(team), candidate.email)
    async with database.begin() as uow:
        await uow.session.execute(
            update(Invite).where(Invite.status == InviteStatus.PENDING).values(status=InviteStatus.REVOKED)
        )
    assert await _redeem(candidate, revoked) == (410, "invite_revoked")

    expired = await world.code(team, await world.interview(team), candidate.email)
    clock.advance(days=14, seconds=1)
    await candidate.post("/auth/refresh")
    assert await _redeem(candidate, expired) == (410, "invite_expired")
    assert (await candidate.post("/candidate/interviews", {"code": "12345"})).refused == (422, "bad_request")
    assert (await candidate.post("/candidate/interviews", {"code": "١٢٣٤٥٦"})).refused == (422, "bad_request")


async def test_an_invite_ends_with_the_deadline_and_can_then_be_sent_again(
    world: World, clock: VirtualClock
) -> None:
    team = await world.team()
    soon = clock() + timedelta(days=2)
    interview = await world.interview(team, deadline=soon.isoformat())
    path = f"/interviews/{interview['id']}/invites"
    [near] = (await team.recruiter.post(path, {"emails": ["a@example.com"]})).json["items"]
    assert near["expires_at"] == interview["deadline"]

    open_ended = await world.interview(team)
    await world.code(team, open_ended, "a@example.com")
    clock.advance(seconds=LIFETIME.total_seconds() + 1)
    await team.recruiter.post("/auth/refresh")
    path = f"/interviews/{open_ended['id']}/invites"
    assert (await team.recruiter.get(path)).json["items"][0]["status"] == "expired"
    assert await world.code(team, open_ended, "a@example.com")


async def test_the_sixth_guess_is_locked_out_and_the_right_code_too(
    world: World, database: Database, clock: VirtualClock
) -> None:
    team, candidate = await world.team(), await world.person()
    code = await world.code(team, await world.interview(team), candidate.email)
    wrong = await _wrong_code(database, _key(world))
    for _ in range(5):
        assert await _redeem(candidate, wrong) == (404, "invite_unknown_code")
        clock.advance(seconds=10)
    locked = await candidate.post("/candidate/interviews", {"code": code})
    assert locked.refused == (429, "too_many_attempts")
    assert locked.headers["Retry-After"] == str(15 * 60 - 50)
    clock.advance(seconds=15 * 60 - 50 + 1)
    await candidate.post("/auth/refresh")
    assert await _redeem(candidate, code) == (201, None)


def _key(world: World) -> bytes:
    return world.app[SIGNING].invite_codes


async def test_the_lock_holds_for_the_address_whichever_account_guesses(
    world: World, database: Database
) -> None:
    wrong = await _wrong_code(database, _key(world))
    guessers = [await world.person() for _ in range(6)]
    results = [await _redeem(guesser, wrong) for guesser in guessers]
    assert results == [(404, "invite_unknown_code")] * 5 + [(429, "too_many_attempts")]


async def test_guessing_in_parallel_gets_no_further(world: World, database: Database) -> None:
    candidate = await world.person()
    wrong = await _wrong_code(database, _key(world))
    results = await asyncio.gather(*(_redeem(candidate, wrong) for _ in range(12)))
    assert results.count((404, "invite_unknown_code")) == 5
    assert results.count((429, "too_many_attempts")) == 7


async def test_an_hour_of_guessing_gets_twenty_guesses(
    world: World, database: Database, clock: VirtualClock
) -> None:
    candidate = await world.person()
    wrong = await _wrong_code(database, _key(world))
    guesses = 0
    for _ in range(60):
        await candidate.post("/auth/refresh")
        while await _redeem(candidate, wrong) == (404, "invite_unknown_code"):
            guesses += 1
        clock.advance(minutes=1)
    assert guesses == 20


@pytest.mark.slow
async def test_a_day_of_guessing_gets_thirty_guesses(
    world: World, database: Database, clock: VirtualClock
) -> None:
    candidate = await world.person()
    wrong = await _wrong_code(database, _key(world))
    guesses = 0
    for _ in range(24 * 4):
        await candidate.post("/auth/refresh")
        while await _redeem(candidate, wrong) == (404, "invite_unknown_code"):
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
    assert await _redeem(honest, code) == (403, "email_not_verified")
    async with database.begin() as uow:
        await uow.session.execute(update(User).values(is_verified=True))
    # Nobody learns that the code exists.
    assert await _redeem(other, code) == (404, "invite_unknown_code")
    assert await _redeem(honest, code) == (201, None)
    clock.advance(hours=1, seconds=1)
    await other.post("/auth/refresh")
    assert await _redeem(other, code) == (403, "invite_other_email")


async def test_somebody_elses_code_counts_as_a_guess(world: World) -> None:
    team, candidate = await world.team(), await world.person()
    code = await world.code(team, await world.interview(team), "somebody@example.com")
    results = [await _redeem(candidate, code) for _ in range(6)]
    assert results == [(403, "invite_other_email")] * 5 + [(429, "too_many_attempts")]


@pytest.mark.parametrize("kind", ["one_way", "live"])
async def test_of_two_redemptions_at_once_one_wins(world: World, database: Database, kind: str) -> None:
    team, candidate = await world.team(), await world.person()
    code = await world.code(team, await world.interview(team, kind), candidate.email)
    results = await asyncio.gather(*(_redeem(candidate, code) for _ in range(4)))
    assert sorted(results, key=str) == [(201, None)] + [(409, "invite_already_added")] * 3
    async with database.begin() as uow:
        assert await uow.session.scalar(select(func.count()).select_from(Participant)) == 1


async def test_two_people_inviting_at_once_draw_different_codes(world: World, database: Database) -> None:
    team: Team = await world.team()
    interview = await world.interview(team)
    path = f"/interviews/{interview['id']}/invites"
    lists = [[f"p{place}-{number}@example.com" for number in range(20)] for place in range(4)]
    answers = await asyncio.gather(*(team.recruiter.post(path, {"emails": emails}) for emails in lists))
    codes = [item["code"] for answer in answers for item in answer.json["items"]]
    assert len(set(codes)) == 80
