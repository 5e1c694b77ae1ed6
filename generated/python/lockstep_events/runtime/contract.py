"""A contract as one object: bus, server and integrations are handed one and never name an event of its own."""

import importlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError

from .event import Event, UnknownEvent
from .fault import Fault, InvalidEventError
from .nodes import Nodes
from .publisher import Publisher
from .stamp import STAMP
from .text import is_deep, is_shallow
from .verdict import Verdict, is_newer, judge
from .wire import DEPTH, ROOM

Load: TypeAlias = Callable[[], bytes]


@dataclass(frozen=True, eq=False)
class Contract:
    """Everything a program needs to know of a contract, whichever events it has."""

    name: str
    """The import package: `lockstep_events`."""
    version: str
    digest: str
    """`sha256:<hex>` of the schema's bytes."""
    event_types: tuple[str, ...]
    """Every known type, in the schema's order."""
    unlogged: frozenset[str]
    """The types that the server makes for one viewer, and that no log keeps."""
    union: Any
    """The union of all event classes."""
    levels: int | None
    """How deep events are nested at most, opaque values aside; None when there is no end to it."""
    shortest: int
    """Bytes that every event has at least."""
    make_dispatcher: Callable[[Publisher], Any]
    load_schema: Load

    def parse(self, raw: bytes | str, *, strict: bool = False) -> Event:
        """The event in UTF-8 JSON.

        Strict, it is what the schema says, to the letter. Otherwise members that this version does not know are left
        out, and an event of an unknown type is kept as an `UnknownEvent`. Raises InvalidEventError.
        """
        if self._is_bounded or is_shallow(raw):
            try:
                event: Event = self._validate(raw)
            except ValidationError as error:
                if not strict and is_newer(error, raw):
                    known: Event = self._validate(raw, extra="ignore")
                    return known
            else:
                return event
        verdict = self._judge(raw, strict)
        if verdict.event is None:
            raise InvalidEventError(verdict.faults, verdict.type)
        return verdict.event

    def read(self, raw: bytes | str, *, strict: bool = False) -> Verdict:
        """As `parse`, but nothing is raised, and the members that were left out are told."""
        if self._is_bounded or is_shallow(raw):
            try:
                return Verdict("known", self._validate(raw))
            except ValidationError:
                pass
        try:
            return self._judge(raw, strict)
        except InvalidEventError as error:
            return Verdict("invalid", faults=error.faults)

    def encode(self, event: Event) -> bytes:
        """Compact JSON in UTF-8, absent members left out. Raises InvalidEventError for what the wire cannot carry."""
        written: Any = event
        try:
            # Not by isinstance: of a Pydantic class it takes longer than all else here but the writing itself.
            if type(event) is UnknownEvent:
                text = json.dumps(event.document, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
                raw = text.encode()
            else:
                raw = written.__pydantic_serializer__.to_json(written, exclude_unset=True)
        except (PydanticSerializationError, ValueError) as error:
            raise InvalidEventError([Fault("", "text", f"cannot be written as JSON: {error}")], event.type) from error
        if len(raw) > self._roomless and not is_shallow(raw) and is_deep(raw.decode()):
            raise InvalidEventError([Fault("", "text", f"nested deeper than {DEPTH} levels")], event.type)
        return raw

    def make(self, type: str, session_id: str, payload: Mapping[str, Any], /, **envelope: Any) -> Event:
        """A new event of a known type, with identity and time unless they are given.

        Raises InvalidEventError when it is not what the schema says.
        """
        given = {"session_id": session_id, "type": type, **envelope, "payload": payload}
        members = self.stamp({name: value for name, value in given.items() if value is not None})
        return self.parse(json.dumps(members), strict=True)

    def stamp(self, document: dict[str, Any]) -> dict[str, Any]:
        """A copy of a wire document with `event_id` and `timestamp`, those that it brought or new ones."""
        return {"event_id": STAMP.event_id(), "timestamp": STAMP.timestamp(), **document}

    def schema_bytes(self) -> bytes:
        """The schema file, byte for byte."""
        return self.load_schema()

    def dispatcher(self, publisher: Publisher) -> Any:
        """This contract's own `EventDispatcher`, publishing to `publisher`."""
        return self.make_dispatcher(publisher)

    def faults(self, document: Mapping[str, Any]) -> tuple[Fault, ...]:
        """What the schema has against a wire document; empty when it is an event of this contract."""
        return self.read(json.dumps(document), strict=True).faults

    @cached_property
    def ag_ui(self) -> Any:
        """The codec of AG-UI, `<package>.ag_ui.CODEC`; loaded when it is first asked for."""
        return importlib.import_module(f"{self.name}.ag_ui").CODEC

    @cached_property
    def schema(self) -> Mapping[str, Any]:
        """The schema as parsed JSON; not to be changed."""
        schema: Mapping[str, Any] = json.loads(self.schema_bytes())
        return schema

    @cached_property
    def _nodes(self) -> Nodes:
        return Nodes(self.schema)

    @cached_property
    def _validate(self) -> Callable[..., Any]:
        return TypeAdapter(self.union).validator.validate_json

    @cached_property
    def _is_bounded(self) -> bool:
        """Whether only opaque values can nest too deeply: the models look out for those themselves."""
        return self.levels is not None and self.levels + ROOM <= DEPTH

    @cached_property
    def _roomless(self) -> int:
        """Bytes of an event that has no room for one more level than the wire carries; its own two are counted."""
        return self.shortest + 2 * (DEPTH - 2)

    @cached_property
    def _types(self) -> frozenset[str]:
        return frozenset(self.event_types)

    def _judge(self, raw: bytes | str, strict: bool) -> Verdict:
        return judge(raw, self._nodes, self._types, self._validate, strict=strict)
