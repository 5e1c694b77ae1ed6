"""The rule about examples: each is what its definition allows. `jsonschema` is the judge."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from lockstep_codegen.lint.vocabulary import PREFIX, Fault
from lockstep_codegen.source import escape, is_array

LONGEST_VALUE = 80


def check_examples(schema: Mapping[str, Any], defs: Mapping[str, Any]) -> Iterator[Fault]:
    """Every example of every definition. The schema has passed every other rule."""
    from jsonschema import Draft202012Validator  # 150 ms that only this rule needs

    for name, node in defs.items():
        examples = node.get("examples", [])
        if not is_array(examples):
            yield Fault("EXAMPLE_VALID", f"/$defs/{name}/examples", '"examples" is a list')
            continue
        validator: Any = Draft202012Validator({"$ref": PREFIX + name, "$defs": schema["$defs"]})
        for index, example in enumerate(examples):
            for error in validator.iter_errors(example):
                path = "".join(f"/{escape(str(step))}" for step in error.absolute_path)
                value = json.dumps(error.instance, ensure_ascii=False)
                shown = value if len(value) <= LONGEST_VALUE else value[:LONGEST_VALUE] + "…"
                reason = error.message if len(error.message) <= 2 * LONGEST_VALUE else f"{error.validator} says no"
                said = f"the example's {path or 'value'} {shown} is not allowed: {reason}"
                yield Fault("EXAMPLE_VALID", f"/$defs/{name}/examples/{index}{path}", said)
