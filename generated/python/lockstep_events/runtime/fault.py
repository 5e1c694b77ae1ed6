"""What is wrong with a document: one fault a place, and the error that carries them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

FaultCode = Literal["text", "missing", "extra", "tag", "type"]
"""`text`: the document as a whole; `type`: anything about a value, its bounds and pattern included."""

SHOWN = 10  # more lines than this help nobody; `faults` has them all


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One place and what is wrong there."""

    pointer: str
    """RFC 6901 JSON Pointer to the member at fault; empty for the whole document."""
    code: FaultCode
    message: str
    """The value in quotes, what was expected, and the nearest name when it looks like a slip."""


class InvalidEventError(ValueError):
    """A document that is not an event of the contract."""

    exit_code = 1

    def __init__(self, faults: Sequence[Fault], type: str | None = None) -> None:
        """`type` is the document's event type, when it is a known one."""
        self.faults = tuple(faults)
        """Every fault, sorted by pointer, one a pointer."""
        super().__init__(f"invalid {'event' if type is None else f'{type} event'}: {_summary(self.faults)}")


def _summary(faults: Sequence[Fault]) -> str:
    lines = [f"{fault.pointer or 'document'}: {fault.message}" for fault in faults]
    if len(lines) == 1:
        return lines[0]
    rest = [f"… and {len(lines) - SHOWN} more"] if len(lines) > SHOWN else []
    return "\n  ".join([f"{len(lines)} faults", *lines[:SHOWN], *rest])
