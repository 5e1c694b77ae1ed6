"""A reader who follows a page of the documentation: writes its files, types its commands, leaves servers running."""

import re
import signal
import socket
import subprocess
from pathlib import Path

from support.release import Machine

BLOCK = re.compile(
    r"(?:`(?P<file>[\w./]+\.\w+)`[^`\n]*:\n\n)?^```(?P<language>\w+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)


class Reader:
    """Types what the page says, in the order of the page."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.ports = {"8000": free_port(), "8001": free_port()}
        self.said: dict[str, str] = {}
        """Command -> what it answered."""
        self.running: list[subprocess.Popen[str]] = []

    def follow(self, page: Path) -> None:
        for block in BLOCK.finditer(self.here(page.read_text(encoding="utf-8"))):
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
            self.machine.folder = (self.machine.folder / command[3:]).resolve()
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
