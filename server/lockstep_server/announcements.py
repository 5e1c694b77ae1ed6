"""What the server itself says on a stream: it has started, something is missing, it ends. Made, never logged."""

from typing import Any

from lockstep_bus.gap import Gap, Opening
from lockstep_events.runtime import Contract

from lockstep_server import sse


def started(contract: Contract, session_id: str, opening: Opening, *, retry: int) -> bytes:
    """The first event of every stream. Its id gives the viewer a cursor before anything has happened."""
    payload: dict[str, Any] = {
        "message": "SSE connection established",
        "recovered": opening.recovered,
        "cursor": opening.cursor,
        "contract": contract.name,
        "contract_version": contract.version,
        "contract_digest": contract.digest,
        "latest": opening.latest,
    }
    if opening.earliest is not None:
        payload["earliest"] = opening.earliest
    return _made(contract, "session_stream_started", session_id, payload, cursor=opening.cursor, retry=retry)


def missing(contract: Contract, session_id: str, gap: Gap) -> bytes:
    """Events that will not come. Its id takes the viewer's cursor over the gap."""
    payload: dict[str, Any] = {"reason": gap.reason, "resumes_at": gap.resumes_at, "latest": gap.latest}
    if gap.after is not None:
        payload["after"] = gap.after
    if gap.earliest is not None:
        payload["earliest"] = gap.earliest
    return _made(contract, "session_stream_gap", session_id, payload, cursor=gap.resumes_at)


def closing(contract: Contract, session_id: str, reason: str, *, retry: int) -> bytes:
    """The last event of a stream that the server ends. It has no id: the viewer resumes after what it has."""
    payload = {"reason": reason, "retry_ms": retry}
    return _made(contract, "session_stream_closing", session_id, payload, retry=retry)


def _made(
    contract: Contract,
    event_type: str,
    session_id: str,
    payload: dict[str, Any],
    *,
    cursor: str | None = None,
    retry: int | None = None,
) -> bytes:
    event = contract.make(event_type, session_id, payload)
    return sse.made(event_type, contract.encode(event), cursor=cursor, retry=retry)
