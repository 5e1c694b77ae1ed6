"""What each graph tells, event by event: the lists in `expected/` are the specification."""

from pathlib import Path

import pytest
from support.lang_graphs import SCENARIOS
from support.observed import observed

EXPECTED = Path(__file__).parent / "expected"


@pytest.mark.parametrize("name", SCENARIOS)
async def test_a_graph_tells_exactly_this(name: str) -> None:
    said = await observed(SCENARIOS[name])
    assert said.lines == (EXPECTED / f"{name}.txt").read_text("utf-8").splitlines()


def test_every_list_has_its_graph() -> None:
    assert {path.stem for path in EXPECTED.iterdir()} == SCENARIOS.keys()
