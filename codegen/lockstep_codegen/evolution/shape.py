"""What a node of a schema accepts, by JSON type: the one reading of the dialect that the comparison stands on."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from lockstep_codegen.evolution.automaton import Language
from lockstep_codegen.evolution.document import Document, Spot, canonical

ANYTHING = Spot("*", {})
"""What an opaque value holds: one spot for all of them, so that no walk into it goes deeper than one step."""
DEEPEST = 32  # references and unions followed to read one spot
OBJECT = frozenset({"object"})
TYPES = frozenset({"null", "boolean", "number", "string", "array", "object"})
ANNOTATIONS = frozenset({"$schema", "$id", "$defs", "$comment", "title", "description", "examples", "deprecated"})
BY_TYPE: Mapping[str, frozenset[str]] = {
    "string": frozenset({"minLength", "maxLength", "pattern"}),
    "number": frozenset({"minimum", "maximum"}),
    "array": frozenset({"items", "minItems", "maxItems"}),
    "object": frozenset({"properties", "required", "additionalProperties", "unevaluatedProperties", "allOf"}),
}


EVERY_STRING = Language()


@dataclass(frozen=True, slots=True)
class Range:
    """Inclusive bounds; None is open."""

    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """A declared property: its spot, and whether an object must have it."""

    spot: Spot
    required: bool


@dataclass(frozen=True, slots=True)
class Fields:
    """A closed object. `homes` are the objects it is made of, its mixins first."""

    members: Mapping[str, Member]
    homes: tuple[Spot, ...]


@dataclass(frozen=True, slots=True)
class Map:
    """An object with any member names, whose values are all of one kind."""

    values: Spot


@dataclass(frozen=True, slots=True)
class Tagged:
    """A union of closed objects told apart by the constant in `tag`."""

    tag: str
    arms: Mapping[str, Spot]


Objects = Fields | Map | Tagged


@dataclass(frozen=True, slots=True)
class Shape:
    """What is accepted: `types` says which JSON types, the rest narrows each of them."""

    types: frozenset[str] = TYPES
    whole: bool = False
    """Of the numbers, the whole ones only."""
    values: Mapping[str, Any] | None = None
    """The finite list of values, by their canonical text, when there is one."""
    numbers: Range = Range()
    strings: Language = EVERY_STRING
    items: Spot = ANYTHING
    lengths: Range = Range(0)
    objects: Objects = Map(ANYTHING)
    strange: str | None = None
    """What the comparison does not understand here."""


def shape(document: Document, spot: Spot, depth: int = 0) -> Shape:
    """Read one spot, references followed. `depth` counts unions within unions."""
    while (name := document.reference(spot)) is not None and depth <= DEEPEST:
        if extra := sorted(_keywords(spot) - {"$ref"}):
            return _strange(f"$ref with {', '.join(extra)} beside it")
        spot, depth = document.definition(name), depth + 1
    node, keys = spot.node, _keywords(spot)
    if depth > DEEPEST:
        return _strange("references that run in a circle")
    if "oneOf" in node:
        return _union(document, spot, depth) if keys == {"oneOf"} else _strange("oneOf with siblings")
    kind = node.get("type")
    kinds = [kind] if isinstance(kind, str) else list(kind) if kind is not None else sorted(TYPES)
    types = frozenset("number" if one == "integer" else one for one in kinds)
    allowed = {"type", "const", "enum"}.union(*(BY_TYPE.get(one, frozenset()) for one in types))
    if not keys <= allowed or not types <= TYPES:
        return _strange(", ".join(sorted(keys - allowed)) or f"type {kind!r}")
    if "const" in node or "enum" in node:
        return _finite(node, keys)
    return _typed(document, spot, Shape(types=types, whole="integer" in kinds and "number" not in kinds))


def _keywords(spot: Spot) -> set[str]:
    return {key for key in spot.node if key not in ANNOTATIONS and not key.startswith("x-")}


def _strange(what: str) -> Shape:
    return Shape(strange=what)


def _finite(node: Mapping[str, Any], keys: set[str]) -> Shape:
    if "pattern" in keys or not keys <= {"type", "const", "enum"} or {"const", "enum"} <= keys:
        return _strange("const or enum with other constraints")
    values = [node["const"]] if "const" in node else list(node["enum"])
    return Shape(types=frozenset(map(_type_of, values)), values={canonical(value): value for value in values})


def _type_of(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    for kind, name in ((str, "string"), (int | float, "number"), (list, "array"), (dict, "object")):
        if isinstance(value, kind):
            return name
    return "null"


def _typed(document: Document, spot: Spot, found: Shape) -> Shape:
    node = spot.node
    found = replace(
        found,
        numbers=Range(node.get("minimum"), node.get("maximum")),
        strings=Language(node.get("pattern"), node.get("minLength", 0), node.get("maxLength")),
        lengths=Range(node.get("minItems", 0), node.get("maxItems")),
        items=spot.child("items") if "items" in node else ANYTHING,
    )
    return _object(document, spot, found) if "object" in found.types else found


def _object(document: Document, spot: Spot, found: Shape) -> Shape:
    node = spot.node
    if "properties" not in node and "allOf" not in node and not node.get("required"):
        extra = node.get("additionalProperties", True)
        if extra is not False and "unevaluatedProperties" not in node:
            return replace(found, objects=Map(ANYTHING if extra is True else spot.child("additionalProperties")))
    ends = [node[key] for key in ("additionalProperties", "unevaluatedProperties") if key in node]
    if not ends or any(end is not False for end in ends) or ("allOf" in node and "additionalProperties" in node):
        return _strange("an object that is neither closed nor a pure map")
    homes = (*(document.resolve(spot.child("allOf", index)) for index in range(len(node.get("allOf", [])))), spot)
    members: dict[str, Member] = {}
    for home in homes:
        if home is not spot and (strange := _not_a_mixin(home)):
            return _strange(strange)
        for name in home.node.get("properties", {}):
            if name in members:
                return _strange(f"the property {name!r} twice")
            members[name] = Member(home.child("properties", name), False)
    for name in {name for home in homes for name in home.node.get("required", [])}:
        if name not in members:
            return _strange(f"the requirement {name!r}, which is not declared")
        members[name] = replace(members[name], required=True)
    return replace(found, objects=Fields(members, homes))


def _not_a_mixin(home: Spot) -> str | None:
    known = {"type", "properties", "required"}
    keys = _keywords(home)
    if keys <= known and home.node.get("type", "object") == "object":
        return None
    return f"a mixin with {', '.join(sorted(keys - known)) or 'another type'}"


def _union(document: Document, spot: Spot, depth: int) -> Shape:
    arms = [spot.child("oneOf", index) for index in range(len(spot.node["oneOf"]))]
    shapes = [shape(document, arm, depth + 1) for arm in arms]
    strange = next((one.strange for one in shapes if one.strange), None)
    if strange or not arms:
        return _strange(strange or "an empty oneOf")
    if all(isinstance(one.objects, Fields) and one.types == OBJECT for one in shapes):
        tagged = _tagged(document, arms, [one.objects for one in shapes if isinstance(one.objects, Fields)])
        return Shape(types=OBJECT, objects=tagged) if tagged else _strange("a union without a tag")
    if sum(len(one.types) for one in shapes) != len({name for one in shapes for name in one.types}):
        return _strange("a union whose members share a JSON type")
    return _merge(shapes)


def _merge(shapes: Iterable[Shape]) -> Shape:
    """One shape of several that have no JSON type in common."""
    merged = Shape(types=frozenset())
    for one in shapes:
        if one.values is not None:
            return _strange("a union with single values")
        fresh: dict[str, Any] = {"types": merged.types | one.types}
        if "number" in one.types:
            fresh |= {"numbers": one.numbers, "whole": one.whole}
        if "string" in one.types:
            fresh["strings"] = one.strings
        if "array" in one.types:
            fresh |= {"items": one.items, "lengths": one.lengths}
        if "object" in one.types:
            fresh["objects"] = one.objects
        merged = replace(merged, **fresh)
    return merged


def _tagged(document: Document, arms: list[Spot], objects: list[Fields]) -> Tagged | None:
    """The tag is the one required member with another constant in every arm; `type` when there are several."""
    for tag in sorted(objects[0].members, key=lambda name: (name != "type", name)):
        values = [constant(document, one, tag) for one in objects]
        if None not in values and len(set(values)) == len(values):
            return Tagged(tag, dict(zip(map(str, values), arms, strict=True)))
    return None


def constant(document: Document, fields: Fields, name: str) -> str | None:
    """The constant string of a required member, when it has one."""
    member = fields.members.get(name)
    if member is None or not member.required:
        return None
    value = document.resolve(member.spot).node.get("const")
    return value if isinstance(value, str) else None
