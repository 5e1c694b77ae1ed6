"""The one way to write a schema file: two spaces, characters as themselves, the keywords of a node in one order."""

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from lockstep_codegen.errors import UnreadableError
from lockstep_codegen.source import Source, is_array, is_object

_WHAT: Final = ("$schema", "$id", "title", "$ref", "description", "type", "const", "enum", "oneOf", "allOf")
_BOUNDS: Final = ("pattern", "minLength", "maxLength", "minimum", "maximum", "items", "minItems", "maxItems")
_MEMBERS: Final = ("properties", "required", "additionalProperties", "unevaluatedProperties", "examples")
_NOTES: Final = ("deprecated", "x-replaced-by", "x-family", "x-since", "x-logged", "x-otel", "x-ag-ui")
ORDER: Final = (*_WHAT, *_BOUNDS, *_MEMBERS, *_NOTES)
"""Other keywords follow as they stand; `$defs` is last. Definitions, properties and examples keep their order."""
_RANK: Final = {keyword: rank for rank, keyword in enumerate(ORDER)} | {"$defs": len(ORDER) + 1}


def canonical_form(source: Source) -> str:
    """The text of the file as it should be. Raises UnreadableError for a number that JSON cannot carry."""
    try:
        return json.dumps(_node(source.document), indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    except ValueError:
        raise UnreadableError(f"{source.name}: a number is beyond what a double holds: write a smaller one") from None


def _node(node: Any) -> Any:
    """A schema; what is none of the dialect stays as it is, for the linter to name."""
    if not is_object(node):
        return node
    keywords = sorted(node, key=lambda keyword: _RANK.get(keyword, len(ORDER)))
    return {keyword: _WITHIN.get(keyword, _as_it_is)(node[keyword]) for keyword in keywords}


def _named(nodes: Any) -> Any:
    return {name: _node(node) for name, node in nodes.items()} if is_object(nodes) else nodes


def _listed(nodes: Any) -> Any:
    return [_node(node) for node in nodes] if is_array(nodes) else nodes


def _as_it_is(value: Any) -> Any:
    return value


_WITHIN: Final[Mapping[str, Callable[[Any], Any]]] = {
    "$defs": _named,
    "properties": _named,
    "oneOf": _listed,
    "allOf": _listed,
    "items": _node,
    "additionalProperties": _node,
}
"""Where schemas stand within a schema. Everything else, examples and annotations above all, is data."""
