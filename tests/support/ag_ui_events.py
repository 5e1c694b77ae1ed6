"""Random events of a session in which everything clashes: few ids, two runs, and producers of every kind."""

import json
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from lockstep_events import CONTRACT
from lockstep_events.ag_ui import CODEC, AgUiContext
from support.ag_ui import fields_of, tangles

Json = Any
Document = dict[str, Json]

IDS = st.sampled_from(["a", "b", "c"])
OWNERS = st.sampled_from(["s", "t"])
RUNS = st.sampled_from([None, "r1", "r2"])
CALLS = st.lists(
    st.fixed_dictionaries(
        {"id": IDS, "type": st.just("function"), "function": st.just({"name": "look", "arguments": "{"})}
    ),
    max_size=2,
)
NAMES: dict[str, SearchStrategy[Json]] = {
    **dict.fromkeys(("messageId", "toolCallId", "entityId", "id", "parentMessageId"), IDS),
    **dict.fromkeys(("subagentRunId", "parentSubagentRunId"), OWNERS),
    "stepName": st.sampled_from(["x", "y"]),
    "rawEvent": st.just(1),
    "toolCalls": CALLS,
}
ROLES = ["AssistantMessage", "UserMessage", "ToolMessage", "ReasoningMessage", "ActivityMessage"]
MESSAGES = st.lists(st.sampled_from(ROLES).flatmap(lambda name: fields_of(name, NAMES)), max_size=3)
INPUT = st.fixed_dictionaries(
    {"threadId": IDS, "runId": IDS, "messages": MESSAGES}, optional={"state": st.just({"z": 1})}
)
FRAMES = tangles({**NAMES, "messages": MESSAGES, "input": INPUT})
ODD: list[tuple[str, Json, Json]] = [
    ("tool_call_started", {"tool_call_id": "a", "tool_name": "look", "args": {"x": 1}}, None),
    ("workflow_step_started", {"step_name": "x", "step_id": "1"}, None),
    ("workflow_step_completed", {"step_name": "x", "step_id": "1"}, None),
    ("workflow_step_failed", {"step_name": "x", "error": {"message": "no"}}, None),
    ("error_occurred", {"message": "no"}, None),
    ("raw_received", {"event": {"type": "METER_READ"}}, {"protocol": "ag-ui", "unknown": {"/type": "METER_READ"}}),
    ("raw_received", {"event": {"type": "THINKING_END"}}, {"protocol": "ag-ui", "unknown": {"/type": "THINKING_END"}}),
    ("raw_received", {"event": [1]}, {"protocol": "ag-ui", "unknown": {"/type": None}}),
    ("agent_message_delta", {"message_id": "a", "delta": "d"}, {"protocol": "ag-ui", "unknown": {"/role": None}}),
    ("agent_message_started", {"message_id": "a"}, {"protocol": "ag-ui", "unknown": {"/role": None, "": 1}}),
    ("session_note_of_a_later_version", {}, None),
]


def events() -> SearchStrategy[list[Document]]:
    """Sessions of up to 25 events, as documents."""
    return st.lists(
        st.one_of(st.builds(_from_frame, FRAMES, RUNS), st.builds(_own, st.sampled_from(ODD), RUNS)), max_size=25
    )


def _from_frame(frame: Json, run: str | None) -> Document:
    framed = {**frame, "runId": run or "r1"} if "runId" in frame else frame
    event = CODEC.from_ag_ui(framed, AgUiContext("thread-1", run or ("r2" if frame["type"] == "RUN_ERROR" else None)))
    document: Document = json.loads(CONTRACT.encode(event))
    return document


def _own(odd: tuple[str, Json, Json], run: str | None) -> Document:
    type, payload, source = odd
    document: Document = {"session_id": "thread-1", "type": type, "payload": payload}
    document |= {} if source is None else {"source": source}
    return CONTRACT.stamp(document if run is None else {**document, "run_id": run})
