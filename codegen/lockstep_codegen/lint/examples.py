"""The rule about examples: each is what its definition allows. The runtime's own check is the judge, and its words."""

from collections.abc import Iterator, Mapping
from typing import Any

from lockstep_codegen.lint.vocabulary import Fault
from lockstep_codegen.source import is_array


def check_examples(schema: Mapping[str, Any], defs: Mapping[str, Any]) -> Iterator[Fault]:
    """Every example of every definition. The schema has passed every other rule."""
    from lockstep_codegen.runtime.python.check import Check  # brings Pydantic, which only this rule needs
    from lockstep_codegen.runtime.python.nodes import Nodes

    nodes = Nodes(schema)
    for name, node in defs.items():
        examples = node.get("examples", [])
        if not is_array(examples):
            yield Fault("EXAMPLE_VALID", f"/$defs/{name}/examples", '"examples" is a list')
            continue
        for index, example in enumerate(examples):
            check = Check(nodes)
            check.definition(name, example)
            for fault in sorted([*check.faults, *(extra.fault for extra in check.extras)]):
                at = f"/$defs/{name}/examples/{index}{fault.pointer}"
                said = f"the example's {fault.pointer or 'value'} is not allowed"
                yield Fault("EXAMPLE_VALID", at, f"{said}: {fault.message}")
