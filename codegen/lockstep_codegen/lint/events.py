"""The rules about events: what each is made of, and names that meet nowhere."""

import json
import keyword
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from lockstep_codegen.lint.vocabulary import Fault, children, target_of
from lockstep_codegen.source import is_array, is_object

TYPE: Final = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
DEFINITION: Final = re.compile(r"[A-Z][A-Za-z0-9]*")
FIELD: Final = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")

BROWSER_TYPES: Final = frozenset({"error", "open", "message"})
DISPATCHER_NAMES: Final = frozenset(
    {"session", "publisher", "publish", "tool", "step", "message", "retrying", "tool_call"}
)
MODEL_NAMES: Final = frozenset({"copy", "json", "dict", "construct", "schema", "validate", "parse_obj", "parse_raw"})
TYPESCRIPT_NAMES: Final = frozenset(
    {"Array", "Boolean", "Date", "Error", "Event", "EventSource", "Function", "JSON", "Map", "Number", "Object"}
    | {"Promise", "Record", "Set", "String", "Symbol"}
)
PACKAGE_NAMES: Final = frozenset(
    {"AgentEvent", "Annotated", "BaseDispatcher", "BaseEvent", "BaseEventByType", "Bindable", "Check"}
    | {"ConfigDict", "Contract", "Dispatcher", "EventBase", "EventByType", "EventDispatcher", "EventFields"}
    | {"EventHandler", "EventHandlers", "EventModel", "EventOf", "EventReader", "EventType", "Fault", "FaultCode"}
    | {"Field", "InvalidEventError", "JsonValue", "Literal", "Members", "Model", "ObjectCheck", "OwnEvent"}
    | {"ParsedEvent", "PayloadOf", "Publisher", "ReadOptions", "Receipt", "RunDispatcher", "SessionDispatcher"}
    | {"SyncEventDispatcher", "SyncEventHandler", "SyncPublisher", "SyncRunDispatcher", "SyncSessionDispatcher"}
    | {"TypeAliasType", "UnknownEvent", "Verdict"}
)
"""What the generated packages call their own, in either language."""
HANDLER_TYPES: Final = frozenset({"event", "unknown"})
"""A handler has `on_event` and `on_unknown` of its own."""
STREAM_FIELDS: Final = ("type", "payload")


def check_events(schema: Mapping[str, Any], defs: Mapping[str, Any]) -> Iterator[Fault]:
    """Every event, and the names of everything."""
    members = schema.get("oneOf")
    events = [name for member in members if (name := target_of(member)) in defs] if is_array(members) else []
    for name in events:
        node = defs[name]
        if is_object(node):
            yield from _event(name, node, defs)
    yield from _names(defs)
    yield from _unused(schema, defs)


def _event(name: str, node: Mapping[str, Any], defs: Mapping[str, Any]) -> Iterator[Fault]:
    pointer = f"/$defs/{name}"
    all_of, required = node.get("allOf"), node.get("required")
    mixins = [target_of(member) for member in all_of] if is_array(all_of) else []
    if "Envelope" not in mixins:
        yield Fault("ENVELOPE", pointer, f'{name} is no event: begin it with "allOf": [{{"$ref": "#/$defs/Envelope"}}]')
    if node.get("unevaluatedProperties") is not False:
        yield Fault("OBJECT_CLOSED", pointer, f'{name} is open: add "unevaluatedProperties": false')
    properties = node.get("properties")
    if not is_object(properties):
        return
    for needed in STREAM_FIELDS:
        if needed not in properties or not is_array(required) or needed not in required:
            yield Fault("TYPE_REQUIRED", pointer, f"{name} must declare and require {json.dumps(needed)}")
    kind = properties.get("type")
    yield from _type(name, kind.get("const") if is_object(kind) else None, pointer)
    payload = target_of(properties.get("payload"))
    if payload in defs:
        envelope = {*properties, *(field for mixin in mixins for field in _properties(defs.get(mixin)))}
        yield from _payload(name, payload, defs[payload], envelope)


