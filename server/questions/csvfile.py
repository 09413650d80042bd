"""Questions as a CSV file: written so that no spreadsheet runs them, read with what is wrong in each line."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pydantic import ValidationError

from server.errors import BadRequest, FieldProblem
from server.questions.schemas import CreateBankQuestion
from server.web.csvfile import row_of, unguard

MAX_LINES = 2000
COLUMNS = ("text", "category", "difficulty", "tags")
TAG_SEPARATOR = ";"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a file: the question it stands for, or what is wrong with it."""

    number: int
    cells: dict[str, str]
    question: CreateBankQuestion | None = None
    problems: list[FieldProblem] = field(default_factory=list)

    @property
    def tags(self) -> list[str]:
        """The tags as they stand there."""
        return split_tags(self.cells["tags"])


def write(questions: Iterable[tuple[str, str, str, Sequence[str]]], *, header: bool = True) -> Iterator[str]:
    """Rows of text, category, difficulty and tags."""
    if header:
        yield row_of(COLUMNS)
    for text, category, difficulty, tags in questions:
        yield row_of([text, category, difficulty, TAG_SEPARATOR.join(tags)])


def read(content: str) -> list[Line]:
    """The lines of a file, empty ones left out; raises BadRequest for what is no such file."""
    content = content.removeprefix("\ufeff")
    first = content.lstrip().partition("\n")[0]
    rows = csv.reader(io.StringIO(content, newline=""), delimiter=max(",;\t", key=first.count), strict=True)
    columns: list[str] | None = None
    lines: list[Line] = []
    try:
        begins = 1
        for row in rows:
            number, begins = begins, rows.line_num + 1
            if not any(cell.strip() for cell in row):
                continue
            if columns is None:
                columns = _columns(row)
                continue
            if len(lines) == MAX_LINES:
                raise _unreadable(f"More than {MAX_LINES} lines. Please split the file.")
            lines.append(_line(number, columns, row))
    except csv.Error as error:
        raise _unreadable(f"Line {rows.line_num}: {error}") from error
    if columns is None:
        raise _unreadable("The file is empty.")
    return lines


def split_tags(cell: str) -> list[str]:
    """The tags of a cell, without empty ones."""
    return [tag for tag in map(str.strip, cell.split(TAG_SEPARATOR)) if tag]


def _columns(row: Sequence[str]) -> list[str]:
    columns = [cell.strip().casefold() for cell in row]
    if "text" not in columns:
        raise _unreadable(f"The first line must name the columns: {', '.join(COLUMNS)}. There is no text.")
    if twice := sorted({name for name in columns if name in COLUMNS and columns.count(name) > 1}):
        raise _unreadable(f"A column is there twice: {', '.join(twice)}.")
    return columns


def _line(number: int, columns: Sequence[str], row: Sequence[str]) -> Line:
    named = dict(zip(columns, row, strict=False))
    cells = {name: unguard(named.get(name, "")) for name in COLUMNS}
    if len(row) > len(columns):
        problem = f"There are {len(row)} cells for {len(columns)} columns. Is a comma not in quotes?"
        return Line(number, cells, problems=[FieldProblem(field="line", problem=problem)])
    given: dict[str, object] = {"text": cells["text"], "tags": split_tags(cells["tags"])}
    if cells["category"].strip():
        given["category"] = cells["category"]
    if cells["difficulty"].strip():
        given["difficulty"] = cells["difficulty"].strip().casefold()
    try:
        return Line(number, cells, CreateBankQuestion.model_validate(given))
    except ValidationError as error:
        problems = [
            FieldProblem(field=str(one["loc"][0]), problem=_say(one["type"], one["msg"], one.get("ctx", {})))
            for one in error.errors(include_url=False, include_input=False)
        ]
        return Line(number, cells, problems=problems)


def _say(kind: str, otherwise: str, limits: Mapping[str, object]) -> str:
    """What is wrong with a cell, for people who never heard of strings and inputs."""
    sentences = {
        "string_too_short": "This is missing.",
        "string_too_long": f"Longer than {limits.get('max_length')} characters.",
        "string_pattern_mismatch": "There is a character that cannot be kept.",
        "too_long": f"More than {limits.get('max_length')}.",
        "enum": "Must be easy, medium or hard.",
    }
    return sentences.get(kind, otherwise)


def _unreadable(problem: str) -> BadRequest:
    return BadRequest([FieldProblem(field="csv", problem=problem)])
