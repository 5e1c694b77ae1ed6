"""From the schema's JSON to the model. The schema has passed lint: nothing is checked here."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any, cast

from lockstep_codegen.base import Base, npm_of
from lockstep_codegen.bundle import inherited
from lockstep_codegen.model import Alias, Contract, Definition, Event, Field, Notes, ObjectType, Union, Variant
from lockstep_codegen.type_model import (
    OPAQUE,
    SAFE_INTEGER,
    Boolean,
    Constant,
    Enumeration,
    Integer,
    ListOf,
    MapOf,
    Number,
    Opaque,
    Reference,
    Text,
    TextOrList,
    Type,
)

Node = dict[str, Any]
PREFIX = "#/$defs/"
ENVELOPE = "Envelope"


def build(
    schema: Node,
    *,
    text: str,
    version: str,
    schema_path: str = "schema/events.schema.json",
    package: str = "lockstep_events",
    npm: str | None = None,
    base: Base | None = None,
) -> Contract:
    """The model of a linted schema. `text` is the file as read; its digest and a verbatim copy go into the output."""
    defs: dict[str, Node] = schema["$defs"]
    taken = inherited(schema)
    speaks = base is not None and base.speaks_ag_ui
    named = [_target(member) for member in schema["oneOf"]]
    events = tuple(_event(name, defs, is_custom=speaks and name not in taken) for name in named)
    names = [name for name in _in_order_of_use(schema, defs) if name not in {event.name for event in events}]
    definitions = {name: _definition(name, defs) for name in names if name not in OPAQUE}
    return Contract(
        title=schema["title"],
        id=schema["$id"],
        description=schema["description"],
        version=version,
        digest=f"sha256:{hashlib.sha256(text.encode()).hexdigest()}",
        schema_path=schema_path,
        schema_text=text,
        package=package,
        envelope=_object(ENVELOPE, defs),
        events=events,
        definitions=definitions,
        opaque={name: defs[name]["description"] for name in OPAQUE if name in defs},
        npm=npm or npm_of(package),
        base=base,
        inherited=taken,
    )


def _target(node: Node) -> str:
    return str(node["$ref"]).removeprefix(PREFIX)


def _in_order_of_use(schema: Node, defs: dict[str, Node]) -> list[str]:
    """The definitions as a reader of the union meets them, each before what it is made of."""
    found: dict[str, None] = {}
    waiting: list[Iterator[str]] = [_references(schema["oneOf"])]
    while waiting:
        name = next(waiting[-1], None)
        if name is None:
            waiting.pop()
        elif name not in found:
            found[name] = None
            waiting.append(_references(defs[name]))
    return list(found)


def _references(node: Any) -> Iterator[str]:
    """Every `$ref` below `node`, a schema or a list of them, in the order of the text."""
    pending: list[Any] = [node]
    while pending:
        item = pending.pop()
        if isinstance(item, list):
            pending.extend(reversed(cast(Sequence[Any], item)))
        elif isinstance(item, dict):
            members = cast(Node, item)
            if isinstance(members.get("$ref"), str):
                yield _target(members)
            for keyword, value in reversed(members.items()):
                if keyword == "properties":
                    pending.extend(reversed(value.values()))
                elif keyword in ("oneOf", "allOf", "items", "additionalProperties"):
                    pending.append(value)


def _notes(node: Node, defs: dict[str, Node]) -> Notes:
    """A place's own words; its description may come from the definition that it refers to."""
    described = node
    while "description" not in described and "$ref" in described:
        described = defs[_target(described)]
    annotations = {key: value for key, value in node.items() if key.startswith("x-")}
    return Notes(
        description=described.get("description", ""),
        deprecated=bool(node.get("deprecated", False)),
        replaced_by=annotations.get("x-replaced-by"),
        since=annotations.get("x-since"),
        otel=annotations.get("x-otel"),
        ag_ui=annotations.get("x-ag-ui"),
        annotations=annotations,
    )


