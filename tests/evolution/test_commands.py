"""`lockstep breaking`, `changelog`, `next-version` and `examples` as a user runs them, in a repository of their own."""

import contextlib
import io
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from evolution.case import Case
from lockstep_cli.__main__ import main
from lockstep_codegen.evolution.rules import RULES
from lockstep_codegen.lint.rules import rules

BASE = Path(__file__).parent / "rules" / "FIELD_ADDED_OPTIONAL"
Edit = Callable[[dict[str, Any]], None]


class Answer(NamedTuple):
    """What a command answered."""

    returncode: int
    stdout: str
    stderr: str


class Repository:
    """A folder with a contract under git."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.schema = folder / "schema" / "events.schema.json"
        self.schema.parent.mkdir()
        self.schema.write_text((BASE / "old.json").read_text(encoding="utf-8"), encoding="utf-8")
        self.version("0.1.0")
        self.git("init", "--quiet", "--initial-branch=main")
        self.commit()

    def git(self, *words: str) -> None:
        identity = ["-c", "user.name=Test", "-c", "user.email=test@example.com"]
        subprocess.run(["git", *identity, *words], cwd=self.folder, check=True, capture_output=True)

    def commit(self) -> None:
        self.git("add", ".")
        self.git("commit", "--quiet", "-m", "Change")

    def version(self, text: str) -> None:
        (self.schema.parent / "VERSION").write_text(f"{text}\n", encoding="utf-8")

    def edit(self, change: Edit) -> None:
        schema = json.loads(self.schema.read_text(encoding="utf-8"))
        change(schema)
        self.schema.write_text(json.dumps(schema, indent=2), encoding="utf-8")

    def lockstep(self, *words: str) -> Answer:
        """Run a command in this process: a new interpreter for each costs a second on a busy machine."""
        out, errors = io.StringIO(), io.StringIO()
        with contextlib.chdir(self.folder), contextlib.redirect_stdout(out), contextlib.redirect_stderr(errors):
            code = main(words)
        return Answer(code, out.getvalue(), errors.getvalue())


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path)


def shorter(schema: dict[str, Any]) -> None:
    schema["$defs"]["NoteTakenPayload"]["properties"]["text"]["maxLength"] = 20


def with_author(schema: dict[str, Any]) -> None:
    schema["$defs"]["NoteTakenPayload"]["properties"]["author"] = {"type": "string"}


def without_event(schema: dict[str, Any]) -> None:
    schema["oneOf"].pop()


def test_nothing_differs_from_the_last_commit(repository: Repository) -> None:
    answer = repository.lockstep("breaking", "--against", "git:HEAD")
    assert (answer.returncode, answer.stderr) == (0, "")
    assert answer.stdout == "nothing differs, beside HEAD:schema/events.schema.json\n"


def test_a_breaking_change_is_shown_with_places_fix_and_witness(repository: Repository) -> None:
    repository.edit(shorter)
    answer = repository.lockstep("breaking", "--against", "git:main")
    assert answer.returncode == 1
    lines = answer.stdout.splitlines()
    assert lines[0].startswith("schema/events.schema.json:")
    assert lines[0].endswith("breaking: NoteTakenPayload.text: maxLength 40 became 20 [BOUND_TIGHTENED]")
    assert "  was at main:schema/events.schema.json:" in answer.stdout
    assert "a new reader meets an old log: tolerant and strict readers refuse it" in answer.stdout
    witness = json.loads(next(line for line in lines if line.startswith('    {"event_id"')))
    assert 20 < len(witness["payload"]["text"]) <= 40
    assert "  fix: Keep the bound for readers" in answer.stdout
    assert lines[-1] == "1 breaking, beside main:schema/events.schema.json"


def test_what_breaks_only_strict_readers_fails_only_when_asked(repository: Repository) -> None:
    repository.edit(with_author)
    answer = repository.lockstep("breaking", "--against", "git:main")
    assert answer.returncode == 0
    assert "warning: NoteTakenPayload.author: 'author' is new [FIELD_ADDED_OPTIONAL]" in answer.stdout
    assert repository.lockstep("breaking", "--against", "git:main", "--fail-on", "wire-strict").returncode == 1


def test_json_and_github_forms(repository: Repository) -> None:
    repository.edit(shorter)
    rows = json.loads(repository.lockstep("breaking", "--against", "git:main", "--format", "json").stdout)
    assert [row["rule"] for row in rows] == ["BOUND_TIGHTENED"]
    assert rows[0]["fails"] is True
    assert {(row["category"], row["direction"]) for row in rows[0]["breaks"]} == {
        ("wire-strict", "backward"),
        ("wire-tolerant", "backward"),
    }
    text = repository.lockstep("breaking", "--against", "git:main", "--format", "github").stdout
    assert text.startswith("::error file=schema/events.schema.json,line=")
    assert ",title=BOUND_TIGHTENED::NoteTakenPayload.text: maxLength 40 became 20%0A" in text
    assert len(text.splitlines()) == 1


def test_an_approval_needs_a_reason_and_holds_when_lines_move(repository: Repository) -> None:
    repository.edit(shorter)
    found = json.loads(repository.lockstep("breaking", "--against", "git:main", "--format", "json").stdout)
    approve = ("breaking", "--against", "git:main", "--approve", found[0]["fingerprint"])
    answer = repository.lockstep(*approve)
    assert (answer.returncode, answer.stdout) == (2, "")
    assert "needs a reason" in answer.stderr
    assert repository.lockstep(*approve, "--reason", "Nobody writes that much.").returncode == 0
    repository.edit(lambda schema: schema.update({"description": "Moves every line."}))
    answer = repository.lockstep("breaking", "--against", "git:main")
    assert answer.returncode == 0
    assert "approved: NoteTakenPayload.text" in answer.stdout
    assert "(Nobody writes that much.)" in answer.stdout
    (repository.schema.parent / "breaking-allow.json").write_text('[{"fingerprint": "x"}]', encoding="utf-8")
    answer = repository.lockstep("breaking", "--against", "git:main")
    assert answer.returncode == 2
    assert "breaking-allow.json:1:2: an approval has the members fingerprint, rule, subject, reason" in answer.stderr


def test_every_release_is_a_base(repository: Repository) -> None:
    assert "nothing is released yet" in repository.lockstep("breaking", "--against", "released").stdout
    assert repository.lockstep("next-version", "--freeze").stdout.splitlines()[0] == "0.1.0"
    repository.edit(with_author)
    answer = repository.lockstep("breaking", "--against", "released")
    assert answer.returncode == 1
    assert "VERSION says 0.1.0; after 0.1.0 it is at least 0.1.1 [VERSION_NOT_BUMPED]" in answer.stdout
    repository.version("0.1.1")
    assert repository.lockstep("breaking", "--against", "released").returncode == 0
    assert repository.lockstep("next-version", "--freeze").returncode == 0
    # The second release lacks nothing that the check against the first one would not see.
    repository.edit(lambda schema: schema["$defs"]["NoteTakenPayload"]["properties"].pop("author"))
    repository.version("0.2.0")
    answer = repository.lockstep("breaking", "--against", "released", "--fail-on", "wire-strict")
    assert answer.returncode == 1
    assert "FIELD_REMOVED_OPTIONAL" in answer.stdout
    assert "released/0.1.0.schema.json, schema/released/0.1.1.schema.json" in answer.stdout


def test_a_release_that_was_edited_is_found(repository: Repository) -> None:
    repository.lockstep("next-version", "--freeze")
    released = repository.schema.parent / "released" / "0.1.0.schema.json"
    released.write_text(released.read_text(encoding="utf-8").replace("AnyEvent", "SomeEvent"), encoding="utf-8")
    answer = repository.lockstep("breaking", "--against", "released")
    assert answer.returncode == 1
    assert "its digest differs [FROZEN_VERSION_EDITED]" in answer.stdout
    repository.edit(shorter)
    answer = repository.lockstep("next-version", "--freeze")
    assert answer.returncode == 1


def test_the_next_version_is_the_smallest_honest_one(repository: Repository) -> None:
    repository.version("1.2.3")
    repository.lockstep("next-version", "--freeze")
    repository.edit(lambda schema: schema.update({"description": "Words."}))
    assert repository.lockstep("next-version").stdout.splitlines()[0] == "1.2.4"
    repository.edit(with_author)
    assert repository.lockstep("next-version").stdout.splitlines()[0] == "1.3.0"
    repository.edit(without_event)
    answer = repository.lockstep("next-version")
    assert answer.returncode == 1
    assert answer.stdout == "2.0.0\nschema/VERSION says 1.2.3: write 2.0.0 there\n"
    repository.version("2.0.0")
    assert repository.lockstep("next-version").returncode == 0
    repository.version("two")
    answer = repository.lockstep("next-version")
    assert (answer.returncode, answer.stdout) == (2, "")
    assert "version 'two' is not of the form 1.2.3" in answer.stderr


def test_the_changelog_tells_breaking_from_added(repository: Repository) -> None:
    repository.edit(with_author)
    repository.edit(shorter)
    repository.version("0.2.0")
    text = repository.lockstep("changelog", "--against", "git:main").stdout
    assert text == (
        "# Changes of the contract\n\n## 0.2.0\n\n### Breaking\n\n"
        "- `NoteTakenPayload.text`: maxLength 40 became 20. Breaks new readers of old logs.\n\n"
        "### Added\n\n- `NoteTakenPayload.author`: 'author' is new.\n"
    )


@pytest.mark.parametrize(
    ("against", "message"),
    [
        ("git:nowhere", "invalid object name 'nowhere'"),
        ("git:main:absent.json", "git has no 'absent.json' at 'main'"),
        ("git:--output=x", "name a revision"),
        ("absent.json", "absent.json: cannot be read"),
    ],
)
def test_what_cannot_be_read_is_one_line(repository: Repository, against: str, message: str) -> None:
    answer = repository.lockstep("breaking", "--against", against)
    assert (answer.returncode, answer.stdout) == (2, "")
    assert message in answer.stderr
    assert len(answer.stderr.splitlines()) == 1


def test_a_file_and_a_folder_are_bases_too(repository: Repository, tmp_path: Path) -> None:
    old = tmp_path / "elsewhere"
    old.mkdir()
    (old / "events.schema.json").write_text(repository.schema.read_text(encoding="utf-8"), encoding="utf-8")
    repository.edit(shorter)
    for against in (old, old / "events.schema.json"):
        assert repository.lockstep("breaking", "--against", str(against)).returncode == 1


def test_random_examples_are_lines_of_json(capsys: pytest.CaptureFixture[str]) -> None:
    runs: list[str] = []
    for _ in range(2):
        assert main(["examples", "--random", "4", "--seed", "9", "--session", "demo"]) == 0
        runs.append(capsys.readouterr().out)
    assert runs[0] == runs[1]
    assert [json.loads(line)["session_id"] for line in runs[0].splitlines()] == ["demo"] * 4


def test_fingerprints_are_stable_across_versions_of_lockstep() -> None:
    findings = Case(BASE).findings
    assert [finding.fingerprint for finding in findings] == ["836323dbde10"]


def test_no_rule_has_two_meanings() -> None:
    assert not RULES.keys() & rules().keys()


def test_every_rule_of_evolution_can_be_explained(capsys: pytest.CaptureFixture[str]) -> None:
    for rule in RULES:
        assert main(["explain", rule]) == 0
        assert capsys.readouterr().out.startswith(f"{rule}: ")
    assert main(["explain"]) == 0
    listing = capsys.readouterr().out
    assert all(f"\n{rule} " in listing for rule in RULES)
    assert main(["explain", "FIELD_BECAME_REQUIERD"]) == 2
    assert "did you mean FIELD_BECAME_REQUIRED?" in capsys.readouterr().err
