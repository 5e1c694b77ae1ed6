"""`lockstep init --from`: contracts of models as people write them, and what is said about the rest."""

import importlib.util
import json
import sys
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import jsonschema
import pytest
from lockstep_cli.__main__ import main
from lockstep_codegen.adopt import Adopted, AdoptError, adopt, read_models
from lockstep_codegen.base import find_base
from lockstep_codegen.bundle import bundle
from lockstep_codegen.lint import demand, lint
from lockstep_codegen.scaffold import Names, scaffold
from lockstep_codegen.source import Source, load

MODULES = Path(__file__).parent / "adoption"
BASE = find_base("lockstep_events")


def adopted(name: str, folder: Path) -> tuple[Adopted, Source]:
    """The contract of one of the modules, which keeps the dialect."""
    made = adopt(read_models(str(MODULES / name)), Names.of("acme"), BASE)
    path = folder / "events.schema.json"
    path.write_text(scaffold(Names.of("acme"), made.schema)["schema/events.schema.json"], encoding="utf-8")
    source = load(path)
    assert not lint(source, BASE)
    return made, source


def payload(made: Adopted, name: str) -> dict[str, Any]:
    found: dict[str, Any] = made.schema["$defs"][f"{name}Payload"]
    return found


def types(made: Adopted, name: str) -> dict[str, Any]:
    """The properties of a payload, without their words."""
    properties = payload(made, name)["properties"].items()
    return {field: {key: value for key, value in node.items() if key != "description"} for field, node in properties}


def ours(name: str) -> dict[str, str]:
    return {"$ref": f"urn:agui-lockstep:events#/$defs/{name}"}


def own(name: str) -> dict[str, str]:
    return {"$ref": f"#/$defs/{name}"}


def test_a_union_told_apart_by_its_type(tmp_path: Path) -> None:
    made, _ = adopted("chat.py", tmp_path)
    assert made.events == (("message_sent", "MessageSent"), ("message_read", "MessageRead"))
    defs = made.schema["$defs"]
    assert defs["MessageSentEvent"]["description"] == "Somebody said something."
    assert defs["MessageSentEvent"]["x-ag-ui"] == {"custom": "lockstep/message_sent"}
    assert types(made, "MessageSent")["parts"]["items"] == own("MessageSentParts")
    assert defs["MessageSentParts"]["oneOf"] == [own("AcmeTextPart"), own("FilePart")], "ours has a TextPart"
    assert defs["FilePart"]["properties"]["url"] == {
        "description": "where to fetch it.", "type": "string", "maxLength": 2000,
    }  # fmt: skip
    assert defs["FilePart"]["required"] == ["kind", "url"]
    assert payload(made, "MessageSent")["required"] == ["parts"]
    assert types(made, "MessageRead") == {
        "by": {"type": "array", "items": {"type": "string"}}, "at": ours("Timestamp"), "where": {"type": "string"},
    }  # fmt: skip
    said = dict(made.notes.decisions)
    assert said["message_read.where"].startswith("may be absent now")
    assert said["session_id"].startswith("is in the envelope")
    assert dict(made.notes.left_out)["Frame"].startswith("it carries other events")
    assert "message_read" in made.notes.unwritten
    assert "message_sent" not in made.notes.unwritten


def test_money_enums_ids_and_durations(tmp_path: Path) -> None:
    made, _ = adopted("orders.py", tmp_path)
    assert [type for type, _ in made.events] == ["order_placed", "order_cancelled"]
    defs, said = made.schema["$defs"], dict(made.notes.decisions)
    assert types(made, "OrderPlaced")["order"] == own("Uuid")
    assert defs["Line"]["properties"]["sku"]["pattern"] == "^[0-9]{3}-[0-9A-Za-z_]+$"
    assert (defs["Line"]["properties"]["count"]["minimum"], defs["Line"]["properties"]["count"]["maximum"]) == (1, 1000)
    assert defs["Currency"] == {"description": "What is paid in.", "type": "string", "enum": ["EUR", "USD"]}
    assert defs["Money"]["properties"]["amount"]["$ref"] == "#/$defs/Decimal"
    assert types(made, "OrderPlaced")["notes"] == {"type": "object", "additionalProperties": {"type": "string"}}
    assert types(made, "OrderCancelled")["code"] == ours("Json")
    assert types(made, "OrderCancelled")["order_source"] == {"type": "string"}
    for where, words in {
        "order_placed": "was 'order.placed'", "Line.share": "allows 1 itself", "Priority": "give 1, 2 names",
        "order_placed.packing": "milliseconds", "order_placed.tags": "may repeat", "order_placed.notes": "no null",
        "order_placed.priority": "absent no longer means 1", "order_cancelled.order_source": "was 'source'",
        "order_cancelled.code": "nothing tells the types apart",
    }.items():  # fmt: skip
        assert words in said[where], where


