"""What a schema that extends another may say, where the linter puts what it may not, and what the base must be."""

import json
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from lockstep_codegen.base import Base, find_base
from lockstep_codegen.build import build
from lockstep_codegen.bundle import bundle, inherited
from lockstep_codegen.errors import UnreadableError
from lockstep_codegen.lint import lint
from lockstep_codegen.pipeline import canonical
from lockstep_codegen.source import parse
from lockstep_codegen.targets import TARGETS
from support.contracts import extending, small

BASE = Base("example_events", "0.1.0", "sha256:0", small())


def found(schema: dict[str, Any], base: Base = BASE) -> list[str]:
    return [str(finding) for finding in lint(parse("x.json", json.dumps(schema, indent=1)), base)]


def changed(**members: Any) -> dict[str, Any]:
    """The extending contract with another field in its payload."""
    schema = extending()
    schema["$defs"]["NoteRemovedPayload"]["properties"]["text"] = {"description": "The note.", **members}
    return schema


def test_an_extension_keeps_the_dialect() -> None:
    assert found(extending()) == []


def test_the_bundle_is_whole_and_knows_whose_what_is() -> None:
    document = bundle(parse("x.json", json.dumps(extending())), BASE).document
    assert [member["$ref"] for member in document["oneOf"]] == ["#/$defs/NoteAddedEvent", "#/$defs/NoteRemovedEvent"]
    assert inherited(document) == small()["$defs"].keys()
    assert "urn:example:events#" not in json.dumps(document)
    assert lint(parse("y.json", json.dumps(document))) == [], "a bundle is a contract of its own"
    again = parse("y.json", json.dumps(document))
    assert bundle(again, BASE) is again


@pytest.mark.parametrize(
    ("reference", "said"),
    [
        ("urn:nobody:events#/$defs/Thing", '"urn:nobody:events#/$defs/Thing" is in no contract that this one extends'),
        ("https://example.com/x.json", '"https://example.com/x.json" is in no contract that this one extends'),
        ("urn:example:events#/$defs/SesionId", 'did you mean "urn:example:events#/$defs/SessionId"?'),
        ("#/$defs/SessionId", 'did you mean "urn:example:events#/$defs/SessionId"?'),
        ("urn:example:events", '"urn:example:events" points at nothing'),
        ("#/$defs/Nothing", '"#/$defs/Nothing" points at nothing'),
        ("urn:example:events#/oneOf/0", "is in no contract that this one extends"),
    ],
)
def test_a_reference_to_nowhere_is_one_line_with_its_place(reference: str, said: str) -> None:
    schema = changed(**{"$ref": reference})
    text = json.dumps(schema, indent=1).split("\n")
    line = next(number for number, each in enumerate(text, 1) if each.strip() == f'"$ref": {json.dumps(reference)}')
    if reference == "urn:example:events":
        line = max(number for number, each in enumerate(text, 1) if json.dumps(reference) in each)
    faults = found(schema)
    assert [each for each in faults if each.startswith(f"x.json:{line}:") and said in each], faults
    assert len(faults) == 1


def test_without_a_base_the_finding_says_what_to_set() -> None:
    findings = [str(finding) for finding in lint(parse("x.json", json.dumps(extending())))]
    outside = [each for each in findings if "REF_LOCAL" in each]
    said = 'name the package of urn:example:events as "extends" in [tool.lockstep]'
    assert len(outside) == 2
    assert all(said in each for each in outside)


def test_nothing_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr("socket.socket.connect", refuse)
    assert found(changed(**{"$ref": "https://example.com/schema.json#/$defs/Thing"}))


def test_every_other_rule_holds_for_what_is_added() -> None:
    (fault,) = found(changed(type="strnig"))
    assert fault.startswith("x.json:")
    assert "TYPE_KNOWN" in fault
    schema = extending()
    schema["$defs"]["NoteRemovedPayload"]["properties"]["session_id"] = {"description": "S.", "type": "string"}
    assert any("NAME_COLLISION" in fault for fault in found(schema)), "the base's envelope has that field"


def test_a_chain_is_told_apart_by_its_urns() -> None:
    middle = bundle(parse("m.json", json.dumps(extending())), BASE).document
    base = Base("more_events", "1.0.0", "sha256:1", middle)
    last = extending("urn:example:last", "urn:example:more", "urn:example:events", "note_read")
    assert found(last, base) == []
    assert list(base.owners) == ["urn:example:events", "urn:example:more"]
    last["$defs"]["NoteReadEvent"]["allOf"] = [{"$ref": "urn:example:more#/$defs/Envelope"}]
    (fault,) = found(last, base)
    assert 'did you mean "urn:example:events#/$defs/Envelope"?' in fault
    last = extending("urn:example:last", "urn:example:events", type="note_read")
    assert any("does not hold the events of 'more_events'" in fault for fault in found(last, base))


def package(folder: Path, name: str, **files: str) -> None:
    (folder / name).mkdir()
    for file, text in files.items():
        (folder / name / file.replace("_", ".", 1)).write_text(text)


def test_a_base_is_found_without_being_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    version = 'raise RuntimeError\nSCHEMA_VERSION: Final = "3.1.4"\n'
    package(tmp_path, "loud_events", schema_json=json.dumps(small()), contract_py=version, __init__="")
    (tmp_path / "loud_events" / "__init__.py").write_text("raise RuntimeError('imported')")
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    base = find_base("loud_events")
    assert (base.package, base.version, base.npm) == ("loud_events", "3.1.4", "loud-events")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("nobody_has_this", "extends 'nobody_has_this': no such package is installed here"),
        ("json", "holds no schema.json"),
        ("sys", "no such package is installed here"),
        ("../acme", "extends '../acme': name an import package"),
        ("empty_events", "is no contract: generate it again"),
        ("unversioned_events", "says no version: generate it again"),
    ],
)
def test_what_is_no_base_is_one_line(name: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package(tmp_path, "empty_events", schema_json="{}")
    package(tmp_path, "unversioned_events", schema_json=json.dumps(small()))
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    with pytest.raises(UnreadableError) as caught:
        find_base(name)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("field", ["examples", "enum", "const", "properties", "items", "required", "title"])
def test_a_field_may_be_called_like_a_keyword(field: str) -> None:
    schema = extending()
    payload = schema["$defs"]["NoteRemovedPayload"]
    payload["properties"][field] = {"$ref": "#/$defs/Thing", "description": "A thing."}
    payload["examples"] = [{"text": "x", field: {"session": "abc"}}]
    session = {"$ref": "urn:example:events#/$defs/SessionId", "description": "Whose."}
    schema["$defs"]["Thing"] = {
        "description": "A thing.", "type": "object", "properties": {"session": session}, "additionalProperties": False,
    }  # fmt: skip
    assert found(schema) == []
    whole = bundle(parse("x.json", json.dumps(schema)), BASE).document
    contract = build(whole, text=canonical(whole), version="0.1.0", package="more_events", base=BASE)
    assert "Thing" in contract.own_definitions
    assert "SessionId" in contract.definitions
    (text,) = (file.text for target in ("python-models",) for file in import_module(TARGETS[target]).render(contract))
    assert "class Thing(Model):" in text
