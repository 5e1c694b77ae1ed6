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
from lockstep_server.ag_ui_threads import Threads

_LOG = logging.getLogger(__name__)
_ATTEMPTS = 5
STOPPED = ("The server that ran the agent was stopped", "SERVER_STOPPED")


class Worker:
    """The runs of this process. They belong to no request: a viewer who leaves stops nothing."""

    def __init__(self, bus: EventBus, runs: Runs, threads: Threads) -> None:
        self._bus, self._runs, self._threads = bus, runs, threads
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
        ingest = Ingest(
            self._bus.contract,
            session_id=run.session_id,
            thread_id=run.thread_id,
            run_id=run.run_id,
            agent=run.agent,
        )
        keeping = asyncio.create_task(self._keep(run, asyncio.current_task()))
        try:
            await self._threads.save(run.session_id, await self._threads.now(run.session_id, run.thread_id), "before")
            await self._publish(ingest.take(_started(run, body)))
            await self._run(run, ingest, agent, body)
        except asyncio.CancelledError:
            await self._last(ingest.end(*STOPPED) if self._stopping else ingest.take(_cancelled(run)))
        except UpstreamError as error:
            await self._last(ingest.end(str(error), "UPSTREAM_FAILED"))
        except Exception as error:
            _LOG.exception("the agent %r failed in run %r", run.agent, run.run_id)
            await self._last(ingest.end(str(error) or type(error).__name__, "AGENT_FAILED"))
        finally:
            keeping.cancel()
            with contextlib.suppress(BusUnavailableError):
                now = await self._threads.now(run.session_id, run.thread_id)
                await self._threads.save(run.session_id, now, "latest")
                await self._runs.release(run)

    async def _run(self, run: Run, ingest: Ingest, agent: Agent, body: dict[str, Any]) -> None:
        since = 0
        async for frame in frames_of(agent(body)):
            if is_object(frame) and frame.get("type") == "RUN_STARTED":
                continue  # it has been started, with all of its input
            events = ingest.take(frame)
            await self._publish(events)
            since += len(events)
            if since >= self._threads.events_between:
                since = 0
                await self._threads.save(
                    run.session_id, await self._threads.now(run.session_id, run.thread_id), "latest"
                )
            if ingest.report.terminal is not None:
                return  # nothing follows the end of a run
        await self._publish(ingest.end())

    async def _keep(self, run: Run, task: "asyncio.Task[None] | None") -> None:
        """Renew the lease, and hear of a cancel from elsewhere."""
        while True:
            await asyncio.sleep(RENEW_SECONDS)
            with contextlib.suppress(BusUnavailableError):
                held = await self._runs.renew(run)
                if task is not None and (not held or await self._runs.cancelled(run)):
                    task.cancel()
                    return

    async def _publish(self, events: Sequence[Event]) -> None:
        """Publishing again is safe, and a run should outlive a failover."""
        for attempt in range(_ATTEMPTS):
            try:
                await self._bus.publish_many(events)
            except BusUnavailableError:
                if attempt == _ATTEMPTS - 1:
                    raise
            else:
                return

    async def _last(self, events: Sequence[Event]) -> None:
        with contextlib.suppress(BusUnavailableError):
            await asyncio.shield(self._publish(events))


def _cancelled(run: Run) -> dict[str, Any]:
    finished = {"type": "RUN_FINISHED", "threadId": run.thread_id, "runId": run.run_id}
    return {**finished, "outcome": {"type": "cancelled"}}


def _started(run: Run, body: dict[str, Any]) -> dict[str, Any]:
    """The start of a run, with all that it was asked: whoever joins later has no other way to know."""
    started = {"type": "RUN_STARTED", "threadId": run.thread_id, "runId": run.run_id, "input": body}
    return started | {name: body[name] for name in ("parentRunId",) if name in body}
