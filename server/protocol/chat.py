"""The frames of the chat's data channel, both ways."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, StringConstraints

MAX_CHAT_FRAME_BYTES = 8 * 1024


class ChatMessage(BaseModel):
    """One thing said in the chat."""

    id: str
    participant_id: str
    full_name: str
    text: str
    sent_at: datetime


class Say(BaseModel):
    """What a client writes into the chat's data channel."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    type: Literal["say"]
    id: UUID
    text: Annotated[str, StringConstraints(min_length=1, max_length=2000, pattern=r"\S")]


class History(BaseModel):
    """First frame of the chat's data channel once one is in the room."""

    type: Literal["history"] = "history"
    messages: list[ChatMessage]


class Said(ChatMessage):
    """Somebody said something in the chat."""

    type: Literal["said"] = "said"


class Refused(BaseModel):
    """A frame of the chat that was not taken, by its `id` where it had one."""

    type: Literal["refused"] = "refused"
    id: str | None = None
    error: Literal["bad_message", "message_too_large", "rate_limited", "not_allowed"]


ChatFrame = History | Said | Refused
