"""`lockstep watch`, as a process beside an editor."""

import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Generator
from pathlib import Path
from typing import IO, Self

import pytest
from lockstep_cli.__main__ import main
from support.contracts import ROOT, save, small

BIN = Path(sys.executable).parent


class Watch:
    """The command and the lines that it has printed."""

    def __init__(self, schema: Path, out: Path) -> None:
        command = [str(BIN / "lockstep"), "watch", "--schema", str(schema), "--out", str(out)]
        self.process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self._lines: queue.Queue[str] = queue.Queue()
        assert self.process.stdout is not None
        self._reader = threading.Thread(target=self._collect, args=(self.process.stdout,))
        self._reader.start()

    def _collect(self, output: IO[str]) -> None:
        for line in output:
            self._lines.put(line.rstrip("\n"))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait(30)
        self._reader.join(30)
        for pipe in (self.process.stdout, self.process.stderr):
            assert pipe is not None
            pipe.close()

    def line(self) -> str:
        return self._lines.get(timeout=60)

    def end(self, how: signal.Signals = signal.SIGINT) -> tuple[int, str]:
        """The exit code and what was written to standard error."""
        self.process.send_signal(how)
        assert self.process.stderr is not None
        return self.process.wait(30), self.process.stderr.read()


@pytest.fixture
def schema(tmp_path: Path) -> Path:
    return save(small(), tmp_path / "schema")


@pytest.fixture
def watch(schema: Path, tmp_path: Path) -> Generator[Watch]:
    with Watch(schema, tmp_path / "out") as started:
        yield started


def put(path: Path, text: str) -> None:
    """Save as many editors do: a neighbour is written and takes the file's place."""
    neighbour = path.with_suffix(".new")
    neighbour.write_text(text)
    os.replace(neighbour, path)


def described(words: str) -> str:
    """The small contract with other words for the note."""
    schema = small()
    schema["$defs"]["NoteAddedPayload"]["properties"]["text"]["description"] = words
    return json.dumps(schema, indent=2)


def test_each_save_is_one_line_and_faults_are_waited_for(watch: Watch, schema: Path, tmp_path: Path) -> None:
    models = tmp_path / "out/python/lockstep_events/models.py"
    first = watch.line()
    assert " 1 event, " in first
    assert first.endswith(f" ms; watching {schema}, Ctrl-C ends it")
    assert models.exists()

    put(schema, described("Said in other words."))
    assert " written, " in watch.line()
    assert "Said in other words." in models.read_text()

    put(schema, schema.read_text().replace('"required"', '"requierd"', 1))
    assert '"requierd" is not in the dialect: did you mean "required"?' in watch.line()
    while " fault" not in (last := watch.line()):
        assert "events.schema.json:" in last
    assert last.endswith(f"; {tmp_path / 'out'} is as it was")
    assert "Said in other words." in models.read_text()

    schema.unlink()
    assert "cannot be read: No such file" in watch.line()
    assert watch.line().endswith("is as it was")

    put(schema, described("Mended."))
    assert " written, " in watch.line()
    assert "Mended." in models.read_text()

    put(schema.parent / "VERSION", "0.2.0\n")
    assert " written, " in watch.line()
    assert watch.end() == (0, "")


def test_half_a_save_is_not_spoken_of(watch: Watch, schema: Path) -> None:
    watch.line()
    for number in range(5):
        schema.write_text("")
        schema.write_text(described(f"Filled again, {number}."))
        # Whoever reads between the two may read the whole file, and then once more because it changed.
        while " written, " not in (line := watch.line()):
            assert " up to date, " in line
    assert watch.end() == (0, "")


def test_no_folder_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["watch", "--schema", str(tmp_path / "nowhere/x.json"), "--out", str(tmp_path / "out")]) == 2
    assert capsys.readouterr().err == f"lockstep watch: {tmp_path}/nowhere: there is no such folder to watch\n"
