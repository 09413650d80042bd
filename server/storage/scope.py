"""On whose behalf a transaction reads and writes: row-level security shows it those rows and no others.

The policies (rls.py) read three settings that end with the transaction. Nothing set, nothing seen.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session, SessionTransaction

APP_ROLE = "viva_app"
SCOPE, BEGAN = "scope", "began"
"""What a session's `info` says: its scope, and whether a transaction has begun in it."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose rows: those of some organisations, those about one person, or all for a named purpose."""

    organisations: frozenset[UUID] = frozenset()
    user_id: UUID | None = None
    is_looked_up: bool = False
    """Whether the organisations the person works for are added by the database."""
    system: str = ""
    """What needs the rows of all organisations; empty for everything people ask for."""

    def and_organisation(self, organisation_id: UUID) -> "Scope":
        """The same with one organisation more."""
        return replace(self, organisations=self.organisations | {organisation_id})


NOTHING = Scope()


def system(purpose: str) -> Scope:
    """All rows, for what belongs to no organisation or to several: say in a word what that is."""
    return Scope(system=purpose)


def person(user_id: UUID) -> Scope:
    """What is about a person, and everything of the organisations they work for."""
    return Scope(user_id=user_id, is_looked_up=True)


def member(user_id: UUID, organisations: Iterable[UUID]) -> Scope:
    """What is about a person, and everything of these organisations."""
    return Scope(user_id=user_id, organisations=frozenset(organisations))


# The role first: the tables' owner may be a superuser, whom no policy binds. All ends with the transaction.
_ROLE = f"set_config('role', '{APP_ROLE}', true)"
_GIVEN = text(
    f"SELECT {_ROLE}, set_config('viva.system', :system, true), set_config('viva.user', :user_id, true),"
    " set_config('viva.organisations', :organisations, true)"
)
_LOOKED_UP = text(f"SELECT {_ROLE}, viva_enter(:user_id, :organisations)")


def apply(scope: Scope, connection: Connection) -> None:
    """Make the rest of the connection's transaction see what the scope may see: one round trip."""
    values = {
        "user_id": str(scope.user_id or ""),
        "organisations": "{" + ",".join(map(str, scope.organisations)) + "}",
    }
    if scope.is_looked_up:
        connection.execute(_LOOKED_UP, values)
    else:
        connection.execute(_GIVEN, {**values, "system": scope.system})


def apply_at_begin(session: Session, transaction: SessionTransaction, connection: Connection) -> None:
    """Listener of `after_begin`: every transaction begins in its session's scope."""
    if not transaction.nested:
        apply(session.info[SCOPE], connection)
        session.info[BEGAN] = True