def _event(name: str, defs: dict[str, Node], *, is_custom: bool) -> Event:
    """`is_custom`: AG-UI carries it under its own name where the schema does not say how."""
    properties: dict[str, Node] = defs[name]["properties"]
    type = properties["type"]["const"]
    usual: Node = {"x-ag-ui": {"custom": f"lockstep/{type}"}} if is_custom else {}
    node: Node = {**usual, **defs[name]}
    return Event(
        name=name,
        type=type,
        mixins=tuple(_object(_target(mixin), defs) for mixin in node["allOf"]),
        own_fields=_fields(node, defs),
        payload=_object(_target(properties["payload"]), defs),
        family=node["x-family"],
        logged=bool(node.get("x-logged", True)),
        notes=_notes(node, defs),
    )


def _definition(name: str, defs: dict[str, Node]) -> Definition:
    node = defs[name]
    if "properties" in node or (
        node.get("type") == "object" and not isinstance(node.get("additionalProperties"), dict)
    ):
        return _object(name, defs)
    if "oneOf" in node and all("$ref" in member for member in node["oneOf"]):
        return _union(name, defs)
    return Alias(name=name, type=_type(node, defs), notes=_notes(node, defs))


def _object(name: str, defs: dict[str, Node]) -> ObjectType:
    node = defs[name]
    return ObjectType(
        name=name, fields=_fields(node, defs), notes=_notes(node, defs), examples=tuple(node.get("examples", ()))
    )


def _fields(node: Node, defs: dict[str, Node]) -> tuple[Field, ...]:
    required = set(node.get("required", ()))
    return tuple(
        Field(name=name, type=_type(member, defs), required=name in required, notes=_notes(member, defs))
        for name, member in node.get("properties", {}).items()
    )


def _union(name: str, defs: dict[str, Node]) -> Union:
    members = [_target(member) for member in defs[name]["oneOf"]]
    tag = tag_of([defs[member] for member in members])
    return Union(
        name=name,
        tag=tag,
        variants=tuple(Variant(tag=defs[member]["properties"][tag]["const"], name=member) for member in members),
        notes=_notes(defs[name], defs),
    )


def tag_of(members: list[Node]) -> str:
    """The one required property that is a constant in every member of a union."""
    (tag,) = constants_shared_by(members)
    return tag


def constants_shared_by(members: list[Node]) -> list[str]:
    """The required properties that are constants in every one of `members`, in the first one's order."""
    return [
        name
        for name in members[0].get("properties", {})
        if all(
            name in member.get("required", ()) and "const" in member.get("properties", {}).get(name, ())
            for member in members
        )
    ]


def _type(node: Node, defs: dict[str, Node]) -> Type:
    if "$ref" in node:
        name = _target(node)
        return Opaque(name) if name in OPAQUE else Reference(name)
    if "const" in node:
        return Constant(node["const"])
    if "enum" in node:
        return Enumeration(tuple(node["enum"]))
    if "oneOf" in node:
        text, items = node["oneOf"]
        return TextOrList(_text(text), _list(items, defs))
    return _BY_TYPE[node["type"]](node, defs)


def _text(node: Node, _defs: dict[str, Node] | None = None) -> Text:
    return Text(node.get("minLength", 0), node.get("maxLength"), node.get("pattern"))


def _list(node: Node, defs: dict[str, Node]) -> ListOf:
    return ListOf(_type(node["items"], defs), node.get("minItems", 0), node.get("maxItems"))


_BY_TYPE: dict[str, Callable[[Node, dict[str, Node]], Type]] = {
    "string": _text,
    "integer": lambda node, _: Integer(node.get("minimum", -SAFE_INTEGER), node.get("maximum", SAFE_INTEGER)),
    "number": lambda node, _: Number(node.get("minimum"), node.get("maximum")),
    "boolean": lambda _node, _: Boolean(),
    "array": _list,
    "object": lambda node, defs: MapOf(_type(node["additionalProperties"], defs)),
}
