"""Runs at work: an agent's events into the bus, whoever watches, until it ends, is cancelled or loses its lease."""

import asyncio
import contextlib
import logging
from collections.abc import Sequence
from typing import Any

from lockstep_bus import BusUnavailableError, EventBus
from lockstep_events.runtime import Event
from lockstep_integrations.ag_ui import Ingest
from lockstep_integrations.ag_ui.ingest import frames_of
from lockstep_integrations.ag_ui.values import is_object

from lockstep_server.ag_ui_agents import Agent, UpstreamError
from lockstep_server.ag_ui_runs import RENEW_SECONDS, Run, Runs
from lockstep_server.ag_ui_threads import Base, Threads
from lockstep_server.trace import Observe

_LOG = logging.getLogger(__name__)
_ATTEMPTS = 5
STOPPED = ("The server that ran the agent was stopped", "SERVER_STOPPED")


class Worker:
    """The runs of this process. They belong to no request: a viewer who leaves stops nothing."""

    def __init__(self, bus: EventBus, runs: Runs, threads: Threads, observe: Observe) -> None:
        self._bus, self._runs, self._threads, self._observe = bus, runs, threads, observe
        self._tasks: dict[Run, asyncio.Task[None]] = {}
        self._stopping = False

    def start(self, run: Run, agent: Agent, body: dict[str, Any]) -> None:
        """Begin a run that this process has claimed."""
        task = asyncio.create_task(self._work(run, agent, body))
        self._tasks[run] = task
        task.add_done_callback(lambda _: self._tasks.pop(run, None))

    def cancel(self, run: Run) -> bool:
        """Stop a run of this process at once; false when it is another's."""
        task = self._tasks.get(run)
        return task is not None and task.cancel()

    async def close(self) -> None:
        """Stop every run, because the process ends, and wait until each has said so."""
        self._stopping = True
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _work(self, run: Run, agent: Agent, body: dict[str, Any]) -> None:
        keeping = asyncio.create_task(self._keep(run, asyncio.current_task()))
        record = Record(self._bus, self._threads, run, self._observe)
        try:
            await record.open(body)
            await _run(record, agent, body)
        except asyncio.CancelledError:
            await record.last(record.ingest.end(*STOPPED) if self._stopping else record.ingest.take(_cancelled(run)))
        except UpstreamError as error:
            await record.last(record.ingest.end(str(error), "UPSTREAM_FAILED"))
        except Exception as error:
            _LOG.exception("the agent %r failed in run %r", run.agent, run.run_id)
            await record.last(record.ingest.end(str(error) or type(error).__name__, "AGENT_FAILED"))
        finally:
            keeping.cancel()
            with contextlib.suppress(BusUnavailableError):
                await record.save("latest")
                await self._runs.release(run)

    async def _keep(self, run: Run, task: "asyncio.Task[None] | None") -> None:
        """Renew the lease, and hear of a cancel from elsewhere."""
        while True:
            await asyncio.sleep(RENEW_SECONDS)
            with contextlib.suppress(BusUnavailableError):
                held = await self._runs.renew(run)
                if task is not None and (not held or await self._runs.cancelled(run)):
                    task.cancel()
                    return


class Record:
    """What a run says, into the log, and what becomes of its thread meanwhile."""

    def __init__(self, bus: EventBus, threads: Threads, run: Run, observe: Observe) -> None:
        self._bus, self._threads, self._run, self._observe = bus, threads, run, observe
        ids = {"session_id": run.session_id, "thread_id": run.thread_id, "run_id": run.run_id}
        self.ingest = Ingest(bus.contracts.of(run.session_id), **ids, agent=run.agent)
        self._base: Base | None = None
        self._since = 0

    async def open(self, body: dict[str, Any]) -> None:
        """Note where the thread was before the run, and start it with all that it was asked."""
        self._base = await self._threads.now(self._run.session_id, self._run.thread_id)
        await self.save("before")
        await self.publish(self.ingest.take(_started(self._run, body)))

    async def publish(self, told: Sequence[Event]) -> None:
        """Publishing again is safe, and a run should outlive a failover."""
        events = [self._observe(event) for event in told]
        for attempt in range(_ATTEMPTS):
            try:
                receipts = await self._bus.publish_many(events)
                break
            except BusUnavailableError:
                if attempt == _ATTEMPTS - 1:
                    raise
        else:
            return
        if self._base is not None:
            published = zip(receipts, events, strict=True)
            self._base = await self._threads.follow(self._run.session_id, self._base, published)
        self._since += len(events)
        if self._since >= self._threads.events_between:
            await self.save("latest")

    async def last(self, events: Sequence[Event]) -> None:
        """What must be said whatever else goes wrong."""
        with contextlib.suppress(BusUnavailableError):
            await asyncio.shield(self.publish(events))

    async def save(self, name: str) -> None:
        """Keep the thread as it is now."""
        self._since = 0
        if self._base is not None:
            await self._threads.save(self._run.session_id, self._base, name)


async def _run(record: Record, agent: Agent, body: dict[str, Any]) -> None:
    async for frame in frames_of(agent(body)):
        if is_object(frame) and frame.get("type") == "RUN_STARTED":
            continue  # it has been started, with all of its input
        await record.publish(record.ingest.take(frame))
        if record.ingest.report.terminal is not None:
            return  # nothing follows the end of a run
    await record.publish(record.ingest.end())


def _cancelled(run: Run) -> dict[str, Any]:
    finished = {"type": "RUN_FINISHED", "threadId": run.thread_id, "runId": run.run_id}
    return {**finished, "outcome": {"type": "cancelled"}}


def _started(run: Run, body: dict[str, Any]) -> dict[str, Any]:
    """The start of a run, with all that it was asked: whoever joins later has no other way to know."""
    started = {"type": "RUN_STARTED", "threadId": run.thread_id, "runId": run.run_id, "input": body}
    return started | {name: body[name] for name in ("parentRunId",) if name in body}
