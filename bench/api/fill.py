"""Many rows at once: organisations with people, interviews, invites, sessions, videos and what hangs on them.

Everything is made by the database in a few statements, under row-level security and with every constraint
checked. Ids follow from numbers, so that rows find each other without being looked up.
"""

import re
from dataclasses import asdict, dataclass
from uuid import UUID

from sqlalchemy import text

from bench.api.rows import STATEMENTS
from server.accounts.passwords import hash_password
from server.evidence.policies import STANDARD_RULES
from server.storage.db import Database
from server.storage.scope import system

PASSWORD = "correct horse battery"
PLACE = re.compile(r"(?<!:):(\w+)")
"""Where a value belongs in a statement, `:name`."""

# An id of version 7 that sorts by `at` and is the same for the same kind and number.
ID_FUNCTION = """
CREATE OR REPLACE FUNCTION bench_id(kind text, number bigint, at timestamptz) RETURNS uuid
LANGUAGE sql IMMUTABLE AS $$
    SELECT (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7'
        || substr(md5(kind || number), 1, 3) || '8' || substr(md5(kind || number), 4, 15))::uuid
$$
"""


@dataclass(frozen=True, slots=True)
class Size:
    """How many rows of what; a tenth of the invites belongs to one interview of the first organisation."""

    organisations: int = 20
    interviews: int = 1_000
    invites: int = 100_000
    videos: int = 100_000
    events: int = 100_000
    audit_entries: int = 100_000
    questions: int = 2_000
    members: int = 300
    first_share: float = 0.9  # of everything that belongs to the first organisation
    participations: int = 50  # of one candidate who takes part in many interviews


async def fill(database: Database, size: Size) -> None:
    """Make the rows, with the newest a minute old, and tell the planner about them."""
    password_hash = await hash_password(PASSWORD)
    async with database.engine.begin() as connection:
        await connection.execute(text(ID_FUNCTION))
    numbers = {
        **asdict(size),
        "first_interviews": max(1, round(size.interviews * size.first_share)),
        "first_questions": max(1, round(size.questions * size.first_share)),
    }
    values = {name: str(number) for name, number in numbers.items()}
    values |= {"password_hash": f"'{password_hash}'", "rules": f"'{STANDARD_RULES.model_dump_json()}'"}
    async with database.begin(system("bench")) as uow:
        values["now"] = f"timestamptz '{uow.now.isoformat()}'"
        connection = await uow.session.connection()
        for statement in STATEMENTS:  # with the values in it: the database sees of which type they are
            await connection.exec_driver_sql(PLACE.sub(lambda place: values[place[1]], statement))
    async with database.engine.connect() as plain:
        await plain.execution_options(isolation_level="AUTOCOMMIT")
        await plain.execute(text("VACUUM ANALYZE"))  # as autovacuum does when rows have come


async def ids_of(database: Database) -> dict[str, UUID]:
    """Ids of what has most, which is the first organisation's, for paths and filters."""
    async with database.begin(system("bench")) as uow:
        rows = await uow.session.execute(
            text(
                """
                SELECT
                    (SELECT interview_id FROM invites GROUP BY interview_id ORDER BY count(*) DESC LIMIT 1)
                        AS interview_id,
                    (SELECT tag_id FROM question_tags GROUP BY tag_id ORDER BY count(*) DESC LIMIT 1),
                    (SELECT bank_id FROM bank_questions GROUP BY bank_id ORDER BY count(*) DESC LIMIT 1),
                    (SELECT id FROM users WHERE email = 'recruiter0@example.com') AS recruiter_id
                """
            )
        )
        return dict(rows.mappings().one())
