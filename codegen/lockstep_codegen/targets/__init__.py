"""The targets: each renders the model as source files, and none of them touches the disk."""

from collections.abc import Callable, Mapping

from lockstep_codegen.files import SourceFile
from lockstep_codegen.model import Contract

Render = Callable[[Contract], list[SourceFile]]
TARGETS: Mapping[str, str] = {}
"""Name of a target -> the module whose `render` makes it; imported only when it is asked for."""
