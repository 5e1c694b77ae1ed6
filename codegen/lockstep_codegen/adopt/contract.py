"""The contract itself: an event for each class, its payload, and the definitions that they need."""

import keyword
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic.alias_generators import to_camel

from lockstep_codegen.adopt.events import EventClass, find_events, type_of
from lockstep_codegen.adopt.example import example
from lockstep_codegen.adopt.models import AdoptError, Models
from lockstep_codegen.adopt.notes import Notes
from lockstep_codegen.adopt.shapes import Shapes
from lockstep_codegen.adopt.words import pascal, sentence
from lockstep_codegen.base import Base
from lockstep_codegen.lint.events import BROWSER_TYPES, DISPATCHER_NAMES, HANDLER_TYPES
from lockstep_codegen.lint.vocabulary import PREFIX
from lockstep_codegen.scaffold.files import FIRST_VERSION, title_of
from lockstep_codegen.scaffold.names import Names
from lockstep_codegen.source import is_array, is_object

Node = dict[str, Any]
_MIXINS: Final = ("Envelope", "Attributed")
_CARRIED: Final = (
    *("event_id", "session_id", "timestamp", "run_id", "agent", "subagent_run_id", "traceparent"),
    *("metadata", "raw_event"),
)
"""Fields of hand-written events that mean what the envelope's fields of the same name mean."""
_PAYLOADS: Final = ("payload", "data", "body")


@dataclass(frozen=True, slots=True)
class Adopted:
    """What became of a module."""

    schema: Node
    events: tuple[tuple[str, str], ...]
    """Type, and the class that it was."""
    notes: Notes


def adopt(models: Models, names: Names, base: Base) -> Adopted:
    """A contract that extends `base`. Raises AdoptError when the module has no events."""
    return _Adoption(models, names, base).contract()


