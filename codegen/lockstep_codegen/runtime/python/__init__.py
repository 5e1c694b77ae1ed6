"""What does not vary with the schema: base class, wire profile, verdicts, stamps, publishers. Needs Pydantic alone."""

from .contract import Contract
from .event import Event, UnknownEvent
from .fault import Fault, FaultCode, InvalidEventError
from .model import EventModel, Model
from .publisher import Publisher, Receipt, SyncPublisher
from .stamp import Stamp
from .verdict import Verdict
from .wire import Count, Integer, Json, JsonNotNull, JsonObject, JsonValue

__all__ = [
    "Contract",
    "Count",
    "Event",
    "EventModel",
    "Fault",
    "FaultCode",
    "Integer",
    "InvalidEventError",
    "Json",
    "JsonNotNull",
    "JsonObject",
    "JsonValue",
    "Model",
    "Publisher",
    "Receipt",
    "Stamp",
    "SyncPublisher",
    "UnknownEvent",
    "Verdict",
]
