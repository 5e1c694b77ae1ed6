"""`lockstep watch`: from a save to the last file written, beside datamodel-code-generator alone, as warm as it."""

import json
import re
import select
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import IO, Any

from bench.pairs import report

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
RUNS = 9
WITHIN = 0.4
"""Seconds from a save; issue 3 asks for it."""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        schema = Path(folder, "schema", "events.schema.json")
        schema.parent.mkdir()
        document = json.loads((ROOT / "schema/events.schema.json").read_text(encoding="utf-8"))
        (schema.parent / "VERSION").write_text("0.1.0\n")
        save(schema, document, 0)
        peer = warm_peer(schema)
        command = [str(BIN / "lockstep"), "watch", "--schema", str(schema), "--out", str(Path(folder, "out"))]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        try:
            print(said(process.stdout))
            pairs = [(after_save(schema, document, number, process.stdout), peer()) for number in range(1, RUNS + 1)]
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(30)
            process.stdout.close()
    mine, theirs = (statistics.median(column) for column in zip(*pairs, strict=True))
    report("lockstep watch, save to last file", mine * 1e3, theirs * 1e3, "ms", at_most=1.7)
    best = min(pairs)[0]
    print(f"  best {best * 1e3:.0f} ms, median {mine * 1e3:.0f} ms (at most {WITHIN * 1e3:.0f} on a quiet machine)")


def save(schema: Path, document: dict[str, Any], number: int) -> None:
    """The real contract with one more optional field in one payload, another each time."""
    payload = document["$defs"]["ToolCallStartedPayload"]["properties"]
    edited = {**payload, f"field_{number}": {"description": "An edit.", "type": "string"}}
    document = json.loads(json.dumps(document))
    document["$defs"]["ToolCallStartedPayload"]["properties"] = edited
    neighbour = schema.with_suffix(".new")
    neighbour.write_text(json.dumps(document, indent=2))
    neighbour.replace(schema)


def after_save(schema: Path, document: dict[str, Any], number: int, output: IO[str]) -> float:
    """Seconds from the save to the line that tells what was written."""
    start = time.perf_counter()
    save(schema, document, number)
    line = said(output)
    took = time.perf_counter() - start
    if not re.search(r"\d+ files written", line):
        raise RuntimeError(f"watch said {line!r}")
    return took


def said(output: IO[str]) -> str:
    """The next line; an error when there is none within a minute."""
    if not select.select([output], [], [], 60)[0]:
        raise TimeoutError("watch says nothing")
    return output.readline().rstrip("\n")


def warm_peer(schema: Path) -> Any:
    """A function that times the models alone, in this process, where everything has been imported."""
    from lockstep_codegen.pipeline import contract_of
    from lockstep_codegen.targets.python_models import models
    from lockstep_codegen.targets.python_view import order

    ordered = order(contract_of(schema))
    models(ordered)

    def seconds() -> float:
        start = time.perf_counter()
        models(ordered)
        return time.perf_counter() - start

    return seconds


if __name__ == "__main__":
    main()
