"""Events under continuous faults on the embedded Valkey and on a cluster of three; prints both reports.

The full run is `python tests/bench/chaos.py 1000000`; it takes about ten minutes.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from support.cluster import cluster  # the tests' own servers


def chaos(events: int, *options: str, folder: str) -> int:
    command = [sys.executable, "-m", "lockstep_cli", "chaos", "--yes", "--events", str(events), "--seed", "20261123"]
    return subprocess.run([*command, *options], env={"LOCKSTEP_DATA_DIR": folder}, check=False).returncode


def main(events: int) -> int:
    with tempfile.TemporaryDirectory() as folder:
        print("embedded Valkey", flush=True)
        failures = chaos(events, folder=folder)
        with cluster() as nodes:
            print("\nthree-node cluster", flush=True)
            failures += chaos(events, "--redis", nodes.url, folder=folder)
    return min(failures, 1)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000))
