"""`lockstep publish`, `tail` and `history`: by hand, over the bus and over HTTP."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from support.server import ServerProcess, eventually, lockstep_serve

DELTA = ("agent_message_delta", "--field", "message_id=m1", "--field")


DELTAS = "\n".join(
    json.dumps({"type": "agent_message_delta", "payload": {"message_id": "m1", "delta": str(number)}})
    for number in range(3)
)


class Terminal:
    """Runs `lockstep` as one user of one machine would."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.environment = environment

    def run(self, *arguments: str, stdin: str = "") -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "lockstep_cli", *arguments],
            env=self.environment, input=stdin, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip

    def ok(self, *arguments: str, stdin: str = "") -> list[str]:
        answer = self.run(*arguments, stdin=stdin)
        assert (answer.returncode, answer.stderr) == (0, ""), answer.stderr
        return answer.stdout.splitlines()


class Tail:
    """`lockstep tail`, and what it has printed so far."""

    def __init__(self, terminal: Terminal, *arguments: str) -> None:
        self.lines: list[str] = []
        self.process = subprocess.Popen(
            [sys.executable, "-m", "lockstep_cli", "tail", *arguments],
            env=terminal.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))

    def __enter__(self) -> "Tail":
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.communicate()


@pytest.fixture(scope="module")
def server() -> Iterator[ServerProcess]:
    with lockstep_serve() as process:
        yield process


@pytest.fixture
def terminal(server: ServerProcess) -> Terminal:
    return Terminal(server.environment)


@pytest.fixture(params=["bus", "http"])
def where(request: pytest.FixtureRequest, server: ServerProcess) -> tuple[str, ...]:
    return ("--url", server.url) if request.param == "http" else ()


@pytest.fixture
def session(request: pytest.FixtureRequest) -> str:
    name: str = request.node.name
    return "".join(character if character.isalnum() else "-" for character in name).strip("-")


def test_publish_and_read_back(terminal: Terminal, where: tuple[str, ...], session: str) -> None:
    (line,) = terminal.ok("publish", session, *DELTA, "delta=5", "--agent", "test", *where)
    cursor, event_id = line.split()
    (printed,) = terminal.ok("history", session, *where)
    assert cursor in printed
    assert printed.endswith("agent_message_delta  message_id=m1 delta=5  [test]")
    (document,) = [json.loads(line) for line in terminal.ok("history", session, "--json", *where)]
    assert (document["event_id"], document["payload"]["delta"]) == (event_id, "5")


def test_json_goes_where_the_contract_wants_it(terminal: Terminal, session: str) -> None:
    fields = ("--field", "tool_call_id=7", "--field", "tool_name=ls", "--field", 'args={"path": "/", "depth": 2}')
    terminal.ok("publish", session, "tool_call_started", *fields)
    (document,) = [json.loads(line) for line in terminal.ok("history", session, "--json")]
    assert document["payload"] == {"tool_call_id": "7", "tool_name": "ls", "args": {"path": "/", "depth": 2}}


def test_a_tape_is_played_into_another_session(terminal: Terminal, where: tuple[str, ...], session: str) -> None:
    terminal.ok("publish", session, stdin=DELTAS)
    tape: list[str] = []
    for line in terminal.ok("history", session, "--limit", "0", "--json", *where):
        document = json.loads(line)
        del document["session_id"]
        tape.append(json.dumps(document))
    receipts = terminal.ok("publish", f"{session}-2", "-", *where, stdin="\n".join(tape))
    assert len(receipts) == 3
    again = terminal.ok("publish", f"{session}-2", "-", *where, stdin="\n".join(tape))
    assert all(line.endswith("(duplicate)") for line in again)


def test_history_says_where_to_go_on(terminal: Terminal, where: tuple[str, ...], session: str) -> None:
    terminal.ok("publish", session, stdin=DELTAS)
    answer = terminal.run("history", session, "--limit", "2", *where)
    assert len(answer.stdout.splitlines()) == 2
    after = answer.stderr.split()[-1]
    assert answer.stderr == f"more follows: lockstep history {session} --after {after}\n"
    assert len(terminal.ok("history", session, "--after", after, *where)) == 1


