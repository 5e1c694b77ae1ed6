"""Objects, lists, maps and unions: from what Pydantic says of them to definitions of the dialect."""

import keyword
from collections.abc import Collection, Mapping
from typing import Any, Final

from lockstep_codegen.adopt import scalars
from lockstep_codegen.adopt.notes import Notes
from lockstep_codegen.adopt.words import UNWRITTEN, pascal, sentence, snake
from lockstep_codegen.lint.events import MODEL_NAMES, PACKAGE_NAMES, TYPESCRIPT_NAMES

Node = dict[str, Any]
ANY: Final = f"{scalars.BASE}Json"
OBJECT: Final = f"{scalars.BASE}JsonObject"
_PREFIX: Final = "#/$defs/"


class Shapes:
    """Converts nodes; the definitions that they need are made on the way."""

    def __init__(self, found: Mapping[str, Any], taken: Collection[str], team: str, notes: Notes) -> None:
        """`found` are Pydantic's definitions, `taken` the names that the contract underneath has."""
        self.found = found
        self.made: dict[str, Node] = {}
        self._taken = {name.lower() for name in taken}
        self._team = pascal(team)
        self._names: dict[str, str] = {}
        self._notes = notes

    def claim(self, name: str, where: str) -> str:
        """A name for a definition that no other has, not even in another case."""
        wanted = pascal(snake(name)) if not name.isidentifier() or not name[:1].isupper() or "_" in name else name
        wanted = wanted or "Value"
        chosen = wanted
        if self.is_taken(chosen):
            chosen = f"{self._team}{wanted}"
        number = 2
        while self.is_taken(chosen):
            chosen, number = f"{self._team}{wanted}{number}", number + 1
        if chosen != wanted:
            self._notes.decide(where, f"{name} is called {chosen} here: the name is taken")
        self._taken.add(chosen.lower())
        return chosen

    def is_taken(self, name: str) -> bool:
        """Whether a definition cannot be called so."""
        return name.lower() in self._taken or name in PACKAGE_NAMES or name in TYPESCRIPT_NAMES

    def field(self, node: Mapping[str, Any], where: str, owner: str) -> tuple[Node, bool]:
        """A property without description, and whether it was nullable. `owner` names what it may need of its own."""
        options = node.get("anyOf")
        if not options:
            return self.value(node, where, owner), False
        rest = [option for option in options if option.get("type") != "null"]
        inner = rest[0] if len(rest) == 1 else {**node, "anyOf": rest}
        return self.value(inner, where, owner), len(rest) < len(options)

    def value(self, node: Mapping[str, Any], where: str, owner: str) -> Node:
        """Any node, as the dialect has it."""
        if "x-unreadable" in node:
            return self._json(where, f"is any JSON value: Pydantic has no JSON form for it ({node['x-unreadable']})")
        if "$ref" in node:
            return {"$ref": self.reference(str(node["$ref"]).removeprefix(_PREFIX))}
        if "allOf" in node and len(node["allOf"]) == 1:
            return self.value(node["allOf"][0], where, owner)
        if "const" in node:
            return scalars.choice([node["const"]], where, self._notes)
        if "enum" in node:
            return scalars.choice(list(node["enum"]), where, self._notes)
        if "anyOf" in node or "oneOf" in node:
            return self._union([*node.get("anyOf", ()), *node.get("oneOf", ())], where, owner)
        return self._typed(node, where, owner)

    def reference(self, key: str) -> str:
        """The `$ref` of a definition of Pydantic's, which is made when it is first needed."""
        if key not in self._names:
            node = self.found[key]
            name = self._names[key] = self.claim(str(node.get("title") or key), key)
            self.made[name] = {}  # its place, for types that contain themselves
            self.made[name] = self._definition(name, node)
        return f"{_PREFIX}{self._names[key]}"

    def describe(self, node: Mapping[str, Any], where: str, subject: str) -> str:
        """Its description, or the words that ask for one."""
        said = sentence(node.get("description"), subject)
        if said.startswith(UNWRITTEN):
            self._notes.unwritten_at(where)
        return said

    def members(self, node: Mapping[str, Any], owner: str, where: str, rename: Mapping[str, str]) -> Node:
        """`properties` and `required` of an object; `rename` maps names that another one needs."""
        properties: dict[str, Node] = {}
        required: list[str] = []
        wanted = node.get("required", ())
        for given, child in node.get("properties", {}).items():
            name = self._member_name(given, rename, where, properties)
            at = f"{where}.{name}"
            made, nullable = self.field(child, at, f"{owner}{pascal(name)}")
            if nullable and given in wanted:
                self._notes.decide(at, "may be absent now: it was required and could be null, and nothing is null here")
            if "const" in made or (given in wanted and not nullable):
                required.append(name)  # a constant is always written
            if child.get("default") not in (None, [], {}) and "const" not in made:
                self._notes.decide(at, f"absent no longer means {child['default']!r}: let the writer send it")
            properties[name] = {"description": self.describe(child, at, f"`{name}` of `{where}`"), **made}
        if node.get("additionalProperties") not in (None, False):
            self._notes.decide(where, "is closed here: what its class allowed beyond its fields needs a field")
        return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}

    def _member_name(self, given: str, rename: Mapping[str, str], where: str, others: Collection[str]) -> str:
        name = rename.get(given) or snake(given) or "value"
        if name in MODEL_NAMES or name.startswith("model_") or keyword.iskeyword(name):
            name = f"{name.removeprefix('model_')}_value"
        while name in others:
            name = f"{name}_2"
        if name != given and given not in rename:
            self._notes.decide(f"{where}.{name}", f"was {given!r}: names here are snake_case, and not a method's")
        return name

    def _definition(self, name: str, node: Mapping[str, Any]) -> Node:
        said = {"description": self.describe(node, name, f"`{name}`")}
        if "properties" in node or (node.get("type") == "object" and "additionalProperties" not in node):
            return {**said, **self.members(node, name, name, {})}
        return {**said, **self.value(node, name, name)}

    def _typed(self, node: Mapping[str, Any], where: str, owner: str) -> Node:
        match node.get("type"):
            case "string":
                return self._text(node, where)
            case "integer":
                return scalars.integer(node, where, self._notes)
            case "number":
                return scalars.number(node, where, self._notes)
            case "boolean":
                return {"type": "boolean"}
            case "array":
                return self._array(node, where, owner)
            case "object":
                return self._object(node, where, owner)
            case "null":
                return self._json(where, "is always null: leave the field out")
            case _:
                return {"$ref": ANY}

    def _text(self, node: Mapping[str, Any], where: str) -> Node:
        form = str(node.get("format", ""))
        if form == "date-time":
            self._notes.decide(where, "is UTC to the millisecond, like 2026-01-31T12:00:00.000Z, and nothing else")
            return dict(scalars.TIMESTAMP)
        named = scalars.NAMED.get("uuid" if form.startswith("uuid") else form)
        if named is None:
            return scalars.text(node, where, self._notes)
        name, pattern, meaning = named
        if form == "duration":
            self._notes.decide(where, "is ISO 8601 text: milliseconds in a field that ends in _ms are easier to read")
        if name not in self._names:
            self._names[name] = self.claim(name, where)
            self.made[self._names[name]] = {"description": meaning, "type": "string", "pattern": pattern}
        return {"$ref": f"{_PREFIX}{self._names[name]}"}

    def _array(self, node: Mapping[str, Any], where: str, owner: str) -> Node:
        if node.get("uniqueItems"):
            self._notes.decide(where, "may repeat an item: that each is there once is not checked here")
        items: Mapping[str, Any] = node.get("items") or {}
        parts = node.get("prefixItems")
        if parts:
            same = all(part == parts[0] for part in parts)
            items = parts[0] if same else {}
            if not same:
                self._notes.decide(
                    where, "is a list of any JSON: a tuple of different types needs an object with names"
                )
        made, nullable = self.field(items, where, owner)
        if nullable:
            self._notes.decide(where, "holds no null any more: leave such items out")
        bounds = {bound: node[bound] for bound in ("minItems", "maxItems") if bound in node}
        return {"type": "array", "items": made, **bounds}

    def _object(self, node: Mapping[str, Any], where: str, owner: str) -> Node:
        if "properties" in node:
            name = self.claim(owner, where)
            self.made[name] = {}
            self.made[name] = self._definition(name, node)
            return {"$ref": f"{_PREFIX}{name}"}
        values = node.get("additionalProperties", True)
        if "patternProperties" in node:
            values = next(iter(node["patternProperties"].values()))
        if "propertyNames" in node or "patternProperties" in node:
            self._notes.decide(where, "takes any text as a key: what keys are allowed is not checked here")
        if values is True or values == {}:
            return {"$ref": OBJECT}
        made, nullable = self.field(values, where, owner)
        if nullable:
            self._notes.decide(where, "holds no null any more: leave such keys out")
        return {"type": "object", "additionalProperties": made}

    def _union(self, options: list[Mapping[str, Any]], where: str, owner: str) -> Node:
        kinds = sorted(str(option.get("type")) for option in options)
        if set(kinds) == {"integer", "number"}:
            return {"type": "number"}
        made = [self.value(option, where, f"{owner}{number}") for number, option in enumerate(options, 1)]
        if kinds == ["array", "string"] and len(made) == 2:
            made.sort(key=lambda each: str(each.get("type")), reverse=True)
            return self._named_union(made, where, owner)
        if self._is_tagged(options):
            return self._named_union(made, where, owner)
        if all(each == made[0] for each in made):
            return made[0]
        return self._json(where, "is any JSON value: nothing tells the types apart that it may have; give each object "
                          "a required constant, or choose one type")  # fmt: skip

    def _is_tagged(self, options: list[Mapping[str, Any]]) -> bool:
        """Whether one constant tells the options apart. By Pydantic's words: ours may be in the making."""
        if not all("$ref" in option for option in options):
            return False
        nodes = [self.found[str(option["$ref"]).removeprefix(_PREFIX)] for option in options]
        constants = [
            {name: child["const"] for name, child in node.get("properties", {}).items() if "const" in child}
            for node in nodes
        ]
        shared = [name for name in constants[0] if all(name in each for each in constants)]
        return len(shared) == 1 and len({str(each[shared[0]]) for each in constants}) == len(constants)

    def _named_union(self, members: list[Node], where: str, owner: str) -> Node:
        name = self.claim(owner, where)
        self.made[name] = {"description": self.describe({}, name, f"`{name}`"), "oneOf": members}
        return {"$ref": f"{_PREFIX}{name}"}

    def _json(self, where: str, said: str) -> Node:
        self._notes.decide(where, said)
        return {"$ref": ANY}
