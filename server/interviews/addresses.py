"""Lists of people as they are pasted: `Name <a@b>`, commas, semicolons, lines, or CSV with a header."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import TypeAdapter, ValidationError

from server.accounts.schemas import Email

MAX_LINE = 1000
MAX_NAME = 200
_EMAIL_HEADERS = frozenset({"email", "e-mail", "mail", "email address", "e-mail address", "address"})
_NAME_HEADERS = frozenset({"name", "full name", "fullname", "candidate", "person"})
_FIRST_HEADERS = frozenset({"first name", "firstname", "given name"})
_LAST_HEADERS = frozenset({"last name", "lastname", "surname", "family name"})
_NAMED = re.compile(r"(?P<name>[^<>]*)<(?P<email>[^<>]*)>")
_email = TypeAdapter[str](Email)


@dataclass(frozen=True, slots=True)
class Entry:
    """One person of a list. `line` counts from 1; `email` is None where the address is wrong."""

    line: int
    written: str
    email: str | None = None
    name: str | None = None
    problem: str | None = None


def entries_of(text: str) -> list[Entry]:
    """Everybody in a pasted list or a CSV file, in the order they stand there; empty lines are skipped."""
    text = text.removeprefix("\ufeff")
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    if not lines:
        return []
    if columns := _columns(lines[0][1]):
        return [_from_row(number, line, columns) for number, line in lines[1:]]
    return [entry_of(part, number) for number, line in lines for part in _parts(line)]


def entry_of(written: str, line: int) -> Entry:
    """One person, written as an address or as `Name <address>`."""
    named = _NAMED.fullmatch(written.strip())
    if named is None:
        return _judge(line, written.strip(), written.strip(), None)
    return _judge(line, written.strip(), named["email"].strip(), named["name"].strip().strip("\"'"))


def _parts(line: str) -> Iterator[str]:
    """What stands between the commas and semicolons that are not inside quotes or angle brackets."""
    part = ""
    quoted = bracketed = False
    for char in line:
        if char == '"':
            quoted = not quoted
        elif not quoted and char in "<>":
            bracketed = char == "<"
        if char in ",;" and not quoted and not bracketed:
            yield from _apart(part)
            part = ""
        else:
            part += char
    yield from _apart(part)


def _apart(part: str) -> list[str]:
    """Bare addresses with nothing but spaces between them are several; all else is one, or nothing."""
    pieces = part.split()
    if all("@" in piece and "<" not in piece for piece in pieces):
        return pieces
    return [part.strip()]


@dataclass(frozen=True, slots=True)
class _Columns:
    delimiter: str
    email: int
    names: tuple[int, ...]


def _columns(first: str) -> _Columns | None:
    """Where a CSV keeps addresses and names, by its header; None when the first line is none."""
    if "@" in first:
        return None
    for delimiter in ",;\t":
        headers = [cell.strip().casefold() for cell in next(csv.reader([first], delimiter=delimiter))]
        emails = [index for index, header in enumerate(headers) if header in _EMAIL_HEADERS]
        if emails:
            named = (_NAME_HEADERS, _FIRST_HEADERS, _LAST_HEADERS)
            names = [i for wanted in named for i, header in enumerate(headers) if header in wanted]
            return _Columns(delimiter, emails[0], tuple(names))
    return None


def _from_row(number: int, line: str, columns: _Columns) -> Entry:
    cells = next(csv.reader([line], delimiter=columns.delimiter), [])
    email = cells[columns.email].strip() if columns.email < len(cells) else ""
    name = " ".join(cells[at].strip() for at in columns.names if at < len(cells))
    return _judge(number, line, email, name)


def _judge(line: int, written: str, email: str, name: str | None) -> Entry:
    """The entry, with what is wrong about its address in words."""
    shown = written[:MAX_LINE]
    if not email:
        return Entry(line, shown, problem="There is no address in this line.")
    try:
        address = _email.validate_python(email)
    except ValidationError as error:
        said = error.errors(include_url=False, include_input=False)[0]
        reason = str(said.get("ctx", {}).get("reason", said["msg"]))
        return Entry(line, shown, problem=reason)
    plain = " ".join((name or "").split())[:MAX_NAME]
    return Entry(line, shown, address, "".join(c for c in plain if c.isprintable()) or None)
