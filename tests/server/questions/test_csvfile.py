"""Questions as a file: what is written is read again, and runs in no spreadsheet."""

import csv
import io
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from server.errors import BadRequest
from server.questions import csvfile
from server.questions.models import Difficulty
from server.questions.schemas import Category, CreateBankQuestion, QuestionText, TagName
from server.web.csvfile import guard, unguard

nasty = st.text(
    st.sampled_from("=+-@'\",;\t\n \u00a0\u3000aÄ\u2028") | st.characters(codec="utf-8"), max_size=40
)


def cells(of: Any) -> st.SearchStrategy[str]:
    """Texts as they are kept: those that pass, as they come out."""
    adapter: TypeAdapter[str] = TypeAdapter(of)

    def kept(text: str) -> str | None:
        try:
            return adapter.validate_python(text)
        except ValidationError:
            return None

    return nasty.map(kept).filter(lambda text: text is not None).map(str)


questions = st.builds(
    CreateBankQuestion,
    text=cells(QuestionText),
    category=cells(Category),
    difficulty=st.sampled_from(Difficulty),
    tags=st.lists(cells(TagName), max_size=3),
)


def written(kept: list[CreateBankQuestion]) -> str:
    """The file of these questions."""
    return "".join(csvfile.write((one.text, one.category, one.difficulty, one.tags) for one in kept))


@given(st.lists(questions, max_size=5))
def test_what_is_written_is_read_again(kept: list[CreateBankQuestion]) -> None:
    lines = csvfile.read(written(kept))
    assert [line.problems for line in lines] == [[]] * len(kept)
    assert [line.question for line in lines] == kept


@given(st.lists(questions, max_size=5))
def test_no_cell_runs_in_a_spreadsheet(kept: list[CreateBankQuestion]) -> None:
    for row in csv.reader(io.StringIO(written(kept), newline="")):
        assert not any(re.match(r"[=+\-@\t\r]", cell) for cell in row)


@pytest.mark.parametrize(
    ("text", "cell"),
    [("=1+1", "'=1+1"), ("-x", "'-x"), ("@a", "'@a"), ("+1", "'+1"), ("'=1", "''=1"), ("'tis", "'tis")],
)
def test_a_quote_stands_before_a_formula(text: str, cell: str) -> None:
    assert guard(text) == cell
    assert unguard(cell) == text


def test_a_file_from_a_spreadsheet() -> None:
    content = "\ufeffDifficulty;TEXT;Notes\r\nHard;Why, then?;x\r\n;How?;\r\n;;\r\n"
    first, second = csvfile.read(content)
    assert (first.number, first.question) == (
        2,
        CreateBankQuestion(text="Why, then?", difficulty=Difficulty.HARD),
    )
    assert second.question == CreateBankQuestion(text="How?", category="custom", difficulty=Difficulty.MEDIUM)


def test_each_line_says_what_is_wrong() -> None:
    lines = csvfile.read(
        f"text,category,difficulty,tags\n,technical,,\nA?,{'x' * 51},brutal,\nB?,a,easy,t,too many\n"
        f'"C\nC?",a,easy,{";".join(map(str, range(21)))}\n{"D" * 501},,,\nE?,,,fine\n'
    )
    wrong = [(line.number, [problem.field for problem in line.problems]) for line in lines]
    assert wrong == [
        (2, ["text"]),
        (3, ["category", "difficulty"]),
        (4, ["line"]),
        (5, ["tags"]),
        (7, ["text"]),
        (8, []),
    ]


def test_mistakes_are_said_in_plain_words() -> None:
    [line] = csvfile.read(f"text,category,difficulty\n,{'x' * 51},brutal\n")
    assert [problem.problem for problem in line.problems] == [
        "This is missing.",
        "Longer than 50 characters.",
        "Must be easy, medium or hard.",
    ]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "empty"),
        ("\n\n", "empty"),
        ("question,category\nWhy?,a\n", "There is no text"),
        ("text,text\nWhy?,a\n", "twice"),
        ('text\n"Why?', "Line 2"),
        ("text\n" + "x?\n" * 2001, "More than 2000"),
        (f"text\n{'x' * 140_000}\n", "Line 2"),
    ],
)
def test_what_is_no_such_file_is_refused(content: str, says: str) -> None:
    with pytest.raises(BadRequest) as refused:
        csvfile.read(content)
    assert isinstance(refused.value.detail, list)
    assert says in refused.value.detail[0].problem


def test_two_thousand_lines_are_read() -> None:
    assert len(csvfile.read("text\n" + "x?\n" * 2000)) == 2000
