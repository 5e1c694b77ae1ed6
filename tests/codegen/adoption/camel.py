"""Names in camelCase on the wire, and an envelope of their own around a payload that is typed by a parameter."""

from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

T = TypeVar("T")


class Camel(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class Event(Camel, Generic[T]):
    event_id: str
    session_id: str
    payload: T


class JobStarted(Camel):
    """A job begins."""

    job_name: str
    retry_count: int = Field(default=3, ge=0)


class JobFailed(Camel):
    job_name: str
    error_detail: dict[str, Any]


class JobStartedEvent(Event[JobStarted]):
    pass


class JobFailedEvent(Event[JobFailed]):
    """A job ends badly."""
