"""One participant's place in a running session, with or without a socket."""

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

from server.protocol.from_server import ErrorMessage, IceServer, MutedState, ParticipantInfo, ServerMessage
from server.protocol.words import Place, Role

OUTBOX_SIZE = 256


class Outbox:
    """Messages on their way to one socket, at most 256.

    When it is full the socket is given up: its client is too slow, reconnects, and reads the whole state
    anew.
    """

    def __init__(self) -> None:
        self.queue: asyncio.Queue[ServerMessage] = asyncio.Queue(OUTBOX_SIZE)
        self.closed = asyncio.Event()
        self.close_code = 1000

    def put(self, message: ServerMessage) -> None:
        """Queue a message; ignored once the socket is given up."""
        if self.closed.is_set():
            return
        try:
            self.queue.put_nowait(message)
        except asyncio.QueueFull:
            self.close(1013)

    def close(self, code: int = 1000) -> None:
        """Send what is queued, then close the socket with this code."""
        if not self.closed.is_set():
            self.close_code = code
            self.closed.set()


@dataclass(slots=True, eq=False)
class Seat:
    """A participant.

    `warm_until` is the loop time at which a seat without a socket is given up; `ice_servers` makes fresh
    credentials.
    """

    participant_id: str
    full_name: str
    role: Role
    resume_token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    outbox: Outbox | None = None
    place: Place = "checking"
    muted: MutedState = field(default_factory=MutedState)
    warm_until: float | None = None
    streamless_since: float = 0.0
    ice_servers: Callable[[], list[IceServer]] = list

    @property
    def connected(self) -> bool:
        """Whether a socket holds the seat now."""
        return self.outbox is not None

    @property
    def in_room(self) -> bool:
        """Whether the participant sees, hears, and is seen and heard."""
        return self.place == "in_room"

    def sees(self, other: "Seat") -> bool:
        """Whether this one knows of the other: those in the room do, interviewers also of who waits."""
        if self is other:
            return True
        waits_for_us = other.place == "waiting" and self.role == "interviewer"
        return self.in_room and (other.in_room or waits_for_us)

    def send(self, message: ServerMessage) -> None:
        """Send to the socket; without one nothing is lost, resuming reads the whole state."""
        if self.outbox is not None:
            self.outbox.put(message)

    def turn_out(self, error: str, detail: str, close_code: int) -> None:
        """Say why the socket is closed, and close it."""
        if self.outbox is not None:
            self.send(ErrorMessage(error=error, detail=detail, fatal=True))
            self.outbox.close(close_code)

    def info(self) -> ParticipantInfo:
        """The participant as the others see them."""
        return ParticipantInfo(
            participant_id=self.participant_id,
            full_name=self.full_name,
            role=self.role,
            place=self.place,
            connected=self.connected,
            muted=self.muted,
        )
