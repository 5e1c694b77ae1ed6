"""AG-UI 1.0 as its own package tells it: the closed schema, documents that it accepts, near-misses that it rejects."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import ag_ui.core
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from pydantic import TypeAdapter
from support.judge import judge

Json = Any
Schema = dict[str, Any]

NOT_NULL: Schema = {"type": ["array", "boolean", "number", "object", "string"]}
OPEN = {"AddOperation", "RemoveOperation", "ReplaceOperation", "MoveOperation", "CopyOperation", "TestOperation"}
"""RFC 6902: members that an operation does not define are ignored, not refused."""
NULL_ALLOWED = {("RunAgentInput", "state")}
"""Optional, and any JSON all the same."""


@cache
def closed_schema() -> Schema:
    """The schema that AG-UI 1.0 publishes, from its Python models: closed, without the nulls that those let through."""
    schema: Schema = TypeAdapter(ag_ui.core.Event).json_schema(by_alias=True)
    for name, definition in schema["$defs"].items():
        required = set(definition.get("required", ()))
        for key, node in definition.get("properties", {}).items():
            node.pop("title", None)
            if "const" in node and node.get("default") is not None:
                required.add(key)
            if "anyOf" in node:
                definition["properties"][key] = _without_null(node, null_allowed=(name, key) in NULL_ALLOWED)
        definition["required"] = sorted(required)
        definition["additionalProperties"] = name in OPEN
    return schema


def _without_null(node: Schema, *, null_allowed: bool) -> Schema:
    others: list[Schema] = [each for each in node["anyOf"] if each != {"type": "null"}]
    if others == [{}]:
        return {} if null_allowed else NOT_NULL
    return others[0] if len(others) == 1 else {"anyOf": others}


def definition(name: str) -> Schema:
    found: Schema = closed_schema()["$defs"][name]
    return found


def event_types() -> dict[str, str]:
    """The definition of each event type."""
    mapping: dict[str, str] = closed_schema()["discriminator"]["mapping"]
    return {type: target.rsplit("/", 1)[-1] for type, target in mapping.items()}


@cache
def accepts() -> Any:
    """Whether the closed schema accepts a value as an event."""
    return judge(closed_schema())


TEXT = st.text(max_size=8)
KEYS = st.one_of(st.sampled_from(["a", "b", "constructor", "__proto__", "toString", "x/y", "m~n", ""]), TEXT)
SAFE = 2**53 - 1
NUMBERS = st.one_of(st.integers(-SAFE, SAFE), st.floats(-1e15, 1e15), st.sampled_from([0, 1, -1.5]))
LEAVES = st.one_of(st.none(), st.booleans(), NUMBERS, TEXT)
JSON: SearchStrategy[Json] = st.recursive(
    LEAVES, lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=3)), max_leaves=5
)
OBJECTS = st.dictionaries(KEYS, JSON, max_size=3)
POINTERS = st.lists(st.sampled_from(["a", "b", "0", "-", "~0", "~1", ""]), max_size=3).map(
    lambda steps: "".join(f"/{step}" for step in steps)
)


def documents(type: str | None = None) -> SearchStrategy[dict[str, Json]]:
    """Valid events: of one type, or of any."""
    names = event_types()
    return _value({"$ref": names[type]}) if type else st.sampled_from(sorted(names.values())).flatmap(_object)


def tangles(keys: Mapping[str, SearchStrategy[Json]]) -> SearchStrategy[dict[str, Json]]:
    """Valid events of any type whose ids and names, given by member name, are few: they meet, clash and repeat."""
    return st.sampled_from(sorted(event_types().values())).flatmap(lambda name: fields_of(name, keys))


def inputs() -> SearchStrategy[dict[str, Json]]:
    """Valid RunAgentInputs."""
    return _object("RunAgentInput")


def _value(node: Schema) -> SearchStrategy[Json]:
    if "$ref" in node:
        return _object(node["$ref"].rsplit("/", 1)[-1])
    if "const" in node:
        return st.just(node["const"])
    if "enum" in node:
        return st.sampled_from(node["enum"])
    for union in ("oneOf", "anyOf"):
        if union in node:
            return st.one_of([_value(each) for each in node[union]])
    if node == NOT_NULL:
        return JSON.filter(lambda value: value is not None)
    simple = {"string": POINTERS if "pattern" in node else TEXT, "boolean": st.booleans(), "object": OBJECTS}
    kind = node.get("type")
    if kind == "integer":
        return st.integers(node.get("minimum", -SAFE), node.get("maximum", SAFE))
    if kind == "array":
        return st.lists(_value(node["items"]), min_size=node.get("minItems", 0), max_size=3)
    return simple[kind] if kind else JSON


@cache
def _object(name: str) -> SearchStrategy[dict[str, Json]]:
    return st.deferred(lambda: fields_of(name))


def fields_of(name: str, keys: Mapping[str, SearchStrategy[Json]] | None = None) -> SearchStrategy[dict[str, Json]]:
    """Valid objects of one definition; members named in `keys` take their values from there."""
    node = definition(name)
    own: Mapping[str, SearchStrategy[Json]] = keys or {}
    values = {key: own[key] if key in own else _value(each) for key, each in node["properties"].items()}
    required = {key: values.pop(key) for key in node["required"]}
    return st.fixed_dictionaries(required, optional=values)


def smallest(node: Schema) -> Json:
    """One valid value, with nothing optional in it."""
    if "$ref" in node:
        target = definition(node["$ref"].rsplit("/", 1)[-1])
        return {key: smallest(target["properties"][key]) for key in target["required"]}
    if "const" in node:
        return node["const"]
    for key in ("enum", "oneOf", "anyOf"):
        if key in node:
            return node[key][0] if key == "enum" else smallest(node[key][0])
    kind = node.get("type")
    simple: dict[Any, Json] = {"string": "", "integer": 0, "boolean": False, "object": {}}
    if kind == "array":
        return [smallest(node["items"])] * node.get("minItems", 0)
    return simple.get(kind if isinstance(kind, str) else "string", "")


def each_optional() -> Iterator[tuple[str, dict[str, Json]]]:
    """For every event type: nothing optional, each optional member alone, all of them."""
    for type, name in event_types().items():
        node = definition(name)
        bare = {key: smallest(node["properties"][key]) for key in node["required"]}
        options = {key: smallest(each) for key, each in node["properties"].items() if key not in node["required"]}
        yield f"{type} bare", bare
        for key, value in options.items():
            yield f"{type} with {key}", {**bare, key: value}
        yield f"{type} full", {**bare, **options}


def near_misses() -> Iterator[tuple[str, str, dict[str, Json]]]:
    """For every event type: what one wrong member makes of a full document, and the pointer of that member."""
    for type, name in event_types().items():
        node = definition(name)
        full = {key: smallest(each) for key, each in node["properties"].items()}
        yield f"{type} unknown property", "/fooBar", {**full, "fooBar": 1}
        yield f"{type} snake_case property", "/message_id", {**full, "message_id": "m"}
        for key, each in node["properties"].items():
            if key in node["required"]:
                yield f"{type} without {key}", f"/{key}", {k: v for k, v in full.items() if k != key}
            if each != {}:
                yield f"{type} null {key}", f"/{key}", {**full, key: None}
            if each not in ({}, NOT_NULL):
                wrong: Json = 1.5 if each.get("type") != "string" else 5
                yield f"{type} wrong {key}", f"/{key}", {**full, key: wrong}
            if "enum" in each or "const" in each:
                yield f"{type} other {key}", f"/{key}", {**full, key: "nobody"}