def _type(name: str, value: Any, pointer: str) -> Iterator[Fault]:
    at = f"{pointer}/properties/type/const"
    if not isinstance(value, str) or not TYPE.fullmatch(value):
        yield Fault("TYPE_NAME", at, f'the type {json.dumps(value)} is not snake_case, like "tool_call_started"')
        return
    expected = "".join(word.capitalize() for word in value.split("_")) + "Event"
    if name != expected:
        yield Fault("EVENT_NAMED", pointer, f"the event of type {json.dumps(value)} is called {expected}, not {name}")
    if value in BROWSER_TYPES:
        yield Fault("NAME_COLLISION", at, f"browsers fire {json.dumps(value)} on an EventSource themselves: rename it")
    elif value in DISPATCHER_NAMES or keyword.iskeyword(value):
        yield Fault("NAME_COLLISION", at, f"the dispatcher cannot have a method {json.dumps(value)}: rename it")
    elif value in HANDLER_TYPES:
        yield Fault("NAME_COLLISION", at, f"every handler has a method on_{value} already: rename the type")


def _payload(event: str, name: str, node: Any, envelope: set[str]) -> Iterator[Fault]:
    pointer = f"/$defs/{name}"
    if name != event.removesuffix("Event") + "Payload":
        yield Fault("PAYLOAD_NAMED", pointer, f"the payload of {event} is called {name}: call it after its event")
    if not is_object(node) or "additionalProperties" not in node:
        yield Fault("OBJECT_CLOSED", pointer, f'{name} is not a closed object: add "additionalProperties": false')
        return
    if not node.get("examples"):
        yield Fault("EXAMPLE_REQUIRED", pointer, f'{name} has no example: add "examples", which every test feeds on')
    for field in _properties(node):
        at = f"{pointer}/properties/{field}"
        if field in envelope:
            said = f"{name} and the envelope both have {json.dumps(field)}"
            yield Fault("NAME_COLLISION", at, f"{said}, and the dispatcher takes both as keywords: rename it")
        elif keyword.iskeyword(field):
            yield Fault("NAME_COLLISION", at, f"{json.dumps(field)} is a Python keyword: rename it")


def _names(defs: Mapping[str, Any]) -> Iterator[Fault]:
    folded: dict[str, str] = {}
    for name, node in defs.items():
        pointer = f"/$defs/{name}"
        if not DEFINITION.fullmatch(name):
            yield Fault("DEFINITION_NAME", pointer, f"the definition {json.dumps(name)} is not PascalCase, in ASCII")
        elif name in TYPESCRIPT_NAMES or keyword.iskeyword(name):
            yield Fault("NAME_COLLISION", pointer, f"{json.dumps(name)} is a global name in TypeScript: rename it")
        elif name in PACKAGE_NAMES:
            yield Fault("NAME_COLLISION", pointer, f"the generated package has its own {json.dumps(name)}: rename it")
        elif (other := folded.setdefault(name.lower(), name)) != name:
            yield Fault("NAME_COLLISION", pointer, f"{json.dumps(name)} and {json.dumps(other)} differ by case alone")
        if is_object(node) and not node.get("description"):
            yield Fault("DESCRIPTION_REQUIRED", pointer, f"{json.dumps(name)} has no description")
        for field in _properties(node):
            at = f"{pointer}/properties/{field}"
            if not FIELD.fullmatch(field):
                yield Fault("FIELD_NAME", at, f"the field {json.dumps(field)} is not snake_case, in ASCII")
            elif field in MODEL_NAMES or field.startswith("model_"):
                yield Fault("NAME_COLLISION", at, f"{json.dumps(field)} is a method of every Pydantic model: rename it")


def _unused(schema: Mapping[str, Any], defs: Mapping[str, Any]) -> Iterator[Fault]:
    todo = [schema]
    used: set[str] = set()
    while todo:
        node = todo.pop()
        name = target_of(node)
        if name and name not in used and is_object(defs.get(name)):
            used.add(name)
            todo.append(defs[name])
        todo += [child for _, child in children(node, "") if is_object(child)]
    for name in defs:
        if name not in used:
            yield Fault("DEFINITION_USED", f"/$defs/{name}", f"nothing refers to {json.dumps(name)}: use or remove it")


def _properties(node: Any) -> Mapping[str, Any]:
    properties = node.get("properties") if is_object(node) else None
    return properties if is_object(properties) else {}
