"""What all changes in this package share."""

from collections.abc import Callable, Iterable, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from server.errors import BadRequest, FieldProblem
from server.questions.models import Question, QuestionBank
from server.storage.base import Edited
from server.storage.db import UnitOfWork

MAX_NAMED = 3
"""How many of the ids that are wrong a refusal names."""


def touch(uow: UnitOfWork, row: Edited) -> None:
    """Make it the row's next version, also where only rows that belong to it have changed."""
    row.updated_at = uow.now
    flag_modified(row, "updated_at")


async def refuse_strangers(
    uow: UnitOfWork,
    organisation_id: UUID,
    table: type[Question | QuestionBank],
    ids: Sequence[UUID],
    *,
    field: Callable[[int], str],
) -> None:
    """Raise BadRequest for ids that are twice in the list or none of the organisation's."""
    problems = [
        FieldProblem(field=field(index), problem=f"Twice in the list: {one}")
        for index, one in enumerate(ids)
        if one in ids[:index]
    ]
    ours = await _known(uow, organisation_id, table, ids)
    problems += [
        FieldProblem(field=field(index), problem=f"There is none with this id: {one}")
        for index, one in enumerate(ids)
        if one not in ours
    ]
    if problems:
        raise BadRequest(problems[:MAX_NAMED])


async def _known(
    uow: UnitOfWork, organisation_id: UUID, table: type[Question | QuestionBank], ids: Iterable[UUID]
) -> set[UUID]:
    wanted = set(ids)
    if not wanted:
        return set()
    return set(
        await uow.session.scalars(
            select(table.id).where(table.organisation_id == organisation_id, table.id.in_(wanted))
        )
    )
