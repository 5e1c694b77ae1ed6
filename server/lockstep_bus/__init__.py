"""The bus: every viewer sees the same events in the same order, each once; what cannot be delivered is announced."""

from lockstep_bus.bus import EventBus, connect
from lockstep_bus.contracts import ContractTable
from lockstep_bus.cursor import Cursor
from lockstep_bus.dispatcher import get_event_dispatcher
from lockstep_bus.errors import (
    BusClosedError,
    BusError,
    BusSettingsError,
    BusUnavailableError,
    CursorError,
    EmbeddedServerError,
    EventRejectedError,
    EventTooLargeError,
    SessionIdError,
    UnsupportedServerError,
)
from lockstep_bus.frame import Frame
from lockstep_bus.gap import Gap, GapReason, Opening
from lockstep_bus.history import HistoryPage, SessionInfo
from lockstep_bus.http_publisher import HttpPublisher
from lockstep_bus.settings import BusSettings
from lockstep_bus.subscription import Subscription
from lockstep_bus.sync_publisher import SyncBusPublisher

__all__ = [
    "BusClosedError",
    "BusError",
    "BusSettings",
    "BusSettingsError",
    "BusUnavailableError",
    "ContractTable",
    "Cursor",
    "CursorError",
    "EmbeddedServerError",
    "EventBus",
    "EventRejectedError",
    "EventTooLargeError",
    "Frame",
    "Gap",
    "GapReason",
    "HistoryPage",
    "HttpPublisher",
    "Opening",
    "SessionIdError",
    "SessionInfo",
    "Subscription",
    "SyncBusPublisher",
    "UnsupportedServerError",
    "connect",
    "get_event_dispatcher",
]
