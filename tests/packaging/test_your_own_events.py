"""docs/your-own-events.md, followed to the letter by a reader who has wheel and tarballs, and nothing else of ours."""

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.documents import ROOT
from support.reader import BLOCK, Reader
from support.release import Machine

pytestmark = pytest.mark.timeout(300)  # a release is built, and a page of commands followed

PAGE = ROOT / "docs" / "your-own-events.md"
STRICT = ["--strict", "--noEmit", "--module", "esnext", "--moduleResolution", "bundler", "--target", "es2022"]


@pytest.fixture(scope="module")
def reader(release: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    """One who has read the whole page, and left everything running."""
    reader = Reader(Machine(tmp_path_factory.mktemp("m"), release))
    began = time.monotonic()
    try:
        reader.follow(PAGE)
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


def test_the_readme_that_it_made_says_what_works(reader: Reader) -> None:
    blocks = BLOCK.finditer((reader.machine.folder / "README.md").read_text())
    commands = [line for block in blocks if block["language"] == "sh" for line in block["text"].splitlines()]
    assert len(commands) == 6
    for command in (line.partition("#")[0].strip() for line in commands if "lockstep serve" not in line):
        reader.type(command)
    assert said(reader, "lockstep examples").count('"type":"deployment_requested"') == 3


def test_the_contract_is_current_and_breaks_nobody(reader: Reader) -> None:
    for command in ("lockstep check", "lockstep lint", "lockstep breaking --against released", "lockstep doctor"):
        reader.run(f"LOCKSTEP_PORT=0 {command}")
