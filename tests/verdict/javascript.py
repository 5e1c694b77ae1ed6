"""The JavaScript judges, asked in one batch: Ajv on the schema and our own parser, in one Node process."""

import base64
import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypedDict

from verdict.ajv_schema import ajv_schema
from verdict.schema import ROOT, Schema


class JavaScriptRuling(TypedDict):
    """What `judges.ts` prints for one document."""

    ajv: list[str] | None
    plain: bool | None
    strict: dict[str, Any]
    tolerant: dict[str, Any]
    streamed: dict[str, Any]
    """By a reader that has read all documents before."""


class JavaScript:
    """The judges of one contract. `folder` holds what they are built into and asked with."""

    def __init__(self, schema: Schema, folder: Path) -> None:
        self.folder = folder
        self.program = folder / "judges.cjs"
        (folder / "schema.json").write_text(json.dumps(schema.document), "utf-8")
        (folder / "aware.json").write_text(json.dumps(ajv_schema(schema)), "utf-8")
        # Node 20 runs no TypeScript; Ajv is CommonJS and asks for `require`.
        source = ROOT / "tests" / "verdict" / "judges.ts"
        options = ["--bundle", "--platform=node", "--format=cjs", "--log-level=error", f"--outfile={self.program}"]
        subprocess.run([ROOT / "node_modules" / ".bin" / "esbuild", source, *options], check=True)

    def rule(self, documents: Sequence[bytes]) -> list[JavaScriptRuling]:
        cases = self.folder / "cases"
        cases.write_bytes(b"".join(base64.b64encode(raw) + b"\n" for raw in documents))
        command: list[str | Path] = [
            "node",
            self.program,
            self.folder / "schema.json",
            self.folder / "aware.json",
            cases,
        ]
        answer = subprocess.run(command, check=True, stdout=subprocess.PIPE)
        return [json.loads(line) for line in answer.stdout.splitlines()]
