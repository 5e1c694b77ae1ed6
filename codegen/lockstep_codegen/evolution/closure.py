"""Everything that a spot of a schema says about values, as one text: equal texts accept the same."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from lockstep_codegen.evolution.document import PREFIX, Document, Spot, canonical

SILENT = ("description", "examples", "deprecated", "title", "$comment", "$id", "$schema", "$defs")


def closure(document: Document, spot: Spot) -> str:
    """A spot and everything that it refers to, as one text without names and annotations."""
    seen: dict[str, str] = {}
    waiting = [("", spot)]
    while waiting:
        name, current = waiting.pop()
        seen[name] = canonical(_bare(current.node))
        for reference in _references(current.node):
            if reference not in seen and reference in document.definitions:
                waiting.append((reference, document.definition(reference)))
    return canonical(seen)


def _bare(node: Any, names: bool = False) -> Any:
    """The node without what says nothing about values; `names` when the keys are names and not keywords."""
    if isinstance(node, Mapping):
        items = cast(Mapping[str, Any], node)
        return {
            key: value if key in ("const", "enum") and not names else _bare(value, key == "properties" and not names)
            for key, value in items.items()
            if names or not (key in SILENT or key.startswith("x-"))
        }
    return [_bare(item) for item in cast(Sequence[Any], node)] if isinstance(node, list) else node


def _references(node: Any, names: bool = False) -> Iterator[str]:
    """What a node refers to; `names` when its keys are names and not keywords."""
    if isinstance(node, Mapping):
        for key, value in cast(Mapping[str, Any], node).items():
            if key == "$ref" and isinstance(value, str):
                yield value.removeprefix(PREFIX)
            elif names or key not in SILENT:
                yield from _references(value, key == "properties" and not names)
    elif isinstance(node, list):
        for item in cast(Sequence[Any], node):
            yield from _references(item)
