"""What the ADK plugin costs an agent, for each token and each tool call: the time spent in its callbacks during a run.

The same run without the plugin is shown beside it; ADK's own work for a token is a hundred times ours, so that the
difference of two runs says less than the time inside.
"""

import asyncio
import logging
import warnings
from collections.abc import Callable
from statistics import median
from time import process_time
from typing import Any

from lockstep_events import Event, Receipt
from support.adk import Stage, Turn, agent

TOKENS = 2_000
CALLS = 200
ROUNDS = 5


class Nowhere:
    """Takes everything at once: what is left is our own work in the agent's process."""

    def publish(self, event: Event, /) -> Receipt:
        return Receipt(event.event_id, "e.1", duplicate=False)

    publish_now = publish


async def look(number: int) -> dict[str, int]:
    """A tool."""
    return {"number": number}


class Clock:
    """Times the callbacks of a plugin. They never wait, so that nothing else runs in between."""

    def __init__(self, plugin: Any, names: tuple[str, ...]) -> None:
        self._times: dict[str, list[float]] = {name: [] for name in names}
        for name in names:
            setattr(plugin, name, self._timed(getattr(plugin, name), self._times[name]))

    def _timed(self, callback: Callable[..., Any], times: list[float]) -> Callable[..., Any]:
        async def timed(**given: Any) -> None:
            start = process_time()
            await callback(**given)
            times.append(process_time() - start)

        return timed

    @property
    def seconds(self) -> float:
        """One call of each: the median, of which a busy machine takes least."""
        return sum(median(times) for times in self._times.values())


def stage(*, observed: bool, tokens: int, calls: int) -> Stage:
    asked = [(f"c{number}", "look", {"number": number}) for number in range(calls)]
    first = Turn(["token "] * tokens, calls=asked)
    return Stage(agent("root", first, Turn(["Done."]), tools=[look]), observed, publisher=Nowhere())


async def seconds(*, observed: bool, tokens: int, calls: int, callbacks: tuple[str, ...] = ()) -> tuple[float, float]:
    """Of one run: in one call of each callback, and of the processor in all."""
    played = stage(observed=observed, tokens=tokens, calls=calls)
    clock = Clock(played.runner.plugin_manager.plugins[0], callbacks) if callbacks else None
    start = process_time()
    await played.play()
    assert played.raised is None
    return (clock.seconds if clock else 0.0), process_time() - start


async def measure(what: str, count: int, bound: float, callbacks: tuple[str, ...], tokens: int, calls: int) -> None:
    own, with_it, without = float("inf"), float("inf"), float("inf")
    for _ in range(ROUNDS):
        inside, all_ = await seconds(observed=True, tokens=tokens, calls=calls, callbacks=callbacks)
        own, with_it = min(own, inside * 1e6), min(with_it, all_ / count * 1e6)
        without = min(without, (await seconds(observed=False, tokens=tokens, calls=calls))[1] / count * 1e6)
    verdict = "ok" if own <= bound else "MISSED"
    print(f"Google ADK, for each {what:<24} {own:7.1f} µs more  (at most {bound:.0f}) {verdict}")
    print(f"  the whole run, for each {with_it:.0f} µs with the plugin, {without:.0f} µs without")


async def main() -> None:
    await measure("token", TOKENS, 20, ("after_model_callback", "on_event_callback"), TOKENS, 1)
    tool = ("before_tool_callback", "after_tool_callback")
    await measure("tool call, three events", CALLS, 100, tool, 1, CALLS)


if __name__ == "__main__":
    warnings.simplefilter("ignore")  # ADK's own, on itself
    logging.getLogger("google_adk").setLevel(logging.CRITICAL)
    asyncio.run(main())
