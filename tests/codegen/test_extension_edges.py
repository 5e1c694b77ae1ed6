"""Extensions of contracts that are not ours: small ones, without runs, AG-UI or anything to publish."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from lockstep_codegen.pipeline import contract_of, render
from lockstep_codegen.store import write
from support.contracts import extending, save, small

USE = """
import third_events as third
import tinier_events as tinier
from tinier_events.testing import SyncRecordingPublisher

publisher = SyncRecordingPublisher()
dispatcher = tinier.SyncEventDispatcher(publisher)
dispatcher.note_removed(session_id="abc", text="x")
dispatcher.session("abc").note_added(text="y")
print(publisher.types, tinier.CONTRACT.event_types, tinier.NoteRemovedEvent in tinier.EVENT_CLASSES.values())
print(sorted(third.CONTRACT.unlogged), third.CONTRACT.make("note_seen", "abc", {"text": "t"}).type)
print(hasattr(third.EventDispatcher, "note_seen"), issubclass(third.EventDispatcher, tinier.EventDispatcher))
print(third.CONTRACT.read(b'{"type": "note_seen"}').verdict, third.Every, third.AgentEvent)
"""


def made(folder: Path, schema: dict[str, Any], package: str, extends: str | None) -> None:
    contract = contract_of(save(schema, folder / package / "schema"), package=package, extends=extends)
    write(render(contract), folder / package)


@pytest.fixture
def chain(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three contracts: one alone, one on it under another title, one on that whose only event is not logged."""
    places = [str(tmp_path / name / "python") for name in ("tiny_events", "tinier_events", "third_events")]
    monkeypatch.setattr(sys, "path", [*sys.path, *places])
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(places))
    monkeypatch.setenv("MYPYPATH", os.pathsep.join(places))
    made(tmp_path, small(), "tiny_events", None)
    second = extending() | {"title": "Every"}
    made(tmp_path, second, "tinier_events", "tiny_events")
    third = extending("urn:example:last", "urn:example:more", "urn:example:events", "note_seen")
    third["$defs"]["NoteSeenEvent"] |= {"x-logged": False, "deprecated": True}
    made(tmp_path, third, "third_events", "tinier_events")
    return tmp_path


def test_every_link_works(chain: Path) -> None:
    command = [sys.executable, "-W", "error", "-c", USE]
    done = subprocess.run(command, cwd=chain, capture_output=True, text=True, timeout=110, check=False)
    assert done.stdout.splitlines() == [
        "['note_removed', 'note_added'] ('note_added', 'note_removed') True",
        "['note_seen'] note_seen",
        "False True",
        "invalid Every AgentEvent",
    ], done.stderr
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "-p", "third_events", "-p", "tinier_events"],
        cwd=chain, capture_output=True, text=True, timeout=110, check=False,
    )  # fmt: skip
    assert checked.returncode == 0, checked.stdout


def test_without_ag_ui_below_there_is_none_above(chain: Path) -> None:
    assert [path.parent.name for path in chain.rglob("ag_ui.py")] == ["runtime"]
    bases = json.loads((chain / "third_events/python/third_events/schema.json").read_text())["x-bases"]
    assert [(base["npm"], base["definitions"][-1]) for base in bases] == [
        ("tiny-events", "SessionId"),
        ("tinier-events", "NoteRemovedPayload"),
    ]
