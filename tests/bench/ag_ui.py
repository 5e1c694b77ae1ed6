"""AG-UI per delta: codec, projector and ingest beside the official encoder, with and without a long history."""

import json
from collections.abc import Callable
from time import perf_counter_ns
from typing import Any

from ag_ui.core import EventType, TextMessageContentEvent
from ag_ui.encoder import EventEncoder
from bench.pairs import report
from lockstep_events import CONTRACT
from lockstep_events.ag_ui import CODEC, AgUiContext
from lockstep_integrations.ag_ui import Ingest, Projector, Thread

ROUNDS, CALLS = 200, 50
CONTEXT = AgUiContext("thread", "run")
FRAME = {"type": "TEXT_MESSAGE_CONTENT", "messageId": "m", "delta": "hello "}


def best(*sides: Callable[[], object]) -> list[float]:
    """Microseconds a call of each, in turn, so that a busy machine slows all of them; the best of each counts."""
    least = [float("inf")] * len(sides)
    for _ in range(ROUNDS):
        for index, side in enumerate(sides):
            start = perf_counter_ns()
            for _ in range(CALLS):
                side()
            least[index] = min(least[index], (perf_counter_ns() - start) / CALLS / 1e3)
    return least


def projector(messages: int) -> Callable[[], object]:
    """A viewer of a thread with so many messages before the one that grows; what it does for one delta."""
    viewer = Projector(Thread(CODEC, "thread"), "run")
    known = [{"id": f"h{number}", "role": "user", "content": "what was said"} for number in range(messages)]
    started = {"thread_id": "thread", "run_id": "run", "messages": known}
    viewer.take("e.1", _event("run_started", {"input": started}))
    viewer.take("e.2", _event("agent_message_started", {"message_id": "m"}))
    delta = CONTRACT.encode(CODEC.from_ag_ui(FRAME, CONTEXT))
    return lambda: [json.dumps(frame) for _, frame in viewer.take("e.3", json.loads(delta))]


def main() -> None:
    event = CODEC.from_ag_ui(FRAME, CONTEXT)
    document = json.loads(CONTRACT.encode(event))
    encoder = EventEncoder()

    def official() -> str:
        return encoder.encode(
            TextMessageContentEvent(type=EventType.TEXT_MESSAGE_CONTENT, message_id="m", delta="hello ")
        )

    ingest = Ingest(session_id="thread", run_id="run")
    ingest.take({"type": "TEXT_MESSAGE_START", "messageId": "m"})
    sides = (lambda: json.dumps(CODEC.frame(document)), official, projector(0), projector(1000))
    encoded, peer, short, long = best(*sides)
    taken, read = best(lambda: ingest.take(FRAME), lambda: CODEC.from_ag_ui(FRAME, CONTEXT))
    report("event to frame (peer: official encoder)", encoded, peer, "µs", at_most=2)
    report("log to frame, projected (the same peer)", short, peer, "µs", at_most=4)
    report("1000 messages of history (peer: none)", long, short, "µs", at_most=1.3)
    report("frame to event, judged (official encoder)", read, peer, "µs", at_most=10)
    report("ingest (peer: the codec alone)", taken, read, "µs", at_most=2.5)


def _event(type: str, payload: dict[str, Any]) -> dict[str, Any]:
    return {"type": type, "session_id": "thread", "run_id": "run", "payload": payload, "source": {"protocol": "ag-ui"}}


if __name__ == "__main__":
    main()
