"""`generate`, `check` and `lint` as a developer and a CI job meet them."""

import json
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from support.contracts import REAL, ROOT, real, save, small

BIN = Path(sys.executable).parent


def lockstep(*arguments: str | Path, cwd: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [BIN / "lockstep", *arguments],
        cwd=cwd, env={**os.environ, **environment}, capture_output=True, text=True, timeout=110, check=False,
    )  # fmt: skip


def tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the schema and what is generated from it."""
    folder = tmp_path_factory.mktemp("checkout")
    shutil.copytree(ROOT / "schema", folder / "schema")
    ignored = shutil.ignore_patterns("__pycache__", "node_modules", "dist")
    shutil.copytree(ROOT / "generated", folder / "generated", ignore=ignored)
    return folder


@pytest.fixture
def copy(checkout: Path, tmp_path: Path) -> Path:
    """The same, to be spoilt."""
    return Path(shutil.copytree(checkout, tmp_path / "copy"))


def test_the_repository_is_what_its_schema_says() -> None:
    done = lockstep("check")
    assert (done.returncode, done.stdout) == (0, "generated is what schema/events.schema.json says\n"), done.stdout


def test_a_hand_edit_is_shown_as_a_diff(copy: Path) -> None:
    models = copy / "generated/python/lockstep_events/models.py"
    models.write_text(models.read_text() + "spoilt = True\n")
    done = lockstep("check", cwd=copy)
    assert done.returncode == 1
    assert "-spoilt = True" in done.stdout
    assert "generated/python/lockstep_events/models.py differs" in done.stdout
    assert done.stdout.endswith("generated is stale: 1 files. Run: make generate\n")


def test_a_deleted_file_and_an_orphan_are_named(copy: Path) -> None:
    (copy / "generated/typescript/src/guards.ts").unlink()
    (copy / "generated/python/lockstep_events/extra.py").write_text("stray = 1\n")
    done = lockstep("check", cwd=copy)
    assert done.returncode == 1
    assert "generated/typescript/src/guards.ts is missing" in done.stdout
    assert "generated/python/lockstep_events/extra.py is not made by any target" in done.stdout


def test_a_schema_edit_is_drift(copy: Path) -> None:
    schema = copy / "schema/events.schema.json"
    schema.write_text(schema.read_text().replace("More text of a message.", "Yet more text of a message."))
    text = schema.read_text()
    schema.write_text(text.replace('"title": "AgentEvent"', '"title": "AnyAgentEvent"'))
    done = lockstep("check", cwd=copy)
    assert done.returncode == 1
    assert "+" in done.stdout


def test_another_generator_is_named_first(copy: Path) -> None:
    manifest = copy / "generated/manifest.json"
    found = json.loads(manifest.read_text())
    found["made_by"]["datamodel-code-generator"] = "0.1.0"
    manifest.write_text(json.dumps(found, indent=2) + "\n")
    done = lockstep("check", cwd=copy)
    assert done.returncode == 1
    assert done.stdout.startswith("generator version differs: generated was made by datamodel-code-generator 0.1.0")


def test_generate_mends_what_check_found(copy: Path) -> None:
    (copy / "generated/typescript/src/guards.ts").unlink()
    assert lockstep("generate", cwd=copy).returncode == 0
    assert lockstep("check", cwd=copy).returncode == 0


def test_two_contracts_do_not_share_a_folder(copy: Path) -> None:
    schema = copy / "schema/events.schema.json"
    schema.write_text(schema.read_text().replace('"urn:agui-lockstep:events"', '"urn:ops:events"'))
    before = (copy / "generated/manifest.json").read_bytes()
    done = lockstep("generate", "--package", "ops_events", cwd=copy)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        'lockstep generate: generated holds the code of "urn:agui-lockstep:events", which "urn:ops:events" would'
        " replace: choose another folder with --out, or delete generated/manifest.json if the contract has a new $id\n"
    )
    assert (copy / "generated/manifest.json").read_bytes() == before
    assert lockstep("generate", "--package", "ops_events", "--out", "ops", cwd=copy).returncode == 0


def test_generate_removes_only_what_it_made(copy: Path) -> None:
    (copy / "generated/python/lockstep_events/mine.py").write_text("kept = True\n")
    manifest = copy / "generated/manifest.json"
    found = json.loads(manifest.read_text())
    found["files"] += ["python/lockstep_events/former.py", "../schema/VERSION"]
    manifest.write_text(json.dumps(found, indent=2) + "\n")
    (copy / "generated/python/lockstep_events/former.py").write_text("old = True\n")
    assert lockstep("generate", cwd=copy).returncode == 0
    assert not (copy / "generated/python/lockstep_events/former.py").exists()
    assert (copy / "generated/python/lockstep_events/mine.py").exists()
    assert (copy / "schema/VERSION").exists()


@pytest.mark.parametrize(
    ("sound", "spoilt", "message"),
    [
        ("  }\n}\n", "", "the file ends here"),
        ("{", "{'a': 1,", "events.schema.json:1:2: a string in double quotes"),
        ('"required"', '"requierd"', '"requierd" is not in the dialect'),
    ],
)
@pytest.mark.parametrize("command", ["generate", "check", "lint"])
def test_an_unreadable_schema_is_one_line_with_its_place(
    command: str, sound: str, spoilt: str, message: str, tmp_path: Path
) -> None:
    path = tmp_path / "events.schema.json"
    path.write_text(REAL.read_text().replace(sound, spoilt, 1))
    (tmp_path / "VERSION").write_text("0.1.0\n")
    options: list[str | Path] = (
        ["--schema", path] if command == "lint" else ["--schema", path, "--out", tmp_path / "out"]
    )
    done = lockstep(command, *options)
    assert done.returncode == (1 if command == "lint" and "dialect" in message else 2)
    assert message in done.stderr + done.stdout
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


def test_findings_for_programs(tmp_path: Path) -> None:
    schema = small()
    schema["$defs"]["NoteAddedPayload"]["properties"]["text"]["minLenght"] = 1
    path = save(schema, tmp_path)
    (row,) = json.loads(lockstep("lint", "--schema", path, "--format", "json").stdout)
    assert (row["rule"], row["line"] > 1) == ("KEYWORD_ALLOWED", True)
    annotation = lockstep("lint", "--schema", path, "--format", "github").stdout
    assert annotation.startswith(f"::error file={path},line={row['line']},col={row['column']},title=KEYWORD_ALLOWED::")


def test_the_same_bytes_everywhere(checkout: Path, tmp_path: Path) -> None:
    schema = real()
    names = list(schema["$defs"])
    random.Random(7).shuffle(names)
    shuffled = {**schema, "$defs": {name: schema["$defs"][name] for name in names}}
    path = save(shuffled, tmp_path / "elsewhere" / "schema")
    cases: list[tuple[list[str | Path], Path, dict[str, str]]] = [
        ([], checkout, {"PYTHONHASHSEED": "0", "LC_ALL": "C"}),
        (
            ["--schema", checkout / "schema/events.schema.json"],
            tmp_path,
            {"PYTHONHASHSEED": "4242", "LC_ALL": "C.UTF-8"},
        ),
        (["--schema", path], tmp_path / "elsewhere", {"PYTHONHASHSEED": "99", "TZ": "Asia/Tokyo"}),
    ]
    outputs: list[dict[str, bytes]] = []
    for number, (options, cwd, environment) in enumerate(cases):
        done = lockstep("generate", *options, "--out", tmp_path / str(number), cwd=cwd, **environment)
        assert done.returncode == 0, done.stderr
        outputs.append(tree(tmp_path / str(number)))
    assert outputs[0] == outputs[1] == outputs[2] == tree(checkout / "generated")
