"""`lockstep validate`: every bad line of a file of events, with the place of each fault."""

import json
import os
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lockstep_cli.__main__ import main
from lockstep_cli.event_file import LONGEST_LINE
from lockstep_cli.tally import MOST_NAMES, Tally
from lockstep_codegen.source import escape, is_array, is_object, offsets
from lockstep_events.runtime import Verdict
from support.contracts import ROOT

BIN = Path(sys.executable).parent
GOLDEN = [json.loads(path.read_text()) for path in sorted((ROOT / "tests/golden/events").glob("*.json"))]


def event(**changes: Any) -> dict[str, Any]:
    """A tool call, with other members."""
    (found,) = (each for each in GOLDEN if each["type"] == "agent_message_delta")
    return {**found, **changes}


def save(path: Path, *lines: object) -> str:
    """Write lines; what is not bytes is written as JSON. Returns the path."""
    raw = [line if isinstance(line, bytes) else json.dumps(line, ensure_ascii=False).encode() for line in lines]
    path.write_bytes(b"\n".join(raw) + b"\n")
    return str(path)


def test_every_golden_event_is_valid(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = save(tmp_path / "x.jsonl", *GOLDEN, b"", b"  ", json.dumps(GOLDEN[0]).encode() + b"\r")
    assert main(["validate", path]) == 0
    count = len(GOLDEN) + 1
    assert capsys.readouterr().out == f"{path}: {count} events: {count} known, 0 invalid\n"


def test_a_fault_has_the_place_of_its_value(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = event(payload={"message_id": "é", "delta": 3})
    path = save(tmp_path / "x.jsonl", event(), b"", bad)
    assert main(["validate", path]) == 1
    first, summary = capsys.readouterr().out.splitlines()
    column = json.dumps(bad, ensure_ascii=False).index("3}}") + 1
    assert first.startswith(f"{path}:3:{column}: /payload/delta: 3 is not a string")
    assert first.endswith(" [type]")
    assert summary == f"{path}: 2 events: 1 known, 1 invalid"


@pytest.mark.parametrize(
    ("line", "column", "said"),
    [
        (b'{"type": "note" "x"}', 17, "document: not JSON"),
        (b'{"type": "\xc3\xa9\xff"}', 12, "document: not UTF-8"),
        (b"  []", 3, "document: "),
        (b"[" * 65 + b"]" * 65, 1, "document: nested deeper than 64 levels"),
        (b"[" * 5000, 1, "document: nested deeper than 64 levels"),
        (b'{"type": 1, "type": 2}', 21, "/type: 2"),
        (b'{"\x1b[31mred": 1, "type": "run_started"}', 3, "not JSON"),
        (b'{"\\u001b[31mred": 1, "type": "run_started"}', 19, "/\\x1b[31mred: "),
        (b'{"type": "run_started", "timestamp": ' + b"9" * 6000 + b"}", 38, "/timestamp: "),
    ],
)
def test_what_is_hardly_json_has_a_place_too(
    line: bytes, column: int, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = save(tmp_path / "x.jsonl", line)
    assert main(["validate", path]) == 1
    out = capsys.readouterr().out
    assert any(found.startswith(f"{path}:1:{column}: ") and said in found for found in out.splitlines()), out
    assert "\x1b" not in out


def test_strictly_all_is_known_and_tolerantly_the_new_is_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = save(
        tmp_path / "x.jsonl",
        event(type="brand_new", payload={}),
        event(mood="good"),
        event(payload={**event()["payload"], "tone": "calm"}),
    )
    assert main(["validate", path]) == 1
    assert capsys.readouterr().out.count("\n") == 4
    assert main(["validate", path, "--tolerant"]) == 0
    said = (
        "3 events: 2 known, 1 of unknown types (brand_new 1), 2 unknown members (/mood 1, /payload/tone 1), 0 invalid"
    )
    assert capsys.readouterr().out == f"{path}: {said}\n"


def test_findings_for_programs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = save(tmp_path / "x.jsonl", event(), event(session_id=""), {"type": "nope"})
    assert main(["validate", path, "--format", "json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert (found["events"], found["known"], found["invalid"]) == (3, 1, 2)
    assert {"line": 2, "pointer": "/session_id", "code": "type"}.items() <= found["findings"][0].items()
    assert main(["validate", path, "--format", "github"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(f"::error file={path},line=2,col=")
    assert all(line.startswith("::error ") for line in lines)


def test_no_findings_are_a_document_as_well(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", save(tmp_path / "x.jsonl", event()), "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["findings"] == []


def test_a_document_over_many_lines_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "x.json"
    path.write_text(json.dumps(event(), indent=2))
    assert main(["validate", str(path)]) == 2
    assert "is one JSON document over many lines" in capsys.readouterr().err


def test_a_file_that_is_not_there_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", "/no/such/file"]) == 2
    assert capsys.readouterr().err.startswith("lockstep validate: /no/such/file: cannot be read: ")


def run(*arguments: str, stdin: bytes = b"", megabytes: int | None = None) -> subprocess.CompletedProcess[bytes]:
    """The command as a process, in an address space of so many megabytes."""

    def bound() -> None:
        if megabytes is not None:
            resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))

    return subprocess.run(
        [BIN / "lockstep", "validate", *arguments], input=stdin, capture_output=True, timeout=110, check=False,
        preexec_fn=bound, env={**os.environ, "PYTHONUTF8": "1"},
    )  # fmt: skip


def test_standard_input_is_called_so() -> None:
    done = run("-", stdin=json.dumps(event()).encode() + b"\n{}\n")
    assert done.returncode == 1
    assert b"stdin:2:1: /type: " in done.stdout
    assert done.stderr == b""


def test_the_file_may_be_larger_than_the_memory(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    line = json.dumps(event()).encode() + b"\n"
    with path.open("wb") as file:
        for _ in range(30):
            file.write(line * 2000)
        file.write(b'{"type": "' + b"x" * (2 * LONGEST_LINE) + b'"}\n')
        file.write(b" " * (LONGEST_LINE + 1) + b"\n")
        file.write(line)
    done = run(str(path), megabytes=220)
    assert b"60001:1: document: the line is longer than" in done.stdout, done.stderr
    assert b"60,002 events: 60,001 known, 1 invalid" in done.stdout
    assert done.stderr == b""


def test_a_file_of_new_names_does_not_fill_the_memory() -> None:
    tally = Tally()
    for number in range(3 * MOST_NAMES):
        tally.add(Verdict("known", ignored=(f"/x{number}", f"/list/{number}/y")))
    assert len(tally.members) == MOST_NAMES + 1
    assert tally.members["/list/*/y"] == 3 * MOST_NAMES


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4),
    max_leaves=20,
)


@given(json_values, st.sampled_from([None, 1]))
def test_every_value_is_found_where_it_begins(value: Any, indent: int | None) -> None:
    text = json.dumps(value, indent=indent)
    found = offsets(text)

    def check(part: Any, pointer: str) -> None:
        decoded, _ = json.JSONDecoder().raw_decode(text, found[pointer])
        assert decoded == part
        if is_object(part):
            for name, member in part.items():
                check(member, f"{pointer}/{escape(name)}")
        elif is_array(part):
            for index, item in enumerate(part):
                check(item, f"{pointer}/{index}")

    check(value, "")
