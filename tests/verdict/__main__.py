"""The verdict suite from the command line, for as many documents as there is time."""

import argparse
import os
import secrets
import sys
import tempfile
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from verdict.compare import Outcome, compare

SHOWN = 10


def _share(seed: str, count: int) -> Outcome:
    with tempfile.TemporaryDirectory() as folder:
        return compare(seed, count, Path(folder))


def say(line: object) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> int:
    parser = argparse.ArgumentParser(prog="verdict", description="Ask every judge about mutated documents.")
    parser.add_argument("--documents", type=int, default=200_000, metavar="N")
    parser.add_argument("--seed", default=secrets.token_hex(4), help="the same seed makes the same documents")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    size = min(options.documents, 10_000)
    seeds = [f"{options.seed}.{share}" for share in range(-(-options.documents // size))]
    say(f"seed {options.seed}, {len(seeds) * size} documents")
    verdicts: Counter[str] = Counter()
    found = 0
    with ProcessPoolExecutor(options.workers) as pool:
        for outcome in pool.map(_share, seeds, [size] * len(seeds)):
            say(outcome)
            for difference in outcome.differences[: max(0, SHOWN - found)]:
                say(difference)
            found += len(outcome.differences)
            verdicts += outcome.verdicts
    say(f"{verdicts.total()} documents, {found or 'no'} difference{'' if found == 1 else 's'}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
