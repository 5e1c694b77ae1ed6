"""What `observe` covers: which runs, whose names, what a tool's body sees, and what reaches a real bus."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from langchain_core.callbacks import AsyncCallbackManager, AsyncCallbackManagerForLLMRun, BaseCallbackHandler
from langchain_core.messages import BaseMessage, HumanMessage
from langchain_core.outputs import ChatResult
from langchain_core.runnables import RunnableLambda
from langchain_core.tools import tool
from lockstep_bus import BusSettings, connect
from lockstep_events import (
    CONTRACT,
    EventDispatcher,
    RunCompletedEvent,
    RunInterruptOutcome,
    RunStartedEvent,
    RunSuccessOutcome,
    StateSnapshotEvent,
    SyncEventDispatcher,
    ToolCallStartedEvent,
)
from lockstep_events.runtime.scope import SCOPE, TICKET, Scope, Ticket
from lockstep_events.testing import RecordingPublisher, SyncRecordingPublisher
from lockstep_integrations.langgraph import observe
from support import observed as ways
from support.balanced import faults
from support.lang_graphs import FINE, HELLO, SCENARIOS, agent, chat, single
from support.observed import observed
from support.scripted_chat import ScriptedChat, Turn
from support.told import told
from tenacity import AsyncRetrying, RetryAction, RetryCallState

ASKS = Turn(calls=(("c1", "look", ('{"city": "Paris"}',)), ("c2", "look", ('{"city": "Rome"}',))))


async def test_the_first_run_has_the_given_name_and_the_second_one_of_its_own() -> None:
    publisher = RecordingPublisher()
    graph = chat(Turn("One."), Turn("Two."))
    async with observe(EventDispatcher(publisher), session_id="s1", run_id="r1", agent="guide"):
        await graph.ainvoke(HELLO[0])
        await graph.ainvoke(HELLO[0])
    first, second = publisher.of(RunStartedEvent)
    assert first.run_id == "r1" != second.run_id
    assert {(event.session_id, getattr(event, "agent", None)) for event in publisher.events} == {("s1", "guide")}
    assert not faults(publisher.events)


async def test_graphs_at_the_same_time_are_runs_of_their_own() -> None:
    publisher = RecordingPublisher()
    async with observe(EventDispatcher(publisher), session_id="s1"):
        await asyncio.gather(*(SCENARIOS[name].make().ainvoke(HELLO[0], ways.CONFIG) for name in ("text", "branches")))
    assert len(publisher.of(RunStartedEvent)) == 2
    assert not faults(publisher.events)


async def test_sessions_at_the_same_time_do_not_meet() -> None:
    publisher = RecordingPublisher()

    async def visitor(number: int) -> None:
        async with observe(EventDispatcher(publisher), session_id=f"s{number}"):
            await chat(Turn(f"To {number}.")).ainvoke(HELLO[0])

    await asyncio.gather(*(visitor(number) for number in range(5)))
    for number in range(5):
        own = [event for event in publisher.events if event.session_id == f"s{number}"]
        assert f"delta='To {number}.'" in "\n".join(told(own))
        assert not faults(own)


async def test_nothing_is_told_outside_of_it() -> None:
    publisher = RecordingPublisher()
    with observe(EventDispatcher(publisher), session_id="s1"):
        pass
    await chat(Turn("Unheard.")).ainvoke(HELLO[0])
    assert not publisher.events


async def test_a_graph_inside_an_unobserved_chain_is_a_run() -> None:
    publisher = RecordingPublisher()

    async def host(_given: str) -> Any:
        async with observe(EventDispatcher(publisher), session_id="s1"):
            return await chat(Turn("Inside.")).ainvoke(HELLO[0])

    await RunnableLambda(host).ainvoke("go")
    assert publisher.types[0] == "run_started"
    assert publisher.types[-1] == "run_completed"
    assert not faults(publisher.events)


@pytest.mark.parametrize(("session_id", "runs"), [("s1", 1), ("s2", 2)])
async def test_nothing_is_told_twice_to_a_session(session_id: str, runs: int) -> None:
    """A library that observes its own graph is used by a graph that is observed: it is a part of that one's run."""
    publisher = RecordingPublisher()
    dispatcher = EventDispatcher(publisher)

    async def library(_given: Any) -> dict[str, Any]:
        async with observe(dispatcher, session_id=session_id):
            await chat(Turn("Inside.")).ainvoke(HELLO[0])
        return {"cities": ["Paris"]}

    async with observe(dispatcher, session_id="s1"):
        await single(RunnableLambda(library)).ainvoke(HELLO[0])
    assert len(publisher.of(RunStartedEvent)) == runs
    for session in {"s1", session_id}:
        own = [event for event in publisher.events if event.session_id == session]
        assert [event.type for event in own].count("agent_message_delta") == 1
        assert not faults(own)


