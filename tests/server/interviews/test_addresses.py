"""Lists as people paste them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.interviews.addresses import entries_of, entry_of


def _read(text: str) -> list[tuple[int, str | None, str | None]]:
    return [(entry.line, entry.email, entry.name) for entry in entries_of(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a@example.com", [(1, "a@example.com", None)]),
        ("  A@Example.COM  ", [(1, "a@example.com", None)]),
        ("a@example.com, b@example.com; c@example.com", [(1, f"{c}@example.com", None) for c in "abc"]),
        ("a@example.com b@example.com", [(1, "a@example.com", None), (1, "b@example.com", None)]),
        ("a@example.com\r\n\r\nb@example.com,\r\n", [(1, "a@example.com", None), (3, "b@example.com", None)]),
        ("Ada  Lovelace <ada@example.com>", [(1, "ada@example.com", "Ada Lovelace")]),
        (
            '"Lovelace, Ada" <ada@example.com>; Bob<bob@example.com>',
            [(1, "ada@example.com", "Lovelace, Ada"), (1, "bob@example.com", "Bob")],
        ),
        ("<ada@example.com>", [(1, "ada@example.com", None)]),
        ("", []),
        (" \n ,;\n", []),
    ],
)
def test_pasted_lists(text: str, expected: list[tuple[int, str | None, str | None]]) -> None:
    assert _read(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        'name,email\nAda Lovelace,ada@example.com\n\n"Byron, G.",BYRON@example.com',
        "\ufeffE-Mail;Name;Team\nada@example.com;Ada Lovelace;x\n\nbyron@example.com;Byron, G.;y",
        "First name\tLast name\tE-mail\nAda\tLovelace\tada@example.com\n\nByron,\tG.\tbyron@example.com",
    ],
)
def test_csv_with_a_header(text: str) -> None:
    assert _read(text) == [(2, "ada@example.com", "Ada Lovelace"), (4, "byron@example.com", "Byron, G.")]


def test_a_row_without_an_address_says_so() -> None:
    [entry] = entries_of("name,email\nAda")
    assert (entry.email, entry.problem) == (None, "There is no address in this line.")


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("nonsense", "must have an @-sign"),
        ("ada@", "after the @-sign"),
        ("Ada <ada at example.com>", "must have an @-sign"),
        ("a da@example.com", "SPACE"),
        ("<>", "no address"),
        (f"{'a' * 250}@example.com", "too"),
    ],
)
def test_what_is_wrong_is_said_in_words(written: str, reason: str) -> None:
    entry = entry_of(written, 7)
    assert (entry.line, entry.email) == (7, None)
    assert reason in str(entry.problem)
    assert entry.written == written


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("a@bücher.example", "A@xn--bcher-kva.example", True),
        ("a@BÜCHER.example", "a@bücher.example", True),
        ("STRASSE@example.com", "straße@example.com", True),  # nobody means two people by these
        ("a@straße.example", "a@strasse.example", False),  # these are two domains
        ("Å@example.com", "Å@example.com", True),
    ],
)
def test_what_counts_as_the_same_address(first: str, second: str, same: bool) -> None:
    one, two = entry_of(first, 1).email, entry_of(second, 1).email
    assert one is not None
    assert two is not None
    assert (one == two) is same


@given(st.text(max_size=300))
def test_no_text_breaks_it(text: str) -> None:
    for entry in entries_of(text):
        assert (entry.email is None) is (entry.problem is not None)
        assert entry.name is None or entry.name.isprintable()
