"""`lockstep init`: the folder that it makes, the names in it, and that nothing is overwritten."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from lockstep_cli.__main__ import main

Said = pytest.CaptureFixture[str]


def lockstep(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """The command as a user runs it, in a folder of theirs."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LOCKSTEP_")}
    command = [sys.executable, "-m", "lockstep_cli", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=False)


def test_the_folder_is_a_contract_that_is_fine_as_it_is(tmp_path: Path) -> None:
    made = lockstep(tmp_path, "init", "acme")
    assert made.returncode == 0, made.stderr
    folder = tmp_path / "acme"
    assert sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()) == [
        ".github/workflows/events.yml", ".pre-commit-config.yaml", "README.md", "pyproject.toml",
        "schema/VERSION", "schema/events.schema.json", "tests/test_events.py",
    ]  # fmt: skip
    assert made.stdout.count("  wrote  acme/") == 7
    assert "cd acme\n  lockstep generate\n" in made.stdout
    for command in (["lint"], ["fmt", "--check"], ["breaking", "--against", "released"]):
        done = lockstep(folder, *command)
        assert done.returncode == 0, done.stdout + done.stderr


def test_what_it_generates_type_checks_and_passes_its_tests(tmp_path: Path) -> None:
    lockstep(tmp_path, "init", "acme")
    folder = tmp_path / "acme"
    for command in (["lockstep_cli", "generate"], ["lockstep_cli", "check"], ["mypy", "tests"], ["pytest", "-q"]):
        done = subprocess.run(
            [sys.executable, "-m", *command], cwd=folder, capture_output=True, text=True, timeout=90, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("folder", "options", "package", "npm", "urn"),
    [
        ("acme", [], "acme_events", "@acme/events", "urn:acme:events"),
        ("Acme Corp!", [], "acme_corp_events", "@acme-corp/events", "urn:acme-corp:events"),
        ("acme-events", [], "acme_events", "@acme/events", "urn:acme:events"),
        ("x", ["--name", "opskit"], "opskit", "@opskit/events", "urn:opskit:events"),
        ("x", ["--name", "ops_events", "--npm", "ops-events"], "ops_events", "ops-events", "urn:ops:events"),
    ],
)
def test_one_name_gives_the_others(
    tmp_path: Path, capsys: Said, folder: str, options: list[str], package: str, npm: str, urn: str
) -> None:
    assert main(["init", str(tmp_path / folder), *options]) == 0
    capsys.readouterr()
    settings = tomllib.loads((tmp_path / folder / "pyproject.toml").read_text())
    assert settings["tool"]["lockstep"] == {
        "schema": "schema/events.schema.json",
        "package": package,
        "npm": npm,
        "extends": "lockstep_events",
        "output": "generated",
    }
    assert f'"$id": "{urn}"' in (tmp_path / folder / "schema/events.schema.json").read_text()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--name", "Acme"], "--name 'Acme' is no package name: write lower case"),
        (["--name", "acme-events"], "--name 'acme-events' is no package name"),
        (["--name", "json"], "--name 'json' is taken by Python"),
        (["--name", "lockstep_events"], "--name 'lockstep_events' is taken by Python or by Lockstep"),
        (["--npm", "Acme/events"], "--npm 'Acme/events' is no npm name"),
        (["--npm", ""], "--npm '' is no npm name"),
    ],
)
def test_a_name_that_cannot_be_one_is_one_line(tmp_path: Path, capsys: Said, options: list[str], said: str) -> None:
    assert main(["init", str(tmp_path / "new"), *options]) == 2
    error = capsys.readouterr().err
    assert error.startswith(f"lockstep init: {said}")
    assert error.count("\n") == 1
    assert not (tmp_path / "new").exists()


def test_a_folder_that_names_nothing_asks_for_a_name(tmp_path: Path, capsys: Said) -> None:
    assert main(["init", str(tmp_path / "日本")]) == 2
    assert "no package name follows from the folder '日本': give one, --name acme_events" in capsys.readouterr().err


def test_what_is_there_stays_as_it_is(tmp_path: Path, capsys: Said) -> None:
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "mine"\n')
    (tmp_path / "README.md").write_text("mine")
    assert main(["init", str(tmp_path), "--name", "acme_events"]) == 0
    said = capsys.readouterr().out
    assert (tmp_path / "README.md").read_text() == "mine"
    assert f"  kept   {tmp_path / 'README.md'}" in said
    table = said.partition(f"Add to {tmp_path / 'pyproject.toml'}:\n\n")[2].partition("\n\n")[0]
    assert tomllib.loads(table)["tool"]["lockstep"]["package"] == "acme_events"
    assert main(["init", str(tmp_path), "--name", "acme_events"]) == 2
    assert "events.schema.json is there already" in capsys.readouterr().err


def test_a_file_in_the_way_is_named(tmp_path: Path, capsys: Said) -> None:
    (tmp_path / "schema").write_text("")
    assert main(["init", str(tmp_path), "--name", "acme_events"]) == 2
    error = capsys.readouterr().err
    assert f"{tmp_path / 'schema'}" in error
    assert error.count("\n") == 1
