"""`[tool.lockstep]`: found from below, relative to its file, and strict about what it says."""

import re
from dataclasses import fields
from pathlib import Path

import pytest
from lockstep_codegen.errors import UnreadableError
from lockstep_codegen.settings import DEFAULT, Settings, settings


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder, below the folder of a project."""
    below = tmp_path / "project" / "src"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    return below.parent


def write(project: Path, text: str) -> None:
    (project / "pyproject.toml").write_text(text, encoding="utf-8")


def test_without_a_table_everything_is_as_in_our_own_repository(project: Path) -> None:
    assert settings() == Settings()
    write(project, '[project]\nname = "lockstep-user"\n')
    assert settings() == Settings(Path("schema/events.schema.json"), "lockstep_events", None, None, Path("generated"))


def test_paths_count_from_the_file_and_are_shown_from_here(project: Path) -> None:
    write(project, '[tool.lockstep]\nschema = "s/e.json"\noutput = "out"\npackage = "acme_events"\n')
    assert settings() == Settings(Path("../s/e.json"), "acme_events", None, None, Path("../out"))
    assert settings(project).schema == Path("../s/e.json")


def test_defaults_count_from_the_file_too(project: Path) -> None:
    write(project, '[tool.lockstep]\npackage = "acme_events"\nextends = "lockstep_events"\n')
    assert settings().schema == Path("../schema/events.schema.json")
    assert settings().output == Path("../generated")


def test_the_nearest_table_counts_and_a_file_without_one_hides_none(project: Path) -> None:
    write(project, '[tool.lockstep]\nnpm = "@acme/events"\n')
    write(project / "src", "[tool.ruff]\nline-length = 99\n")
    assert settings().npm == "@acme/events"
    write(project / "src", '[tool.lockstep]\nnpm = "@nearer/events"\n')
    assert settings().npm == "@nearer/events"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[tool.lockstep]\nextend = "x"\n', "toml:2:1: [tool.lockstep] has no 'extend': did you mean 'extends'?"),
        ('[tool.lockstep]\nextends = "lockstep_events"\n', "toml:2:1: the contract and what it extends are both"),
        ('[tool.x]\nnpm = 1\n\n[tool.lockstep]\n  npm = 1\n', "pyproject.toml:5:3: npm is 1: write a text in quotes"),
        ('[tool.lockstep]\npackage = "acme-events"\n', "pyproject.toml:2:1: package is 'acme-events': write an import"),
        ('[tool.lockstep]\nschema = ""\n', "pyproject.toml:2:1: schema is '': write a text in quotes"),
        ('[tool.lockstep]\ncolour = "red"\n', "has no 'colour': it knows extends, npm, output, package, schema"),
        ("[tool.lockstep]\nnpm = \n", "pyproject.toml: cannot be read: Invalid value (at line 2, column 7)"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_one_line_with_its_place(project: Path, text: str, said: str) -> None:
    write(project, text)
    with pytest.raises(UnreadableError) as caught:
        settings()
    assert str(caught.value).startswith("../pyproject.toml:")
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_page_lists_every_key_with_its_default() -> None:
    page = (
        (Path(__file__).parents[2] / "docs" / "settings.md").read_text(encoding="utf-8").partition("## A contract")[2]
    )
    said = dict(re.findall(r"^\| `(\w+)` \| (?:`([^`]+)`)?", page, re.MULTILINE))
    true = {field.name: getattr(DEFAULT, field.name) for field in fields(Settings)}
    assert said == {name: str(value or "") for name, value in true.items()} | {"npm": "package"}
