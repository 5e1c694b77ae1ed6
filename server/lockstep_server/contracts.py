"""Which contract a request is about, and whether the server can speak it at all."""

from typing import Final

from fastapi import Request
from lockstep_bus.contracts import ContractTable
from lockstep_events.runtime import Contract

from lockstep_server.errors import SettingsError
from lockstep_server.session_id import checked

_STREAM: Final = ("session_stream_started", "session_stream_gap", "session_stream_closing")
"""What the server itself says on every stream."""


def served(contracts: ContractTable) -> ContractTable:
    """The table itself.

    Raises:
        SettingsError: a contract lacks the events that every stream begins and ends with.
    """
    for contract in contracts:
        missing = [name for name in _STREAM if name not in contract.event_types]
        if missing:
            raise SettingsError(
                f"the contract {contract.name!r} has no event {missing[0]!r}, with which the server speaks to viewers: "
                'let it extend ours ([tool.lockstep] extends = "lockstep_events")'
            )
    return contracts


def about(request: Request) -> str | None:
    """The session that `?session=` names. Raises Problem when it is no session id."""
    session_id = request.query_params.get("session")
    return checked(session_id) if session_id else None


def asked(contracts: ContractTable, session_id: str | None) -> Contract:
    """The contract of a session, or the one of all sessions that no prefix names."""
    return contracts.default if session_id is None else contracts.of(session_id)
