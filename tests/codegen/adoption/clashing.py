"""Names that Lockstep, Pydantic, Python or a browser has already."""

from typing import ClassVar, Literal

from pydantic import BaseModel, Field


class ToolCall(BaseModel):
    event_type: ClassVar[str] = "tool_call_started"
    tool: str
    metadata: dict[str, str] = {}


class Agent(BaseModel):
    name: str


class Failure(BaseModel):
    event_type: ClassVar[str] = "error"
    schema_: str = Field(alias="schema")
    raw_event: str
    model_name_used: str = ""
    agent: Agent | None = None


class Log(BaseModel):
    event_type: Literal["log.info", "log.warning"]
    type: str
    timestamp: float
    json_: dict[str, float]


class Message(BaseModel):
    event_type: ClassVar[str] = "2nd-message!"
    class_: str = "x"


class Agent2(BaseModel):
    type: Literal["agent"]


class Everything(BaseModel):
    type: Literal["acme"]


class Event(BaseModel):
    type: Literal["event"]


class Again(BaseModel):
    type: Literal["event"]
