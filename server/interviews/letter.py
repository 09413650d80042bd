"""What an invitation says about the interview, in words."""

from collections.abc import Sequence
from datetime import datetime
from math import ceil
from typing import Any

from server.interviews.models import Interview, InterviewKind, Invite
from server.interviews.schemas import InterviewQuestion


def letter_context(
    interview: Interview, invite: Invite, questions: Sequence[InterviewQuestion]
) -> dict[str, Any]:
    """What the templates of an invitation mention, but for its secrets and who asks."""
    return {
        "name": invite.name or "",
        "title": interview.title,
        "description": interview.description,
        "facts": _facts(interview, invite, questions),
    }


def minutes_of(interview: Interview, questions: Sequence[InterviewQuestion]) -> int:
    """How long it takes at most, in minutes, to think and answer once."""
    if interview.kind is not InterviewKind.ONE_WAY:
        return ceil(interview.answer_seconds / 60)
    return ceil(sum(question.think_seconds + question.answer_seconds for question in questions) / 60)


def _facts(interview: Interview, invite: Invite, questions: Sequence[InterviewQuestion]) -> list[str]:
    minutes = _count(minutes_of(interview, questions), "minute")
    if interview.kind is InterviewKind.ONE_WAY:
        kind = f"{_count(len(questions), 'question')}, at most {minutes}, whenever it suits you"
    else:
        kind = f"A conversation by video, about {minutes}"
    return [
        kind,
        "In the browser, with a camera and a microphone; there is nothing to install",
        "You read first what is recorded and who sees it; nothing is recorded before you agree",
        f"Open until {written(invite.expires_at)}",
    ]


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def written(at: datetime) -> str:
    """A time in UTC as it stands in a letter."""
    return f"{at.day} {at:%B %Y, %H:%M} UTC"
