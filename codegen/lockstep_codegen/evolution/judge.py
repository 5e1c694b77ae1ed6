"""The judges of a witness: a version's schema as it stands, and the same schema mechanically opened."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple, cast

from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.exceptions import Unresolvable

from lockstep_codegen.evolution.document import Document, Spot
from lockstep_codegen.evolution.rule import Category, Direction
from lockstep_codegen.evolution.shape import Tagged, shape
from lockstep_codegen.evolution.stranger import TYPE_NAME, shared_mixins

TAG = "type"


class NoVerdictError(Exception):
    """The schema cannot judge: a reference to nowhere or in a circle, a pattern that is none."""


class Refusal(NamedTuple):
    """What a reader has against an event: where in the event, and in whose words."""

    path: tuple[str | int, ...]
    message: str


def accepts(schema: Mapping[str, Any], value: Any) -> bool:
    """Whether a value is valid under a schema. Raises NoVerdictError."""
    return not _judged(_validator(schema), value)


def opened(node: Any, names: bool = False) -> Any:
    """A schema without its closed doors: what a tolerant reader holds an event to, once unknown members are dropped.

    `names` when the keys are names and not keywords.
    """
    if isinstance(node, Mapping):
        items = cast(Mapping[str, Any], node).items()
        shut = ("additionalProperties", "unevaluatedProperties")
        return {
            key: value
            if key in ("const", "enum", "examples") and not names
            else opened(value, key in ("properties", "$defs") and not names)
            for key, value in items
            if names or not (key in shut and value is False)
        }
    return [opened(item) for item in cast(Sequence[Any], node)] if isinstance(node, list) else node


class Judge:
    """One version as a reader of events, strict and tolerant."""

    def __init__(self, document: Document) -> None:
        self.document = document
        root = shape(document, document.root).objects
        self.arms: Mapping[str, Spot] = root.arms if isinstance(root, Tagged) and root.tag == TAG else {}
        self.definitions = {False: document.definitions, True: opened(document.definitions, names=True)}
        self.schemas: dict[tuple[str | None, Category, Direction], Mapping[str, Any] | None] = {}
        self.validators: dict[tuple[str | None, Category, Direction], Any] = {}

    def refusals(self, event: Any, category: Category, direction: Direction) -> list[Refusal]:
        """What this reader has against an event; nothing when it accepts it. Raises NoVerdictError."""
        tag = cast(Mapping[str, Any], event).get(TAG) if isinstance(event, Mapping) else None
        name = tag if isinstance(tag, str) else None
        key = (name if name in self.arms else None, category, direction)
        if key not in self.validators:
            schema = self.schema(name, category, direction)
            self.validators[key] = None if schema is None else _validator(schema)
        if self.validators[key] is None:
            return [Refusal((TAG,), f"{tag!r} is not a known type")]
        return _judged(self.validators[key], event)

    def schema(self, tag: str | None, category: Category, direction: Direction) -> Mapping[str, Any] | None:
        """The schema that this reader holds events of one type to; None when it refuses the type.

        An unknown type is refused by a strict reader, and by a new reader of an old log, which knew it once; an old
        tolerant reader keeps it as unknown when its envelope is in order.
        """
        key = (tag, category, direction)
        if key not in self.schemas:
            self.schemas[key] = self._schema(tag, category, direction)
        return self.schemas[key]

    def _schema(self, tag: str | None, category: Category, direction: Direction) -> Mapping[str, Any] | None:
        tolerant = category is Category.WIRE_TOLERANT
        if not self.arms:
            node = self.document.schema
        elif tag is not None and tag in self.arms:
            node = self.arms[tag].node
        elif tolerant and direction is Direction.FORWARD:
            node = self._unknown()
        else:
            return None
        body = opened(node) if tolerant else node
        rest = {word: value for word, value in body.items() if word not in ("$defs", "$id")}
        return {**rest, "$defs": self.definitions[tolerant]}

    def _unknown(self) -> Mapping[str, Any]:
        """What is asked of an event of an unknown type: the mixin that all events share, a payload, nothing else."""
        body = {
            "type": "object",
            "properties": {TAG: {"type": "string", "pattern": TYPE_NAME}, "payload": {"type": "object"}},
            "required": [TAG, "payload"],
        }
        return {"allOf": [*({"$ref": f"#{home.pointer}"} for home in shared_mixins(self.document)), body]}


def _validator(schema: Mapping[str, Any]) -> Any:
    """The registry is empty on purpose: without one, the package would fetch remote references from the network."""
    return Draft202012Validator(schema, registry=Registry())


def _judged(validator: Any, value: Any) -> list[Refusal]:
    try:
        return list(_errors(validator, value))
    except (RecursionError, Unresolvable, re.error, OverflowError) as error:
        raise NoVerdictError(str(error)) from None


def _errors(validator: Any, value: Any) -> Iterator[Refusal]:
    waiting = list(validator.iter_errors(value))
    while waiting:
        error = waiting.pop()
        if error.context:
            waiting += error.context
        else:
            yield Refusal(tuple(error.absolute_path), str(error.message))
