"""Valid documents, drawn from the schema by a seeded random generator."""

import random
from collections.abc import Callable
from functools import cache
from typing import Any

from lockstep_codegen.samples import Ends, text
from verdict.schema import OPAQUE, Node, Schema, is_object, reference

EVENT_ID = "0199a000-0000-7000-8000-00000000000"
# Values at the edge of their pattern; other patterned strings are drawn from the pattern itself.
PATTERNED: dict[str, list[str]] = {
    "EventId": [EVENT_ID + "1", EVENT_ID + "f"],
    "SessionId": ["abc", "Session-1.a_b:c@d", "a" * 128],
    "Timestamp": ["2026-11-23T10:00:00.000Z", "1999-12-31T23:59:59.999Z"],
    "Cursor": ["k3v9q2.0", "0a1b2c3d4e5f.41"],
    "Traceparent": ["00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"],
    "ContractDigest": ["sha256:" + "0123456789abcdef" * 4],
    "JsonPointer": ["", "/a/b", "/a~0b/c~1d", "/0/-"],
}
TEXTS = [
    "abc",
    "x",
    "",
    "two words",
    "naïve – 日本",
    "\U0001f600",
    "line\nbreak",
    'quote"back\\slash',
    "\u2028",
    "__proto__",
]
OPAQUES: list[Any] = [
    1,
    "x",
    {"a": [1, None]},
    [],
    {},
    2.5,
    True,
    {"type": "text"},
    [[[]]],
    {"__proto__": 1},
    2**53 + 1,
    -0.0,
]


@cache
def _maker(pattern: str) -> Callable[[random.Random], str]:
    return text(pattern, Ends(None, None))


class Documents:
    """Draws valid events; the same seed draws the same ones."""

    def __init__(self, schema: Schema, chance: random.Random) -> None:
        self.schema = schema
        self.chance = chance

    def event(self, name: str) -> dict[str, Any]:
        document: dict[str, Any] = self.value({"$ref": f"#/$defs/{name}"}, depth=0)
        return document

    def value(self, node: Node, depth: int) -> Any:
        name = reference(node)
        if name in PATTERNED:
            return self.chance.choice(PATTERNED[name])
        if name in OPAQUE:
            return self.opaque(name)
        node = self.schema.resolve(node)
        if "const" in node:
            return node["const"]
        if "enum" in node:
            return self.chance.choice(node["enum"])
        if "oneOf" in node:
            return self.value(self.chance.choice(node["oneOf"]), depth)
        return getattr(self, f"_{node['type']}")(node, depth)

    def opaque(self, name: str) -> Any:
        if name == "JsonObject":
            return {key: self.chance.choice(OPAQUES) for key in self.chance.sample(["a", "b~/c", "é", "0"], 2)}
        return self.chance.choice([*OPAQUES, None] if name == "Json" else OPAQUES)

    def _string(self, node: Node, _depth: int) -> str:
        if "pattern" in node:
            return _maker(node["pattern"])(self.chance)
        least: int = node.get("minLength", 0)
        most: int = node.get("maxLength", 1000)
        fitting = [each for each in TEXTS if least <= len(each) <= most]
        return self.chance.choice(fitting or ["x" * least])

    def _integer(self, node: Node, depth: int) -> float:
        whole: list[float] = [self._number(node, depth), float(node.get("minimum", 3)), node.get("maximum", 7)]
        return self.chance.choice(whole)

    def _number(self, node: Node, _depth: int) -> float:
        low: float = node.get("minimum", -1000)
        high: float = node.get("maximum", 1000)
        fitting: list[float] = [n for n in (0, 1, 3, 500, -1, low, high) if low <= n <= high]
        return self.chance.choice(fitting)

    def _boolean(self, _node: Node, _depth: int) -> bool:
        return self.chance.random() < 0.5

    def _array(self, node: Node, depth: int) -> list[Any]:
        least = node.get("minItems", 0)
        most = min(node.get("maxItems", 3), max(least, 3 if depth < 4 else 0))
        return [self.value(node["items"], depth + 1) for _ in range(self.chance.randint(least, most))]

    def _object(self, node: Node, depth: int) -> dict[str, Any]:
        properties, required = self.schema.properties(node), self.schema.required(node)
        if not properties:
            items = node.get("additionalProperties")
            return {key: self.value(items, depth + 1) for key in ("k", "a/b")} if is_object(items) else {}
        # Deep down only what is required: recursive types end.
        share = self.chance.choice([0.2, 1.0]) if depth < 4 else 0.0
        drawn = [name for name in properties if name in required or self.chance.random() < share]
        self.chance.shuffle(drawn)
        return {name: self.value(properties[name], depth + 1) for name in drawn}