def test_what_the_models_write_is_what_the_contract_takes(tmp_path: Path) -> None:
    _, source = adopted("orders.py", tmp_path)
    spec = importlib.util.spec_from_file_location("orders", MODULES / "orders.py")
    assert spec is not None
    assert spec.loader is not None
    orders = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(orders)
    event = orders.OrderPlaced(
        order=UUID(int=7), lines=[orders.Line(sku="123-a", count=1, share=0.5)], due=date(2026, 1, 31),
        total=orders.Money(amount=Decimal("12.50"), currency="EUR"), packing=timedelta(seconds=90),
        placed_at=datetime(2026, 1, 31, 12, 0, 0, 1000, tzinfo=UTC),
    )  # fmt: skip
    written = json.loads(event.model_dump_json(exclude={"type"}))
    assert written.pop("placed_at") == "2026-01-31T12:00:00.001000Z", "the one that is noted: milliseconds"
    schema = demand(source, BASE).document
    validator: Any = jsonschema.Draft202012Validator({"$ref": "#/$defs/OrderPlacedPayload", "$defs": schema["$defs"]})
    assert [error.message for error in validator.iter_errors(written)] == ["'placed_at' is a required property"]


def test_camel_case_and_an_envelope_of_their_own(tmp_path: Path) -> None:
    made, _ = adopted("camel.py", tmp_path)
    assert made.events == (("job_started", "JobStartedEvent"), ("job_failed", "JobFailedEvent"))
    assert types(made, "JobStarted") == {
        "job_name": {"type": "string"},
        "retry_count": {"type": "integer", "minimum": 0, "maximum": 2**53 - 1},
    }
    assert payload(made, "JobStarted")["description"] == "A job begins."
    assert types(made, "JobFailed")["error_detail"] == ours("JsonObject")
    assert payload(made, "JobStarted")["examples"] == [{"job_name": "job_name", "retry_count": 0}]


def test_events_that_only_their_class_names(tmp_path: Path) -> None:
    made, _ = adopted("untagged.py", tmp_path)
    assert [type for type, _ in made.events] == ["robot_moved", "http_call_failed", "battery_low"]
    assert types(made, "HttpCallFailed") == {
        "status": ours("Integer"),
        "schema_version": ours("Integer"),
        "parse": own("HttpCallFailedParse"),
        "retry": ours("Json"),
        "headers": {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "string"}}},
    }
    said = dict(made.notes.decisions)
    assert "is closed here" in said["http_call_failed"]
    assert "no JSON form" in said["http_call_failed.retry"]
    assert payload(made, "BatteryLow")["examples"] == [{}]


def test_names_that_are_taken(tmp_path: Path) -> None:
    made, _ = adopted("clashing.py", tmp_path)
    assert [type for type, _ in made.events] == [
        "acme_tool_call_started", "acme_error", "log_info", "log_warning", "nd_message",
        "acme_agent", "acme_acme", "acme_event", "acme_again",
    ]  # fmt: skip
    said = dict(made.notes.decisions)
    assert "lockstep_events has that event" in said["acme_tool_call_started"]
    assert set(types(made, "AcmeToolCallStarted")) == {"tool"}, "metadata is the envelope's"
    assert set(types(made, "AcmeError")) == {"schema_value", "acme_raw_event", "name_used_value", "acme_agent"}
    assert set(types(made, "LogInfo")) == {"log_type", "json_value"}
    assert said["log_info.log_type"] == "was 'type', which every event's envelope has"


