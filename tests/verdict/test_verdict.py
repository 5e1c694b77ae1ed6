"""Schema, Python and TypeScript give one verdict, and point at the same places."""

import os
from pathlib import Path

import pytest
from verdict.compare import compare
from verdict.mutations import CHANGES, SPOILS

SHARES = 40
SHARE = 5_000


# 10 s on an idle core; a busy machine must not fail it.
@pytest.mark.timeout(600)
@pytest.mark.parametrize("share", range(SHARES))
def test_no_difference(share: int, tmp_path: Path) -> None:
    """200,000 mutated documents in each run, in shares that fit a worker and a time-out."""
    seed = f"{os.environ['LOCKSTEP_VERDICT_SEED']}.{share}"
    outcome = compare(seed, SHARE, tmp_path)
    shown = "\n".join(str(difference) for difference in outcome.differences[:5])
    assert not outcome.differences, f"{outcome}\n{shown}"
    assert outcome.documents == SHARE
    assert outcome.kinds.keys() >= CHANGES.keys() | SPOILS.keys(), "a way to spoil a document was never tried"
    assert min(outcome.verdicts[verdict] for verdict in ("known", "unknown", "invalid")) > 30
