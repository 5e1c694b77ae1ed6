"""The bounds that the runtime relies on hold for every event, the smallest included."""

import json
from random import Random
from typing import Any

from lockstep_codegen.extent import deepest, shortest
from lockstep_codegen.instances import Instances
from lockstep_codegen.pipeline import contract_of
from lockstep_codegen.source import is_array, is_object
from support.contracts import REAL, real

CONTRACT = contract_of(REAL)


def levels(value: Any) -> int:
    """Containers within containers."""
    inner = value.values() if is_object(value) else value if is_array(value) else None
    return 0 if inner is None else 1 + max(map(levels, inner), default=0)


def without_json(value: Any, names: frozenset[str]) -> Any:
    """A document whose opaque members are gone."""
    if is_object(value):
        return {name: without_json(member, names) for name, member in value.items() if name not in names}
    return [without_json(item, names) for item in value] if is_array(value) else value


def opaque_names(node: Any) -> set[str]:
    """Every name under which some object keeps opaque JSON."""
    if is_array(node):
        return set[str]().union(*map(opaque_names, node))
    if not is_object(node):
        return set[str]()
    found = {
        name
        for name, member in node.get("properties", {}).items()
        if str(member.get("$ref", "")).removeprefix("#/$defs/") in ("Json", "JsonNotNull", "JsonObject")
    }
    return found.union(*map(opaque_names, node.values()))


def test_no_event_is_shorter_or_deeper() -> None:
    least, most = shortest(CONTRACT), deepest(CONTRACT)
    assert most is not None
    names = frozenset(opaque_names(real()["$defs"]))
    for minimal in (True, False):
        instances = Instances(real(), Random(7), minimal=minimal)
        for event in CONTRACT.events:
            made = instances.event(event.type)
            assert len(json.dumps(made, separators=(",", ":"))) >= least
            assert levels(without_json(made, names)) <= most


def test_the_bounds_of_the_contract() -> None:
    assert (shortest(CONTRACT), deepest(CONTRACT)) == (141, 8)
