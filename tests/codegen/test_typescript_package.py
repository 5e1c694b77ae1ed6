"""The npm package: packed, it is plain JavaScript with types, and works where only its tarball is."""

import json
import os
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BIN = ROOT / "node_modules" / ".bin"
USE = """
import { createDispatcher, type EventOf, isToolCallStartedEvent, parseEvent } from "@agui-lockstep/events";
const event: EventOf<"tool_call_started"> | string = createDispatcher((event) => event)
  .session("abc").toolCallStarted({ tool_call_id: "1", tool_name: "ls" }) as EventOf<"tool_call_started">;
const parsed = parseEvent(JSON.stringify(event));
console.log(isToolCallStartedEvent(parsed) ? parsed.payload.tool_name : "");
"""


@pytest.fixture(scope="module")
def consumer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that has the tarball's content in its node_modules, and nothing of this repository."""
    folder = tmp_path_factory.mktemp("package")
    # Packing builds; in a copy, so that the working tree stays as it is.
    source = shutil.copytree(ROOT / "generated" / "typescript", folder / "source")
    environment = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    subprocess.run(["npm", "pack", "./npm", "--silent", "--offline"], cwd=source, env=environment, check=True)
    (tarball,) = source.glob("*.tgz")
    scope = folder / "consumer" / "node_modules" / "@agui-lockstep"
    with tarfile.open(tarball) as archive:
        archive.extractall(scope, filter="data")
    (scope / "package").rename(scope / "events")
    return folder / "consumer"


def test_only_javascript_and_types_are_packed(consumer: Path) -> None:
    package = consumer / "node_modules" / "@agui-lockstep" / "events"
    files = {str(path.relative_to(package)) for path in package.rglob("*") if path.is_file()}
    beside = {"package.json", "README.md"}
    assert beside <= files
    assert all(file.endswith((".js", ".d.ts")) for file in files - beside)
    manifest = json.loads((package / "package.json").read_text("utf-8"))
    assert not manifest.keys() & {"private", "dependencies"}
    for entry in manifest["exports"].values():
        assert {path.removeprefix("./").replace("*", "contract") for path in entry.values()} <= files


def test_it_is_used_with_types_and_without_a_bundler(consumer: Path) -> None:
    (consumer / "use.ts").write_text(USE)
    (consumer / "package.json").write_text('{"type": "module"}')
    options = ["--strict", "--skipLibCheck", "false", "--module", "nodenext", "--target", "es2022"]
    command: list[str | Path] = [BIN / "tsc", *options, "--types", "", "--ignoreConfig", "use.ts"]
    compiled = subprocess.run(command, cwd=consumer, capture_output=True, text=True, check=False)
    assert compiled.stdout == ""
    ran = subprocess.run(["node", "use.js"], cwd=consumer, capture_output=True, text=True, check=True)
    assert ran.stdout == "ls\n"


def test_package_linters_find_nothing(consumer: Path) -> None:
    package = consumer / "node_modules" / "@agui-lockstep" / "events"
    command: list[str | Path] = [BIN / "publint", "run", package, "--strict", "--pack", "false"]
    linted = subprocess.run(command, capture_output=True, text=True, check=False)
    assert linted.returncode == 0, linted.stdout + linted.stderr
