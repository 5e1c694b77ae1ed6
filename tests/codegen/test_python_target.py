"""The Python package of unusual contracts: it imports, works, and both names and words survive."""

import importlib
import itertools
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from lockstep_codegen.pipeline import contract_of, render
from lockstep_codegen.store import write
from mypy import api
from support.contracts import REAL, save, small

Schema = dict[str, Any]
Load = Callable[[Schema], Any]
NUMBERS = itertools.count(1)


@pytest.fixture
def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Load]:
    """Generates a contract's package under a name of its own and imports it."""
    monkeypatch.setattr(sys, "path", [*sys.path])
    made: list[str] = []

    def generated(schema: Schema) -> Any:
        name = f"unusual_events_{next(NUMBERS)}"
        made.append(name)
        write(render(contract_of(save(schema, tmp_path), package=name)), tmp_path / name)
        sys.path.insert(0, str(tmp_path / name / "python"))
        importlib.invalidate_caches()
        return importlib.import_module(name)

    yield generated
    for module in [module for module in sys.modules if module.partition(".")[0] in made]:
        del sys.modules[module]


def with_payload(properties: Schema, required: list[str], example: Schema, **defs: Schema) -> Schema:
    """The small contract with another payload, and more definitions."""
    schema = small()
    payload = schema["$defs"]["NoteAddedPayload"]
    payload.update(properties=properties, required=required, examples=[example])
    schema["$defs"].update(defs)
    return schema


def described(**node: Any) -> Schema:
    return {"description": "It.", **node}


def reference(name: str) -> Schema:
    return described(**{"$ref": f"#/$defs/{name}"})


def test_the_smallest_contract(load: Load) -> None:
    """No mixin beside the envelope, no JSON value, no union: nothing is imported that is not there."""
    package = load(small())
    recording = importlib.import_module(f"{package.__name__}.testing").SyncRecordingPublisher()
    package.SyncEventDispatcher(recording).session("abc").note_added(text="hello")
    (event,) = recording.events
    assert package.parse_event(package.encode_event(event), strict=True) == event
    assert not hasattr(package, "RunDispatcher")
    (folder,) = package.__path__
    told, errors, code = api.run(["--strict", "--no-incremental", folder])
    assert code == 0, told + errors


def test_a_type_made_of_itself(load: Load) -> None:
    tree = {
        **described(type="object", required=["name"], additionalProperties=False),
        "properties": {
            "name": described(type="string"),
            "children": described(type="array", items=reference("Tree")),
        },
    }
    package = load(with_payload({"tree": reference("Tree")}, ["tree"], {"tree": {"name": "a"}}, Tree=tree))
    assert package.CONTRACT.levels is None

    def nested(levels: int) -> str:
        text = '{"name":"leaf"}'
        for _ in range(levels):
            text = f'{{"name":"n","children":[{text}]}}'
        return f'{{"event_id":"e","session_id":"abc","timestamp":"t","type":"note_added","payload":{{"tree":{text}}}}}'

    event = package.parse_event(nested(30), strict=True)
    assert package.encode_event(event).decode() == nested(30)
    with pytest.raises(package.InvalidEventError, match="nested deeper than 64 levels"):
        package.parse_event(nested(31))
    with pytest.raises(package.InvalidEventError, match="nested deeper than 64 levels"):
        package.parse_event(nested(5000))


def test_a_deprecated_event_warns_whoever_publishes_it(load: Load) -> None:
    schema = small()
    schema["$defs"]["NoteAddedEvent"] |= {"deprecated": True, "x-replaced-by": "note_written"}
    package = load(schema)
    recording = importlib.import_module(f"{package.__name__}.testing").SyncRecordingPublisher()
    with pytest.warns(DeprecationWarning, match=r"note_added is deprecated; use note_written"):
        package.SyncEventDispatcher(recording).note_added(session_id="abc", text="x")
    assert recording.types == ["note_added"]


