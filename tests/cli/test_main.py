"""The front door of the command line: help, slips of the keyboard, missing extras, honest exit codes."""

import subprocess
import sys
from pathlib import Path

import pytest
from lockstep_cli import __main__ as cli
from lockstep_cli.commands import COMMANDS, Command


def lockstep(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "lockstep_cli", *arguments], capture_output=True, text=True, timeout=60, check=False
    )


def test_help_lists_every_command_with_its_summary() -> None:
    answer = lockstep("--help")
    assert answer.returncode == 0
    for name, command in COMMANDS.items():
        assert f"  {name} " in answer.stdout
        assert command.summary in answer.stdout


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_each_command_helps_with_examples(name: str) -> None:
    answer = lockstep(name, "--help")
    assert answer.returncode == 0, answer.stderr
    assert "examples:" in answer.stdout
    assert f"lockstep {name}" in answer.stdout


def test_help_imports_no_command() -> None:
    code = "import sys; from lockstep_cli.__main__ import main; main(['--help']); print(sorted(sys.modules))"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    loaded = answer.stdout.splitlines()[-1]
    for heavy in ("pydantic", "redis", "fastapi", "jinja2", "lockstep_bus", "lockstep_codegen", "lockstep_events"):
        assert f"'{heavy}'" not in loaded


def test_a_slip_gets_the_nearest_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["generat"]) == 2
    assert capsys.readouterr().err == "lockstep: there is no command 'generat': did you mean 'generate'?\n"


def test_nonsense_is_sent_to_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["xyzzy"]) == 2
    assert "'xyzzy'" in capsys.readouterr().err


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("lockstep ")


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setitem(COMMANDS, "broken", Command("no_such_package.verb", "Cannot be imported", "server", "bus"))
    assert cli.main(["broken"]) == 2
    assert capsys.readouterr().err == ("lockstep broken needs 'no_such_package': pip install 'agui-lockstep[server]'\n")


@pytest.fixture
def verb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a_verb.py").write_text(
        "class Refused(Exception):\n    exit_code = 1\n"
        "def configure(parser): parser.add_argument('what')\n"
        "def run(options):\n"
        "    if options.what == 'refuse': raise Refused('\"x\" is refused: say y')\n"
        "    if options.what == 'interrupt': raise KeyboardInterrupt\n"
        "    if options.what == 'bug': raise ZeroDivisionError\n"
        "    return 0\n"
    )
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    monkeypatch.setitem(COMMANDS, "verb", Command("a_verb", "A verb", "server", "bus"))


@pytest.mark.usefixtures("verb")
def test_an_error_for_the_user_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["verb", "refuse"]) == 1
    assert capsys.readouterr().err == 'lockstep verb: "x" is refused: say y\n'


@pytest.mark.usefixtures("verb")
def test_interrupt_is_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["verb", "interrupt"]) == 130
    assert capsys.readouterr().err == ""


@pytest.mark.usefixtures("verb")
def test_a_bug_is_not_hidden() -> None:
    with pytest.raises(ZeroDivisionError):
        cli.main(["verb", "bug"])
