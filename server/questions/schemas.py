"""What the questions API takes and gives."""

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import BaseModel, Field, StrictBool, StringConstraints, model_validator

from server.errors import FieldProblem
from server.questions.drawing import MAX_SEED
from server.questions.models import Difficulty
from server.schemas import LINES, ONE_LINE, WRITTEN_AS_NUMBER, Cursor, Input, Output, Versioned
from server.storage.paging import DEFAULT_LIMIT, MAX_LIMIT

MAX_TAGS = 20
MAX_BANKS = 20
MAX_BANK_QUESTIONS = 500
MAX_CSV_CHARACTERS = 1_000_000


TAG = r"^[^;\x00-\x1f\x7f]*$"
"""A semicolon separates tags in a CSV cell."""

QuestionText = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500, pattern=LINES)
]
Category = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=50, pattern=ONE_LINE)
]
TagName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=50, pattern=TAG)]
TagNames = Annotated[list[TagName], Field(max_length=MAX_TAGS)]
Title = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=ONE_LINE)
]
Percent = Annotated[int, Field(ge=0, le=100)]
Seed = Annotated[int, Field(ge=0, le=MAX_SEED), WRITTEN_AS_NUMBER]


class PageQuery(BaseModel):
    limit: int = Field(DEFAULT_LIMIT, ge=1, le=MAX_LIMIT)
    cursor: Cursor | None = None


class SearchQuery(PageQuery):
    q: str = Field("", max_length=200, pattern=ONE_LINE, description="Part of the name.")


class QuestionFilter(BaseModel):
    q: str = Field("", max_length=200, pattern=ONE_LINE, description="Part of the text or the category.")
    category: str | None = Field(None, max_length=50, pattern=ONE_LINE)
    difficulty: Difficulty | None = None
    tag: UUID | None = Field(None, description="Id of a tag the questions have.")
    bank: UUID | None = Field(None, description="Id of a bank the questions are in.")
    archived: bool = Field(False, description="The archived questions instead of the others.")


class QuestionsQuery(QuestionFilter, PageQuery):
    pass


class CreateBankQuestion(Input):
    text: QuestionText
    category: Category = "custom"
    difficulty: Difficulty = Difficulty.MEDIUM
    tags: TagNames = Field(default=[], description="Names; unknown ones become tags.")


class ChangeQuestion(Input):
    """What is left out stays."""

    text: QuestionText | None = None
    category: Category | None = None
    difficulty: Difficulty | None = None
    tags: TagNames | None = None
    archived: StrictBool | None = None


class TagRef(Output):
    id: UUID
    name: str


class BankRef(Output):
    id: UUID
    name: str


class BankQuestion(Versioned):
    """A question of the collection; interviews ask copies of it."""

    id: UUID
    text: str
    category: str
    difficulty: Difficulty
    tags: list[TagRef]
    banks: list[BankRef]
    archived_at: datetime | None
    created_at: datetime
    updated_at: datetime


class BankQuestions(Output):
    items: list[BankQuestion]
    next_cursor: str | None = None


class QuestionRemoved(Output):
    """Whether the question is archived, because an interview asked it, or gone."""

    archived: bool


class WriteTag(Input):
    name: TagName


class Tag(Versioned):
    id: UUID
    name: str
    question_count: int
    created_at: datetime
    updated_at: datetime


class Tags(Output):
    items: list[Tag]
    next_cursor: str | None = None


class CreateBank(Input):
    name: Title
    question_ids: list[UUID] = Field(default=[], max_length=MAX_BANK_QUESTIONS)


class ChangeBank(Input):
    """What is left out stays; `question_ids` are all the bank's questions in their order."""

    name: Title | None = None
    question_ids: list[UUID] | None = Field(None, max_length=MAX_BANK_QUESTIONS)


class BankRow(Versioned):
    id: UUID
    name: str
    question_count: int
    created_at: datetime
    updated_at: datetime


class Banks(Output):
    items: list[BankRow]
    next_cursor: str | None = None


class Bank(BankRow):
    """A bank with its questions in their order."""

    questions: list[BankQuestion]


class WriteTemplate(Input):
    name: Title
    description: str = Field("", max_length=5000, pattern=LINES)
    difficulty: int = Field(3, ge=1, le=5)
    question_count: int = Field(ge=1, le=50)
    easy_percent: Percent = 33
    medium_percent: Percent = 34
    hard_percent: Percent = 33
    tags: TagNames = Field(default=[], description="Only questions with one of these; none: whatever tags.")
    bank_ids: list[UUID] = Field(
        default=[], max_length=MAX_BANKS, description="Only questions of these; none: all questions."
    )
    duration_minutes: int = Field(ge=1, le=480)
    interview_guide: str = Field("", max_length=20_000, pattern=LINES)

    @model_validator(mode="after")
    def _sums_to_100(self) -> Self:
        total = self.easy_percent + self.medium_percent + self.hard_percent
        if total != 100:
            raise ValueError(f"easy_percent, medium_percent and hard_percent sum to {total}, not to 100")
        return self


class Template(Versioned):
    id: UUID
    name: str
    description: str
    difficulty: int
    question_count: int
    easy_percent: int
    medium_percent: int
    hard_percent: int
    tags: list[TagRef]
    banks: list[BankRef]
    duration_minutes: int
    interview_guide: str
    created_at: datetime
    updated_at: datetime


class Templates(Output):
    items: list[Template]
    next_cursor: str | None = None


class DrawQuestions(Input):
    seed: Seed | None = Field(None, description="The same seed draws the same; none: a new one.")


class DrawnQuestion(Output):
    question_id: UUID
    text: str
    category: str
    difficulty: Difficulty


class ByDifficulty(Output):
    easy: int
    medium: int
    hard: int


class Substituted(Output):
    """There were too few questions of one difficulty, so that another stood in."""

    short: Difficulty
    filled_from: Difficulty
    count: int


class DrawnInterview(Output):
    """What an interview made of the template would be filled with; nothing is kept."""

    template_id: UUID
    seed: int
    title: str
    description: str
    duration_minutes: int
    interview_guide: str
    questions: list[DrawnQuestion]
    wanted: ByDifficulty
    drawn: ByDifficulty
    substitutions: list[Substituted]
    missing: int = Field(description="How many questions fewer than wanted there are in all.")


class ImportQuestions(Input):
    csv: str = Field(max_length=MAX_CSV_CHARACTERS, description="A header and at most 2000 lines.")
    dry_run: StrictBool = Field(False, description="Say what would become of each line, and change nothing.")


class ImportedLine(Output):
    """What becomes of one line; a duplicate is in the collection already, or further up in the file."""

    line: int = Field(description="Where the line begins in the file; the header is line 1.")
    status: Literal["new", "duplicate", "wrong"]
    text: str
    category: str
    difficulty: str
    tags: list[str]
    problems: list[FieldProblem]


class Imported(Output):
    """Every line with what became of it; lines that are wrong stop no others."""

    items: list[ImportedLine]
    new_count: int
    duplicate_count: int
    wrong_count: int
    dry_run: bool
