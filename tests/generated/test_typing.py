"""What type-checks is what works: both type checkers, strict, on code that uses the package."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDER = Path(__file__).parent / "typing"
Errors = dict[str, set[int]]


def mypy() -> Errors:
    """The lines that mypy refuses, by file."""
    paths = [str(FOLDER / "accepted.py"), str(FOLDER / "refused.py")]
    command = [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", *paths]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=110, check=False)
    assert done.returncode in (0, 1), done.stderr
    found: Errors = {}
    for file, line in re.findall(r"^(\S+\.py):(\d+): error:", done.stdout, re.MULTILINE):
        found.setdefault(Path(file).name, set()).add(int(line))
    return found


def pyright() -> Errors:
    """The lines that pyright refuses, by file."""
    program = shutil.which(ROOT / "node_modules/.bin/pyright")
    assert program, "pyright is missing: run make setup"
    done = subprocess.run(
        [program, "--outputjson", "-p", FOLDER], cwd=ROOT, capture_output=True, text=True, timeout=110, check=False
    )
    found: Errors = {}
    for each in json.loads(done.stdout)["generalDiagnostics"]:
        found.setdefault(Path(each["file"]).name, set()).add(each["range"]["start"]["line"] + 1)
    return found


@pytest.mark.parametrize("checker", [mypy, pyright])
def test_type_checkers_agree_with_the_contract(checker: Callable[[], Errors]) -> None:
    lines = (FOLDER / "refused.py").read_text("utf-8").splitlines()
    marks = ("# refused: ", f"# {checker.__name__} refuses: ")
    refused = {number for number, line in enumerate(lines, 1) if any(mark in line for mark in marks)}
    assert checker() == {"refused.py": refused}
