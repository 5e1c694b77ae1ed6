"""Which way a graph went: from the steps of one superstep to those of the next."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

JOIN = "join:"
"""How LangGraph names the channel that waits for several nodes: `join:a+b:c`."""


@dataclass(slots=True)
class _Ground:
    superstep: int = 0
    names: set[str] = field(default_factory=set[str])
    before: set[str] = field(default_factory=set[str])
    told: set[tuple[str | None, str]] = field(default_factory=set[tuple[str | None, str]])


class Route:
    """The way of one run, in its graph and in every execution of a subgraph."""

    def __init__(self) -> None:
        self._grounds: dict[str, _Ground] = {}

    def enter(self, graph: str, superstep: int, node: str, triggers: Sequence[str]) -> Iterator[tuple[str | None, str]]:
        """The ways (from, to) by which `node` was reached, each once in a superstep, however many branches took it.

        LangGraph does not say which node chose the next one: after several different ones the origin stays open.
        """
        ground = self._grounds.setdefault(graph, _Ground())
        if superstep != ground.superstep:
            before = ground.names if superstep > ground.superstep else set[str]()  # smaller: the subgraph ran again
            ground = self._grounds[graph] = _Ground(superstep, before=before)
        ground.names.add(node)
        for origin in _joined(triggers) or (ground.before if len(ground.before) == 1 else {None}):
            if (origin, node) not in ground.told:
                ground.told.add((origin, node))
                yield origin, node


def _joined(triggers: Sequence[str]) -> list[str | None]:
    return [
        origin
        for trigger in triggers
        if trigger.startswith(JOIN)
        for origin in trigger.removeprefix(JOIN).rpartition(":")[0].split("+")
    ]
