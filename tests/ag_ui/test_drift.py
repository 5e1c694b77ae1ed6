"""`lockstep doctor --ag-ui`: nothing is missing today, and what upstream adds tomorrow is named."""

import copy
from typing import Any

import pytest
from lockstep_cli.__main__ import main
from lockstep_cli.ag_ui_drift import drift, official_schema
from lockstep_events.ag_ui import CODEC


@pytest.fixture
def official() -> Any:
    return copy.deepcopy(dict(official_schema()))


def test_nothing_has_drifted(official: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert drift(CODEC, official) == []
    assert main(["doctor", "--ag-ui"]) == 0
    assert "all of ag-ui-protocol 1.0.0 is carried both ways" in capsys.readouterr().out


def test_new_members_events_values_and_variants_are_named(official: Any) -> None:
    definitions = official["$defs"]
    definitions["ToolCall"]["properties"]["encryptedValueType"] = {"type": "string"}
    definitions["TextMessageStartEvent"]["properties"]["mood"] = {"anyOf": [{"type": "string"}, {"type": "null"}]}
    definitions["ReasoningEncryptedValueEvent"]["properties"]["subtype"] = {"enum": ["tool-call", "message", "image"]}
    part = {"properties": {"type": {"const": "smell", "default": "smell"}, "source": {"type": "string"}}}
    definitions["SmellPart"] = {**part, "required": ["source"]}
    content = definitions["ToolCallResultEvent"]["properties"]["content"]["anyOf"][1]["items"]["oneOf"]
    content.append({"$ref": "#/$defs/SmellPart"})
    definitions["MeterReadEvent"] = {"properties": {"type": {"const": "METER_READ", "default": "METER_READ"}}}
    official["oneOf"].append({"$ref": "#/$defs/MeterReadEvent"})
    found = drift(CODEC, official)
    assert "TEXT_MESSAGE_START.mood" in found
    assert "MESSAGES_SNAPSHOT.messages[assistant].toolCalls.encryptedValueType" in found
    assert "REASONING_ENCRYPTED_VALUE.subtype=image" in found
    assert "TOOL_CALL_RESULT.content" in found
    assert "METER_READ" in found
    assert all(place.split(".")[0].isupper() for place in found)
