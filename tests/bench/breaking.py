"""`lockstep breaking`, cold, on the real schema beside `lockstep generate`, cold: at most 1.5 times as long."""

import copy
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench.pairs import pair

ROOT = Path(__file__).parents[2]
SCHEMA = ROOT / "schema/events.schema.json"
AT_MOST = 1.5


def one_edit(schema: dict[str, Any]) -> None:
    """A change that breaks readers both ways, so that witnesses are looked for and judged."""
    schema["$defs"]["ToolCallResultPayload"]["properties"]["status"]["enum"][0] = "fine"


def forty_edits(schema: dict[str, Any]) -> None:
    """A new required member in every payload."""
    for name, node in schema["$defs"].items():
        if name.endswith("Payload"):
            node["properties"]["novel"] = {"type": "string"}
            node["required"] = [*node.get("required", []), "novel"]


def main() -> None:
    """Print three lines."""
    lockstep = str(Path(sys.executable).parent / "lockstep")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        generate = [lockstep, "generate", "--out", str(folder / "out")]
        for what, edit in (("nothing differs", None), ("one edit", one_edit), ("forty edits", forty_edits)):
            schema = copy.deepcopy(json.loads(SCHEMA.read_text(encoding="utf-8")))
            if edit is not None:
                edit(schema)
            old = folder / f"{what.replace(' ', '-')}.json"
            old.write_text(json.dumps(schema, indent=2), encoding="utf-8")
            # Findings are exit code 1, and what is measured here.
            breaking = ["sh", "-c", '"$0" breaking --against "$1" || test $? -eq 1', lockstep, str(old)]
            pair(f"lockstep breaking, cold: {what}", breaking, generate, at_most=AT_MOST, runs=5, cwd=ROOT)


if __name__ == "__main__":
    main()
