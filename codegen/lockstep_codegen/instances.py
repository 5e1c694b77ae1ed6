"""Random instances of a contract: valid by construction, fast, the same for the same seed."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from random import Random
from typing import Any

from lockstep_codegen.errors import CodegenError
from lockstep_codegen.samples import Ends, any_json, integer, number, plain, smallest, text

Schema = Mapping[str, Any]
Maker = Callable[[int], Any]
"""Makes one value; the argument is how deep it stands."""

DEEP = 5  # below this depth only what is required is made, by the shortest way: recursive types end
MOST_EXTRA = 3  # items beyond minItems, and members of a map
ANNOTATIONS = {"$schema", "$id", "$defs", "$comment", "title", "description", "examples", "deprecated"}
OBJECT = {"properties", "required", "additionalProperties", "unevaluatedProperties", "allOf"}
KNOWN = {"type", "const", "enum", "oneOf", "$ref", "items", "pattern", *OBJECT} | {
    f"{end}{what}" for end in ("min", "max") for what in ("Length", "Items", "imum")
}
LOCAL = "#/$defs/"


class InstanceError(CodegenError):
    """No instance can be made: a keyword outside the dialect, a `$ref` to nothing, a type that never ends."""


class Instances:
    """Makes instances of one schema; `random` decides, so one seed is one sequence."""

    def __init__(self, schema: Schema, random: Random, *, minimal: bool = False) -> None:
        """`minimal` leaves out whatever may be left out, and fills in plain words."""
        self.schema = schema
        self.random = random
        self.minimal = minimal
        self.start = DEEP if minimal else 0
        self.definitions: Mapping[str, Schema] = schema.get("$defs", {})
        self.makers: dict[int, tuple[Schema, Maker]] = {}  # the schema is kept so that its id stays its own
        self.named: dict[str, Maker] = {}
        self.heights = _heights(self.definitions)

    def event(self, type: str | None = None) -> dict[str, Any]:
        """One event, of `type` or of any. Raises InstanceError for an unknown type."""
        members: Sequence[Schema] = self.schema.get("oneOf", [])
        if type is not None:
            members = [m for m in members if self.tag(m) == type]
        if not members:
            raise InstanceError(f"there is no event {type!r} in the contract")
        made: dict[str, Any] = self.value(self.random.choice(members))
        return made

    def value(self, node: Schema) -> Any:
        """One value of any node of the schema."""
        return self.maker(node)(self.start)

    def definition(self, node: Schema) -> Schema:
        """The node itself, or the definition it refers to."""
        for _ in range(len(self.definitions) + 1):
            if "$ref" not in node:
                return node
            name = str(node["$ref"])
            if not name.startswith(LOCAL) or name.removeprefix(LOCAL) not in self.definitions:
                raise InstanceError(f"$ref {name!r} leads nowhere: it must name one of $defs")
            node = self.definitions[name.removeprefix(LOCAL)]
        raise InstanceError(f"$ref {node['$ref']!r} runs in a circle")

    def tag(self, member: Schema) -> Any:
        """The `type` of an event."""
        return self.definition(member).get("properties", {}).get("type", {}).get("const")

    def maker(self, node: Schema) -> Maker:
        """The function that makes values of `node`, built once."""
        known = self.makers.get(id(node))
        if known is None:
            # A definition may refer to itself: until its maker is built, a late-bound one stands in.
            self.makers[id(node)] = (node, lambda depth: self.makers[id(node)][1](depth))
            try:
                known = self.makers[id(node)] = (node, self.build(node))
            except CodegenError:
                del self.makers[id(node)]
                raise
        return known[1]

    def build(self, node: Schema) -> Maker:
        strange = [key for key in node if key not in KNOWN and key not in ANNOTATIONS and not key.startswith("x-")]
        if strange:
            raise InstanceError(f"keyword {strange[0]!r} is outside the dialect: no instance can be made")
        if "$ref" in node:
            return self.maker(self.definition(node))
        if "const" in node:
            constant = node["const"]
            return lambda _: constant
        if "enum" in node:
            choices = list(node["enum"])
            return lambda _: self.random.choice(choices)
        if "oneOf" in node:
            return self.union(node["oneOf"])
        if "allOf" in node:
            return self.object(node)
        return self.typed(node)

    def typed(self, node: Schema) -> Maker:
        kind = node.get("type")
        if isinstance(kind, str):
            return self.single(kind, node)
        if kind is None:
            return lambda depth: any_json(self.random, depth, null=True)
        if kind == ["array", "boolean", "number", "object", "string"]:
            return lambda depth: any_json(self.random, depth, null=False)
        makers = [self.single(one, node) for one in kind]
        return lambda depth: self.random.choice(makers)(depth)

    def single(self, kind: str, node: Schema) -> Maker:
        random = self.random
        if kind == "string":
            return self.string(node)
        if kind in ("integer", "number"):
            return self.number(node, whole=kind == "integer")
        if kind == "boolean":
            return lambda _: random.random() < 0.5
        if kind == "array":
            return self.array(node)
        if kind == "object":
            return self.object(node)
        if kind == "null":
            return lambda _: None
        raise InstanceError(f"type {kind!r} is none of JSON's")

    def string(self, node: Schema) -> Maker:
        length, random = Ends(node.get("minLength", 0), node.get("maxLength")), self.random
        if self.minimal and "pattern" not in node:
            word = plain(length)
            return lambda _: word
        make = text(node.get("pattern"), length)
        return lambda _: make(random)

    def number(self, node: Schema, *, whole: bool) -> Maker:
        ends, random = Ends(node.get("minimum"), node.get("maximum")), self.random
        if self.minimal:
            small = smallest(ends, whole=whole)
            return lambda _: small
        make = integer if whole else number
        return lambda _: make(random, ends)

    def union(self, members: Sequence[Schema]) -> Maker:
        makers = [self.maker(member) for member in members]
        heights = [_height(member, self.heights) for member in members]
        if min(heights, default=math.inf) == math.inf:
            raise InstanceError("a union can never be filled: each of its members requires itself")
        shortest = makers[heights.index(min(heights))]
        able = [maker for maker, height in zip(makers, heights, strict=True) if height < math.inf]
        return lambda depth: shortest(depth) if depth >= DEEP else self.random.choice(able)(depth)

    def array(self, node: Schema) -> Maker:
        least = node.get("minItems", 0)
        most = min(node.get("maxItems", math.inf), least + MOST_EXTRA)
        item = self.maker(node.get("items", {}))
        if _height(node.get("items", {}), self.heights) == math.inf:
            most = least
        spread = int(most) - least + 1

        def make(depth: int) -> list[Any]:
            many = least if depth >= DEEP else least + int(self.random.random() * spread)
            return [item(depth + 1) for _ in range(many)]

        return make

    def object(self, node: Schema) -> Maker:
        properties, required = effective(node, self.definition)
        extra = node.get("additionalProperties", False)
        if not properties and extra is not False and "allOf" not in node:
            return self.map({} if extra is True else extra)
        heights = {name: _height(child, self.heights) for name, child in properties.items()}
        endless = next((name for name in required if heights.get(name, 0) == math.inf), None)
        if endless is not None:
            raise InstanceError(f"property {endless!r} can never be filled: its type requires itself")
        makers = [
            (name, maker, name in required)
            for name, child in properties.items()
            if heights[name] < math.inf and (maker := self.member(child, needed=name in required))
        ]
        random = self.random

        def make(depth: int) -> dict[str, Any]:
            share = 0.5 if depth < DEEP else 0.0
            return {n: maker(depth + 1) for n, maker, needed in makers if needed or random.random() < share}

        return make

    def member(self, child: Schema, *, needed: bool) -> Maker | None:
        """A member's maker. A smallest instance does without what cannot be made and need not be there."""
        try:
            return self.maker(child)
        except CodegenError:
            if needed or not self.minimal:
                raise
            return None

    def map(self, values: Schema) -> Maker:
        item = self.maker(values)
        key = text(None, Ends(0, None))
        random = self.random

        def make(depth: int) -> dict[str, Any]:
            many = 0 if depth >= DEEP else int(random.random() * (MOST_EXTRA + 1))
            return {key(random): item(depth + 1) for _ in range(many)}

        return make


