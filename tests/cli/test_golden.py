"""`lockstep golden`: the golden events are the schema's examples, and stay it."""

import shutil
from pathlib import Path

import pytest
from lockstep_cli.__main__ import main
from support.contracts import ROOT, save, small


def golden(out: Path, *arguments: str) -> int:
    return main(["golden", "--schema", str(ROOT / "schema/events.schema.json"), "--out", str(out), *arguments])


def test_the_files_are_what_the_schema_says(capsys: pytest.CaptureFixture[str]) -> None:
    assert golden(ROOT / "tests" / "golden", "--check") == 0, capsys.readouterr().out


def test_an_edit_a_missing_file_and_an_orphan_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(ROOT / "tests" / "golden", tmp_path / "golden")
    events = tmp_path / "golden" / "events"
    edited = events / "run_started.1.json"
    edited.write_text(edited.read_text("utf-8").replace("session-1", "session-2"), "utf-8")
    (events / "run_failed.1.json").unlink()
    (events / "nothing.1.json").write_text("{}\n", "utf-8")
    assert golden(tmp_path / "golden", "--check") == 1
    told = capsys.readouterr().out
    assert '-  "session_id": "session-2"' in told
    assert "events/run_failed.1.json (generated)" in told
    assert "events/nothing.1.json (on disk)" in told
    assert told.splitlines()[-1].endswith(f"is stale: 3 files. Run: lockstep golden --out {tmp_path / 'golden'}")
    assert golden(tmp_path / "golden") == 0
    assert (events / "nothing.1.json").exists(), "what no run made is left alone"


def test_an_example_that_goes_takes_its_file_along(tmp_path: Path) -> None:
    schema = small()
    schema["$defs"]["NoteAddedPayload"]["examples"] = [{"text": "one"}, {"text": "two"}]
    out = tmp_path / "golden"
    assert main(["golden", "--schema", str(save(schema, tmp_path)), "--out", str(out)]) == 0
    schema["$defs"]["NoteAddedPayload"]["examples"].pop()
    assert main(["golden", "--schema", str(save(schema, tmp_path)), "--out", str(out)]) == 0
    assert [path.name for path in (out / "events").iterdir()] == ["note_added.1.json"]
