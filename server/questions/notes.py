"""What the audit log says of a change to questions, tags, banks and templates."""

from typing import Any

from aiohttp import web

from server.accounts.identity import SignedIn
from server.accounts.service import audit
from server.questions.models import InterviewTemplate, Question, QuestionBank, Tag
from server.storage.db import UnitOfWork
from server.web.guards import client_address

KINDS = {
    Question: "question",
    Tag: "tag",
    QuestionBank: "question_bank",
    InterviewTemplate: "interview_template",
}


def note(
    request: web.Request,
    uow: UnitOfWork,
    who: SignedIn,
    done: str,
    row: Question | Tag | QuestionBank | InterviewTemplate,
    after: dict[str, Any] | None = None,
) -> None:
    kind = KINDS[type(row)]
    audit(
        uow,
        action=f"{kind}.{done}",
        entity=(kind, row.id),
        organisation_id=row.organisation_id,
        actor_id=who.id,
        after=after,
        address=client_address(request),
    )
