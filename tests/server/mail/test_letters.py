"""Letters: what a company and its context make of a template."""

import re
from pathlib import Path

import pytest
from jinja2 import TemplateNotFound, UndefinedError

from server.mail.letters import ACCENT, DARK_INK, LIGHT_INK, TEMPLATES, Paper, paper_of, write
from tests.server.mail.outbox import INVITATION

PAPER = paper_of("Northwind", {})


def test_a_letter_has_subject_html_and_plain_text() -> None:
    letter = write("invite", INVITATION | {"to": "casey@example.com"}, PAPER)
    assert letter.subject == "Northwind invites you to an interview: Engineer"
    for part in (letter.html, letter.text):
        for said in (
            "Casey",
            "Engineer",
            "Until Friday",
            str(INVITATION["link"]),
            "Rosa",
            "casey@example.com",
        ):
            assert said in part
    assert "123 456" in letter.text
    assert "123&nbsp;456" in letter.html
    assert "Subject" not in letter.text
    assert letter.subject not in letter.text


def test_markup_in_a_companys_name_stays_words() -> None:
    evil = '<script>alert("x")</script>'
    letter = write(
        "invite",
        INVITATION | {"to": "a@example.com", "title": "<b>T</b>", "link": 'https://x/"><script>'},
        paper_of(evil, {}),
    )
    assert "<script>" not in letter.html
    assert "<b>T</b>" not in letter.html
    assert "&lt;script&gt;alert(&#34;x&#34;)&lt;/script&gt;" in letter.html
    assert evil in letter.text
    assert letter.subject.startswith(evil)


def test_line_breaks_do_not_leave_the_subject() -> None:
    letter = write("invite", INVITATION | {"to": "a@example.com", "title": "T\r\nBcc: b@example.com"}, PAPER)
    assert "\n" not in letter.subject
    assert "\r" not in letter.subject
    long = write("invite", INVITATION | {"to": "a@example.com", "title": "T" * 1000}, PAPER)
    assert len(long.subject) == 300


@pytest.mark.parametrize(
    ("wanted", "accent", "ink"),
    [
        ("#ffd43b", "#ffd43b", DARK_INK),
        ("#0B2A5B", "#0B2A5B", LIGHT_INK),
        ("red;background:url(https://x)", ACCENT, LIGHT_INK),
        ("#fff", ACCENT, LIGHT_INK),
        (7, ACCENT, LIGHT_INK),
    ],
)
def test_the_companys_colour_is_taken_if_it_is_one(wanted: object, accent: str, ink: str) -> None:
    paper = paper_of("N", {"branding": {"accent_color": wanted}})
    assert paper == Paper("N", accent, ink)
    letter = write("invite", INVITATION | {"to": "a@example.com"}, paper)
    assert f"background:{accent}" in letter.html
    assert f"color:{ink}" in letter.html


def test_what_a_template_wants_must_be_there() -> None:
    with pytest.raises(UndefinedError):
        write("invite", {"to": "a@example.com"}, PAPER)
    with pytest.raises(TemplateNotFound):
        write("unheard_of", {}, PAPER)


@pytest.mark.parametrize("template", sorted(TEMPLATES.glob("*.html")), ids=lambda path: path.name)
def test_no_letter_fetches_anything(template: Path) -> None:
    html = template.read_text()
    assert not re.search(r"<img|<link|<script|@import|url\(|src=", html)


@pytest.mark.parametrize("template", sorted(TEMPLATES.glob("*.txt")), ids=lambda path: path.name)
def test_every_kind_has_both_parts(template: Path) -> None:
    assert template.with_suffix(".html").exists()
