"""Scripted ADK runs, by name: what the agents are, and what the user sends."""

# pyright: reportDeprecated=false
# ADK 2.x prefers Workflow to its composite agents, of which most applications are made still.

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from importlib.metadata import version
from typing import Any

from google.adk.agents import LoopAgent, ParallelAgent, SequentialAgent
from google.adk.plugins.reflect_retry_tool_plugin import ReflectAndRetryToolPlugin
from google.adk.tools.agent_tool import AgentTool
from google.adk.tools.exit_loop_tool import exit_loop
from google.adk.tools.function_tool import FunctionTool
from google.adk.tools.long_running_tool import LongRunningFunctionTool
from google.adk.tools.tool_context import ToolContext
from google.adk.workflow import Workflow, node
from support.adk import Stage, Turn, agent, answer

Scenario = Callable[[bool], Awaitable[Stage]]
SCENARIOS: dict[str, Scenario] = {}


ADK = tuple(int(each) for each in version("google-adk").split(".")[:2])
SINCE = {"unknown_tool": (2, 9)}  # before, ADK raised for a tool that a model invented
"""The first version of ADK that a scenario is about, where that is not the oldest supported one."""


def scenario(play: Scenario) -> Scenario:
    """Put a scenario on the list; its argument says whether the plugin observes it."""
    if SINCE.get(play.__name__, ADK) <= ADK:
        SCENARIOS[play.__name__] = play
    return play


async def weather(city: str) -> dict[str, Any]:
    """The weather in a city."""
    await asyncio.sleep(0.01 if city == "Paris" else 0.02)
    return {"city": city, "celsius": 21}


def broken(city: str) -> dict[str, Any]:
    """Fails."""
    raise ValueError(f"no answer from {city}")


def remember(colour: str, tool_context: ToolContext) -> None:
    """Keeps a colour."""
    tool_context.state["colours/favourite"] = colour
    tool_context.state["temp:draft"] = colour


def approve(amount: int) -> None:
    """Asks somebody, who answers later."""


CALL = ("call_1", "weather", {"city": "Paris"})


@scenario
async def text(observed: bool) -> Stage:
    stage = Stage(agent("root", Turn(["Hel", "lo."])), observed)
    await stage.play()
    return stage


@scenario
async def without_streaming(observed: bool) -> Stage:
    turns = Turn(["Let me ", "look."], ["Hm, ", "well."], [CALL]), Turn(["It is ", "21."])
    stage = Stage(agent("root", *turns, tools=[weather]), observed, streaming=False)
    await stage.play()
    return stage


@scenario
async def parallel_tools(observed: bool) -> Stage:
    calls = [CALL, ("call_2", "weather", {"city": "Rome"}), (None, "weather", {"city": "Rome"})]
    stage = Stage(agent("root", Turn(["Both."], calls=calls), Turn(["21."]), tools=[weather]), observed)
    await stage.play()
    return stage


@scenario
async def tool_error(observed: bool) -> Stage:
    calls = [("call_1", "broken", {"city": "Oslo"}), ("call_2", "weather", {"city": "Rome"})]
    stage = Stage(agent("root", Turn(calls=calls), tools=[weather, broken]), observed)
    await stage.play()
    return stage


@scenario
async def reflect_and_retry(observed: bool) -> Stage:
    turns = [Turn(calls=[(f"call_{each}", "broken", {"city": "Oslo"})]) for each in (1, 2, 3)]
    given_up = ReflectAndRetryToolPlugin(max_retries=2, throw_exception_if_retry_exceeded=False)
    root = agent("root", *turns, Turn(["I give up."]), tools=[broken])
    stage = Stage(root, observed, plugins=[given_up])
    await stage.play()
    return stage


@scenario
async def unknown_tool(observed: bool) -> Stage:
    stage = Stage(agent("root", Turn(calls=[("call_1", "invented", {})]), Turn(["Sorry."]), tools=[weather]), observed)
    await stage.play()
    return stage


@scenario
async def interrupt_and_resume(observed: bool) -> Stage:
    root = agent(
        "root",
        Turn(["I ask."], calls=[("call_1", "approve", {"amount": 5})]),
        Turn(["Approved."]),
        tools=[LongRunningFunctionTool(approve)],
    )
    stage = Stage(root, observed)
    await stage.play()
    await stage.play(answer("call_1", "approve", {"approved": True}))
    return stage


@scenario
async def long_running_with_an_answer_meanwhile(observed: bool) -> Stage:
    def order(amount: int) -> dict[str, Any]:
        """Takes days."""
        if amount > 5:
            raise ValueError("too much")
        return {"status": "pending"}

    calls = [("call_1", "order", {"amount": 5}), ("call_2", "order", {"amount": 6})]
    tools = [LongRunningFunctionTool(order)]
    told = ReflectAndRetryToolPlugin(max_retries=1)
    root = agent("root", Turn(calls=calls), Turn(["I wait."]), Turn(["It is there."]), tools=tools)
    stage = Stage(root, observed, plugins=[told])
    await stage.play()
    await stage.play(answer("call_1", "order", {"status": "delivered"}))
    return stage


