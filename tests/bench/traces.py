"""What traces cost: a delta and a tool call through a dispatcher, with traces off and on, beside OpenTelemetry's span.

Run: python tests/bench/traces.py
"""

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable

from lockstep_events import EventDispatcher, RunDispatcher
from lockstep_events.runtime import Event, Receipt
from lockstep_integrations.otel import traced

ROUNDS, CALLS = 7, 2_000


class Nowhere:
    """Takes every event and keeps none."""

    async def publish(self, event: Event, /) -> Receipt:
        return Receipt(event.event_id, "0.0", False)


async def delta(run: RunDispatcher, _: int) -> None:
    await run.agent_message_delta(message_id="m1", delta="token")


async def tool_call(run: RunDispatcher, number: int) -> None:
    id = f"c{number}"
    await run.tool_call_started(tool_call_id=id, tool_name="t")
    await run.tool_call_execution_started(tool_call_id=id, tool_name="t")
    await run.tool_call_result(tool_call_id=id, message_id=f"m-{id}", content="done", duration_ms=1)


async def microseconds(run: RunDispatcher, work: Callable[[RunDispatcher, int], Awaitable[None]]) -> float:
    """Of one call on the processor, in the best of several rounds."""
    best = float("inf")
    for round in range(ROUNDS):
        begun = time.process_time()
        for number in range(CALLS):
            await work(run, round * CALLS + number)
        best = min(best, time.process_time() - begun)
    return best / CALLS * 1e6


async def begun(dispatcher: EventDispatcher, run_id: str) -> RunDispatcher:
    run = dispatcher.session("bench", agent="a", run_id=run_id)
    await run.run_started()
    await run.agent_message_started(message_id="m1", role="assistant")
    return run


async def main() -> None:
    off = await begun(EventDispatcher(Nowhere()), "off")
    costs = {name: [await microseconds(off, work)] for name, work in (("delta", delta), ("tool call", tool_call))}
    print("opentelemetry loaded with traces off:", any(name.startswith("opentelemetry") for name in sys.modules))

    from opentelemetry.sdk.metrics import MeterProvider
    from opentelemetry.sdk.trace import TracerProvider

    tracers, meters = TracerProvider(shutdown_on_exit=False), MeterProvider(shutdown_on_exit=False)
    on = await begun(EventDispatcher(traced(Nowhere(), tracers, meters)), "on")
    costs["delta"].append(await microseconds(on, delta))
    costs["tool call"].append(await microseconds(on, tool_call))

    tracer = tracers.get_tracer("bench")
    attributes = {"gen_ai.tool.name": "t", "gen_ai.operation.name": "execute_tool", "gen_ai.tool.call.id": "c"}
    started = time.process_time()
    for _ in range(CALLS):
        tracer.start_span("execute_tool t", attributes=attributes).end()
    span = (time.process_time() - started) / CALLS * 1e6

    print(f"a span of the SDK alone              {span:7.1f} µs")
    for name, (without, with_traces) in costs.items():
        print(f"{name:10} off {without:7.1f} µs   on {with_traces:7.1f} µs   added {with_traces - without:7.1f} µs")


asyncio.run(main())
