"""Every event reaches its own method; what nobody overrides ends in one place."""

import pytest
from lockstep_events import (
    AgentEvent,
    AgentMessageDeltaEvent,
    EventHandler,
    SyncEventHandler,
    UnknownEvent,
    parse_event,
)
from support.golden import DELTA, GOLDEN, parsed


class Listening(EventHandler):
    """Writes down which method was called."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    async def on_agent_message_delta(self, event: AgentMessageDeltaEvent) -> None:
        self.heard.append(f"own {event.payload.delta}")

    async def on_event(self, event: AgentEvent) -> None:
        self.heard.append(f"any {event.type}")

    async def on_unknown(self, event: UnknownEvent) -> None:
        self.heard.append(f"unknown {event.type}")


class SyncListening(SyncEventHandler):
    """The same without a loop."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def on_event(self, event: AgentEvent) -> None:
        self.heard.append(event.type)


@pytest.mark.parametrize("name", GOLDEN)
async def test_every_event_is_heard(name: str) -> None:
    type, event = name.partition(".")[0], parse_event(GOLDEN[name])
    handler, sync = Listening(), SyncListening()
    await handler.handle(event)
    sync.handle(event)
    assert len(handler.heard) == 1
    assert sync.heard == [type]
    assert hasattr(EventHandler, f"on_{type}")


async def test_own_method_or_the_common_one() -> None:
    handler = Listening()
    await handler.handle(parsed(DELTA))
    await handler.handle(parse_event(GOLDEN["run_started.1"]))
    await handler.handle(parsed({**DELTA, "type": "deployment_requested"}))
    assert handler.heard == ["own Checking", "any run_started", "unknown deployment_requested"]


async def test_nothing_is_done_when_nothing_is_overridden() -> None:
    await EventHandler().handle(parsed(DELTA))
    await EventHandler().handle(parsed({**DELTA, "type": "deployment_requested"}))
    SyncEventHandler().handle(parsed({**DELTA, "type": "deployment_requested"}))
