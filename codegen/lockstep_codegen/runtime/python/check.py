"""What is wrong with a document, told by the schema itself: asked only when the models have refused it."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from .fault import Fault, FaultCode
from .nodes import Node, Nodes, is_tagged, opaque, reference, values
from .wire import UNCARRIED, finite, is_array, is_object
from .words import quote, suggestion

UNKNOWN_TYPE = {"type": "string", "pattern": "^[a-z][a-z0-9_]{0,63}$"}
"""What the type of an event that nobody knows looks like, unless the envelope says so itself."""


@dataclass(frozen=True, slots=True)
class Extra:
    """A member that the contract does not know, and the object that holds it."""

    fault: Fault
    owner: dict[str, Any]
    name: str


class Check:
    """One look at one document. `faults` and `extras` are what it found."""

    def __init__(self, nodes: Nodes) -> None:
        self.nodes = nodes
        self.faults: list[Fault] = []
        self.extras: list[Extra] = []

    def event(self, document: Any) -> None:
        """Judge a document against the union of all events."""
        self._value(self.nodes.root, document, "")

    def definition(self, name: str, document: Any) -> None:
        """Judge a document against one definition."""
        self._value(reference(name), document, "")

    def unknown(self, document: dict[str, Any], envelope: str = "Envelope") -> None:
        """Judge the envelope of an event whose type nobody knows; all else need only be JSON."""
        mixin = reference(envelope)
        known = {"type": UNKNOWN_TYPE, **self.nodes.properties(mixin), "payload": reference("JsonObject")}
        self._members(known, [*self.nodes.required(mixin), "type", "payload"], document, "")
        for extra in self.extras:
            if not finite(extra.owner[extra.name]):
                self._fault(extra.fault.pointer, "type", UNCARRIED)

    def _fault(self, pointer: str, code: FaultCode, message: str) -> None:
        self.faults.append(Fault(pointer, code, message))

    def _refuse(self, expected: str, value: Any, pointer: str) -> None:
        absent = "; leave the member out instead" if value is None and pointer else ""
        infinite = isinstance(value, int | float) and not finite(value)
        self._fault(pointer, "type", UNCARRIED if infinite else f"{quote(value)} is not {expected}{absent}")

    def _choose(self, expected: str, value: Any, pointer: str, names: Sequence[Any], code: FaultCode = "type") -> None:
        """As `_refuse`, with the name that a slip may have meant."""
        self._refuse(expected, value, pointer)
        fault = self.faults.pop()
        self._fault(pointer, code, f"{fault.message}{suggestion(value, names)}")

    def _value(self, node: Node, value: Any, pointer: str) -> None:
        node = self.nodes.resolve(node)
        if "oneOf" in node:
            self._union(node, value, pointer)
        elif "const" in node or "enum" in node:
            if not any(_same(value, one) for one in values(node)):
                self._choose(self.nodes.expected(node), value, pointer, values(node))
        elif kind := opaque(node):
            self._opaque(kind, node, value, pointer)
        elif node["type"] == "object":
            self._object(node, value, pointer)
        elif node["type"] == "array":
            self._array(node, value, pointer)
        elif not _SCALARS[node["type"]](node, value):
            self._refuse(self.nodes.expected(node), value, pointer)

    def _opaque(self, kind: str, node: Node, value: Any, pointer: str) -> None:
        if (kind == "JsonObject" and not is_object(value)) or (kind == "JsonNotNull" and value is None):
            self._refuse(self.nodes.expected(node), value, pointer)
        elif not finite(value):
            self._fault(pointer, "type", UNCARRIED)

    def _array(self, node: Node, value: Any, pointer: str) -> None:
        if not is_array(value) or not _sized(value, node.get("minItems", 0), node.get("maxItems")):
            self._refuse(self.nodes.expected(node), value, pointer)
            return
        for index, item in enumerate(value):
            self._value(node["items"], item, below(pointer, index))

    def _object(self, node: Node, value: Any, pointer: str) -> None:
        others = node.get("additionalProperties")
        if not is_object(value):
            self._refuse("an object", value, pointer)
        elif is_object(others):
            for name, member in value.items():
                self._value(others, member, below(pointer, name))
        else:
            self._members(self.nodes.properties(node), self.nodes.required(node), value, pointer)

    def _members(self, known: dict[str, Node], required: Sequence[str], value: dict[str, Any], pointer: str) -> None:
        for name, member in value.items():
            if name in known:
                self._value(known[name], member, below(pointer, name))
            else:
                told = f"{quote(name)} is not a member here{suggestion(name, list(known))}"
                self.extras.append(Extra(Fault(below(pointer, name), "extra", told), value, name))
        for name in required:
            if name not in value:
                self._missing(name, self.nodes.expected(known[name]), pointer)

    def _missing(self, name: str, expected: str, pointer: str) -> None:
        self._fault(below(pointer, name), "missing", f"{quote(name)} is missing; expected {expected}")

    def _union(self, node: Node, value: Any, pointer: str) -> None:
        if is_tagged(node):
            self._tagged(node, value, pointer)
        elif isinstance(value, str):
            self._value(node["oneOf"][0], value, pointer)
        elif is_array(value):
            self._value(node["oneOf"][1], value, pointer)
        else:
            self._refuse(self.nodes.expected(node), value, pointer)

    def _tagged(self, node: Node, value: Any, pointer: str) -> None:
        if not is_object(value):
            self._refuse("an object", value, pointer)
            return
        tag, variants = self.nodes.variants(node)
        given, names = value.get(tag), list(variants)
        expected = self.nodes.expected({"enum": names})
        if isinstance(given, str) and given in variants:
            self._value(variants[given], value, pointer)
        elif tag in value:
            self._choose(expected, given, below(pointer, tag), names, "tag")
        else:
            self._missing(tag, expected, pointer)


def below(pointer: str, step: str | int) -> str:
    """The pointer one step further down (RFC 6901)."""
    return f"{pointer}/{str(step).replace('~', '~0').replace('/', '~1')}"


def _same(one: Any, other: Any) -> bool:
    """Equality of JSON: 1 is 1.0, and true is not 1."""
    return bool(one == other) and isinstance(one, bool) == isinstance(other, bool)


def _sized(value: Any, least: int, most: int | None) -> bool:
    return len(value) >= least and (most is None or len(value) <= most)


def _is_text(node: Node, value: Any) -> bool:
    if not isinstance(value, str) or not _sized(value, node.get("minLength", 0), node.get("maxLength")):
        return False
    return "pattern" not in node or _compiled(node["pattern"]).search(value) is not None


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """Python's `$` also matches before a last newline; a pattern of the dialect has its anchors at the ends only."""
    anchored = pattern.endswith("$") and not pattern.endswith("\\$")
    return re.compile(f"{pattern[:-1]}\\Z" if anchored else pattern, re.ASCII)


def _is_number(node: Node, value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float) or not finite(value):
        return False
    whole = node["type"] == "number" or value == int(value)
    return whole and node.get("minimum", value) <= value <= node.get("maximum", value)


_SCALARS: Mapping[str, Callable[[Node, Any], bool]] = {
    "string": _is_text,
    "integer": _is_number,
    "number": _is_number,
    "boolean": lambda _node, value: isinstance(value, bool),
}
