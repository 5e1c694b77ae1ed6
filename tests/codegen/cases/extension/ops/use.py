import asyncio
from typing import assert_type

import acme_events
from ops_events import (
    CONTRACT,
    AgentEvent,
    AlertRaisedEvent,
    Deployed,
    DeploymentFinishedEvent,
    DeploymentRequestedEvent,
    EventDispatcher,
    EventHandler,
    OpsEvent,
    OwnEvent,
    RunDispatcher,
    Target,
    UnknownEvent,
    parse_event,
)
from ops_events.ag_ui import AgUiContext
from ops_events.testing import RecordingPublisher

BILLING = Target(service="billing", environment="production")
CONTEXT = AgUiContext("s1", "r1", "a")


class Handler(EventHandler):
    def __init__(self) -> None:
        self.seen: list[str] = []

    async def on_alert_raised(self, event: AlertRaisedEvent) -> None:
        self.seen.append(event.payload.severity)

    async def on_deployment_requested(self, event: DeploymentRequestedEvent) -> None:
        self.seen.append(event.payload.targets[0].service)

    async def on_event(self, event: OpsEvent) -> None:
        self.seen.append(event.type)


async def main() -> None:
    publisher = RecordingPublisher()
    dispatcher = EventDispatcher(publisher)
    theirs: acme_events.EventDispatcher = dispatcher
    run = dispatcher.session("s1", run_id="r1")
    assert_type(run, RunDispatcher)
    await run.run_started()
    await theirs.session("s1").deployment_requested(targets=[BILLING])
    await run.deployment_finished(ending=Deployed(kind="deployed"))
    await run.alert_raised(target=BILLING, severity="high", tenant="t1", deployment=Deployed(kind="deployed"))
    handler = Handler()
    for event in publisher.events:
        parsed = parse_event(CONTRACT.encode(event), strict=True)
        assert_type(parsed, OpsEvent | UnknownEvent)
        assert parsed == event
        await handler.handle(parsed)
        assert CONTRACT.ag_ui.from_ag_ui(CONTRACT.ag_ui.to_ag_ui(event), CONTEXT).type == event.type
    alert: OwnEvent = publisher.of(AlertRaisedEvent)[0]
    below: AgentEvent = publisher.of(DeploymentFinishedEvent)[0]
    every: OpsEvent = below
    print(handler.seen, alert.tenant, every.type, CONTRACT.version, CONTRACT.event_types[-3:])


asyncio.run(main())
