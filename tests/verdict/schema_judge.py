"""The first judge: the schema itself under `jsonschema`, and the wire profile written down once more, plainly."""

import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from jsonschema import Draft202012Validator, ValidationError, validators
from verdict.schema import OPAQUE, Node, Schema, is_array, is_object, reference

DEPTH = 64
UNKNOWN_TYPE = re.compile(r"[a-z][a-z0-9_]{0,63}")


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a judge says of one document: `known`, `unknown` or `invalid`, and the sorted pointers at fault."""

    verdict: str
    faults: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()


def invalid(*faults: str) -> Ruling:
    return Ruling("invalid", tuple(sorted(set(faults))))


class NotADocument(Exception):
    """The bytes break the wire profile as a whole."""


def read(raw: bytes) -> Any:
    """The document of a text, by the wire profile: UTF-8, JSON, no lone surrogates, 64 levels."""
    try:
        text = raw.decode("utf-8")
        document = json.loads(text, parse_constant=_refuse, parse_int=_integer)
    except (ValueError, RecursionError) as error:
        raise NotADocument(str(error)) from error
    if text.count("[") + text.count("{") > DEPTH and _depth(text) > DEPTH:
        raise NotADocument("too deep")
    for escapes in re.finditer(r"((?:\\u[0-9a-fA-F]{4})+)|\\.", text, re.DOTALL):
        units = bytes.fromhex((escapes[1] or "").replace("\\u", ""))
        try:
            units.decode("utf-16-be")
        except UnicodeDecodeError as error:
            raise NotADocument("lone surrogate") from error
    return document


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def _integer(digits: str) -> float:
    return int(digits) if len(digits) < 309 else float(digits)


def _depth(text: str) -> int:
    level = deepest = 0
    for bracket in re.sub(r'"(?:[^"\\]|\\.)*"', "", text, flags=re.DOTALL):
        level += (bracket in "[{") - (bracket in "]}")
        deepest = max(deepest, level)
    return deepest


class SchemaJudge:
    """Rules on documents by the schema: strictly, and as a tolerant reader."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        extend = cast(Any, validators).extend
        plain = extend(Draft202012Validator, {"pattern": _pattern})
        self.plain = plain(schema.document)
        keywords = {"oneOf": self._one_of, "$ref": self._ref, "type": _type}
        self.aware = extend(plain, keywords)(schema.document)
        envelope = {"allOf": [{"$ref": "#/$defs/Envelope"}], "properties": {}, "$defs": schema.definitions}
        self.envelope = self.aware.evolve(schema=envelope)
        self.tags: dict[int, tuple[str, dict[str, str]]] = {}

    def rule(self, raw: bytes) -> tuple[Ruling, Ruling]:
        """The strict and the tolerant ruling."""
        try:
            document = read(raw)
        except NotADocument:
            return invalid(""), invalid("")
        faults, extras = self.faults(document)
        strict = invalid(*faults, *extras) if faults or extras else Ruling("known")
        if self._is_unknown(document):
            return strict, self._unknown(document)
        return strict, invalid(*faults) if faults else Ruling("known", ignored=tuple(sorted(extras)))

    def is_valid(self, document: Any) -> bool:
        """The verdict of the schema as it stands, with ECMAScript's patterns."""
        return bool(self.plain.is_valid(document))

    def faults(self, document: Any, validator: Any = None) -> tuple[set[str], set[str]]:
        """Pointers at fault, and pointers of members that the schema does not know."""
        faults: set[str] = set()
        extras: set[str] = set()
        for error in (validator or self.aware).iter_errors(document):
            place = list(error.absolute_path)
            if error.validator == "required":
                faults |= {pointer(*place, name) for name in error.validator_value if name not in error.instance}
            elif error.validator in ("additionalProperties", "unevaluatedProperties"):
                known = self.schema.properties(error.schema)
                extras |= {pointer(*place, name) for name in error.instance if name not in known}
            else:
                faults.add(pointer(*place))
        return faults, extras

    def _is_unknown(self, document: Any) -> bool:
        kind = document.get("type") if is_object(document) else None
        return isinstance(kind, str) and kind not in self.schema.events

    def _unknown(self, document: dict[str, Any]) -> Ruling:
        faults, extras = self.faults(document, self.envelope)
        if not UNKNOWN_TYPE.fullmatch(document["type"]):
            faults.add("/type")
        if not isinstance(document.get("payload"), dict):
            faults.add("/payload")
        # Nothing is removed from an unknown event, so that what nobody declared has to be JSON as well.
        declared = self.schema.properties(self.schema.definitions["Envelope"])
        free = {pointer(name) for name in document if name not in declared} | extras
        faults |= {place for place in free if not finite(lookup(document, place))}
        return invalid(*faults) if faults else Ruling("unknown")

    # The unions of the dialect, judged by their tag alone: a plain `oneOf` cannot say where the fault is.

    def _one_of(self, validator: Any, members: list[Node], value: Any, union: Node) -> Iterator[ValidationError]:
        if "$ref" not in members[0]:
            if not isinstance(value, str | list):
                yield ValidationError("neither text nor array")
            else:
                yield from validator.descend(value, members[is_array(value)])
            return
        if not is_object(value):
            yield ValidationError("no object")
            return
        tag, variants = self._variants(union)
        given = value.get(tag)
        if not isinstance(given, str) or given not in variants:
            error = ValidationError("tag")
            error.path.append(tag)
            yield error
            return
        yield from validator.descend(value, {"$ref": f"#/$defs/{variants[given]}"})

    def _variants(self, union: Node) -> tuple[str, dict[str, str]]:
        if id(union) not in self.tags:
            tag = self.schema.tag(union)
            names = self.schema.references(union)
            self.tags[id(union)] = tag, {self.schema.tag_value(name, tag): name for name in names}
        return self.tags[id(union)]

    def _ref(self, validator: Any, ref: str, value: Any, _node: Node) -> Iterator[ValidationError]:
        name = reference({"$ref": ref})
        if name in OPAQUE and not finite(value):
            yield ValidationError("not finite")
        else:
            yield from validator.descend(value, self.schema.definitions[name])


def pointer(*steps: str | int) -> str:
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps)


def lookup(document: Any, place: str) -> Any:
    for step in place.split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        document = document[int(name) if is_array(document) else name]
    return document


def finite(value: Any) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    children = value.values() if is_object(value) else value if is_array(value) else ()
    return all(map(finite, children))


def _type(validator: Any, types: Any, value: Any, node: Node) -> Iterator[ValidationError]:
    if isinstance(value, float) and not math.isfinite(value):
        yield ValidationError("not finite")
    else:
        yield from Draft202012Validator.VALIDATORS["type"](validator, types, value, node)


def _pattern(_validator: Any, pattern: str, value: Any, _node: Node) -> Iterator[ValidationError]:
    # Python's `$` also matches before a last newline; JSON Schema's patterns are ECMAScript's, where it does not.
    if isinstance(value, str) and not re.search(pattern.replace("$", r"\Z"), value):
        yield ValidationError("pattern")
