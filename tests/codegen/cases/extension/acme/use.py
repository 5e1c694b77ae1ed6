import asyncio
from typing import assert_never, assert_type

import lockstep_events
from acme_events import (
    CONTRACT,
    AgentEvent,
    AgentMessageDeltaEvent,
    DeploymentFinishedEvent,
    DeploymentRequestedEvent,
    Deployed,
    Ending,
    ErrorDetail,
    EventDispatcher,
    EventHandler,
    InvalidEventError,
    OwnEvent,
    Receipt,
    RolledBack,
    RunDispatcher,
    RunStartedEvent,
    SessionDispatcher,
    SyncEventDispatcher,
    SyncEventHandler,
    SyncRunDispatcher,
    Target,
    UnknownEvent,
    encode_event,
    parse_event,
)
from acme_events.testing import RecordingPublisher, SyncRecordingPublisher

BILLING = Target(service="billing", environment="production")


class Handler(EventHandler):
    def __init__(self) -> None:
        self.seen: list[str] = []

    async def on_deployment_requested(self, event: DeploymentRequestedEvent) -> None:
        self.seen.append(event.payload.targets[0].service)

    async def on_run_started(self, event: RunStartedEvent) -> None:
        self.seen.append(event.run_id)

    async def on_event(self, event: AgentEvent) -> None:
        self.seen.append(event.type)

    async def on_unknown(self, event: UnknownEvent) -> None:
        self.seen.append(f"unknown {event.type}")


class SyncHandler(SyncEventHandler):
    def __init__(self) -> None:
        self.seen: list[str] = []

    def on_event(self, event: AgentEvent) -> None:
        self.seen.append(event.type)


def ending(ending: Ending) -> str:
    match ending:
        case Deployed():
            return f"took {ending.took_ms}"
        case RolledBack():
            return ending.error.message
        case _:
            assert_never(ending)


def own(event: OwnEvent) -> str:
    match event:
        case DeploymentRequestedEvent():
            return event.payload.targets[0].environment
        case DeploymentFinishedEvent():
            return ending(event.payload.ending)
        case _:
            assert_never(event)


async def main() -> None:
    publisher = RecordingPublisher()
    dispatcher = EventDispatcher(publisher)
    ours: lockstep_events.EventDispatcher = dispatcher
    session = dispatcher.session("s1", agent="deployer")
    assert_type(session, SessionDispatcher)
    run = dispatcher.session("s1", run_id="r1")
    assert_type(run, RunDispatcher)
    await ours.session("s1", run_id="r1").run_started()
    assert_type(await session.deployment_requested(targets=[BILLING], options={"canary": 1}), Receipt)
    await run.agent_message_delta(message_id="m1", delta="Deploying")
    await run.deployment_finished(ending=Deployed(kind="deployed", took_ms=7))
    await dispatcher.deployment_finished(session_id="s1", run_id="r2", ending=Deployed(kind="deployed"))
    handler, own_events = Handler(), list[str]()
    for event in publisher.events:
        raw = CONTRACT.encode(event)
        parsed = parse_event(raw, strict=True)
        assert_type(parsed, AgentEvent | UnknownEvent)
        assert parsed == event
        assert encode_event(parsed) == raw
        await handler.handle(parsed)
        frame = CONTRACT.ag_ui.to_ag_ui(event)
        assert CONTRACT.schema["$id"] == "urn:acme:events"
        if isinstance(parsed, AgentMessageDeltaEvent):
            assert frame["type"] == "TEXT_MESSAGE_CONTENT"
        if isinstance(parsed, DeploymentRequestedEvent | DeploymentFinishedEvent):
            assert (frame["type"], frame["name"]) == ("CUSTOM", f"lockstep/{parsed.type}")
            own_events.append(own(parsed))
    stranger = CONTRACT.encode(publisher.events[0]).replace(b"run_started", b"run_paused")
    await handler.handle(parse_event(stranger))
    print(handler.seen, own_events)
    try:
        parse_event(b'{"type": "deployment_requested", "payload": {"targets": [{"service": "x", "environment": "moon"}]}}')
    except InvalidEventError as error:
        print([fault.pointer for fault in error.faults])
    loud = SyncRecordingPublisher()
    sync = SyncEventDispatcher(loud).session("s1", run_id="r1")
    assert_type(sync, SyncRunDispatcher)
    sync.run_started()
    sync.deployment_finished(ending=RolledBack(kind="rolled_back", error=ErrorDetail(message="no disk")))
    quiet = SyncHandler()
    for event in loud.events:
        parsed = parse_event(CONTRACT.encode(event))
        quiet.handle(parsed)
    print(quiet.seen, CONTRACT.name, CONTRACT.version, len(CONTRACT.event_types))


asyncio.run(main())
