"""Times two commands in turn, so that both meet the same machine, and prints their ratio."""

import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

BYTECODE = tempfile.TemporaryDirectory(prefix="lockstep-bench-")
"""Where the commands keep their compiled modules: as on a user's machine, only the first run of a program compiles."""


def seconds(command: Sequence[str], *, cwd: Path | None = None) -> float:
    """How long one run of `command` takes as a whole process. Raises CalledProcessError when it fails."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPYCACHEPREFIX"] = BYTECODE.name
    start = time.perf_counter()
    subprocess.run(command, cwd=cwd, env=environment, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    return time.perf_counter() - start


def pair(
    what: str, ours: Sequence[str], peer: Sequence[str], *, at_most: float, runs: int = 7, cwd: Path | None = None
) -> None:
    """Run both `runs` times, alternating, after one unmeasured run of each; print the medians and their ratio."""
    seconds(ours, cwd=cwd)
    seconds(peer, cwd=cwd)
    times = [(seconds(ours, cwd=cwd), seconds(peer, cwd=cwd)) for _ in range(runs)]
    mine, theirs = (statistics.median(column) for column in zip(*times, strict=True))
    report(what, mine * 1e3, theirs * 1e3, "ms", at_most=at_most)


def report(what: str, ours: float, peer: float, unit: str, *, at_most: float) -> None:
    """Print one line: both figures, their ratio, and whether the ratio is within its bound."""
    ratio = ours / peer
    verdict = "ok" if ratio <= at_most else "MISSED"
    print(
        f"{what:<44} {ours:10.1f} {unit}  peer {peer:10.1f} {unit}  ratio {ratio:5.2f}  (at most {at_most}) {verdict}"
    )
