"""The trace that a request is part of, by the W3C header `traceparent`."""

import re
from typing import Final

from fastapi import Request
from lockstep_events.runtime import Contract

_FORM: Final = re.compile(r"(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")


def trace_of(request: Request, contract: Contract) -> dict[str, str]:
    """The envelope's `traceparent` for events that bring none; nothing when the header or the contract has none."""
    given = request.headers.get("traceparent", "").strip()
    envelope = contract.schema.get("$defs", {}).get("Envelope", {})
    if _FORM.fullmatch(given) and "traceparent" in envelope.get("properties", {}):
        return {"traceparent": given}
    return {}