@scenario
async def confirmation(observed: bool) -> Stage:
    root = agent("root", Turn(calls=[CALL]), Turn(["21."]), tools=[FunctionTool(weather, require_confirmation=True)])
    stage = Stage(root, observed)
    await stage.play()
    asked = [call.id for event in stage.heard for call in event.get_function_calls()][-1]
    await stage.play(answer(asked, "adk_request_confirmation", {"confirmed": True}))
    return stage


@scenario
async def model_error(observed: bool) -> Stage:
    stage = Stage(agent("root", Turn(["Part"], error=RuntimeError("429 rate limited"))), observed)
    await stage.play()
    return stage


@scenario
async def model_error_code(observed: bool) -> Stage:
    stage = Stage(agent("root", Turn(["Part"], error_code="SAFETY")), observed)
    await stage.play()
    return stage


@scenario
async def reasoning(observed: bool) -> Stage:
    stage = Stage(agent("root", Turn(["42", "."], ["Hm, ", "well."])), observed)
    await stage.play()
    return stage


@scenario
async def state(observed: bool) -> Stage:
    root = agent("root", Turn(calls=[("call_1", "remember", {"colour": "red"})]), Turn(["Kept."]), tools=[remember])
    stage = Stage(root, observed)
    await stage.play()
    return stage


@scenario
async def transfer(observed: bool) -> Stage:
    expert = agent("expert", Turn(["I know."]), description="knows")
    call = ("call_1", "transfer_to_agent", {"agent_name": "expert"})
    stage = Stage(agent("root", Turn(calls=[call]), sub_agents=[expert]), observed)
    await stage.play()
    return stage


@scenario
async def subagent(observed: bool) -> Stage:
    expert = agent("expert", Turn(calls=[CALL]), Turn(["21."]), tools=[weather], description="knows")
    ask = Turn(["I ask."], calls=[("call_0", "expert", {"request": "Paris?"})])
    stage = Stage(agent("root", ask, Turn(["21, ", "it says."]), tools=[AgentTool(expert)]), observed)
    await stage.play()
    return stage


@scenario
async def sequential(observed: bool) -> Stage:
    planner = agent("planner", Turn(["A ", "plan."]), output_key="plan")
    writer = agent("writer", Turn(["Let me ", "look."], calls=[CALL]), Turn(["21."]), tools=[weather])
    stage = Stage(SequentialAgent(name="pipeline", sub_agents=[planner, writer]), observed)
    await stage.play()
    return stage


@scenario
async def parallel_agents(observed: bool) -> Stage:
    both = [agent(name, Turn([f"{name} ", "speaks."])) for name in ("left", "right")]
    stage = Stage(ParallelAgent(name="fan", sub_agents=[*both]), observed)
    await stage.play()
    return stage


@scenario
async def loop(observed: bool) -> Stage:
    turns = Turn(["Again."]), Turn(["Enough."], calls=[("call_1", "exit_loop", {})])
    stage = Stage(LoopAgent(name="cycle", sub_agents=[agent("worker", *turns, tools=[exit_loop])]), observed)
    await stage.play()
    return stage


@scenario
async def cancelled(observed: bool) -> Stage:
    begun = asyncio.Event()

    async def endless() -> None:
        """Never ends."""
        begun.set()
        await asyncio.Event().wait()

    stage = Stage(agent("root", Turn(["Wait."], calls=[("call_1", "endless", {})]), tools=[endless]), observed)
    task = asyncio.create_task(stage.play())
    await begun.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert await stage.outbox.flush()
    return stage


@scenario
async def left_early(observed: bool) -> Stage:
    stage = Stage(agent("root", Turn(["One "], hangs=True)), observed)
    await stage.play(until=lambda event: bool(event.partial))
    return stage


@scenario
async def parallel_failure(observed: bool) -> Stage:
    left = agent("left", Turn(["One."], error=ValueError("no answer")))
    right = agent("right", Turn(["Two."], hangs=True))
    stage = Stage(ParallelAgent(name="fan", sub_agents=[left, right]), observed)
    await stage.play()
    return stage


@scenario
async def cancelled_after_transfer(observed: bool) -> Stage:
    reached = asyncio.Event()
    expert = agent("expert", Turn(["Well,"], hangs=True, reached=reached), description="knows")
    call = ("call_1", "transfer_to_agent", {"agent_name": "expert"})
    stage = Stage(agent("root", Turn(calls=[call]), sub_agents=[expert]), observed)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(None) as limit:
            loop, watching = asyncio.get_running_loop(), asyncio.create_task(reached.wait())
            watching.add_done_callback(lambda _: limit.reschedule(loop.time()))
            await stage.play()
    assert await stage.outbox.flush()
    return stage


@scenario
async def workflow(observed: bool) -> Stage:
    def split(node_input: Any) -> list[str]:
        return ["left", "right"] if node_input else []

    worker = agent("worker", Turn(["One ", "two."]), Turn(["Three ", "four."]), mode="single_turn")
    stage = Stage(Workflow(name="flow", edges=[("START", split, node(worker, parallel_worker=True))]), observed)
    await stage.play()
    return stage
