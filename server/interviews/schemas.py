"""What the interviews API takes and gives."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import (
    BaseModel,
    BeforeValidator,
    Field,
    StrictBool,
    StringConstraints,
    model_validator,
)

from server.accounts.schemas import PersonRef
from server.interviews.models import InterviewKind, InterviewStatus, InviteStatus
from server.questions.schemas import QuestionText, Seed, Title
from server.schemas import LINES, ONE_LINE, WRITTEN_AS_NUMBER, Cursor, Input, Instant, Output, Versioned
from server.storage.paging import DEFAULT_LIMIT, MAX_LIMIT

MAX_QUESTIONS = 50
MAX_EMAILS = 1000
MAX_PASTED = 300_000
MAX_PANEL = 57  # 7 who speak, 50 who watch

ThinkSeconds = Annotated[int, Field(ge=0, le=600), WRITTEN_AS_NUMBER]
AnswerSeconds = Annotated[int, Field(ge=5, le=3600), WRITTEN_AS_NUMBER]
Takes = Annotated[int, Field(ge=1, le=10), WRITTEN_AS_NUMBER]
Minutes = Annotated[int, Field(ge=1, le=480), WRITTEN_AS_NUMBER]
Description = Annotated[str, StringConstraints(max_length=5000, pattern=LINES)]
Guide = Annotated[str, StringConstraints(max_length=20_000, pattern=LINES)]
Panel = Annotated[list[UUID], Field(max_length=MAX_PANEL)]
NO_NUL = r"^[^\x00]*$"  # PostgreSQL cannot keep it


def _digits_only(value: object) -> object:
    """Codes are often pasted with a space in the middle."""
    return value.replace(" ", "").replace("-", "") if isinstance(value, str) else value


_Pasted = Annotated[str, StringConstraints(pattern=r"^[ -]*(?:[0-9][ -]*){6}$")]
Code = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9]{6}$"),
    BeforeValidator(_digits_only, json_schema_input_type=_Pasted),
]


class CreateQuestion(Input):
    text: QuestionText
    question_id: UUID | None = Field(None, description="The question of the collection this is a copy of.")
    think_seconds: ThinkSeconds | None = None
    answer_seconds: AnswerSeconds | None = None


class CreateInterview(Input):
    """With a template what is not given is the template's, questions drawn from its banks too."""

    title: Title = Field("", description="Needed unless there is a template.")
    description: Description = ""
    kind: InterviewKind
    deadline: Instant | None = None
    think_seconds: ThinkSeconds = 30
    answer_seconds: AnswerSeconds = 120
    takes: Takes = 1
    practice_question: StrictBool = False
    questions: list[CreateQuestion] = Field(default=[], max_length=MAX_QUESTIONS)
    interviewer_ids: Panel = Field(default=[])
    duration_minutes: Minutes | None = None
    interview_guide: Guide = ""
    template_id: UUID | None = None
    draw_seed: Seed | None = Field(None, description="Of the preview whose questions are wanted.")
    draft: StrictBool = Field(
        False, description="Inactive at first; what is missing can be added until then."
    )


class WriteQuestion(CreateQuestion):
    id: UUID | None = Field(None, description="Of a question the interview has; without it one is added.")


class ChangeInterview(Input):
    """What is left out stays. `questions` are the whole list in its order: what is not in it is removed."""

    title: Title | None = None
    description: Description | None = None
    kind: InterviewKind | None = None
    deadline: Instant | None = Field(None, description="Null takes it away.")
    think_seconds: ThinkSeconds | None = None
    answer_seconds: AnswerSeconds | None = None
    takes: Takes | None = None
    practice_question: StrictBool | None = None
    questions: list[WriteQuestion] | None = Field(None, max_length=MAX_QUESTIONS)
    interviewer_ids: Panel | None = None
    duration_minutes: Minutes | None = Field(None, description="Null takes it away.")
    interview_guide: Guide | None = None


class InterviewQuestion(Output):
    """A question with the times that hold for it, its own or the interview's."""

    id: UUID
    text: str
    order_index: int
    think_seconds: int
    answer_seconds: int


class AskedQuestion(InterviewQuestion):
    """The same for those who write it; own times are null where the interview's hold."""

    question_id: UUID | None
    own_think_seconds: int | None
    own_answer_seconds: int | None


class Interview(Versioned):
    id: UUID
    title: str
    description: str
    kind: InterviewKind
    status: InterviewStatus
    deadline: datetime | None
    think_seconds: int
    answer_seconds: int
    takes: int
    practice_question: bool
    duration_minutes: int | None
    interview_guide: str
    created_at: datetime
    updated_at: datetime
    questions: list[AskedQuestion]
    interviewers: list[PersonRef]


class Interviews(Output):
    items: list[Interview]
    next_cursor: str | None = None


class PastedList(Input):
    text: str = Field(
        min_length=1,
        max_length=MAX_PASTED,
        pattern=NO_NUL,
        description="`Name <address>` or addresses, separated by commas, semicolons or lines, or a CSV with "
        "a header; at most 1000 people.",
    )


class NewInvites(Input):
    """Whom to invite: a list of addresses, or a text as it was pasted."""

    emails: list[Annotated[str, StringConstraints(max_length=1000, pattern=NO_NUL)]] | None = Field(
        None, min_length=1, max_length=MAX_EMAILS
    )
    text: str | None = Field(None, min_length=1, max_length=MAX_PASTED, pattern=NO_NUL)
    expires_in_days: int = Field(14, ge=1, le=90)

    @model_validator(mode="after")
    def _one_list(self) -> Self:
        if (self.emails is None) == (self.text is None):
            raise ValueError("Give either emails or text.")
        return self


class ListLine(Output):
    """What would become of one person of a list; `reason` says in words what is wrong."""

    line: int
    written: str
    email: str | None
    name: str | None
    verdict: Literal["fine", "duplicate", "already_invited", "wrong"]
    reason: str | None


class ListPreview(Output):
    items: list[ListLine]
    fine: int
    duplicate: int
    already_invited: int
    wrong: int


class Delivery(StrEnum):
    NOT_SENT = "not_sent"
    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"


class Invite(Output):
    """An invitation; `code` is told once, when it is made. An `error` says why a line made none.

    `delivery_error` are the mail server's words; a queued mail has some when it is being tried again.
    """

    id: UUID | None
    email: str
    name: str | None = None
    status: InviteStatus | None
    code: str | None = None
    created_at: datetime | None = None
    expires_at: datetime | None = None
    accepted_at: datetime | None = None
    delivery: Delivery | None = None
    delivery_error: str | None = None
    sent_at: datetime | None = None
    error: str | None = None


class Invites(Output):
    items: list[Invite]
    next_cursor: str | None = None


class InvitesQuery(BaseModel):
    limit: int = Field(DEFAULT_LIMIT, ge=1, le=MAX_LIMIT)
    cursor: Cursor | None = None
    status: InviteStatus | None = None
    q: str | None = Field(
        None, min_length=1, max_length=254, pattern=ONE_LINE, description="A part of the address or name."
    )
    undelivered: bool = Field(default=False, description="Only those whose mail failed.")


class Link(Input):
    token: str = Field(min_length=1, max_length=100, pattern=ONE_LINE)


class Invitation(Output):
    """What somebody with a link may know before they sign in. `minutes`: the longest it takes."""

    organisation_name: str
    accent_color: str | None
    title: str
    description: str
    kind: InterviewKind
    question_count: int
    minutes: int
    asked_by: str | None
    email: str
    status: InviteStatus
    expires_at: datetime


class AddByCode(Input):
    code: Code
