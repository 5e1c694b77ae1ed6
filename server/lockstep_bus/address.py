"""Where Redis is: what an address says about one server, a Sentinel group or a cluster."""

import ssl
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from lockstep_bus.errors import BusSettingsError

Kind = Literal["single", "sentinel", "cluster"]
_SCHEMES: dict[str, Kind] = {
    "redis": "single",
    "rediss": "single",
    "unix": "single",
    "redis+sentinel": "sentinel",
    "rediss+sentinel": "sentinel",
    "redis+cluster": "cluster",
    "rediss+cluster": "cluster",
}
FORMS = "redis://host:6379/0, rediss://, unix:///path, redis+sentinel://host:26379,host/name, redis+cluster://host,host"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One server's socket: a TCP host and port, or a path."""

    host: str = ""
    port: int = 0
    path: str = ""

    def __str__(self) -> str:
        return f"unix://{self.path}" if self.path else f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Login:
    """What every connection says first."""

    username: str = ""
    password: str = field(default="", repr=False)
    database: int = 0
    tls: ssl.SSLContext | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Address:
    """A parsed `REDIS_URL`."""

    kind: Kind
    endpoints: tuple[Endpoint, ...]
    login: Login = Login()
    master_name: str = ""
    """The Sentinel's name of the group."""

    @classmethod
    def parse(cls, url: str) -> "Address":
        """Read an address.

        Raises:
            BusSettingsError: the scheme, the port or the database is not usable; the password is never repeated.
        """
        parts = urlsplit(url)
        kind = _SCHEMES.get(parts.scheme)
        if kind is None:
            raise BusSettingsError(f"REDIS_URL has the scheme {parts.scheme!r}; use one of {FORMS}")
        options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        credentials, _, hosts = parts.netloc.rpartition("@")
        username, _, password = credentials.partition(":")
        segments = [unquote(segment) for segment in parts.path.split("/") if segment]
        database = segments[-1:] if kind == "single" else segments[1:]
        login = Login(
            unquote(username),
            unquote(password),
            _number("database", options.get("db") or (database[0] if database and parts.scheme != "unix" else "0")),
            _tls(parts, options),
        )
        if parts.scheme == "unix":
            return cls("single", (Endpoint(path=unquote(parts.path)),), login)
        default_port = 26379 if kind == "sentinel" else 6379
        endpoints = tuple(_endpoint(host, default_port) for host in (hosts or "127.0.0.1").split(","))
        return cls(kind, endpoints, login, segments[0] if kind == "sentinel" and segments else "mymaster")

    def __str__(self) -> str:
        return ",".join(str(endpoint) for endpoint in self.endpoints)


def _endpoint(text: str, default_port: int) -> Endpoint:
    host, _, port = text.rpartition(":") if not text.endswith("]") and ":" in text else (text, "", "")
    return Endpoint(host.strip("[]") or "127.0.0.1", _number("port", port) if port else default_port)


def _number(what: str, text: str) -> int:
    if not text.isdecimal():
        raise BusSettingsError(f"REDIS_URL has the {what} {text!r}, which is not a number; use one of {FORMS}")
    return int(text)


def _tls(parts: SplitResult, options: dict[str, str]) -> ssl.SSLContext | None:
    if not parts.scheme.startswith("rediss"):
        return None
    context = ssl.create_default_context(cafile=options.get("ssl_ca_certs"))
    if options.get("ssl_cert_reqs") == "none":
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if "ssl_certfile" in options:
        context.load_cert_chain(options["ssl_certfile"], options.get("ssl_keyfile"))
    return context
