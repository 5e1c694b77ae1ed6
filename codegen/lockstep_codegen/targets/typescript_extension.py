"""What the pages of a TypeScript package say when it extends another one."""

import re
from collections.abc import Iterator
from typing import Any

from lockstep_codegen.base import Base
from lockstep_codegen.model import Contract
from lockstep_codegen.targets.typescript_text import OPAQUE, quoted

OWN = "OwnEvent"
"""The union of what a contract adds to the one that it extends."""


def extension(contract: Contract, base: Base, page: dict[str, Any]) -> dict[str, Any]:
    """What differs from the page of a contract that stands alone."""
    own = {event.name for event in contract.own_events}
    events = [event for event in page["events"] if event["name"] in own]
    return {
        "runtime": f"{base.line[0]['npm']}/runtime",
        "ts": "",
        "base": quoted(base.npm),
        "base_npm": f"`{base.npm}`",
        "base_table": quoted(f"{base.npm}/table"),
        "base_union": base.schema["title"],
        "base_names": sorted(_taken(contract, page)),
        "bases": [{"npm": quoted(each["npm"]), "range": quoted(f"^{each['version']}")} for each in base.line],
        "own_events": events,
        "own_members": "\n  | ".join(event["name"] for event in events),
        "names": sorted([*page["names"], OWN]),
        "first": events[0],
    }


def _taken(contract: Contract, page: dict[str, Any]) -> set[str]:
    """The base's types that the own declarations name; an import that nothing uses is an error under strict flags."""
    words = {word for text in _declared(page) for word in re.findall(r"\w+", text)}
    return words & (contract.inherited | set(OPAQUE.values()))


def _declared(page: dict[str, Any]) -> Iterator[str]:
    for alias in page["aliases"]:
        yield alias["type"]
    for interface in page["interfaces"]:
        yield interface["extends"]
        for member in interface["members"]:
            yield member["type"]
