"""Answers about what the log holds: a page of a session's events, and one line for each session."""

from dataclasses import dataclass

from lockstep_bus.frame import Frame
from lockstep_bus.gap import Gap


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """Some consecutive events of one session."""

    frames: list[Frame]
    next: str | None
    """The cursor to ask after for the next page; None when this page reaches the newest event."""
    earliest: str | None
    """The cursor of the first event that is kept; None when the log is empty."""
    latest: str | None
    """The cursor of the newest event; None when the session is unknown."""
    gap: Gap | None = None
    """Set when the cursor that was asked for cannot be continued; the page then starts at the earliest kept event."""


@dataclass(frozen=True, slots=True)
class SessionInfo:
    """One session as the list of sessions shows it."""

    session_id: str
    events: int
    """How many events the log keeps now."""
    latest: str
    """The cursor of the newest event."""
    last_activity: float
    """When the newest event was published: seconds since 1970, by the server's clock."""
