"""Whether the mapping still carries all of AG-UI: everything that the installed package knows, tried one by one."""

from collections.abc import Iterator, Mapping
from importlib.metadata import version
from typing import Any, TypeAlias

from lockstep_events.runtime.ag_ui import AgUiCodec, AgUiContext

Node: TypeAlias = Mapping[str, Any]
CONTEXT = AgUiContext("drift", "run")
DEPTH = 6
"""Messages hold parts and parts hold sources; nothing in AG-UI goes deeper."""


def official_schema() -> Node:
    """The JSON Schema of every event that the installed `ag-ui-protocol` knows. Raises ImportError without one."""
    import ag_ui.core
    from pydantic import TypeAdapter

    return TypeAdapter[Any](ag_ui.core.Event).json_schema(by_alias=True)


def official_version() -> str:
    """As `ag-ui-protocol 1.0.0`."""
    return f"ag-ui-protocol {version('ag-ui-protocol')}"


def drift(codec: AgUiCodec, official: Node) -> list[str]:
    """What the official package has and the mapping does not, by place: `TEXT_MESSAGE_START.mood`, `METER_READ`."""
    definitions: Mapping[str, Node] = official["$defs"]
    found: dict[str, None] = {}
    for reference in official["oneOf"]:
        event = _target(reference, definitions)
        type: str = event["properties"]["type"]["const"]
        known = "/type" not in {fault.pointer for fault in codec.read({"type": type}, CONTEXT)[1]}
        if not known:
            found[type] = None
            continue
        for path, document in _variants(event, definitions, type, 0):
            if codec.read(document, CONTEXT)[1]:
                found[path] = None
    return list(found)


def _variants(node: Node, definitions: Mapping[str, Node], path: str, depth: int) -> Iterator[tuple[str, Any]]:
    """The smallest value of a type, and every value that differs from it in one place; each with that place."""
    node = _target(node, definitions)
    if "const" in node:
        yield path, node["const"]
    elif "enum" in node:
        yield from ((f"{path}={value}", value) for value in node["enum"])
    elif options := _options(node):
        for option in options:
            yield from _variants(option, definitions, path, depth)
    elif node.get("type") == "array":
        yield path, _smallest(node, definitions)
        if depth < DEPTH:
            yield from ((place, [item]) for place, item in _variants(node["items"], definitions, path, depth + 1))
    elif "properties" in node:
        smallest = _smallest(node, definitions)
        tag = next((f"[{value}]" for key in ("role", "op") if isinstance(value := smallest.get(key), str)), "")
        yield path + tag, smallest
        for name, member in node["properties"].items():
            places = _variants(member, definitions, f"{path}{tag}.{name}", depth + 1)
            yield from ((place, {**smallest, name: value}) for place, value in places)
    else:
        yield path, _smallest(node, definitions)


def _smallest(node: Node, definitions: Mapping[str, Node]) -> Any:
    node = _target(node, definitions)
    if "const" in node:
        return node["const"]
    if "enum" in node:
        return node["enum"][0]
    if options := _options(node):
        return _smallest(options[0], definitions)
    if "properties" in node:
        # Its own constants have defaults in Python, and are required on the wire.
        needed = {*node.get("required", ()), *(name for name, each in node["properties"].items() if _is_tag(each))}
        return {name: _smallest(node["properties"][name], definitions) for name in sorted(needed)}
    if node.get("type") == "array":
        return [_smallest(node["items"], definitions)] * node.get("minItems", 0)
    simple: dict[Any, Any] = {"integer": 0, "number": 0, "boolean": False, "object": {}}
    return simple.get(node.get("type"), "")


def _options(node: Node) -> list[Node]:
    """The members of a union; Python adds null to what is optional, which the wire does not have."""
    members: list[Node] = node.get("anyOf") or node.get("oneOf") or []
    return [member for member in members if member != {"type": "null"}]


def _is_tag(node: Node) -> bool:
    return "const" in node and node.get("default") is not None


def _target(node: Node, definitions: Mapping[str, Node]) -> Node:
    return definitions[node["$ref"].rsplit("/", 1)[-1]] if "$ref" in node else node
