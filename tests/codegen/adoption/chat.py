"""A chat's events: a union told apart by `type`, with parts told apart by `kind`."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field


class TextPart(BaseModel):
    """Words."""

    kind: Literal["text"] = "text"
    text: str


class FilePart(BaseModel):
    """A file, by its address"""

    kind: Literal["file"] = "file"
    url: str = Field(description="where to fetch it", max_length=2000)


Part = Annotated[TextPart | FilePart, Field(discriminator="kind")]


class Base(BaseModel):
    session_id: str
    timestamp: datetime


class MessageSent(Base):
    """Somebody said something

    And everybody heard it.
    """

    type: Literal["message_sent"] = "message_sent"
    parts: list[Part] = Field(min_length=1, max_length=50)
    reply_to: str | None = None


class MessageRead(Base):
    type: Literal["message_read"] = "message_read"
    by: list[str]
    at: datetime
    where: str | None


ChatEvent = Annotated[MessageSent | MessageRead, Field(discriminator="type")]


class Frame(BaseModel):
    """What goes over the wire."""

    sequence: int
    event: ChatEvent
