"""Which contract the events of a session are of: one for all, or several by the prefix of the session's id."""

import importlib
import re
from collections.abc import Iterator, Mapping
from typing import Final

from lockstep_events.runtime import Contract

from lockstep_bus.errors import BusSettingsError, SessionIdError
from lockstep_bus.keys import Namespace

_VARIABLE: Final = "LOCKSTEP_CONTRACT"
_PACKAGE: Final = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*", re.ASCII)


class ContractTable:
    """The contracts of a deployment, whose every process needs the same table to judge a session alike."""

    def __init__(self, default: Contract, by_prefix: Mapping[str, Contract] | None = None) -> None:
        """Contracts by prefix of the session id; of two prefixes that fit, the longer one counts."""
        self.default = default
        # The longest first, so that the first one that fits is the one that counts.
        self._by_prefix = sorted((by_prefix or {}).items(), key=lambda entry: -len(entry[0]))

    def __iter__(self) -> Iterator[Contract]:
        """Each contract once, the default first."""
        return iter(dict.fromkeys([self.default, *(contract for _, contract in self._by_prefix)]))

    def __str__(self) -> str:
        """As `LOCKSTEP_CONTRACT` has it, with versions: `acme_events 1.2.0, ops:=ops_events 0.1.0`."""
        entries = [("", self.default), *((f"{prefix}=", contract) for prefix, contract in self._by_prefix)]
        return ", ".join(f"{prefix}{contract.name} {contract.version}" for prefix, contract in entries)

    def of(self, session_id: str) -> Contract:
        """The contract that the events of this session keep."""
        for prefix, contract in self._by_prefix:
            if session_id.startswith(prefix):
                return contract
        return self.default

    @classmethod
    def read(cls, text: str | None) -> "ContractTable":
        """The table in words: `acme_events`, or `acme_events,ops:=ops_events` with a prefix before the `=`.

        Without an entry for all other sessions, and without a text, that is `lockstep_events`.

        Raises:
            BusSettingsError: the text is no table, or names what is not an importable contract.
        """
        packages: dict[str, str] = {}
        for entry in (text or "").split(","):
            prefix, equals, package = entry.strip().rpartition("=")
            if not entry.strip():
                continue
            if equals:
                _check_prefix(prefix, text)
            if prefix in packages:
                what = f"the prefix {prefix!r}" if prefix else "all other sessions"
                raise BusSettingsError(f"{_VARIABLE} is {text!r}: two contracts for {what}")
            packages[prefix] = package
        default = packages.pop("", "lockstep_events")
        return cls(_load(default), {prefix: _load(package) for prefix, package in packages.items()})


def _check_prefix(prefix: str, text: str | None) -> None:
    try:
        Namespace().session(prefix)
    except SessionIdError as error:
        raise BusSettingsError(
            f"{_VARIABLE} is {text!r}: {prefix!r} does not begin any session id; write PREFIX=PACKAGE"
        ) from error


def _load(package: str) -> Contract:
    if not _PACKAGE.fullmatch(package):
        raise BusSettingsError(f"{_VARIABLE} names {package!r}, which is not the name of a Python package")
    try:
        module = importlib.import_module(package)
    except ModuleNotFoundError as error:
        if error.name is not None and f"{package}.".startswith(f"{error.name}."):
            raise BusSettingsError(
                f"{_VARIABLE} names {package!r}, which Python does not find: install it here (pip install -e .), "
                "or put its folder on PYTHONPATH"
            ) from error
        raise _broken(package, error) from error
    except Exception as error:
        # Whatever somebody's module does while it loads; it has no business in an operator's terminal as a traceback.
        raise _broken(package, error) from error
    contract = getattr(module, "CONTRACT", None)
    if contract is None:
        raise BusSettingsError(
            f"{_VARIABLE} names {package!r}, which has no CONTRACT: name a package that 'lockstep generate' has written"
        )
    if not isinstance(contract, Contract):  # a package with a runtime of its own raises errors that nobody here knows
        raise BusSettingsError(
            f"{_VARIABLE} names {package!r}, whose contract stands alone: let it extend ours "
            '([tool.lockstep] extends = "lockstep_events") and generate it again'
        )
    return contract


def _broken(package: str, error: Exception) -> BusSettingsError:
    return BusSettingsError(f"{_VARIABLE} names {package!r}, which fails to load: {type(error).__name__}: {error}")