async def test_a_model_that_is_asked_directly_speaks_outside_of_any_run() -> None:
    publisher = RecordingPublisher()
    async with observe(EventDispatcher(publisher), session_id="s1"):
        await ScriptedChat(turns=[Turn("Just ", "me.")]).ainvoke([HumanMessage("Hello")])
    assert [line.split(" message_id")[0] for line in told(publisher.events)[:4]] == [
        "- agent_message_started",
        "- agent_message_delta",
        "- agent_message_delta",
        "- agent_message_completed",
    ]


class Stubborn(ScriptedChat):
    """Fails once, and asks again by the means that LangChain gives to clients of models."""

    async def _agenerate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        assert run_manager is not None
        state = RetryCallState(AsyncRetrying(), None, (), {})
        error = TimeoutError("no answer in 5 s")
        state.set_exception((TimeoutError, error, None))
        state.next_action = RetryAction(0.25)
        await run_manager.on_retry(state)
        return self._generate(messages, stop, None, **kwargs)


async def test_a_model_s_own_retries_are_told() -> None:
    publisher = RecordingPublisher()
    async with observe(EventDispatcher(publisher), session_id="s1", deltas=False):
        await Stubborn(turns=[Turn("At last.")]).ainvoke([HumanMessage("Hello")])
    assert told(publisher.events)[0] == "- retry_attempted attempt=2 delay_ms reason='no answer in 5 s'"


async def test_the_last_state_is_published_on_request() -> None:
    publisher = RecordingPublisher()
    async with observe(EventDispatcher(publisher), session_id="s1", state=True):
        await chat(Turn("Seen.")).ainvoke({**HELLO[0], "cities": ["Paris"]})
    (event,) = publisher.of(StateSnapshotEvent)
    snapshot: Any = event.payload.snapshot
    assert snapshot["cities"] == ["Paris"]
    assert [message["content"] for message in snapshot["messages"]] == ["Hello", "Seen."]


@tool
async def look(city: str) -> str:
    """Says what is set while a tool works."""
    SEEN.append((city, SCOPE.get(), TICKET.get()))
    return city


SEEN: list[tuple[str, Scope | None, Ticket | None]] = []


async def test_a_tool_s_body_finds_its_ticket_and_where_it_is() -> None:
    SEEN.clear()
    publisher = RecordingPublisher()
    graph = agent(look, ASKS, FINE)
    async with observe(EventDispatcher(publisher), session_id="s1", run_id="r1", agent="guide"):
        await graph.ainvoke(HELLO[0], ways.CONFIG)
        assert TICKET.get() is None
    assert SCOPE.get() is None
    assert sorted(city for city, _, _ in SEEN) == ["Paris", "Rome"]
    for city, scope, ticket in SEEN:
        assert scope is not None
        assert ticket is not None
        assert (scope.session_id, scope.run_id, scope.agent) == ("s1", "r1", "guide")
        assert ticket.tool_name == "look"
        assert scope.tool_call_id == ticket.tool_call_id == {"Paris": "c1", "Rome": "c2"}[city]
        assert f"workflow_step_started step_name=tools step_id={scope.step_id}" in "\n".join(
            told(publisher.events, keep=[scope.step_id or ""])
        )


