"""What the documentation shows is run: shell commands, Python and TypeScript, in the order a reader meets them."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from support.documents import ROOT, Snippet, documents
from support.documents import snippets as every_snippet

BIN = Path(sys.executable).parent

SHOWN_ELSEWHERE = {
    # what installs or starts things that a test must not, and where it is proven instead
    "make setup": "part of `make test`",
    "make test": "this very run",
    "make run": "tests/cli/test_demo.py",
    ".venv/bin/lockstep serve": "tests/server, on ports of their own",
    "lockstep serve": "tests/server, on ports of their own",
    "curl -N http://localhost:8000/events/test-session-123": "tests/server/test_walkthrough.py",
}
"""Commands that are not run here, each with the place that runs them."""

FOLLOWED = {
    "docs/your-own-events.md": "tests/packaging/test_your_own_events.py",
    "docs/migrating.md": "tests/packaging/test_migrating.py",
}
"""Pages that only make sense from the first line to the last, each with the test that does what they say."""


def snippets(*languages: str) -> list[Snippet]:
    return [snippet for snippet in every_snippet(*languages) if snippet.document not in FOLLOWED]


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what a reader's checkout holds, whose commands cannot touch ours."""
    folder = tmp_path_factory.mktemp("checkout")
    for part in ("schema", "generated", "docs", "README.md", "Makefile", "pyproject.toml"):
        source = ROOT / part
        if source.is_dir():
            shutil.copytree(source, folder / part, ignore=shutil.ignore_patterns("node_modules", "dist"))
        else:
            shutil.copy(source, folder / part)
    return folder


def environment(sandbox: Path) -> dict[str, str]:
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith("LOCKSTEP_") and name != "REDIS_URL"
    }
    return kept | {"PATH": f"{BIN}:{os.environ['PATH']}", "LOCKSTEP_DATA_DIR": str(sandbox / ".lockstep")}


def test_there_is_documentation() -> None:
    assert ROOT / "README.md" in documents()
    assert snippets("sh")


@pytest.mark.parametrize("snippet", snippets("sh", "console"), ids=str)
def test_commands_run(snippet: Snippet, sandbox: Path) -> None:
    for command in snippet.commands:
        if command in SHOWN_ELSEWHERE:
            continue
        line = re.sub(r"^\.venv/bin/", "", command)
        folder = sandbox
        if line.startswith("make "):  # a verb: that it is one is shown here, what it does by CI
            line, folder = line.replace("make ", "make --dry-run ", 1), ROOT
        done = subprocess.run(
            ["bash", "-c", line], cwd=folder, env=environment(sandbox), capture_output=True, text=True, timeout=100
        )
        assert done.returncode == 0, f"{snippet}: {shlex.quote(command)} exits {done.returncode}\n{done.stderr}"


RUN_BLOCKS = """
import ast, asyncio, inspect, sys
names = {"__name__": "snippet"}
for block in sys.stdin.read().split("\\0"):
    code = compile(block, "snippet.py", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    if code.co_flags & inspect.CO_COROUTINE:
        asyncio.run(eval(code, names))
    else:
        exec(code, names)
"""
"""Runs a document's blocks one after another in one namespace; `await` may stand at the top level, as in a notebook."""


@pytest.mark.parametrize("document", sorted({snippet.document for snippet in snippets("python")}))
def test_python_runs(document: str, sandbox: Path) -> None:
    blocks = [snippet.text for snippet in snippets("python") if snippet.document == document]
    done = subprocess.run(
        [sys.executable, "-c", RUN_BLOCKS],
        input="\0".join(blocks), cwd=sandbox, env=environment(sandbox), capture_output=True, text=True, timeout=100,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_typescript_compiles() -> None:
    # Below the checkout, so that the workspace's packages are found as a reader's would be.
    folder = ROOT / "node_modules" / ".cache" / "snippets"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for number, snippet in enumerate(snippets("ts", "tsx"), 1):
        text = (
            snippet.text
            if re.search(r"^(import|export) ", snippet.text, re.MULTILINE)
            else f"{snippet.text}export {{}};\n"
        )
        (folder / f"snippet_{number}.{snippet.language}").write_text(text, encoding="utf-8")
    (folder / "tsconfig.json").write_text(
        '{"extends": "../../../tsconfig.json", "compilerOptions": {"noUnusedLocals": false},'
        ' "include": ["*.ts", "*.tsx"], "exclude": []}'
    )
    done = subprocess.run(
        [ROOT / "node_modules/.bin/tsc", "-p", folder / "tsconfig.json"], capture_output=True, text=True, timeout=100
    )
    names = "\n".join(f"snippet_{number} is {snippet}" for number, snippet in enumerate(snippets("ts", "tsx"), 1))
    assert done.returncode == 0, f"{done.stdout}\n{names}"
