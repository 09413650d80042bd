"""What is said in a room in writing: who may say it, who hears it, and what a late comer reads."""

import json
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal, Protocol

from pydantic import ValidationError

from server.protocol.chat import MAX_CHAT_FRAME_BYTES, ChatFrame, ChatMessage, History, Refused, Said, Say
from server.sittings.seat import Seat
from server.sittings.seats import Seats

KEPT_MESSAGES = 200
MAX_HISTORY_BYTES = 60 * 1024  # of one frame: a peer that names no limit takes 64 KiB
MAX_FRAMES = 5
FRAMES_SECONDS = 5.0
MAX_REFUSALS = 50
Refusal = Literal["bad_message", "message_too_large", "rate_limited", "not_allowed"]


class Line(Protocol):
    """An open channel to one client; gives itself up when its client is too slow."""

    def send(self, text: str) -> None:
        """Send a text, or nothing once the channel is closed."""

    def end(self) -> None:
        """Close the channel."""


@dataclass(slots=True, eq=False)
class _Talk:
    line: Line
    heard_at: deque[float] = field(default_factory=lambda: deque(maxlen=MAX_FRAMES))
    refusals: int = 0
    has_history: bool = False


@dataclass(frozen=True, slots=True)
class _Kept:
    message: ChatMessage
    before_candidate: bool


class _Unfit(Exception):
    def __init__(self, error: Refusal, message_id: str | None = None) -> None:
        super().__init__(error)
        self.error = error
        self.message_id = message_id


class Chat:
    """The chat of one session, in memory only; its last 200 messages are kept.

    `now` is a monotonic clock in seconds.
    """

    def __init__(self, seats: Seats, now: Callable[[], float]) -> None:
        self._seats = seats
        self._now = now
        self._talks: dict[str, _Talk] = {}
        self._kept: deque[_Kept] = deque(maxlen=KEPT_MESSAGES)

    def opened(self, seat: Seat, line: Line) -> None:
        """A participant's channel is open; it replaces their older one."""
        self._talks[seat.participant_id] = _Talk(line)
        self.entered(seat)

    def closed(self, seat: Seat, line: Line) -> None:
        """A channel is closed."""
        talk = self._talks.get(seat.participant_id)
        if talk is not None and talk.line is line:
            del self._talks[seat.participant_id]

    def entered(self, seat: Seat) -> None:
        """Once in the room a participant reads what was said before, then what is said."""
        talk = self._talks.get(seat.participant_id)
        if talk is not None and seat.in_room and not talk.has_history:
            talk.has_history = True
            _send(talk.line, History(messages=self._history_for(seat)))

    def heard(self, seat: Seat, line: Line, frame: str | bytes) -> None:
        """A client wrote a frame: it is said to everybody in the room, or refused."""
        talk = self._talks.get(seat.participant_id)
        if talk is None or talk.line is not line:
            return
        try:
            say = self._checked(seat, talk, frame)
        except _Unfit as unfit:
            self._refuse(talk, unfit)
            return
        talk.refusals = 0
        if any(_same(kept.message, seat, say) for kept in self._kept):
            return
        self._tell(
            ChatMessage(
                id=str(say.id),
                participant_id=seat.participant_id,
                full_name=seat.full_name,
                text=say.text,
                sent_at=datetime.now(UTC),
            )
        )

    def _checked(self, seat: Seat, talk: _Talk, frame: str | bytes) -> Say:
        now = self._now()
        if len(talk.heard_at) == MAX_FRAMES and now - talk.heard_at[0] < FRAMES_SECONDS:
            raise _Unfit("rate_limited", _id_in(frame))
        talk.heard_at.append(now)
        if not isinstance(frame, str):
            raise _Unfit("bad_message")
        if len(frame.encode()) > MAX_CHAT_FRAME_BYTES:
            raise _Unfit("message_too_large")
        try:
            say = Say.model_validate_json(frame)
        except ValidationError as error:
            raise _Unfit("bad_message", _id_in(frame)) from error
        if not seat.in_room or seat.role == "observer":
            raise _Unfit("not_allowed", str(say.id))
        return say

    def _refuse(self, talk: _Talk, unfit: _Unfit) -> None:
        talk.refusals += 1
        _send(talk.line, Refused(id=unfit.message_id, error=unfit.error))
        if talk.refusals >= MAX_REFUSALS:
            talk.line.end()

    def _tell(self, message: ChatMessage) -> None:
        candidate_hears = any(seat.in_room and seat.role == "candidate" for seat in self._seats)
        self._kept.append(_Kept(message, before_candidate=not candidate_hears))
        said = Said(**message.model_dump())
        for seat in self._seats:
            talk = self._talks.get(seat.participant_id)
            if talk is not None and seat.in_room:
                _send(talk.line, said)

    def _history_for(self, seat: Seat) -> list[ChatMessage]:
        """The newest messages this participant may read that fit into one frame."""
        chosen: deque[ChatMessage] = deque()
        size = 0
        for kept in reversed(self._kept):
            if kept.before_candidate and seat.role == "candidate":
                continue
            size += len(kept.message.model_dump_json().encode()) + 1
            if size > MAX_HISTORY_BYTES:
                break
            chosen.appendleft(kept.message)
        return list(chosen)


def _send(line: Line, frame: ChatFrame) -> None:
    line.send(frame.model_dump_json(exclude_none=True))


def _same(message: ChatMessage, seat: Seat, say: Say) -> bool:
    return (message.participant_id, message.id) == (seat.participant_id, str(say.id))


def _id_in(frame: str | bytes) -> str | None:
    """The id of a frame that was not understood otherwise, so that its client knows which it was."""
    if not isinstance(frame, str) or len(frame) > MAX_CHAT_FRAME_BYTES:
        return None
    try:
        said = json.loads(frame)
    except (ValueError, RecursionError):
        return None
    given = said.get("id") if isinstance(said, dict) else None
    return given if isinstance(given, str) and len(given) <= 36 else None
