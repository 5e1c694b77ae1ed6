"""A decorated function that ADK calls is published once; what it calls in turn is published by itself."""

from typing import Any

from lockstep_events import EventDispatcher
from lockstep_events.runtime.event import Event
from lockstep_events.testing import RecordingPublisher
from support.adk import Stage, Turn, agent
from support.balanced import faults

PUBLISHER = RecordingPublisher()
DISPATCHER = EventDispatcher(PUBLISHER)


@DISPATCHER.tool
async def look_up(city: str) -> dict[str, Any]:
    """Looks a city up."""
    return {"city": city, "note": note(city)}


@DISPATCHER.tool
def note(text: str) -> str:
    """Writes it down."""
    return f"noted {text}"


@DISPATCHER.tool
def factorial(number: int) -> int:
    """Calls itself."""
    return 1 if number < 2 else number * factorial(number - 1)


@DISPATCHER.tool
async def fails() -> None:
    """Raises."""
    raise ValueError("no")


async def played(*calls: tuple[str, str, dict[str, Any]]) -> list[Event]:
    PUBLISHER.clear()
    tools = [look_up, note, factorial, fails]
    stage = Stage(agent("root", Turn(calls=calls), Turn(["Done."]), tools=tools), publisher=PUBLISHER)
    await stage.play()
    assert not faults(stage.events)
    return stage.events


def names(events: list[Any]) -> list[str]:
    return [event.payload.tool_name for event in events if event.type == "tool_call_started"]


async def test_once_each_and_the_call_inside_by_itself() -> None:
    events = await played(("c1", "look_up", {"city": "Paris"}), ("c2", "look_up", {"city": "Rome"}))
    assert sorted(names(events)) == ["look_up", "look_up", "note", "note"]
    inner = [event for event in events if event.type == "tool_call_started"]
    assert {(event.agent, event.run_id is None) for event in map(_any, inner)} == {("root", False)}


async def test_a_plain_function_and_one_that_calls_itself() -> None:
    events = await played(("c1", "note", {"text": "a"}), ("c2", "factorial", {"number": 3}))
    assert names(events) == ["note", "factorial", "factorial", "factorial"]


async def test_one_that_raises() -> None:
    assert [event.type for event in await played(("c1", "fails", {}))].count("tool_call_result") == 1


async def test_the_next_call_outside_of_adk_is_published_again() -> None:
    await played(("c1", "note", {"text": "a"}))
    PUBLISHER.clear()
    async with DISPATCHER.session("s1").step("own"):
        note("b")
    from lockstep_events.runtime.outbox import Outbox

    assert await Outbox.of(PUBLISHER).flush()
    assert names(PUBLISHER.events) == ["note"]


def _any(event: Any) -> Any:
    return event
