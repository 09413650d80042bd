"""What is said in the chat, by whom, to whom, and how much of it."""

import json
from typing import Any
from uuid import uuid4

import pytest

from server.protocol.chat import MAX_CHAT_FRAME_BYTES
from server.sittings.chat import FRAMES_SECONDS, KEPT_MESSAGES, MAX_HISTORY_BYTES, MAX_REFUSALS, Chat
from server.sittings.seat import Seat
from server.sittings.seats import Seats
from tests.server.sittings.rooms import Clock, sit

A_MESSAGE = "6f0b7a52-3c1d-4d5e-8f6a-7b8c9d0e1f2a"
"""Fixed: names of tests are the same in every process."""


class Wire:
    """A channel that remembers what was sent."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []
        self.ended = False
        self.largest = 0

    def send(self, text: str) -> None:
        self.largest = max(self.largest, len(text.encode()))
        self.sent.append(json.loads(text))

    def end(self) -> None:
        self.ended = True

    def last(self) -> dict[str, Any]:
        return self.sent[-1]


def say(text: str = "Hello", message_id: str | None = None) -> str:
    return json.dumps({"type": "say", "id": message_id or str(uuid4()), "text": text}, ensure_ascii=False)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def seats(clock: Clock) -> Seats:
    return Seats(clock, warm_seconds=60)


@pytest.fixture
def chat(seats: Seats, clock: Clock) -> Chat:
    return Chat(seats, clock)


def join(chat: Chat, seat: Seat) -> Wire:
    wire = Wire()
    chat.opened(seat, wire)
    return wire


def test_everybody_in_the_room_hears_it_the_speaker_too(seats: Seats, chat: Chat) -> None:
    ann, bob = sit(seats, "ann"), sit(seats, "bob", "candidate")
    observer, checking = sit(seats, "dan", "observer"), sit(seats, "eve", place="checking")
    wires = [join(chat, seat) for seat in (ann, bob, observer)]
    outside = join(chat, checking)
    message_id = str(uuid4())
    chat.heard(ann, wires[0], say("Good morning", message_id))
    for wire in wires:
        assert wire.sent[0] == {"type": "history", "messages": []}
        said = wire.last()
        assert said.pop("sent_at").endswith("Z")
        assert said == {
            "type": "said",
            "id": message_id,
            "participant_id": "ann",
            "full_name": "Ann",
            "text": "Good morning",
        }
    assert outside.sent == []


def test_what_the_panel_said_before_the_candidate_was_in_stays_private(seats: Seats, chat: Chat) -> None:
    ann, bob = sit(seats, "ann"), sit(seats, "bob", "candidate", "waiting")
    panel, guest = join(chat, ann), join(chat, bob)
    chat.heard(ann, panel, say("Shall we let him in?"))
    assert guest.sent == []
    bob.place = "in_room"
    chat.entered(bob)
    chat.entered(bob)  # admitted once, told once
    assert guest.sent == [{"type": "history", "messages": []}]
    chat.heard(ann, panel, say("Welcome"))
    assert [message["text"] for message in _history(join(chat, bob))] == ["Welcome"]
    late = join(chat, sit(seats, "carol"))
    assert [message["text"] for message in _history(late)] == ["Shall we let him in?", "Welcome"]


def _history(wire: Wire) -> list[dict[str, Any]]:
    assert wire.sent[0]["type"] == "history"
    messages: list[dict[str, Any]] = wire.sent[0]["messages"]
    return messages


def test_the_same_message_twice_is_told_once(seats: Seats, chat: Chat, clock: Clock) -> None:
    ann, bob = sit(seats, "ann"), sit(seats, "bob")
    wire, other = join(chat, ann), join(chat, bob)
    message_id = str(uuid4())
    chat.heard(ann, wire, say("Hello", message_id))
    chat.heard(ann, wire, say("Hello", message_id))
    again = join(chat, ann)  # sent once more after a reconnect
    chat.heard(ann, again, say("Hello", message_id.upper()))
    assert len(_history(join(chat, ann))) == 1
    assert [frame["type"] for frame in other.sent] == ["history", "said"]
    chat.heard(bob, other, say("Mine", message_id))  # an id is its speaker's
    assert other.last()["text"] == "Mine"


def test_two_hundred_messages_are_kept(seats: Seats, chat: Chat, clock: Clock) -> None:
    ann = sit(seats, "ann")
    wire = join(chat, ann)
    for number in range(KEPT_MESSAGES + 3):
        chat.heard(ann, wire, say(str(number)))
        clock.now += FRAMES_SECONDS
    texts = [message["text"] for message in _history(join(chat, ann))]
    assert texts == [str(number) for number in range(3, KEPT_MESSAGES + 3)]


def test_a_history_fits_into_one_frame(seats: Seats, chat: Chat, clock: Clock) -> None:
    ann = sit(seats, "ann")
    wire = join(chat, ann)
    for number in range(60):
        chat.heard(ann, wire, say(f"{number:04}" + "é" * 1996))
        clock.now += FRAMES_SECONDS
    late = join(chat, ann)
    texts = [message["text"] for message in _history(late)]
    assert late.largest <= MAX_HISTORY_BYTES + 100
    assert len(texts) > 10
    assert [int(text[:4]) for text in texts] == list(range(60 - len(texts), 60))  # the newest ones


@pytest.mark.parametrize(
    ("frame", "error"),
    [
        ("", "bad_message"),
        ("not json", "bad_message"),
        ("[]", "bad_message"),
        ("[" * 4000, "bad_message"),
        ('{"type": "fly"}', "bad_message"),
        ('{"type": "say", "id": "no uuid", "text": "Hello"}', "bad_message"),
        (say("", A_MESSAGE), "bad_message"),
        (say(" \n\t", A_MESSAGE), "bad_message"),
        (say("x" * 2001, A_MESSAGE), "bad_message"),
        (say("Hello", A_MESSAGE)[:-1] + ', "to": "ann"}', "bad_message"),
        (b"\x00\x01", "bad_message"),
        (say("Hello", A_MESSAGE) + " " * MAX_CHAT_FRAME_BYTES, "message_too_large"),
    ],
)
def test_what_is_no_message_is_refused_and_told_nobody(
    seats: Seats, chat: Chat, frame: str | bytes, error: str
) -> None:
    ann, bob = sit(seats, "ann"), sit(seats, "bob")
    wire, other = join(chat, ann), join(chat, bob)
    chat.heard(ann, wire, frame)
    assert (wire.last()["type"], wire.last()["error"]) == ("refused", error)
    assert len(other.sent) == 1
    chat.heard(ann, wire, say("And on it goes"))
    assert other.last()["text"] == "And on it goes"


def test_a_refusal_names_the_message_where_it_can(seats: Seats, chat: Chat) -> None:
    ann = sit(seats, "ann")
    wire = join(chat, ann)
    message_id = str(uuid4())
    chat.heard(ann, wire, say("", message_id))
    assert wire.last() == {"type": "refused", "id": message_id, "error": "bad_message"}
    chat.heard(ann, wire, "not json")
    assert wire.last() == {"type": "refused", "error": "bad_message"}


def test_the_longest_text_is_taken(seats: Seats, chat: Chat) -> None:
    ann = sit(seats, "ann")
    wire = join(chat, ann)
    chat.heard(ann, wire, say("é" * 2000))
    assert wire.last()["text"] == "é" * 2000


def test_five_frames_in_five_seconds_are_enough(seats: Seats, chat: Chat, clock: Clock) -> None:
    ann, bob = sit(seats, "ann"), sit(seats, "bob")
    wire, other = join(chat, ann), join(chat, bob)
    for _ in range(5):
        chat.heard(ann, wire, say())
        clock.now += 0.5
    message_id = str(uuid4())
    chat.heard(ann, wire, say("Too much", message_id))
    assert wire.last() == {"type": "refused", "id": message_id, "error": "rate_limited"}
    chat.heard(bob, other, say("I may"))
    assert wire.last()["text"] == "I may"
    clock.now += FRAMES_SECONDS - 2.5
    chat.heard(ann, wire, say("Better now"))
    assert other.last()["text"] == "Better now"


@pytest.mark.parametrize(
    ("role", "place"), [("candidate", "waiting"), ("interviewer", "checking"), ("observer", "in_room")]
)
def test_who_may_not_write_is_told_so(seats: Seats, chat: Chat, role: Any, place: Any) -> None:
    ann, bob = sit(seats, "ann", role, place), sit(seats, "bob")
    wire, other = join(chat, ann), join(chat, bob)
    message_id = str(uuid4())
    chat.heard(ann, wire, say("Let me in", message_id))
    assert wire.last() == {"type": "refused", "id": message_id, "error": "not_allowed"}
    assert len(other.sent) == 1


def test_a_client_that_does_not_stop_is_dropped(seats: Seats, chat: Chat) -> None:
    ann = sit(seats, "ann")
    wire = join(chat, ann)
    for _ in range(MAX_REFUSALS - 1):
        chat.heard(ann, wire, "not json")
    assert not wire.ended
    chat.heard(ann, wire, "not json")
    assert wire.ended


def test_an_older_channel_says_nothing_any_more(seats: Seats, chat: Chat) -> None:
    ann = sit(seats, "ann")
    older, newer = join(chat, ann), join(chat, ann)
    chat.heard(ann, older, say("From the past"))
    chat.closed(ann, older)
    chat.heard(ann, newer, say("From now"))
    assert [frame.get("text") for frame in newer.sent] == [None, "From now"]
    chat.closed(ann, newer)
    chat.heard(ann, newer, say("From nowhere"))
    assert len(newer.sent) == 2
