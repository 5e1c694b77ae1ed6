"""What is wrong with a document, told by the schema itself: asked only when the models have refused it."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .fault import Fault, FaultCode
from .wire import UNCARRIED, finite
from .words import bounded, choices, quote, sized, suggestion

Node = Mapping[str, Any]
PREFIX = "#/$defs/"
OPAQUE = {"Json": "any JSON", "JsonNotNull": "any JSON but null", "JsonObject": "an object"}


class Extra:
    """A member that the contract does not know, and the object that holds it."""

    def __init__(self, fault: Fault, owner: dict[str, Any], name: str) -> None:
        self.fault = fault
        self.owner = owner
        self.name = name


class Check:
    """One look at one document. `faults` and `extras` are what it found."""

    def __init__(self, schema: Node) -> None:
        self.schema = schema
        self.faults: list[Fault] = []
        self.extras: list[Extra] = []

    def event(self, document: Any) -> None:
        """Judge a document against the union of all events."""
        self._value(self.schema, document, "")

    def unknown(self, document: dict[str, Any], envelope: str = "Envelope") -> None:
        """Judge the envelope of an event whose type nobody knows; all else need only be JSON."""
        known = {**self._properties({"$ref": PREFIX + envelope}), "payload": {"$ref": PREFIX + "JsonObject"}}
        known.setdefault("type", {"type": "string", "pattern": "^[a-z][a-z0-9_]{0,63}$"})
        required = {"type", "payload", *self._resolve({"$ref": PREFIX + envelope}).get("required", ())}
        for name, node in known.items():
            if name in document:
                self._value(node, document[name], below("", name))
            elif name in required:
                self._missing(name, node, "")
        # Nothing is removed from an unknown event, so that what nobody declared has to be JSON as well.
        free = [(below("", name), document[name]) for name in document.keys() - known.keys()]
        free += [(extra.fault.pointer, extra.owner[extra.name]) for extra in self.extras]
        for pointer, value in free:
            if not finite(value):
                self._fault(pointer, "type", UNCARRIED)

    def _fault(self, pointer: str, code: FaultCode, message: str) -> None:
        self.faults.append(Fault(pointer, code, message))

    def _resolve(self, node: Node) -> Node:
        while "$ref" in node:
            node = self.schema["$defs"][_name(node)]
        return node

    def _properties(self, node: Node) -> dict[str, Node]:
        """The members of an object, those of its mixins first."""
        node = self._resolve(node)
        parts = [self._resolve(part) for part in node.get("allOf", ())]
        return {name: member for part in (*parts, node) for name, member in part.get("properties", {}).items()}

    def _value(self, node: Node, value: Any, pointer: str) -> None:
        while "$ref" in node:
            if _name(node) in OPAQUE:
                return self._opaque(_name(node), value, pointer)
            node = self.schema["$defs"][_name(node)]
        if "oneOf" in node:
            return self._union(node, value, pointer)
        if "const" in node or "enum" in node:
            if not any(_same(value, one) for one in _choices(node)):
                self._refuse(node, value, pointer, names=_choices(node))
            return None
        return _BY_TYPE[node["type"]](self, node, value, pointer)

    def _refuse(
        self, node: Node, value: Any, pointer: str, names: Sequence[Any] = (), code: FaultCode = "type"
    ) -> None:
        absent = "; leave the member out instead" if value is None and pointer else ""
        told = f"{quote(value)} is not {self._expected(node)}{absent}{suggestion(value, names)}"
        self._fault(pointer, code, UNCARRIED if isinstance(value, float) and not finite(value) else told)

    def _missing(self, name: str, node: Node, pointer: str) -> None:
        self._fault(below(pointer, name), "missing", f"{quote(name)} is missing; expected {self._expected(node)}")

    def _opaque(self, kind: str, value: Any, pointer: str) -> None:
        if (kind == "JsonObject" and not isinstance(value, dict)) or (kind == "JsonNotNull" and value is None):
            self._refuse({"$ref": PREFIX + kind}, value, pointer)
        elif not finite(value):
            self._fault(pointer, "type", UNCARRIED)

    def _string(self, node: Node, value: Any, pointer: str) -> None:
        least, most = node.get("minLength", 0), node.get("maxLength")
        if (
            not isinstance(value, str)
            or len(value) < least
            or (most is not None and len(value) > most)
            or ("pattern" in node and not _matches(node["pattern"], value))
        ):
            self._refuse(node, value, pointer)

    def _number(self, node: Node, value: Any, pointer: str) -> None:
        if (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or not finite(value)
            or (node["type"] == "integer" and value != int(value))
            or ("minimum" in node and value < node["minimum"])
            or ("maximum" in node and value > node["maximum"])
        ):
            self._refuse(node, value, pointer)

    def _boolean(self, node: Node, value: Any, pointer: str) -> None:
        if not isinstance(value, bool):
            self._refuse(node, value, pointer)

    def _array(self, node: Node, value: Any, pointer: str) -> None:
        most = node.get("maxItems")
        if (
            not isinstance(value, list)
            or len(value) < node.get("minItems", 0)
            or (most is not None and len(value) > most)
        ):
            return self._refuse(node, value, pointer)
        for index, item in enumerate(value):
            self._value(node["items"], item, below(pointer, index))
        return None

    def _object(self, node: Node, value: Any, pointer: str) -> None:
        if not isinstance(value, dict):
            return self._refuse(node, value, pointer)
        others = node.get("additionalProperties")
        if isinstance(others, dict):
            for name, member in value.items():
                self._value(others, member, below(pointer, name))
            return None
        known = self._properties(node)
        for name, member in value.items():
            if name in known:
                self._value(known[name], member, below(pointer, name))
            else:
                told = f"{quote(name)} is not a member here{suggestion(name, known)}"
                self.extras.append(Extra(Fault(below(pointer, name), "extra", told), value, name))
        for part in (*node.get("allOf", ()), node):
            for name in self._resolve(part).get("required", ()):
                if name not in value:
                    self._missing(name, known[name], pointer)
        return None

    def _union(self, node: Node, value: Any, pointer: str) -> None:
        if not _is_tagged(node):
            text, items = node["oneOf"]
            if not isinstance(value, str | list):
                return self._refuse(node, value, pointer)
            return self._value(text if isinstance(value, str) else items, value, pointer)
        if not isinstance(value, dict):
            return self._refuse(node, value, pointer)
        tag, members = self._members(node)
        given = value.get(tag)
        if isinstance(given, str) and given in members:
            return self._value(members[given], value, pointer)
        names = {"enum": list(members)}
        if tag in value:
            return self._refuse(names, given, below(pointer, tag), names=list(members), code="tag")
        return self._missing(tag, names, pointer)

    def _members(self, node: Node) -> tuple[str, dict[str, Node]]:
        """The tag of a union, and its members by the tag's value."""
        members = [self._resolve(member) for member in node["oneOf"]]
        tag = next(
            name
            for name in members[0]["properties"]
            if all("const" in member["properties"].get(name, ()) and name in member["required"] for member in members)
        )
        return tag, {member["properties"][tag]["const"]: member for member in members}

    def _expected(self, node: Node) -> str:
        while "$ref" in node:
            if _name(node) in OPAQUE:
                return OPAQUE[_name(node)]
            node = self.schema["$defs"][_name(node)]
        if "oneOf" in node:
            return "an object" if _is_tagged(node) else "a string or an array"
        if "const" in node or "enum" in node:
            return choices(_choices(node))
        return _WORDS[node["type"]](node)


