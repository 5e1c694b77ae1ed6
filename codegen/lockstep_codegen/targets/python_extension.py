"""The pages of a package that extends another: its own classes and methods, on those of the base."""

from typing import Any

from lockstep_codegen.base import Base
from lockstep_codegen.model import Contract
from lockstep_codegen.targets.python_text import docstring, is_inlined
from lockstep_codegen.targets.python_view import OWN

Imports = list[tuple[str, list[str]]]
"""Modules, and the names that are taken from each."""


def union_page(contract: Contract, base: Base) -> dict[str, Any]:
    """What union.py needs beside the rest: the classes of all events, ours and the base's."""
    return {"base": base.package, "model_imports": event_imports(contract, base)}


def handler_page(contract: Contract, base: Base) -> dict[str, Any]:
    """What a handler needs: only the own events, and the union."""
    events = [event for event in contract.events if event.name not in contract.inherited]
    return {
        "base": base.package,
        "own_events": [
            {"type": event.type, "name": event.name, "doc": docstring(event.description, 8)} for event in events
        ],
        "model_imports": [
            (f"{contract.package}.models", sorted(event.name for event in events)),
            (f"{contract.package}.union", [contract.title]),
        ],
    }


def dispatcher_page(contract: Contract, base: Base, prefix: str, page: dict[str, Any]) -> dict[str, Any]:
    """What a dispatcher needs, from what it would need without a base."""
    classes = ["EventDispatcher", "SessionDispatcher", *(["RunDispatcher"] if page["run"] else [])]
    taken = [f"{prefix}{name} as Base{prefix}{name}" for name in classes]
    models = dict(split(page["models"], contract, base))
    theirs = sorted([*taken, *models.pop(base.package, [])])
    making = [
        f"from {contract.runtime}.making import make_event",
        f"from {contract.runtime}.publisher import Receipt",
    ]
    return {
        "base": base.package,
        "model_imports": [(base.package, theirs), *models.items()],
        "plain_imports": [*(making if page["unbound"] else []), *page["wire"]],
    }


def event_imports(contract: Contract, base: Base) -> Imports:
    """The classes of all events, from where they are."""
    return split([event.name for event in contract.events], contract, base)


def split(names: list[str], contract: Contract, base: Base) -> Imports:
    """Names of models by the module that has them."""
    theirs = sorted(name for name in names if name in contract.inherited)
    own = sorted(name for name in names if name not in contract.inherited)
    return [(module, each) for module, each in ((base.package, theirs), (f"{contract.package}.models", own)) if each]


def package_imports(contract: Contract, base: Base) -> Imports:
    """What `__init__.py` re-exports besides what every package has: all models, those of the base too."""
    named = [name for name, each in contract.definitions.items() if not is_inlined(each)]
    models = split([*named, *(event.name for event in contract.events)], contract, base)
    title = str(base.schema["title"])
    theirs = [(module, sorted([*names, title])) for module, names in models if module == base.package]
    own = [(module, sorted([*names, OWN])) for module, names in models if module != base.package]
    known = theirs if title != contract.title else [each for each in models if each[0] == base.package]
    return [*known, *own, (f"{contract.package}.union", [contract.title])]