def effective(node: Schema, definition: Callable[[Schema], Schema]) -> tuple[dict[str, Schema], set[str]]:
    """The properties and the required names of an object, those of its mixins (`allOf`) included."""
    properties: dict[str, Schema] = {}
    required: set[str] = set(node.get("required", []))
    for mixin in node.get("allOf", []):
        inherited, needed = effective(definition(mixin), definition)
        properties |= inherited
        required |= needed
    return properties | dict(node.get("properties", {})), required


def random_events(schema: Schema, *, seed: int, number: int, type: str | None = None) -> Iterator[dict[str, Any]]:
    """`number` valid events; the same ones for the same schema and seed."""
    instances = Instances(schema, Random(seed))
    for _ in range(number):
        yield instances.event(type)


def _heights(definitions: Mapping[str, Schema]) -> dict[str, float]:
    """For every definition the least depth of a value; infinite when it can never end."""
    heights = dict.fromkeys((LOCAL + name for name in definitions), math.inf)
    changed = True
    while changed:
        changed = False
        for name, node in definitions.items():
            height = _height(node, heights)
            if height < heights[LOCAL + name]:
                heights[LOCAL + name] = height
                changed = True
    return heights


def _height(node: Schema, heights: Mapping[str, float]) -> float:
    if "$ref" in node:
        return heights.get(str(node["$ref"]), math.inf)
    if "oneOf" in node:
        return min((_height(member, heights) for member in node["oneOf"]), default=math.inf)
    if "items" in node:
        return 1 + _height(node["items"], heights) if node.get("minItems", 0) else 0
    inner = [_height(mixin, heights) for mixin in node.get("allOf", [])]
    properties = node.get("properties", {})
    inner += [1 + _height(properties[name], heights) for name in node.get("required", []) if name in properties]
    return max(inner, default=0)
