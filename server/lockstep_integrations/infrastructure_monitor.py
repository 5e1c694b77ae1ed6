"""The agent `infrastructure_monitor`: scripted, offline, the same every time; what `lockstep demo` shows."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from itertools import count
from typing import Any

from lockstep_events import (
    AddOperation,
    ErrorDetail,
    EventDispatcher,
    ReplaceOperation,
    SessionDispatcher,
    TokenUsage,
)

Sleep = Callable[[float], Awaitable[None]]

CONTAINERS: list[dict[str, Any]] = [
    {"name": "web-1", "image": "nginx:1.27", "status": "running", "cpu_percent": 3.1},
    {"name": "api-1", "image": "api:2026.11", "status": "running", "cpu_percent": 41.8},
    {"name": "queue-1", "image": "valkey:9", "status": "unhealthy", "cpu_percent": 97.4},
]
"""What the scripted tools see: two healthy containers, and one to worry about."""

ANSWER = (
    "Two of three containers are healthy. queue-1 is at 97 % CPU and fails its health check; "
    "I may not restart it, so please do: docker restart queue-1."
)


class InfrastructureMonitor:
    """Looks at containers, retries a slow tool, meets a refusal and reports: every family of events in one run.

    `pace` is the unit of the script in seconds (a token takes one); `sleep` is how it waits.
    """

    name = "infrastructure_monitor"

    def __init__(self, dispatcher: EventDispatcher, *, pace: float = 0.04, sleep: Sleep = asyncio.sleep) -> None:
        self._dispatcher = dispatcher
        self._pace = pace
        self._sleep = sleep

    async def execute(self, message: str, session_id: str, *, run_id: str = "run-1") -> str:
        """Answer `message` in the session, publishing every step on the way. Returns the final text."""
        run = _Run(self._dispatcher.session(session_id, agent=self.name, run_id=run_id), run_id, self._wait)
        return await run.play(message)

    async def _wait(self, units: float) -> None:
        await self._sleep(self._pace * units)


class _Run:
    """One performance of the script."""

    def __init__(self, session: SessionDispatcher, run_id: str, wait: Sleep) -> None:
        self._session = session
        self._run_id = run_id
        self._wait = wait
        self._numbers = count(1)

    async def play(self, message: str) -> str:
        session = self._session
        await session.run_started(run_id=self._run_id)
        await session.state_snapshot(snapshot={"question": message, "containers": [], "healthy": None})
        await session.workflow_transition(to_step="inspect", reason="a question about Docker")
        await self._step("inspect", self._inspect)
        await session.workflow_transition(from_step="inspect", to_step="repair", reason="queue-1 is unhealthy")
        await self._repair()
        await self._say(ANSWER)
        await self._measure()
        await session.run_completed(run_id=self._run_id, result={"healthy": 2, "unhealthy": 1})
        return ANSWER

    async def _inspect(self) -> None:
        await self._think("Containers first; then the load of whatever looks wrong.")
        await self._say("Checking Docker...")
        await self._call("docker_list_containers", {"status": "running"}, CONTAINERS, units=12)
        await self._session.state_delta(
            delta=[
                ReplaceOperation(op="replace", path="/containers", value=CONTAINERS),
                AddOperation(op="add", path="/unhealthy", value=["queue-1"]),
            ]
        )
        await self._session.retry_attempted(
            attempt=2, max_attempts=3, delay_ms=250, reason="docker_stats timed out", step_name="inspect"
        )
        await self._wait(6)
        await self._call("docker_stats", {"container": "queue-1"}, {"cpu_percent": 97.4, "memory_mb": 512}, units=20)

    async def _repair(self) -> None:
        session, step_id = self._session, self._id("step")
        await session.workflow_step_started(step_name="repair", step_id=step_id)
        refusal = ErrorDetail(message="permission denied: docker restart", code="EACCES", type="PermissionError")
        await self._call("docker_restart_container", {"container": "queue-1"}, None, units=8, error=refusal)
        await session.error_occurred(
            message="queue-1 stays unhealthy: restarting it was refused", code="EACCES", retryable=False
        )
        await session.workflow_step_failed(step_name="repair", step_id=step_id, error=refusal)

    async def _step(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        step_id = self._id("step")
        await self._session.workflow_step_started(step_name=name, step_id=step_id)
        await work()
        await self._session.workflow_step_completed(step_name=name, step_id=step_id)

    async def _think(self, text: str) -> None:
        session, message_id = self._session, self._id("reasoning")
        await session.reasoning_started(message_id=message_id)
        await session.reasoning_message_started(message_id=message_id)
        for token in _tokens(text):
            await self._wait(1)
            await session.reasoning_message_delta(message_id=message_id, delta=token)
        await session.reasoning_message_completed(message_id=message_id)
        await session.reasoning_completed(message_id=message_id)

    async def _say(self, text: str) -> None:
        session, message_id = self._session, self._id("message")
        await session.agent_message_started(message_id=message_id, role="assistant")
        for token in _tokens(text):
            await self._wait(1)
            await session.agent_message_delta(message_id=message_id, delta=token)
        await session.agent_message_completed(message_id=message_id)

    async def _call(
        self, tool: str, args: dict[str, Any], result: Any, *, units: float, error: ErrorDetail | None = None
    ) -> None:
        session, call_id = self._session, self._id("call")
        await session.tool_call_started(tool_call_id=call_id, tool_name=tool)
        text = json.dumps(args)
        for start in range(0, len(text), 8):
            await self._wait(1)
            await session.tool_call_args_delta(tool_call_id=call_id, delta=text[start : start + 8])
        await session.tool_call_args_completed(tool_call_id=call_id)
        await session.tool_call_execution_started(tool_call_id=call_id, tool_name=tool)
        await self._wait(units)
        await session.tool_call_result(
            message_id=self._id("message"),
            tool_call_id=call_id,
            content=error.message if error else json.dumps(result),
            result=result,
            status="error" if error else "success",
            error=error,
            duration_ms=units * 40,
        )

    async def _measure(self) -> None:
        usage = TokenUsage(provider="scripted", model="offline-1", input_tokens=812, output_tokens=96, total_tokens=908)
        await self._session.metrics_updated(
            usage=[usage], latency_ms=1840, time_to_first_token_ms=220, counters={"containers_checked": 3}
        )

    def _id(self, kind: str) -> str:
        return f"{self._run_id}-{kind}-{next(self._numbers)}"


def _tokens(text: str) -> list[str]:
    """Words with the space before them, as a model streams them."""
    first, *rest = text.split(" ")
    return [first, *(f" {word}" for word in rest)]
