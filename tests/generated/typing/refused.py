"""What a type checker refuses: an error on every line that says so and on no other (test_typing.py)."""

from lockstep_events import (
    AgentMessageDeltaEvent,
    AgentMessageDeltaPayload,
    EventDispatcher,
    EventHandler,
    EventType,
    Publisher,
    RunStartedEvent,
    StateSnapshotPayload,
    ToolCallStartedPayload,
    parse_event,
)


async def dispatch(publisher: Publisher) -> None:
    dispatcher = EventDispatcher(publisher)
    await dispatcher.tool_call_started(session_id="abc", tool_call_id="tc_1")  # refused: tool_name is missing
    await dispatcher.agent_message_delta(session_id="abc", mesage_id="m", message_id="m", delta="x")  # refused: a slip
    await dispatcher.agent_message_delta(session_id="abc", message_id=1, delta="x")  # refused: not a string
    await dispatcher.agent_message_delta("abc", message_id="m", delta="x")  # refused: keywords only
    await dispatcher.retry_attempted(session_id="abc", attempt="2")  # refused: not an integer
    await dispatcher.tool_call_result(session_id="a", message_id="m", tool_call_id="t", content=b"x")  # refused: bytes
    await dispatcher.tool_call_started(session_id="a", tool_call_id="t", tool_name="n", args=[1])  # refused: no object
    await dispatcher.custom_emitted(session_id="a", name="n", value={1})  # refused: a set
    await dispatcher.raw_received(session_id="abc", event=None, raw_event=object())  # refused: not JSON
    await dispatcher.session_stream_gap(session_id="abc")  # refused: the server makes it
    await dispatcher.deployment_requested(session_id="abc")  # refused: there is no such event
    await dispatcher.session("abc").run_started()  # refused: no run is bound
    await dispatcher.session("abc", run_id="r").agent_message_delta(delta="x")  # refused: message_id is missing


async def activities(dispatcher: EventDispatcher) -> None:
    @dispatcher.tool
    async def add(a: int) -> int:
        return a

    await add("1")  # refused: not an integer
    await add(1, b=2)  # refused: it has no such parameter
    dispatcher.tool(1)  # refused: no function
    dispatcher.step("inspect")  # refused: a step is of a session
    session = dispatcher.session("abc")
    session.message(role="tool")  # refused: nobody who speaks
    session.tool_call("ls", ["/"])  # refused: no names
    list(session.retrying())  # refused: it waits, so it must be awaited
    session.retrying(on=KeyboardInterrupt)  # refused: nothing to try again after


ToolCallStartedPayload(tool_call_id="tc")  # refused: tool_name is missing
ToolCallStartedPayload(tool_call_id="tc", tool_name=None)  # refused: None where something must be
AgentMessageDeltaPayload(message_id="m", delta="x", agent="a")  # refused: a member of the envelope
StateSnapshotPayload()  # refused: null is given, not left out
kind: EventType = "run_strted"  # refused: a slip


def read(raw: bytes, event: AgentMessageDeltaEvent) -> None:
    print(parse_event(raw).payload.delta)  # refused: any event
    event.agent = "other"  # mypy refuses: frozen
    parse_event(3)  # refused: not text


class Listening(EventHandler):
    async def on_agent_message_delta(self, event: RunStartedEvent) -> None: ...  # refused: another event