class _Adoption:
    def __init__(self, models: Models, names: Names, base: Base) -> None:
        self._models = models
        self._names = names
        self._base = base
        self._notes = Notes()
        self._shapes = Shapes(models.definitions, base.definitions, names.team, self._notes)
        mixins = [base.definitions[name]["properties"] for name in _MIXINS]
        self._envelope = {name for mixin in mixins for name in mixin} | {"type", "payload"}
        self._shapes.claim(title_of(names), "the union of all events")
        self._types: dict[str, str] = {}

    def contract(self) -> Adopted:
        found = find_events(self._models, self._notes)
        if not found:
            raise AdoptError(f"--from {self._models.target!r} has models, but none that is an event")
        planned = [(type, each) for each in found for type in self._claimed(each)]
        own: dict[str, Node] = {}
        for type, each in planned:
            own |= self._event(type, each)
        used = dict(_used(own, self._shapes.made))
        defs = {**own, **used}
        for type, _ in planned:
            payload = defs[f"{pascal(type)}Payload"]
            payload["examples"] = [example(payload, lambda name: self._resolved(name, defs))]
        identity = str(self._base.schema["$id"])
        members = [{"$ref": f"{PREFIX}{pascal(type)}Event"} for type, _ in planned]
        schema = {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$id": self._names.urn,
            "title": title_of(self._names),
            "description": f"Any event of a session of {self._names.team}: those of Lockstep, and its own.",
            "oneOf": [{"$ref": identity}, *members],
            "$defs": defs,
        }
        return Adopted(schema, tuple((type, each.row.name) for type, each in planned), self._notes)

    def _claimed(self, each: EventClass) -> Iterator[str]:
        """A type for each type of a class: its own, unless that cannot be one here."""
        for written in each.types or (each.row.name.removesuffix("Event"),):
            wanted, named = type_of(written, each.row), type_of(each.row.name.removesuffix("Event"), each.row)
            tries = [wanted, f"{self._names.team}_{wanted}", f"{self._names.team}_{named}"]
            if wanted in self._types:  # two classes of one type: their names tell them apart
                tries.insert(1, named)
            chosen = next(filter(self._is_free, tries), tries[-1])
            while not self._is_free(chosen):
                chosen += "_2"
            if wanted in self._base.types:
                self._notes.decide(
                    chosen,
                    f"was {written!r}: {self._base.package} has that event; publish that one where it says the same",
                )
            elif chosen != written and each.types:
                self._notes.decide(chosen, f"was {written!r}: readers of the old name need both for a while")
            self._types[chosen] = written
            for suffix in ("Payload", "Event"):
                self._shapes.claim(f"{pascal(chosen)}{suffix}", chosen)
            yield chosen

    def _is_free(self, type: str) -> bool:
        """Whether an event may be called so: by every rule of the linter about such names."""
        taken = BROWSER_TYPES | DISPATCHER_NAMES | HANDLER_TYPES | self._base.types | self._types.keys()
        names = [f"{pascal(type)}{suffix}" for suffix in ("Payload", "Event")]
        return type not in taken and not keyword.iskeyword(type) and not any(map(self._shapes.is_taken, names))

    def _event(self, type: str, each: EventClass) -> dict[str, Node]:
        name = pascal(type)
        node, lifted = self._payload(type, each)
        about = self._shapes.describe(each.node, type, f"`{type}`")
        payload = {
            "description": sentence(lifted.get("description"), "") if lifted.get("description")
            else f"The payload of `{type}`.",
            **self._shapes.members(node, name, type, self._renamed(type, node)),
        }  # fmt: skip
        return {
            f"{name}Payload": payload,
            f"{name}Event": {
                "description": about,
                "type": "object",
                "allOf": [{"$ref": f"{self._base.schema['$id']}{PREFIX}{mixin}"} for mixin in _MIXINS],
                "properties": {
                    "type": {"description": "The type of the event.", "const": type},
                    "payload": {"$ref": f"{PREFIX}{name}Payload", "description": "What happened."},
                },
                "required": ["type", "payload"],
                "unevaluatedProperties": False,
                "x-family": self._names.team,
                "x-since": FIRST_VERSION,
                "x-ag-ui": {"custom": f"lockstep/{type}"},
            },
        }

    def _payload(self, type: str, each: EventClass) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
        """The object with the payload's fields, and the class that describes it."""
        properties: dict[str, Any] = {}
        for name, child in each.node.get("properties", {}).items():
            if name == each.tag:
                continue
            if name in _CARRIED and self._is_carried(name, child):
                self._notes.decide(name, "is in the envelope of every event: the payload does not repeat it")
                continue
            properties[name] = child
            if alias := each.row.aliases.get(name):
                said = "was in camelCase on the wire" if alias == to_camel(name) else f"was {alias!r} on the wire"
                self._notes.decide(f"{type}.{name}", said)
        rest = next(iter(properties)) if len(properties) == 1 else ""
        if rest in _PAYLOADS and "$ref" in properties[rest]:
            inner = self._models.definitions[str(properties[rest]["$ref"]).rpartition("/")[2]]
            if "properties" in inner:
                return inner, inner
        return {**each.node, "properties": properties}, {}

    def _is_carried(self, name: str, child: Mapping[str, Any]) -> bool:
        options = child.get("anyOf", [child])
        kinds = {option.get("type") for option in options} - {"null"}
        own: dict[str, set[str | None]] = {
            "metadata": {"object", None}, "raw_event": {"object", None}, "timestamp": {"string", "number", "integer"},
        }  # fmt: skip
        wanted = own.get(name, {"string"})
        return kinds <= wanted and not any("$ref" in option for option in options)

    def _renamed(self, type: str, node: Mapping[str, Any]) -> dict[str, str]:
        """New names for the fields whose names are the envelope's: `source` -> `order_source`."""
        stem = type.rpartition("_")[0] or type
        names = [name for name in node.get("properties", {}) if name in self._envelope]
        for name in names:
            self._notes.decide(f"{type}.{stem}_{name}", f"was {name!r}, which every event's envelope has")
        return {name: f"{stem}_{name}" for name in names}

    def _resolved(self, reference: str, defs: Mapping[str, Node]) -> Mapping[str, Any]:
        name = reference.rpartition("/")[2]
        found: Mapping[str, Any] = defs[name] if reference.startswith(PREFIX) else self._base.definitions[name]
        return found


def _used(own: Mapping[str, Node], made: Mapping[str, Node]) -> Iterator[tuple[str, Node]]:
    """The definitions that events need, in the order in which they were made; the others were tried and given up."""
    reached: set[str] = set()
    waiting: list[Any] = list(own.values())
    while waiting:
        node = waiting.pop()
        if is_array(node):
            waiting += node
        elif is_object(node):
            name = str(node.get("$ref", "")).removeprefix(PREFIX)
            if name in made and name not in reached:
                reached.add(name)
                waiting.append(made[name])
            waiting += node.values()
    return ((name, node) for name, node in made.items() if name in reached)
