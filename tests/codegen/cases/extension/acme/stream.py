import asyncio
import json
from typing import Any

from acme_events import CONTRACT, DeploymentRequestedEvent, EventDispatcher
from acme_events.ag_ui import CODEC
from acme_events.testing import RecordingPublisher
from lockstep_integrations.ag_ui import Projector, Thread, publish_ag_ui

TARGETS = [{"service": "billing", "environment": "production"}]
FRAMES: list[dict[str, Any]] = [
    {"type": "RUN_STARTED", "threadId": "s1", "runId": "r1"},
    {"type": "CUSTOM", "name": "lockstep/deployment_requested", "value": {"targets": TARGETS}},
    {"type": "CUSTOM", "name": "lockstep/deployment_requested", "value": {"targets": []}},
    {"type": "RUN_FINISHED", "threadId": "s1", "runId": "r1"},
]


async def main() -> None:
    publisher = RecordingPublisher()
    await publish_ag_ui(EventDispatcher(publisher), FRAMES, contract=CONTRACT)
    print(publisher.types, publisher.of(DeploymentRequestedEvent)[0].payload.targets[0].environment)
    projector = Projector(Thread(CODEC, "s1"), "r1")
    for number, event in enumerate(publisher.events, 1):
        for _, frame in projector.take(f"e.{number}", json.loads(CONTRACT.encode(event))):
            print(frame["type"], frame.get("name", ""), frame.get("value", ""))


asyncio.run(main())
