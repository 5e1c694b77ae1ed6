"""Whether a document can be read as a schema at all: every keyword that is read has a value of its kind."""

from collections.abc import Callable, Iterator

from lockstep_codegen.errors import UnreadableError
from lockstep_codegen.source import Source, escape, is_array, is_object

Kind = tuple[str, Callable[[object], bool]]


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _are_texts(value: object) -> bool:
    return is_array(value) and all(isinstance(item, str) for item in value)


def _is_type(value: object) -> bool:
    return value in ("array", "boolean", "integer", "null", "number", "object", "string")


TEXT: Kind = ("a string", _is_text)
COUNT: Kind = ("a number from 0", _is_count)
NUMBER: Kind = ("a number", _is_number)
KINDS: dict[str, Kind] = {
    "$ref": TEXT,
    "pattern": TEXT,
    "type": (
        "a JSON type or a list of them",
        lambda value: _is_type(value) or (is_array(value) and all(map(_is_type, value))),
    ),
    "required": ("a list of strings", _are_texts),
    "enum": ("a list", is_array),
    "minLength": COUNT,
    "maxLength": COUNT,
    "minItems": COUNT,
    "maxItems": COUNT,
    "minimum": NUMBER,
    "maximum": NUMBER,
    "x-reserved-types": ("a list of strings", _are_texts),
}
ONE = ("items", "additionalProperties", "unevaluatedProperties")
CLOSING = ("additionalProperties", "unevaluatedProperties")
"""Where `true` and `false` may stand; elsewhere the dialect has no use for them."""
MANY = ("oneOf", "allOf")
NAMED = ("properties", "$defs")


def demand_schema(source: Source) -> None:
    """Raise UnreadableError with the place of the first thing that is no schema."""
    for pointer, what in _faults(source.document):
        raise UnreadableError(f"{source.place(pointer)}: {what}: this is no JSON Schema")


def _faults(document: object) -> Iterator[tuple[str, str]]:
    waiting: list[tuple[str, object]] = [("", document)]
    while waiting:
        pointer, node = waiting.pop()
        if not is_object(node):
            yield pointer, "a schema is expected, an object"
            continue
        for key, value in node.items():
            here = f"{pointer}/{escape(key)}"
            if key in KINDS and not KINDS[key][1](value):
                yield here, f'"{key}" must be {KINDS[key][0]}'
            elif key in CLOSING and isinstance(value, bool):
                continue
            elif key in ONE:
                waiting.append((here, value))
            elif key in MANY and is_array(value):
                waiting += [(f"{here}/{index}", item) for index, item in enumerate(value)]
            elif key in NAMED and is_object(value):
                waiting += [(f"{here}/{escape(name)}", item) for name, item in value.items()]
            elif key in MANY or key in NAMED:
                yield here, f'"{key}" must be {"a list" if key in MANY else "an object"}'
