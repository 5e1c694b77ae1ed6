"""The targets: each renders the model as source files, and none of them touches the disk."""

from collections.abc import Mapping
from typing import Final

TARGETS: Final[Mapping[str, str]] = {
    "python": "lockstep_codegen.targets.python",
    "python-models": "lockstep_codegen.targets.python_models",
    "typescript": "lockstep_codegen.targets.typescript",
    "ag-ui": "lockstep_codegen.targets.ag_ui",
    "docs": "lockstep_codegen.targets.docs",
}
"""Name of a target -> the module whose `render(contract)` makes its files; imported only when it is asked for."""
