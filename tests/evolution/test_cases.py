"""Every rule has a case, every case the findings that a maintainer expects, every finding witnesses that hold."""

from pathlib import Path

import pytest
from evolution.case import Case
from evolution.trial import judged_otherwise, witness_trials
from lockstep_codegen.evolution.diff import RISKS, compatible
from lockstep_codegen.evolution.judge import accepts
from lockstep_codegen.evolution.rule import Kind
from lockstep_codegen.evolution.rules import RULES

HERE = Path(__file__).parent
RULE_CASES = sorted((HERE / "rules").iterdir())
HISTORIES = sorted((HERE / "histories").iterdir())


def test_every_rule_has_a_case() -> None:
    assert {path.name.partition(".")[0] for path in RULE_CASES} == set(RULES)


@pytest.mark.parametrize("folder", [*RULE_CASES, *HISTORIES], ids=lambda path: path.name)
def test_the_findings_are_what_a_maintainer_expects(folder: Path) -> None:
    assert Case(folder).rows() == Case(folder).expected


@pytest.mark.parametrize("folder", RULE_CASES, ids=lambda path: path.name)
def test_the_case_shows_its_rule_and_every_risk_of_it(folder: Path) -> None:
    case = Case(folder)
    shown = [finding for finding in case.findings if finding.rule.id == case.rule]
    assert shown
    for finding in shown:
        if finding.rule.kind is Kind.WIRE:
            assert not finding.unproven
            assert folder.name != finding.rule.id or finding.proofs or not finding.rule.risks
        if finding.rule.source:
            assert finding.signature is not None
            assert finding.signature.python[0] != finding.signature.python[1]


def test_both_judges_confirm_every_witness() -> None:
    trials = [
        trial
        for folder in (*RULE_CASES, *HISTORIES)
        for case in [Case(folder)]
        for trial in witness_trials(*case.sides, case.findings)
    ]
    assert len(trials) > 150
    for trial in trials:
        if trial.schema is not None:
            assert accepts(trial.schema, trial.event) is trial.accepted, trial.why
    assert judged_otherwise(trials) == []


def test_what_needs_review_is_never_called_compatible() -> None:
    findings = Case(HERE / "rules" / "KEYWORD_UNMODELLED").findings
    assert not any(compatible(findings, risk) for risk in RISKS)
