"""Where a subscription starts, and the announcement that it cannot continue without a loss."""

from dataclasses import dataclass
from typing import Literal

GapReason = Literal["trimmed", "epoch_unknown", "log_rolled_back", "session_deleted"]


@dataclass(frozen=True, slots=True)
class Gap:
    """Events that exist or existed between two cursors and will not be delivered."""

    reason: GapReason
    """trimmed: older than the log keeps. epoch_unknown: the cursor is of another life of the session, or of another
    session. log_rolled_back: the server came back without events that the cursor has seen. session_deleted: somebody
    deleted the session."""
    after: str | None
    """The last cursor that the viewer holds; None when it held none."""
    resumes_at: str
    """The place after which delivery goes on."""
    earliest: str | None
    """The cursor of the first event that is kept; None when the log is empty."""
    latest: str
    """The cursor of the newest event of the session."""


@dataclass(frozen=True, slots=True)
class Opening:
    """What is known when a subscription has been acknowledged and the log's position has been read."""

    cursor: str
    """The place after which delivery starts: the id of the first thing sent to the viewer."""
    recovered: bool
    """True when a cursor was given and everything after it will follow."""
    gap: Gap | None
    """Why not, when a cursor was given and it cannot be continued."""
    earliest: str | None
    """The cursor of the first event that is kept; None when the log is empty."""
    latest: str
    """The cursor of the newest event of the session."""
