"""Which of a module's classes are events, and of which type."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from lockstep_codegen.adopt.models import ModelRow, Models
from lockstep_codegen.adopt.notes import Notes
from lockstep_codegen.adopt.words import snake
from lockstep_codegen.source import is_array, is_object

_TAGS: Final = ("type", "event_type", "event_name", "event", "kind")
"""Fields that say which event it is, if they are constants."""
_TAGS_BY_DEFAULT: Final = _TAGS[:3]
"""Those of which a default is enough: `kind: str = "info"` is no type."""

_DATA: Final = ("properties", "discriminator", "default", "examples")
"""Keywords whose values are no schemas, but for the first."""


@dataclass(frozen=True, slots=True)
class EventClass:
    """A class that becomes one event, or several."""

    row: ModelRow
    node: Mapping[str, Any]
    types: tuple[str, ...]
    """As they are written now; none: the class name says it."""
    tag: str | None
    """The field that says it."""


def find_events(models: Models, notes: Notes) -> list[EventClass]:
    """The events of a module, in its order. What is left out, and why, goes to the notes."""
    every = [_class(row, models) for row in models.rows]
    bases = {base for each in every for base in each.row.bases}
    tagged = [each for each in every if each.types]
    inside = {name for each in tagged for name in _reached(each.row.definition, models)}
    roots = [each for each in tagged if each.row.definition not in inside]
    parents = {base for each in roots for base in each.row.bases}
    members = {each.row.definition for each in roots}
    referred = {name for each in every for name in _reached(each.row.definition, models)}
    found: list[EventClass] = []
    for each in every:
        name = each.row.name
        if each in roots:
            found.append(each)
        elif each.types or name in bases or each.row.definition in inside:
            continue  # a part of an event, or what events inherit from
        elif members & set(_reached(each.row.definition, models)):
            notes.left_out.append(
                (name, "it carries other events: what it adds is the envelope's, or needs a field in each")
            )
        elif each.row.definition in referred:
            continue
        elif roots and not (name.endswith("Event") or parents & set(each.row.bases)):
            notes.left_out.append((name, "it has no type of its own, as the events beside it have"))
        else:
            found.append(each)
    return found


def type_of(written: str, row: ModelRow) -> str:
    """The type in the dialect's spelling."""
    return snake(written) or snake(row.name.removesuffix("Event")) or "happened"


def _class(row: ModelRow, models: Models) -> EventClass:
    node = models.definitions[row.definition]
    for name in _TAGS:
        if name in row.tag:
            return EventClass(row, node, (row.tag[name],), name)
        types = tuple(_types(name, node.get("properties", {}).get(name, {})))
        if types:
            return EventClass(row, node, types, name)
    return EventClass(row, node, (), None)


def _types(name: str, child: Mapping[str, Any]) -> Iterator[str]:
    if isinstance(child.get("const"), str):
        yield child["const"]
    elif name in _TAGS_BY_DEFAULT and isinstance(child.get("default"), str):
        yield child["default"]
    elif name in _TAGS_BY_DEFAULT and all(isinstance(value, str) for value in child.get("enum", [0])):
        yield from child["enum"]


def _reached(definition: str, models: Models) -> set[str]:
    """The definitions that one refers to, at any depth."""
    found: set[str] = set()
    waiting: list[Any] = [models.definitions[definition]]
    while waiting:
        node = waiting.pop()
        if is_array(node):
            waiting += node
        elif is_object(node):
            name = str(node.get("$ref", "")).rpartition("/")[2]
            if name in models.definitions and name not in found:
                found.add(name)
                waiting.append(models.definitions[name])
            # Fields by their values: one may be called `default`.
            waiting += node.get("properties", {}).values()
            waiting += [child for key, child in node.items() if key not in _DATA]
    return found
