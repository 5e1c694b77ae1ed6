"""docs/your-own-events.md, followed to the letter by a reader who has wheel and tarballs, and nothing else of ours."""

import re
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.documents import ROOT
from support.release import Machine, build

pytestmark = pytest.mark.timeout(300)  # a release is built, and a page of commands followed

PAGE = ROOT / "docs" / "your-own-events.md"
BLOCK = re.compile(r"(?:`(?P<file>[\w./]+)`:\n\n)?^```(?P<language>\w+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
STRICT = ["--strict", "--noEmit", "--module", "esnext", "--moduleResolution", "bundler", "--target", "es2022"]


class Reader:
    """Types what the page says, in the order of the page."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.ports = {"8000": free_port(), "8001": free_port()}
        self.said: dict[str, str] = {}
        """Command -> what it answered."""
        self.running: list[subprocess.Popen[str]] = []

    def follow(self) -> None:
        for block in BLOCK.finditer(self.here(PAGE.read_text(encoding="utf-8"))):
            if block["file"]:
                path = self.machine.folder / block["file"]
                path.parent.mkdir(exist_ok=True)
                path.write_text(block["text"], encoding="utf-8")
            elif block["language"] == "sh":
                for command in block["text"].splitlines():
                    self.type(command)
            elif block["language"] == "tsx":
                (self.machine.folder / "web" / "Deployments.tsx").write_text(block["text"], encoding="utf-8")
            elif block["language"] == "python":
                (self.machine.folder / "several.py").write_text(block["text"], encoding="utf-8")

    def here(self, text: str) -> str:
        """With the ports of this run: 8000 and 8001 may be taken."""
        return re.sub("|".join(self.ports), lambda found: self.ports[found[0]], text)

    def type(self, command: str) -> None:
        if command.startswith("cd "):
            self.machine.folder /= command[3:]
        elif command.startswith("pip install "):
            self.machine.pip_install(command)
        elif command.startswith("npm install "):
            self.machine.npm_install(command)
        elif command.endswith("lockstep serve"):
            self.start(command, f"http://127.0.0.1:{self.ports['8000']}", LOCKSTEP_PORT=self.ports["8000"])
        elif "--serve=" in command:
            self.start(command, self.ports["8001"])
        elif command.startswith("curl -sN"):
            self.said[command] = self.watch(command)
        else:
            self.said[command] = self.run(command)

    def run(self, command: str, expected: int = 0) -> str:
        done = subprocess.run(
            ["bash", "-c", command], cwd=self.machine.folder, env=self.machine.environment,
            capture_output=True, text=True, timeout=100, check=False,
        )  # fmt: skip
        assert done.returncode == expected, f"{command}\n{done.stdout}{done.stderr}"
        return done.stdout

    def start(self, command: str, sign: str, **environment: str) -> None:
        """Start what runs until it is stopped, and wait for its first lines."""
        process = self.open(command, **environment)
        assert process.stdout is not None
        seen = ""
        while sign not in seen:
            line = process.stdout.readline()
            assert line, f"{command}\n{seen}"
            seen += line

    def watch(self, command: str) -> str:
        """What a stream says until it has told of two deployments."""
        process = self.open(command)
        assert process.stdout is not None
        seen = ""
        while seen.count("event: deployment_requested") < 2 or not seen.endswith("\n\n"):
            line = process.stdout.readline()
            assert line, seen
            seen += line
        return seen

    def open(self, command: str, **environment: str) -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            ["bash", "-c", f"exec env {command}"], cwd=self.machine.folder, env=self.machine.environment | environment,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        self.running.append(process)
        return process

    def leave(self) -> None:
        for process in self.running:
            process.send_signal(signal.SIGTERM)
        for process in self.running:
            try:
                process.communicate(timeout=15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()


def free_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("release"))


@pytest.fixture(scope="module")
def reader(release: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    """One who has read the whole page, and left everything running."""
    reader = Reader(Machine(tmp_path_factory.mktemp("m"), release))
    began = time.monotonic()
    try:
        reader.follow()
        reader.said["seconds"] = str(time.monotonic() - began)
        yield reader
    finally:
        reader.leave()


def said(reader: Reader, part: str) -> str:
    return next(answer for command, answer in reader.said.items() if part in command)


def test_nothing_of_this_repository_is_used(reader: Reader) -> None:
    where = reader.run("python -c 'import lockstep_events, lockstep_cli; print(lockstep_events.__file__)'").strip()
    assert Path(where).is_relative_to(reader.machine.home)
    assert not reader.machine.folder.is_relative_to(ROOT)


def test_the_page_takes_less_than_five_minutes(reader: Reader) -> None:
    assert float(reader.said["seconds"]) < 300, "without the reader's own reading"


def test_what_was_published_is_on_the_stream(reader: Reader) -> None:
    stream = said(reader, "curl -sN")
    assert '"contract":"acme_events"' in stream
    assert stream.count("event: agent_message_chunk") == 1
    assert '"service":"checkout","version":"v2.4.0"' in stream
    assert '"service":"search","version":"v7"' in stream
    assert '"cursor"' in said(reader, '"staging"')
    refusal = said(reader, '"moon"')
    assert '"status": 422' in refusal
    assert "/payload/target/environment" in refusal


def test_the_page_in_the_browser_shows_them_and_what_comes(reader: Reader) -> None:
    url = f"http://127.0.0.1:{reader.ports['8001']}"
    visitor = subprocess.Popen(
        ["node", Path(__file__).parent / "visit.mjs", url, "3"], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert visitor.stdout is not None
    assert visitor.stdout.readline() == "open\n"
    reader.run("python deploy.py")
    lines, _ = visitor.communicate(timeout=60)
    assert lines.splitlines() == [
        "checkout v2.4.0 to production, by deployer",
        "search v7 to staging, by somebody",
        "checkout v2.4.0 to production, by deployer",
    ]


def test_python_is_typed_strictly(reader: Reader) -> None:
    assert "Success" in said(reader, "mypy --strict deploy.py")
    text = (reader.machine.folder / "deploy.py").read_text()
    (reader.machine.folder / "wrong.py").write_text(text.replace("replicas=6", 'replicas="six"'))
    assert 'incompatible type "str"; expected "int | None"' in reader.run("mypy --strict wrong.py", expected=1)
    assert reader.run("python several.py") == "lockstep_events\n"
    reader.machine.pip_install("pip install pytest")
    assert " passed" in reader.run("pytest -q && mypy tests")


def test_typescript_is_typed_strictly(reader: Reader) -> None:
    for package in ("react", "@types/react", "csstype"):
        reader.machine.lend(package)
    check = f"npx tsc {' '.join(STRICT)} --jsx react-jsx"
    reader.run(f"{check} web/Deployments.tsx")
    for name, right, wrong in (("main.ts", "payload;", "payload.nothing;"), ("Deployments.tsx", ".version", ".colour")):
        text = (reader.machine.folder / "web" / name).read_text()
        assert right in text
        (reader.machine.folder / "web" / f"wrong_{name}").write_text(text.replace(right, wrong))
        assert "error TS2339" in reader.run(f"{check} web/wrong_{name}", expected=1)


def test_the_contract_is_current_and_breaks_nobody(reader: Reader) -> None:
    for command in ("lockstep check", "lockstep lint", "lockstep breaking --against released", "lockstep doctor"):
        reader.run(f"LOCKSTEP_PORT=0 {command}")
