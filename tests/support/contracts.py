"""A small contract in the dialect, to be broken or extended."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
REAL = ROOT / "schema" / "events.schema.json"

SMALL: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "$id": "urn:example:events",
    "title": "AgentEvent",
    "description": "Any event.",
    "oneOf": [{"$ref": "#/$defs/NoteAddedEvent"}],
    "$defs": {
        "SessionId": {"description": "A session.", "type": "string", "pattern": "^[a-z]{1,8}$"},
        "Envelope": {
            "description": "What every event carries.",
            "type": "object",
            "properties": {
                "event_id": {"description": "Its identity.", "type": "string"},
                "session_id": {"$ref": "#/$defs/SessionId", "description": "The session."},
                "timestamp": {"description": "When.", "type": "string"},
            },
            "required": ["event_id", "session_id", "timestamp"],
        },
        "NoteAddedPayload": {
            "description": "The payload of `note_added`.",
            "type": "object",
            "properties": {"text": {"description": "The note.", "type": "string"}},
            "required": ["text"],
            "additionalProperties": False,
            "examples": [{"text": "hello"}],
        },
        "NoteAddedEvent": {
            "description": "Somebody added a note.",
            "type": "object",
            "allOf": [{"$ref": "#/$defs/Envelope"}],
            "properties": {
                "type": {"description": "The type.", "const": "note_added"},
                "payload": {"$ref": "#/$defs/NoteAddedPayload", "description": "What happened."},
            },
            "required": ["type", "payload"],
            "unevaluatedProperties": False,
            "x-family": "notes",
            "x-since": "0.1.0",
        },
    },
}


def small() -> dict[str, Any]:
    """A copy of the small contract, to be changed freely."""
    return deepcopy(SMALL)


def real() -> dict[str, Any]:
    """A copy of the real contract."""
    found: dict[str, Any] = json.loads(REAL.read_text(encoding="utf-8"))
    return found


def extending(
    identity: str = "urn:example:more", base: str = "urn:example:events", root: str = "", type: str = "note_removed"
) -> dict[str, Any]:
    """A contract of one event, `{"text": ...}`, that extends the one whose `$id` is `base`.

    `root` is the `$id` of the contract that has the envelope, when it is another one.
    """
    stem = "".join(word.capitalize() for word in type.split("_"))
    schema = small()
    payload, event = (schema["$defs"][f"NoteAdded{suffix}"] for suffix in ("Payload", "Event"))
    event["allOf"] = [{"$ref": f"{root or base}#/$defs/Envelope"}]
    event["properties"]["type"]["const"] = type
    event["properties"]["payload"]["$ref"] = f"#/$defs/{stem}Payload"
    return {
        **schema,
        "$id": identity,
        "oneOf": [{"$ref": base}, {"$ref": f"#/$defs/{stem}Event"}],
        "$defs": {f"{stem}Payload": payload, f"{stem}Event": event},
    }


def save(schema: object, folder: Path, *, version: str = "0.1.0") -> Path:
    """Write a schema and its VERSION into `folder`; returns the schema's path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "events.schema.json"
    path.write_text(json.dumps(schema, indent=2, ensure_ascii=False), encoding="utf-8")
    (folder / "VERSION").write_text(f"{version}\n", encoding="utf-8")
    return path
