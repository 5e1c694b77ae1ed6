"""TypeScript programs for Node: bundled once a test run."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]


REQUIRE = 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);'
"""What packages in CommonJS ask for, in a program that is none."""


def bundle(source: Path, folder: Path) -> Path:
    """The program of a TypeScript file, as one file in `folder`."""
    program = folder / f"{source.stem}.mjs"
    fixed = [
        "--bundle",
        "--platform=node",
        "--format=esm",
        f"--banner:js={REQUIRE}",
        "--log-level=error",
        f"--outfile={program}",
    ]
    subprocess.run([ROOT / "node_modules" / ".bin" / "esbuild", source, *fixed], check=True)
    return program
