"""Texts that break or strain JSON itself: the schema's judge and Python give the verdicts that are written down."""

import json
from typing import Any

import pytest
from lockstep_events import CONTRACT
from verdict.schema import ROOT, contract
from verdict.schema_judge import Ruling, SchemaJudge

RAW = ROOT / "tests" / "golden" / "raw"
VERDICTS: dict[str, dict[str, Any]] = json.loads((RAW / "verdicts.json").read_text("utf-8"))


def ruling(said: dict[str, Any]) -> Ruling:
    return Ruling(said["verdict"], tuple(said["faults"]), tuple(said["ignored"]))


@pytest.fixture(scope="module")
def judge() -> SchemaJudge:
    return SchemaJudge(contract())


@pytest.mark.parametrize("file", VERDICTS)
def test_the_schema_gives_the_verdict(judge: SchemaJudge, file: str) -> None:
    strict, tolerant = judge.rule(RAW.joinpath(file).read_bytes())
    assert (strict, tolerant) == (ruling(VERDICTS[file]["strict"]), ruling(VERDICTS[file]["tolerant"]))


@pytest.mark.parametrize("mode", ["strict", "tolerant"])
@pytest.mark.parametrize("file", VERDICTS)
def test_python_gives_the_verdict(file: str, mode: str) -> None:
    said = CONTRACT.read(RAW.joinpath(file).read_bytes(), strict=mode == "strict")
    faults = tuple(fault.pointer for fault in said.faults)
    assert Ruling(said.verdict, faults, said.ignored) == ruling(VERDICTS[file][mode])


def test_every_file_has_a_verdict() -> None:
    assert {path.name for path in RAW.iterdir()} == {*VERDICTS, "verdicts.json"}


def test_files_are_kept_byte_for_byte() -> None:
    """Git and editors like to repair what is broken on purpose here."""
    assert RAW.joinpath("invalid-utf-8.json").read_bytes().count(b"\xff") == 1
    assert RAW.joinpath("space-around.json").read_bytes().startswith(b" \t\r\n")
