"""The AG-UI codec of a contract: identity both ways, strict for producers, tolerant for what the wire really brings."""

import json
from collections.abc import Mapping, Sequence

from .ag_ui_shapes import Json, is_object
from .ag_ui_table import AgUiContext, AgUiFault, AgUiTable, quoted
from .contract import Contract
from .event import Event
from .verdict import Verdict

__all__ = ["AgUiCodec", "AgUiContext", "AgUiFault", "InvalidAgUiError"]


class InvalidAgUiError(ValueError):
    """A frame, or a RunAgentInput, is not what AG-UI says. `faults` has every place, sorted by pointer."""

    def __init__(self, faults: Sequence[AgUiFault], what: str) -> None:
        self.faults = tuple(sorted(faults, key=lambda fault: fault.pointer))
        lines = [f"{fault.pointer or 'document'}: {fault.message}" for fault in self.faults]
        head = lines[:1] if len(lines) == 1 else [f"{len(lines)} faults", *lines]
        super().__init__(f"invalid {what}: " + "\n  ".join(head))


class AgUiCodec:
    """Frames of AG-UI from and to the events of one contract."""

    def __init__(self, table: Mapping[str, Json], contract: Contract) -> None:
        self._table = AgUiTable(table)
        self._contract = contract

    def from_ag_ui(self, frame: Json, context: AgUiContext, *, strict: bool = False) -> Event:
        """The stamped event of a frame.

        Members that this version does not know are kept in `source.unknown`, and a frame that is no event of this
        version is kept whole in a raw event. With `strict`, all that AG-UI's closed schema rejects raises
        InvalidAgUiError instead.
        """
        event, faults = self.read(frame, context)
        if strict and faults:
            raise InvalidAgUiError(faults, "AG-UI event")
        if event is None:
            kept = json.dumps(self._contract.stamp(self._table.kept(frame, context)))
            event = self._contract.parse(kept, strict=True)
        return event

    def to_ag_ui(self, event: Event) -> dict[str, Json]:
        """The frame of an event: what was a frame comes back as the same JSON value, and our own travel as CUSTOM."""
        return self._table.frame(json.loads(self._contract.encode(event)))

    def frame(self, document: Mapping[str, Json]) -> dict[str, Json]:
        """The same for an event as `json.loads` gives it."""
        return self._table.frame(document)

    def read(self, frame: Json, context: AgUiContext) -> tuple[Event | None, Sequence[AgUiFault]]:
        """The event, unless the frame is none of this version, and all that AG-UI's closed schema has against it."""
        if not is_object(frame):
            return None, [AgUiFault("", "type", f"{quoted(frame)} is not an object")]
        document, faults = self._table.event(frame, context)
        verdict = self._read(document)
        if verdict.event is None and self._table.is_ours(frame):
            # What only looks like one of our own events is what it says: a custom event of somebody else's.
            document, faults = self._table.event(frame, context, ours=False)
            verdict = self._read(document)
        told = {fault.pointer for fault in faults}
        more = [self._table.fault(document, fault) for fault in verdict.faults]
        # Unknown members are no obstacle to a tolerant reader, everything else that the table sees is.
        unfit = any(fault.code != "extra" for fault in faults)
        return None if unfit else verdict.event, [*faults, *(fault for fault in more if fault.pointer not in told)]

    def accepts(self, frame: Json) -> bool:
        """Whether a frame is an event of this version, unknown members aside."""
        return self.read(frame, AgUiContext("frame", "run"))[0] is not None

    def read_input(self, body: Json) -> dict[str, Json]:
        """A RunAgentInput in the contract's names, as the payload of a run's start. Raises InvalidAgUiError."""
        frame = {"type": "RUN_STARTED", "threadId": "", "runId": "", "input": body}
        event, faults = self.read(frame, AgUiContext("input"))
        if event is None or faults:
            inside = [AgUiFault(each.pointer.removeprefix("/input"), each.code, each.message) for each in faults]
            raise InvalidAgUiError(inside, "RunAgentInput")
        read: dict[str, Json] = json.loads(self._contract.encode(event))["payload"]["input"]
        return read

    def _read(self, document: dict[str, Json]) -> Verdict:
        text = json.dumps(self._contract.stamp(document), ensure_ascii=False, separators=(",", ":"))
        return self._contract.read(text, strict=True)
