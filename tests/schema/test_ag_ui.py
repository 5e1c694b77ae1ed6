"""Every event and every field of the official AG-UI package has its place in the contract."""

from typing import Any

import pytest
from ag_ui.core import PROTOCOL_VERSION, Event, EventType
from pydantic import TypeAdapter
from support.ag_ui_parity import Parity
from verdict.schema import Node, Schema, contract, examples

OPERATORS = {
    "event": {"event", "custom", "const", "omit"},
    "field": {"rename", "omit", "derive", "json_string", "envelope"},
    "object": {"open"},
}
OFFICIAL: Node = TypeAdapter[Any](Event).json_schema(by_alias=True)


def test_the_official_package_speaks_the_version_that_the_contract_maps() -> None:
    assert PROTOCOL_VERSION == "1.0"


@pytest.mark.parametrize("frame", [each.value for each in EventType])
def test_every_official_event_has_one_home_with_every_field(frame: str) -> None:
    name = OFFICIAL["discriminator"]["mapping"][frame].rpartition("/")[2]
    assert list(Parity(contract(), OFFICIAL).event(frame, OFFICIAL["$defs"][name])) == []


def test_no_event_maps_to_a_frame_that_ag_ui_lacks() -> None:
    official = {each.value for each in EventType}
    for kind, name in contract().events.items():
        notes: Node = contract().definitions[name]["x-ag-ui"]
        if "custom" in notes:
            assert notes == {"custom": f"lockstep/{kind}"}
        else:
            assert notes["event"] in official, kind


def test_a_missing_field_is_named() -> None:
    definitions = dict(contract().definitions)
    payload: Node = definitions["ToolCallStartedPayload"]
    fields = {name: each for name, each in payload["properties"].items() if name != "parent_message_id"}
    definitions["ToolCallStartedPayload"] = payload | {"properties": fields}
    poorer = Schema(contract().document | {"$defs": definitions})
    official: Node = OFFICIAL["$defs"]["ToolCallStartEvent"]
    assert list(Parity(poorer, OFFICIAL).event("TOOL_CALL_START", official)) == [
        "TOOL_CALL_START.parentMessageId: the contract has no field for it"
    ]


def test_operators_are_the_closed_set() -> None:
    for name, node in contract().definitions.items():
        kind = "event" if name in contract().events.values() else "object"
        assert set(node.get("x-ag-ui", {})) <= OPERATORS[kind], name
        for field, member in node.get("properties", {}).items():
            notes: Node = member.get("x-ag-ui", {})
            assert set(notes) <= OPERATORS["field"], f"{name}.{field}"
            assert len(notes) <= 1, f"{name}.{field}"


def test_what_is_made_for_one_viewer_is_no_frame_of_ag_ui() -> None:
    unlogged = {kind for kind, name in contract().events.items() if "x-logged" in contract().definitions[name]}
    assert unlogged == {"session_stream_started", "session_stream_gap", "session_stream_closing"}
    assert unlogged <= examples(contract()).keys()