def test_invoke_needs_no_event_loop() -> None:
    publisher = SyncRecordingPublisher()
    with observe(SyncEventDispatcher(publisher), session_id="s1"):
        result = SCENARIOS["parallel_tools"].make().invoke(HELLO[0], ways.CONFIG)
    assert result["messages"][-1].content == "It is sunny."
    assert not faults(publisher.events)
    assert publisher.types[-1] == "run_completed"


async def test_a_real_bus_keeps_the_whole_run(tmp_path: Path) -> None:
    async with connect(settings=BusSettings(data_dir=tmp_path, redis_url=None)) as bus:
        async with observe(EventDispatcher(bus), session_id="s1"):
            await SCENARIOS["parallel_tools"].make().ainvoke(HELLO[0], ways.CONFIG)
        page = await bus.history("s1")
    kept = [CONTRACT.parse(frame.data, strict=True) for frame in page.frames]
    assert told(kept) == (await observed(SCENARIOS["parallel_tools"])).lines


async def test_a_ticket_is_for_one_call_of_a_tool() -> None:
    publisher = RecordingPublisher()
    dispatcher = EventDispatcher(publisher)

    @tool
    async def fetch(city: str) -> str:
        """A tool that is not the dispatcher's."""
        return city

    @dispatcher.tool(name="fetch")
    async def fetch_too(city: str) -> str:
        return city

    async def node(_given: object) -> None:
        await fetch.ainvoke({"city": "Paris"})
        await fetch_too("Rome")

    async with observe(dispatcher, session_id="s1"):
        await RunnableLambda(node).ainvoke("go")
    asked = publisher.of(ToolCallStartedEvent)
    assert [event.payload.args for event in asked] == [{"city": "Paris"}, {"city": "Rome"}]
    assert len({event.run_id for event in asked}) == 1
    assert not faults(publisher.events)


async def test_a_tool_of_the_dispatcher_s_is_told_once() -> None:
    publisher = RecordingPublisher()
    dispatcher = EventDispatcher(publisher)

    @dispatcher.tool
    async def look_up(city: str) -> str:
        """A tool that publishes by itself, where no adapter does."""
        return f"{city}: sunny"

    asks = Turn(calls=(("c1", "look_up", ('{"city": "Paris"}',)), ("c2", "look_up", ('{"city": "Rome"}',))))
    async with observe(dispatcher, session_id="s1"):
        await agent(tool(look_up), asks, FINE).ainvoke(HELLO[0], ways.CONFIG)
    assert publisher.types.count("tool_call_started") == publisher.types.count("tool_call_result") == 2
    assert not faults(publisher.events)


@pytest.mark.parametrize("callbacks", [[], [BaseCallbackHandler()], AsyncCallbackManager([])], ids=["no", "one", "own"])
async def test_a_breakpoint_says_which_tool_calls_wait(callbacks: Any) -> None:
    publisher = RecordingPublisher()
    graph = agent(look, ASKS, FINE)
    graph.interrupt_before_nodes = ["tools"]
    config: Any = {**ways.CONFIG, "callbacks": callbacks}
    async with observe(EventDispatcher(publisher), session_id="s1"):
        await graph.ainvoke(HELLO[0], config)
        await graph.ainvoke(None, config)
    first, second = publisher.of(RunCompletedEvent)
    assert isinstance(first.payload.outcome, RunInterruptOutcome)
    (question,) = first.payload.outcome.interrupts
    assert (question.reason, question.tool_call_id) == ("interrupt_before", None)
    assert question.metadata == {"pending_tool_call_ids": ["c1", "c2"]}
    assert second.payload.outcome == RunSuccessOutcome(type="success")
    assert not faults(publisher.events)
