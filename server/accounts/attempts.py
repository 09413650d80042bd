"""Failed guesses, counted in the database: lockouts hold for every process and without Redis."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from weakref import WeakKeyDictionary

from sqlalchemy import delete, func, select

from server.accounts.models import Attempt
from server.errors import TooManyAttempts
from server.storage.db import UnitOfWork


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `allowed` failed guesses of a `kind` per subject within `window`."""

    kind: str
    allowed: int
    window: timedelta


Guess = tuple[Limit, str]
"""A limit and whom it counts against, such as `address:192.0.2.7`."""


async def refuse_if_locked(uow: UnitOfWork, *guesses: Guess) -> None:
    """Raise TooManyAttempts when one of the limits is reached.

    Until the transaction ends nobody else passes for the same subjects: a burst of parallel guesses gets no
    further than the same guesses one by one. Who was found locked is refused without asking again.
    """
    refuse_if_known(uow, *guesses)
    for limit, subject in sorted(
        guesses, key=lambda guess: (guess[1], guess[0].kind)
    ):  # one order for all: no deadlock
        await uow.session.execute(
            select(func.pg_advisory_xact_lock(func.hashtextextended(f"{limit.kind}:{subject}", 0)))
        )
    waits = [await _seconds_locked(uow, limit, subject) for limit, subject in guesses]
    if any(waits):
        raise TooManyAttempts(max(waits))


def refuse_if_known(uow: UnitOfWork, *guesses: Guess) -> None:
    """Raise TooManyAttempts for who was found locked before; asks nobody."""
    if known := max((_seconds_known(uow, guess) for guess in guesses), default=0):
        raise TooManyAttempts(known)


async def is_reached(uow: UnitOfWork, guess: Guess) -> bool:
    """Whether a limit is reached, asked without making anybody wait.

    Guesses that run at the same moment all pass: for limits where a few more do not matter.
    """
    return _seconds_known(uow, guess) > 0 or await _seconds_locked(uow, *guess) > 0


async def _seconds_locked(uow: UnitOfWork, limit: Limit, subject: str) -> int:
    """How long this subject has to wait; 0 when it may guess."""
    since = uow.now - limit.window
    newest = (
        select(Attempt.at)
        .where(Attempt.kind == limit.kind, Attempt.subject == subject, Attempt.at > since)
        .order_by(Attempt.at.desc())
        .limit(limit.allowed)
    )
    times: list[datetime] = list(await uow.session.scalars(newest))
    if len(times) < limit.allowed:
        return 0
    until = times[-1] + limit.window
    _remember(uow, (limit, subject), until)
    return _seconds_until(until, uow.now)


def _seconds_until(until: datetime, now: datetime) -> int:
    return max(1, round((until - now).total_seconds()))


# Who is locked, per database. Only time ends a lock, so it can be remembered: a flood of guesses costs no
# queries. The rows are what counts; other processes and the next start learn from them.
_locks: WeakKeyDictionary[object, dict[Guess, datetime]] = WeakKeyDictionary()
MOST_REMEMBERED = 10_000


def _remember(uow: UnitOfWork, guess: Guess, until: datetime) -> None:
    locks = _locks.setdefault(uow.session.bind, {})
    if len(locks) >= MOST_REMEMBERED:
        locks.clear()
    locks[guess] = until


def _seconds_known(uow: UnitOfWork, guess: Guess) -> int:
    """How long a subject that was found locked has to wait still; 0 when nothing is known of it."""
    until = _locks.get(uow.session.bind, {}).get(guess)
    return 0 if until is None or until <= uow.now else _seconds_until(until, uow.now)


async def count_failure(uow: UnitOfWork, *guesses: Guess) -> None:
    """Note one failed guess against each subject, and forget those that no longer count."""
    for limit, subject in guesses:
        await uow.session.execute(
            delete(Attempt).where(
                Attempt.kind == limit.kind, Attempt.subject == subject, Attempt.at <= uow.now - limit.window
            )
        )
        uow.session.add(Attempt(kind=limit.kind, subject=subject, at=uow.now))


async def forgive(uow: UnitOfWork, guess: Guess) -> None:
    """Forget the failures of a subject that has proven itself."""
    limit, subject = guess
    await uow.session.execute(delete(Attempt).where(Attempt.kind == limit.kind, Attempt.subject == subject))


async def take(uow: UnitOfWork, *guesses: Guess) -> None:
    """Count a try that costs something whatever comes of it, such as a mail; raises TooManyAttempts."""
    await refuse_if_locked(uow, *guesses)
    await count_failure(uow, *guesses)