def below(pointer: str, step: str | int) -> str:
    """The pointer one step further down (RFC 6901)."""
    return f"{pointer}/{str(step).replace('~', '~0').replace('/', '~1')}"


def _name(node: Node) -> str:
    return str(node["$ref"]).removeprefix(PREFIX)


def _choices(node: Node) -> Sequence[Any]:
    return [node["const"]] if "const" in node else node["enum"]


def _same(one: Any, other: Any) -> bool:
    """Equality of JSON: 1 is 1.0, and true is not 1."""
    return bool(one == other) and isinstance(one, bool) == isinstance(other, bool)


def _is_tagged(node: Node) -> bool:
    return all("$ref" in member for member in node["oneOf"])


def _matches(pattern: str, value: str) -> bool:
    # `$` of Python matches before a trailing newline, `\\Z` does not; a pattern has it unescaped at its end only.
    if pattern.endswith("$") and not pattern.endswith("\\$"):
        pattern = f"{pattern[:-1]}\\Z"
    return re.search(pattern, value) is not None


def _text_words(node: Node) -> str:
    form = f" matching {node['pattern']}" if "pattern" in node else ""
    return sized("a string", "character", node.get("minLength", 0), node.get("maxLength")) + form


_BY_TYPE: Mapping[str, Callable[[Check, Node, Any, str], None]] = {
    "string": Check._string,
    "integer": Check._number,
    "number": Check._number,
    "boolean": Check._boolean,
    "array": Check._array,
    "object": Check._object,
}
_WORDS: Mapping[str, Callable[[Node], str]] = {
    "string": _text_words,
    "integer": lambda node: bounded("an integer", node.get("minimum"), node.get("maximum")),
    "number": lambda node: bounded("a number", node.get("minimum"), node.get("maximum")),
    "boolean": lambda _: "true or false",
    "array": lambda node: sized("an array", "item", node.get("minItems", 0), node.get("maxItems")),
    "object": lambda _: "an object",
}
