"""Every setting of the bus, and the one place where it reads the environment."""

import os
from pathlib import Path
from typing import Annotated

from pydantic import AliasChoices, Field, StringConstraints, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from lockstep_bus.errors import BusSettingsError

Namespace = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._:-]{0,64}$")]


class BusSettings(BaseSettings):
    """Settings of one bus. Each is read from `LOCKSTEP_<NAME>`, the address also from `REDIS_URL`.

    The retention defaults hold a long session: an agent that streams 40 tokens a second for 30 minutes makes 72,000
    events of about 350 bytes, 25 MB, and all of them survive a reload.
    """

    model_config = SettingsConfigDict(env_prefix="LOCKSTEP_", frozen=True, populate_by_name=True, extra="ignore")

    redis_url: str | None = Field(default=None, validation_alias=AliasChoices("REDIS_URL", "LOCKSTEP_REDIS_URL"))
    """redis://, rediss://, unix://, redis+sentinel:// or redis+cluster://; None runs the embedded Valkey."""
    contract: str | None = None
    """Import package of the events that travel, `acme_events`; several by the prefix of the session's id,
    `acme_events,ops:=ops_events`. None is `lockstep_events`."""
    namespace: Namespace = ""
    """Prefix of every key and channel: keeps several deployments on one Redis apart."""
    data_dir: Path = Field(default_factory=lambda: _state_home() / "lockstep")
    """Where the embedded Valkey keeps its data; processes with the same folder share one server."""
    redis_server: Path | None = None
    """Program to run as the embedded server in place of the one that comes with the distribution."""

    retention_events: int = Field(default=100_000, ge=1)
    """Events that a session's log keeps."""
    retention_megabytes: float = Field(default=64, gt=0)
    """Millions of bytes that a session's log keeps."""
    retention_hours: float = Field(default=24, gt=0)
    """How long a log is kept after the session's last use. What remembers its position is kept four times as long."""
    remembered_events: int = Field(default=10_000, ge=1)
    """A repeated `event_id` is recognised among at least this many of the session's newest events."""
    max_event_bytes: int = Field(default=1_572_864, ge=1_024)
    """The largest encoded event; a payload of one megabyte fits with its envelope."""

    traces: bool = False
    """Make OpenTelemetry spans and metrics of what `get_event_dispatcher()` publishes."""

    reader_queue_kilobytes: int = Field(default=1024, ge=1)
    """Memory that one slow reader may hold before its queue is dropped and refilled from the log."""
    command_timeout_seconds: float = Field(default=2.0, gt=0)
    """A connection whose command is unanswered for so long is given up."""
    publish_timeout_seconds: float = Field(default=5.0, gt=0)
    """How long `publish` and the reading calls try again before they raise."""
    heartbeat_seconds: float = Field(default=1.0, gt=0)
    """A silent connection is probed after so long, and given up after as long again without an answer."""
    position_seconds: float = Field(default=10.0, gt=0)
    """How often the position of every watched session is compared with its log."""


def read_settings() -> BusSettings:
    """The settings that the environment asks for.

    Raises:
        BusSettingsError: a variable has a value that cannot be used.
    """
    try:
        return BusSettings()
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        name = str(first["loc"][0]).upper()
        variable = name if name.startswith(("REDIS_URL", "LOCKSTEP_")) else f"LOCKSTEP_{name}"
        raise BusSettingsError(f"{variable} is {first['input']!r}: {first['msg']}") from error


def _state_home() -> Path:
    configured = os.environ.get("XDG_STATE_HOME")
    return Path(configured) if configured else Path.home() / ".local" / "state"
