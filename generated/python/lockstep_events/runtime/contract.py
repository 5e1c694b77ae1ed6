"""A contract as one object: bus, server and integrations are handed one and never name an event of its own."""

import importlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, TypeAlias

from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError

from .check import Check
from .event import Event, UnknownEvent
from .fault import Fault, InvalidEventError
from .nodes import Nodes
from .publisher import Publisher
from .stamp import STAMP
from .text import document, is_deep
from .wire import DEPTH, LIFTED, ROOM, is_object


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a reader makes of one document."""

    verdict: Literal["known", "unknown", "invalid"]
    event: Event | None = None
    """The event, unless the document is invalid."""
    ignored: tuple[str, ...] = ()
    """Pointers of the members that this version does not know and that were left out."""
    faults: tuple[Fault, ...] = ()
    type: str | None = None
    """The event type of an invalid document, when it is a known one."""


Load: TypeAlias = Callable[[], bytes]
SMALL = 256
"""Bytes: what is left of so short an event beside identity, time and names has no room for 65 pairs of brackets."""


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
    make_dispatcher: Callable[[Publisher], Any]
    load_schema: Load

    def parse(self, raw: bytes | str, *, strict: bool = False) -> Event:
        """The event in UTF-8 JSON.

        Strict, it is what the schema says, to the letter. Otherwise members that this version does not know are left
        out, and an event of an unknown type is kept as an `UnknownEvent`. Raises InvalidEventError.
        """
        if self._is_bounded or _is_shallow(raw):
            try:
                event: Event = self._validate(raw)
            except ValidationError as error:
                if not strict and _is_newer(error, raw):
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
        if self._is_bounded or _is_shallow(raw):
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
        if len(raw) > SMALL and not _is_shallow(raw) and is_deep(raw.decode()):
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
    def _types(self) -> frozenset[str]:
        return frozenset(self.event_types)

    def _judge(self, raw: bytes | str, strict: bool) -> Verdict:
        """The long way, for what the models refused or what may be too deep. Raises InvalidEventError for bad text."""
        members = document(raw)
        check = Check(self._nodes)
        type = members.get("type") if is_object(members) else None
        known = isinstance(type, str) and type in self._types
        if is_object(members) and isinstance(type, str) and not known and not strict:
            check.unknown(members)
            return _answer(check, None) if check.faults else Verdict("unknown", UnknownEvent(members))
        check.event(members)
        if strict:
            check.faults += [extra.fault for extra in check.extras]
        if check.faults:
            return _answer(check, type if known else None)
        for extra in check.extras:
            del extra.owner[extra.name]
        lifted = LIFTED.set(True)
        try:
            event: Event = self._validate(json.dumps(members))
        finally:
            LIFTED.reset(lifted)
        return Verdict("known", event, tuple(sorted(extra.fault.pointer for extra in check.extras)))


def _is_newer(error: ValidationError, raw: bytes | str) -> bool:
    """Whether all that is wrong are members that a newer version may have added, and the text is JSON for sure.

    A reader may be older than every event it gets: then this spares it the long way.
    """
    if any(each["type"] != "extra_forbidden" for each in error.errors(include_url=False, include_input=False)):
        return False
    text = raw if isinstance(raw, str) else raw.decode()
    # Pydantic's parser takes NaN and Infinity for numbers.
    return _is_shallow(text) and "NaN" not in text and "Infinity" not in text


def _is_shallow(raw: bytes | str) -> bool:
    """Few brackets, no depth: that answers for nearly every event."""
    if isinstance(raw, str):
        return raw.count("{") + raw.count("[") <= DEPTH
    return raw.count(b"{") + raw.count(b"[") <= DEPTH


def _answer(check: Check, type: str | None) -> Verdict:
    return Verdict("invalid", faults=tuple(sorted(check.faults)), type=type)
