"""`lockstep explain` and the hint that leads to it."""

from pathlib import Path

import pytest
from lockstep_cli.__main__ import main
from lockstep_codegen.evolution.rules import RULES
from lockstep_codegen.lint.rules import rules
from support.contracts import save, small


def test_all_rules_stand_in_one_line_each(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == [*rules(), *RULES]


@pytest.mark.parametrize("rule", rules())
def test_a_rule_is_explained_with_examples_and_a_fix(rule: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", rule]) == 0
    said = capsys.readouterr().out
    assert said.startswith(f"{rule}: ")
    assert "\nBad, in " in said
    assert "\nGood:\n" in said
    assert "\nTo do: " in said
    # Prose is wrapped; a line of JSON is as long as it has to be.
    assert all(len(line) <= 100 or line.startswith("    ") for line in said.splitlines())


@pytest.mark.parametrize("written", ["int_safe", "INT-SAFE", "[INT_SAFE]"])
def test_an_id_may_be_pasted_as_it_was_read(written: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", written]) == 0
    assert capsys.readouterr().out.startswith("INT_SAFE: ")


def test_a_slip_gets_the_nearest_rule(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "INT_SAVE"]) == 2
    assert capsys.readouterr().err == "lockstep explain: there is no rule 'INT_SAVE': did you mean INT_SAFE?\n"
    assert main(["explain", "zzz"]) == 2
    assert "'lockstep explain' lists them" in capsys.readouterr().err


def test_lint_says_where_to_ask(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    schema = small()
    schema["$defs"]["NoteAddedPayload"]["properties"]["text"]["minLenght"] = 1
    assert main(["lint", "--schema", str(save(schema, tmp_path))]) == 1
    assert capsys.readouterr().out.splitlines()[-1].startswith("1 finding: 'lockstep explain KEYWORD_ALLOWED'")
