"""The GitHub Action and the pre-commit hooks that we offer: their commands are run as they stand."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any, cast

import pytest
import yaml

ROOT = Path(__file__).parents[2]
EXTENSION = ROOT / "tests" / "codegen" / "cases" / "extension"
BIN = Path(sys.executable).parent
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
HOOKS: list[dict[str, Any]] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
STEPS: list[dict[str, Any]] = ACTION["runs"]["steps"]


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("checkout")
    shutil.copytree(ROOT / "schema", folder / "schema")
    assert run(["lockstep", "generate"], folder).returncode == 0
    return folder


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a team's own contract, with everything of it in [tool.lockstep]."""
    folder = shutil.copytree(EXTENSION / "acme", tmp_path_factory.mktemp("team") / "acme")
    assert run(["lockstep", "generate"], folder).returncode == 0
    return folder


def run(command: list[str], folder: Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    path = {"PATH": f"{BIN}:{os.environ['PATH']}"}
    return subprocess.run(
        command, cwd=folder, env={**os.environ, **path, **environment}, capture_output=True, text=True, check=False
    )


def filled(template: str) -> str:
    """An expression of the action with its inputs' defaults."""
    inputs = cast(dict[str, dict[str, str]], ACTION["inputs"])
    return re.sub(r"\$\{\{ inputs\.([a-z-]+) \}\}", lambda found: inputs[found[1]]["default"], template)


@pytest.mark.parametrize("step", [step for step in STEPS if step["name"] != "Install"], ids=lambda step: step["name"])
def test_a_step_of_the_action_passes_on_our_own_contract(step: dict[str, Any], checkout: Path) -> None:
    environment = {name: filled(value) for name, value in step["env"].items()}
    answer = run(["bash", "-euo", "pipefail", "-c", step["run"]], checkout, **environment)
    assert answer.returncode == 0, answer.stdout + answer.stderr


@pytest.mark.parametrize("step", [step for step in STEPS if step["name"] != "Install"], ids=lambda step: step["name"])
def test_a_step_goes_by_the_settings_of_a_contract_that_extends_ours(step: dict[str, Any], team: Path) -> None:
    environment = {name: filled(value) for name, value in step["env"].items()}
    answer = run(["bash", "-euo", "pipefail", "-c", step["run"]], team, **environment)
    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_no_input_becomes_part_of_a_script() -> None:
    assert not [step["name"] for step in STEPS if "${{" in step["run"]]


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook["id"])
def test_a_hook_passes_on_our_own_contract(hook: dict[str, Any], checkout: Path) -> None:
    answer = run(str(hook["entry"]).split(), checkout)
    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_hooks_bring_what_the_generator_needs() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    needed = sorted(project["project"]["optional-dependencies"]["codegen"])
    assert all(sorted(hook["additional_dependencies"]) == needed for hook in HOOKS)
