"""What can go wrong on the bus: one tree of errors, each saying what failed, where, and what to do."""


class BusError(Exception):
    """Base of every error that `lockstep_bus` raises on purpose."""

    exit_code: int = 2
    retryable: bool = False
    """True when the same call may succeed later without a change; publishing again is safe, it is idempotent."""


class BusUnavailableError(BusError):
    """Redis did not answer in time. The event may or may not be in the log: publish it again, it is stored once."""

    retryable = True


class BusClosedError(BusError):
    """The bus or the subscription was used after `close()`."""


class BusSettingsError(BusError):
    """An address or a setting cannot be used as it stands."""


class UnsupportedServerError(BusError):
    """The server answers, but is too old, of the wrong kind, or refuses what the bus needs."""


class EmbeddedServerError(BusError):
    """The embedded Valkey could not be found or started."""


class CursorError(BusError, ValueError):
    """A text is not a cursor."""


class SessionIdError(BusError, ValueError):
    """A text is not a session id."""


class EventRejectedError(BusError, ValueError):
    """An event cannot travel on the bus as it is."""


class EventTooLargeError(EventRejectedError):
    """An encoded event is larger than the bus accepts."""
