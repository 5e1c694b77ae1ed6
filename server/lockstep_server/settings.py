"""Every setting of the server, and the one place where it reads the environment."""

import ipaddress
import re
from typing import Annotated, Any, Final

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from lockstep_server.errors import ExposureError, SettingsError

_SHORTEST_TOKEN: Final = 8
_AGENT_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


class ServerSettings(BaseSettings):
    """Settings of one server. Each is read from `LOCKSTEP_<NAME>`."""

    model_config = SettingsConfigDict(env_prefix="LOCKSTEP_", frozen=True, extra="ignore")

    host: str = "127.0.0.1"
    """Address to listen on."""
    port: int = Field(default=8000, ge=0, le=65535)
    """Port to listen on; 0 takes a free one."""
    token: SecretStr | None = None
    """Bearer token that every request needs; None lets everybody in."""
    allowed_origins: Annotated[tuple[str, ...], NoDecode] = ()
    """Origins of other sites whose pages may read and publish, separated by commas; `*` is every one."""

    stream_heartbeat_seconds: float = Field(default=15.0, gt=0)
    """A silent stream gets a comment this often: proxies cut what is silent for 30 seconds or more."""
    stream_send_timeout_seconds: float = Field(default=30.0, gt=0)
    """A viewer that has taken nothing for so long, while something waits, is disconnected; it may resume."""
    stream_retry_milliseconds: int = Field(default=2000, ge=0, le=600_000)
    """How long a browser waits before it reconnects; up to twice that when the server stops, to spread them out."""
    drain_seconds: float = Field(default=5.0, gt=0)
    """How long a stopping server lets its streams end before it cuts them."""
    max_body_bytes: int = Field(default=1_048_576, ge=1)
    """The largest body of a `POST`."""
    agents: Annotated[tuple[tuple[str, str], ...], NoDecode] = ()
    """AG-UI endpoints that are served under `/ag-ui/<name>` through the bus: `name=url`, separated by commas."""
    allow_unknown_types: bool = False
    """Accept events of types that this server's contract does not know, from agents that were upgraded first."""

    traces: bool = False
    """Send spans of the requests where `OTEL_EXPORTER_OTLP_ENDPOINT` says; without it, to a provider if one is set."""

    @field_validator("allowed_origins", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return _parts(value) if isinstance(value, str) else value

    @field_validator("agents", mode="before")
    @classmethod
    def _name_agents(cls, value: object) -> object:
        return tuple(_named_agent(part) for part in _parts(value)) if isinstance(value, str) else value

    @field_validator("token")
    @classmethod
    def _is_long_enough(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and len(value.get_secret_value()) < _SHORTEST_TOKEN:
            raise ValueError(f"a token has at least {_SHORTEST_TOKEN} characters")
        return value

    def refuse_exposure(self, redis_url: str | None) -> None:
        """Check that what the settings open to the network is protected and can be operated.

        Raises:
            ExposureError: the host is not this machine alone, and there is no token or no `REDIS_URL`.
        """
        if _is_loopback(self.host):
            return
        missing: list[str] = []
        if self.token is None:
            missing.append("LOCKSTEP_TOKEN=<a secret of at least 8 characters>, or anybody could read and publish")
        if not redis_url:
            missing.append("REDIS_URL=redis://..., or the events would depend on this machine's embedded Valkey")
        if missing:
            raise ExposureError(f"host {self.host!r} is a public address: set " + "; and set ".join(missing))


def read_settings(**given: Any) -> ServerSettings:
    """The settings that the environment asks for, but for those that are given.

    Raises:
        SettingsError: a value cannot be used.
    """
    try:
        return ServerSettings(**given)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_input=False)
        words = [
            f"LOCKSTEP_{str(fault['loc'][0]).upper()}: {fault['msg'].removeprefix('Value error, ')}" for fault in faults
        ]
        raise SettingsError("; ".join(words)) from error


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _named_agent(text: str) -> tuple[str, str]:
    name, _, url = text.partition("=")
    if not _AGENT_NAME.fullmatch(name) or not url.startswith(("http://", "https://")):
        raise ValueError(f'"{text}" is not <name>=<url>, like weather=https://agents.example.com/agui')
    return name, url


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
