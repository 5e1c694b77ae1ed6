"""A contract that extends ours, and one that extends that: made as a team makes them, each in a folder of its own."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import IO

ROOT = Path(__file__).parents[2]
CASES = ROOT / "tests" / "codegen" / "cases" / "extension"
BIN = Path(sys.executable).parent
NODE = ROOT / "node_modules" / ".bin"
TEAMS = ("acme", "ops")
Done = subprocess.CompletedProcess[str]


@dataclass(frozen=True)
class Teams:
    """The folder in which the teams' folders are."""

    folder: Path

    @property
    def path(self) -> str:
        """What is "installed": the Python packages that the teams made."""
        return os.pathsep.join(str(self.folder / team / "generated" / "python") for team in TEAMS)

    def lockstep(self, team: str, *arguments: str) -> Done:
        """Run a command as that team does, in its folder."""
        return self.run(BIN / "lockstep", *arguments, cwd=self.folder / team)

    def run(
        self, *command: str | Path, cwd: Path | None = None, stdin: IO[bytes] | None = None, **environment: str
    ) -> Done:
        """Run a program with the teams' packages on its path."""
        return subprocess.run(
            command,
            stdin=stdin, cwd=cwd or self.folder, env={**os.environ, "PYTHONPATH": self.path, **environment},
            capture_output=True, text=True, timeout=110, check=False,
        )  # fmt: skip

    def generate(self) -> None:
        """Make every package, the base's first."""
        for team in TEAMS:
            done = self.lockstep(team, "generate")
            assert done.returncode == 0, done.stderr


def teams(folder: Path) -> Teams:
    """Copies of both folders, nothing made yet."""
    for team in TEAMS:
        shutil.copytree(CASES / team, folder / team)
    return Teams(folder)


def node_modules(made: Teams) -> None:
    """What `npm install` would do for a project that uses both packages."""
    packages = {f"@{team}": made.folder / team / "generated" / "typescript" for team in TEAMS}
    for scope, package in {"@agui-lockstep": ROOT / "generated" / "typescript", **packages}.items():
        place = made.folder / "node_modules" / scope
        place.mkdir(parents=True)
        (place / "events").symlink_to(package, target_is_directory=True)
