"""The cases of one run: the same seed and number make the same ones."""

import random
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from verdict.documents import Documents
from verdict.mutations import spoil_text, spoil_value, write
from verdict.schema import Schema


@dataclass(frozen=True, slots=True)
class Case:
    """One document as it comes over the wire, and how it was spoilt."""

    raw: bytes
    spoilt: tuple[str, ...]


def draw(schema: Schema, examples: Mapping[str, Any], seed: str, count: int) -> Iterator[Case]:
    """Documents of every type: some valid, most spoilt once, some more often, some of a type that nobody knows."""
    chance = random.Random(seed)
    documents = Documents(schema, chance)
    names = list(schema.events.items())
    for _ in range(count):
        event_type, name = chance.choice(names)
        event = documents.event(name)
        if event_type in examples and chance.random() < 0.1:
            event["payload"] = deepcopy(chance.choice(examples[event_type]))
        spoilt: list[str] = []
        if chance.random() < 0.05:
            event["type"] = chance.choice(["deployment_requested", "x", "x" * 64, "x" * 65, "Deployment", "", "a\n"])
            spoilt.append("unknown type")
        for _change in range(chance.choice([0, 1, 1, 1, 1, 2, 3])):
            spoilt.append(spoil_value(chance, event))
        text = write(chance, event)
        raw = text.encode()
        if chance.random() < 0.15:
            name, raw = spoil_text(chance, text)
            spoilt.append(name)
        yield Case(raw, tuple(spoilt))