def test_types_that_contain_themselves(tmp_path: Path) -> None:
    made, source = adopted("recursive.py", tmp_path)
    defs = made.schema["$defs"]
    assert defs["FilterChangedFilter"]["oneOf"] == [own("And"), own("Leaf")]
    assert types(made, "FilterChanged")["pet"] == ours("Json")
    assert "Cat" not in defs, "nothing refers to it"
    assert defs["Folder"]["properties"]["parent"]["$ref"] == "#/$defs/Folder"
    assert bundle(source, BASE).document["$defs"]["Folder"]


def test_a_module_inside_a_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made, _ = adopted("acme_app/events.py", tmp_path)
    assert types(made, "Moved")["to"] == own("Place")
    monkeypatch.chdir(MODULES)
    assert adopt(read_models("acme_app.events"), Names.of("acme"), BASE).schema == made.schema


@pytest.mark.parametrize(
    ("module", "events", "some"),
    [
        ("ag_ui.core.events", 31, "text_message_start"),
        ("langchain_core.messages", 13, "human"),
        ("google.genai.types", 100, "live_server_message"),
    ],
)
def test_what_others_have_written(module: str, events: int, some: str, tmp_path: Path) -> None:
    """Packages as they are in the world, and nothing about them is known here."""
    made = adopt(read_models(module), Names.of("acme"), BASE)
    path = tmp_path / "events.schema.json"
    path.write_text(scaffold(Names.of("acme"), made.schema)["schema/events.schema.json"], encoding="utf-8")
    assert not lint(load(path), BASE)
    assert len(made.events) >= events
    assert some in dict(made.events)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("import nowhere\n", "models.py:1: ModuleNotFoundError: No module named 'nowhere'"),
        ("\nclass A(:\n", "models.py:2: SyntaxError: invalid syntax"),
        ("def f():\n    return 1 / 0\nf()\n", "models.py:2: ZeroDivisionError: division by zero"),
        ("import sys\nsys.exit('no')\n", "models.py:2: SystemExit: no"),
        ("import os\nos._exit(3)\n", "ends the process while it is imported: exit code 3"),
        ("x = 1\n", "defines no Pydantic model"),
        ("import time\ntime.sleep(60)\n", "was not imported within 3 seconds"),
        (
            "from pydantic import BaseModel\nclass A(BaseModel):\n    x: 'Missing'\n",
            "cannot be imported: models.py: PydanticUserError",
        ),
    ],
)
def test_a_module_that_cannot_be_read_is_one_line(
    text: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("lockstep_codegen.adopt.models.TIMEOUT_SECONDS", 3.0)
    Path("models.py").write_text(text)
    assert main(["init", "acme", "--from", "models.py"]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.startswith("lockstep init: --from 'models.py'")
    assert error.count("\n") == 1
    assert not Path("acme").exists()


def test_what_is_no_module_is_one_line() -> None:
    with pytest.raises(AdoptError, match=r"there is no such file"):
        read_models("nowhere/models.py")
    with pytest.raises(AdoptError, match=r"ModuleNotFoundError: No module named 'nowhere'"):
        read_models("nowhere.models")


def test_the_terminal_lists_what_is_left_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = set(sys.modules)
    assert main(["init", str(tmp_path / "shop"), "--from", str(MODULES / "orders.py")]) == 0
    said = capsys.readouterr().out
    assert "  order_placed     was OrderPlaced\n" in said
    assert "\nTo look at (" in said
    assert "  order_cancelled.order_source: was 'source', which every event's envelope has\n" in said
    assert "descriptions, which now begin with 'To be written:'\n" in said
    assert said.endswith("The schema keeps the dialect ('lockstep lint').\n")
    text = (tmp_path / "shop/schema/events.schema.json").read_text()
    assert text.count('"To be written: ') == int(said.partition("To write: ")[2].partition(" ")[0])
    assert not [name for name in set(sys.modules) - before if name.endswith("orders")], "read in another process"