def test_words_that_python_and_text_trip_over(load: Load) -> None:
    kinds = ['a"b', "c\\d", "naïve – 日本", "{{ x }}"]
    inner = {
        **described(type="object", required=["from"], additionalProperties=False),
        "properties": {"from": described(type="string"), "class": described(type="string", enum=kinds)},
    }
    schema = with_payload(
        {"inner": reference("Inner")}, ["inner"], {"inner": {"from": "x", "class": 'a"b'}}, Inner=inner
    )
    words = 'Ends in a quote", """three""", a \\ and {{ braces }} {% raw %} and \\N{bullet}"'
    schema["$defs"]["NoteAddedEvent"]["description"] = words
    schema["$defs"]["NoteAddedPayload"]["properties"]["inner"]["description"] = words
    schema["$defs"]["Inner"]["properties"]["class"]["description"] = words
    schema["description"] = words
    package = load(schema)
    assert package.EventDispatcher.note_added.__doc__.startswith(words.split(" and")[0])
    assert words in package.EventDispatcher.note_added.__doc__.replace("\n            ", " ")
    made = package.CONTRACT.make("note_added", "abc", {"inner": {"from": "x", "class": "naïve – 日本"}})
    assert (made.payload.inner.from_, made.payload.inner.class_) == ("x", "naïve – 日本")
    assert package.parse_event(package.encode_event(made), strict=True) == made


def test_bounds_of_integers(load: Load) -> None:
    grade = described(type="integer", minimum=1, maximum=6)
    package = load(
        with_payload({"grade": grade, "again": reference("Grade")}, ["grade"], {"grade": 3, "again": 1}, Grade=grade)
    )
    for value, fits in ((1, True), (6, True), (6.0, True), (0, False), (7, False), (1.5, False), (True, False)):
        raw = f'{{"event_id":"e","session_id":"abc","timestamp":"t","type":"note_added","payload":{{"grade":{value}}}}}'
        raw = raw.replace("True", "true")
        assert (package.CONTRACT.read(raw, strict=True).verdict == "known") is fits, value


def test_a_required_null_and_an_optional_one(load: Load) -> None:
    schema = with_payload({"value": reference("Json")}, ["value"], {"value": None}, Json={"description": "Any."})
    package = load(schema)
    recording = importlib.import_module(f"{package.__name__}.testing").SyncRecordingPublisher()
    package.SyncEventDispatcher(recording).note_added(session_id="abc", value=None)
    assert b'"payload":{"value":null}' in package.encode_event(recording.events[0])


def test_two_packages_side_by_side(load: Load) -> None:
    one, other = load(small()), load(small())
    assert one.NoteAddedEvent is not other.NoteAddedEvent
    assert one.CONTRACT.digest == other.CONTRACT.digest
    assert one.CONTRACT.name != other.CONTRACT.name


def test_what_tells_of_itself_needs_its_events(load: Load) -> None:
    """Dispatchers offer tools, steps and the like only where the contract has every event that they publish."""
    own = load(small())
    names = {"tool", "tool_call", "step", "message", "retrying"}
    for dispatcher in (own.EventDispatcher, own.SessionDispatcher, own.SyncSessionDispatcher):
        assert not names & {*dir(dispatcher)}

    schema = json.loads(REAL.read_text("utf-8"))
    schema["$defs"]["RetryAttemptedPayload"]["properties"].pop("delay_ms")
    for example in schema["$defs"]["RetryAttemptedPayload"]["examples"]:
        example.pop("delay_ms")
    schema["oneOf"].remove({"$ref": "#/$defs/WorkflowStepFailedEvent"})
    for unused in ("WorkflowStepFailedEvent", "WorkflowStepFailedPayload"):
        schema["$defs"].pop(unused)
    other = load(schema)
    assert names & {*dir(other.SessionDispatcher)} == {"tool", "tool_call", "message"}
    assert names & {*dir(other.EventDispatcher)} == {"tool"}
    recording = importlib.import_module(f"{other.__name__}.testing").RecordingPublisher()
    with other.EventDispatcher(recording).session("s").tool_call("ls") as call:
        call.result(1)
    assert recording.types == ["tool_call_started", "tool_call_execution_started", "tool_call_result"]
    assert isinstance(recording.events[0], other.ToolCallStartedEvent)
