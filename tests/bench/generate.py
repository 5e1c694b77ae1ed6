"""`lockstep generate` and `check`, cold, beside datamodel-code-generator's own command line; and `lockstep --help`.

The peer makes the Pydantic models alone, from the same view with the same options; ours makes both languages and the
reference from the schema, after judging it.
"""

import ast
import json
import statistics
import sys
import tempfile
from pathlib import Path

from bench.pairs import pair, seconds
from lockstep_codegen.pipeline import contract_of
from lockstep_codegen.targets.python_view import view

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent

FLAGS = [
    "--input-file-type", "jsonschema", "--output-model-type", "pydantic_v2.BaseModel",
    "--target-python-version", "3.11", "--disable-future-imports", "--use-standard-collections",
    "--use-union-operator", "--use-annotated", "--field-constraints", "--use-type-alias",
    "--enum-field-as-literal", "all", "--use-default-kwarg", "--strict-nullable", "--use-schema-description",
    "--use-field-description", "--use-single-line-docstring", "--strict-refs", "--no-allow-remote-refs",
    "--use-double-quotes", "--formatters", "builtin",
    "--disable-timestamp", "--ignore-pyproject", "--base-class", "lockstep_events.runtime.model.Model",
]  # fmt: skip
"""`targets/python_models.py`'s options, as the peer's command line spells them."""


def meaning(path: Path) -> str:
    """What a module says, without its comments, its docstring and its line breaks."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return "\n".join(ast.dump(node) for node in tree.body if not isinstance(node, ast.Expr))


def main() -> None:
    """Print three lines."""
    lockstep = str(BIN / "lockstep")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "view.json").write_text(json.dumps(view(contract_of(ROOT / "schema/events.schema.json"))))
        models = folder / "models.py"
        peer = [str(BIN / "datamodel-codegen"), "--input", str(folder / "view.json"), "--output", str(models), *FLAGS]
        ours = [lockstep, "generate", "--out", str(folder / "out")]
        pair("lockstep generate, cold: both languages, docs", ours, peer, at_most=1.3, cwd=ROOT)
        pair("lockstep check, cold", [lockstep, "check"], peer, at_most=1.3, cwd=ROOT)
        if meaning(ROOT / "generated/python/lockstep_events/models.py") != meaning(models):
            raise SystemExit("the peer made another text: FLAGS are no longer the options of the generator")
    helps = [seconds([lockstep, "--help"]) for _ in range(9)]
    print(f"lockstep --help: median {statistics.median(helps) * 1e3:.0f} ms (at most 250)")


if __name__ == "__main__":
    main()