def test_tail_follows_and_starts_where_it_is_told(terminal: Terminal, where: tuple[str, ...], session: str) -> None:
    first = terminal.ok("publish", session, *DELTA, "delta=old")[0].split()[0]
    with (
        Tail(terminal, session, *where) as everything,
        Tail(terminal, session, "--from", first, "--json", *where) as rest,
        Tail(terminal, session, "--types", "error_occurred", *where) as errors,
    ):
        eventually(lambda: any("delta=old" in line for line in everything.lines))
        terminal.ok("publish", session, *DELTA, "delta=new")
        terminal.ok("publish", session, "error_occurred", "--field", "message=disk full")
        eventually(lambda: all(any("disk full" in line for line in tail.lines) for tail in (everything, rest, errors)))
    assert not any('"old"' in line for line in rest.lines)
    assert any(json.loads(line)["payload"].get("delta") == "new" for line in rest.lines)
    assert not any("delta=" in line for line in errors.lines)


def test_tail_resumes_when_the_server_comes_back(terminal: Terminal, session: str) -> None:
    with lockstep_serve(env=terminal.environment) as first:
        port = str(first.port)
        with Tail(terminal, session, "--url", first.url) as tail:
            terminal.ok("publish", session, *DELTA, "delta=one")
            eventually(lambda: any("delta=one" in line for line in tail.lines))
            first.stop()
            terminal.ok("publish", session, *DELTA, "delta=two")
            with lockstep_serve("--port", port, env=terminal.environment):
                eventually(lambda: any("delta=two" in line for line in tail.lines))
    assert sum("delta=one" in line for line in tail.lines) == 1


def test_a_terminal_is_not_driven_by_a_payload(terminal: Terminal, session: str) -> None:
    terminal.ok("publish", session, *DELTA, "delta=\x1b[2J\x9b\u202eevil")
    (line,) = terminal.ok("history", session)
    assert "\\x1b[2J\\x9b\\u202eevil" in line


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("agent_message_delt", "--field", "a=b"), 2, "is not an event type"),
        (("agent_message_delt",), 2, "did you mean 'agent_message_delta'?"),
        (("agent_message_delta", "--field", "delta"), 2, "expected NAME=VALUE"),
        (("agent_message_delta", "--field", "delta=x"), 1, "message_id"),
        (("/no/such/file.jsonl",), 2, "cannot be read"),
    ],
)
def test_a_mistake_is_one_clear_error(
    terminal: Terminal, session: str, arguments: tuple[str, ...], code: int, words: str
) -> None:
    answer = terminal.run("publish", session, *arguments)
    assert answer.returncode == code, answer.stderr
    assert words in answer.stderr
    assert "Traceback" not in answer.stderr


def test_a_bad_line_publishes_nothing(terminal: Terminal, session: str, tmp_path: Path) -> None:
    file = tmp_path / "events.jsonl"
    good = {"type": "agent_message_delta", "payload": {"message_id": "m", "delta": "x"}}
    file.write_text(json.dumps(good) + "\n" + json.dumps(good | {"payload": {}}) + "\n")
    answer = terminal.run("publish", session, str(file))
    assert answer.returncode == 1
    assert f"{file}: line 2: " in answer.stderr
    assert terminal.run("history", session).stdout == ""


def test_wrong_ids_and_cursors_are_named(terminal: Terminal, where: tuple[str, ...], session: str) -> None:
    for arguments in (("history", "a b"), ("history", session, "--after", "x"), ("tail", session, "--from", "x")):
        answer = terminal.run(*arguments, *where)
        assert answer.returncode in (1, 2), arguments
        assert "is not a" in answer.stderr
        assert "Traceback" not in answer.stderr


def test_a_server_that_is_not_there_is_named(terminal: Terminal) -> None:
    answer = terminal.run("history", "x", "--url", "http://127.0.0.1:9")
    assert answer.returncode == 1
    assert "is the server running?" in answer.stderr
