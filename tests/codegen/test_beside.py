"""The second process: the same files, also when it dies; nothing of it left behind."""

import os
import signal
import subprocess
import sys
from concurrent.futures import CancelledError
from pathlib import Path

import pytest
from lockstep_codegen.beside import Beside
from lockstep_codegen.pipeline import contract_of, render
from support.server import eventually

ROOT = Path(__file__).parents[2]
SCHEMA = ROOT / "schema" / "events.schema.json"

USER = """\
import sys
from pathlib import Path
from lockstep_codegen.beside import Beside

beside = Beside()
print(beside.pid, flush=True)
sys.stdin.read()
"""


def test_it_makes_the_same_files() -> None:
    contract = contract_of(SCHEMA)
    with Beside() as beside:
        assert render(contract, beside) == render(contract)
        assert render(contract, beside) == render(contract), "it stays warm"


def test_its_death_costs_time_alone() -> None:
    contract = contract_of(SCHEMA)
    with Beside() as beside:
        _kill(beside.pid)
        assert render(contract, beside) == render(contract)


def test_what_the_target_raises_is_raised_here() -> None:
    broken = contract_of(SCHEMA)
    object.__setattr__(broken, "package", None)
    object.__setattr__(broken, "definitions", {})
    with Beside() as beside, pytest.raises((AttributeError, KeyError, StopIteration, TypeError)):
        beside.render(broken).result(60)


def test_leaving_does_not_wait_for_it() -> None:
    with Beside() as beside:
        asked = beside.render(contract_of(SCHEMA))
    assert not _alive(beside.pid)
    try:
        assert asked.result(0) == [] or asked.result(0)[0].path.endswith("models.py")
    except CancelledError:
        pytest.fail("the thread had begun")


def test_it_ends_with_the_process_that_started_it() -> None:
    user = subprocess.Popen([sys.executable, "-c", USER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert user.stdout is not None
    child = int(user.stdout.readline())
    user.kill()
    user.wait(10)
    eventually(lambda: not _alive(child))
    user.communicate()


def _kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)


def _alive(pid: int) -> bool:
    listed = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return bool(listed.stdout.strip()) and not listed.stdout.strip().startswith("Z")
