"""Letters: a kind and its context become subject, HTML and plain text, on the company's paper."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

TEMPLATES = Path(__file__).parent / "templates"
PRODUCT = "Viva"
ACCENT = "#0c7b75"
LIGHT_INK, DARK_INK = "#ffffff", "#16181d"
MAX_SUBJECT = 300
_HEX = re.compile(r"#[0-9a-fA-F]{6}")


@dataclass(frozen=True, slots=True)
class Letter:
    """What is sent, without the envelope."""

    subject: str
    html: str
    text: str


@dataclass(frozen=True, slots=True)
class Paper:
    """Whose letter it is: a name, an accent colour, and the colour of words that stand on it."""

    name: str
    accent: str
    ink: str


def paper_of(name: str, settings: Mapping[str, Any]) -> Paper:
    """The paper of a company by its settings (`branding.accent_color`, #rrggbb, or it is left out)."""
    branding = settings.get("branding")
    wanted = branding.get("accent_color") if isinstance(branding, dict) else None
    accent = wanted if isinstance(wanted, str) and _HEX.fullmatch(wanted) else ACCENT
    return Paper(name, accent, readable_on(accent))


def readable_on(color: str) -> str:
    """White or nearly black, whichever is read more easily on a colour."""
    return max((LIGHT_INK, DARK_INK), key=lambda ink: _contrast(color, ink))


def legibility(color: str) -> float:
    """How well the better of both is read on a colour: their contrast as WCAG 2 counts it, 1 to 21."""
    return _contrast(color, readable_on(color))


def _contrast(one: str, other: str) -> float:
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: str) -> float:
    channels = (int(color[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def write(kind: str, context: Mapping[str, Any], paper: Paper) -> Letter:
    """The letter of this kind; raises jinja2's errors for an unknown kind or a name the context lacks."""
    given = {**context, "paper": paper}
    text = _environment().get_template(f"{kind}.txt").render(given)
    subject, _, body = text.partition("\n")
    html = _environment().get_template(f"{kind}.html").render(given)
    return Letter(" ".join(subject.split())[:MAX_SUBJECT], html, body.strip() + "\n")


@cache
def _environment() -> Environment:
    """HTML is escaped, plain text is not; a missing name is an error, not a hole in a letter."""
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(enabled_extensions=["html"], default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
