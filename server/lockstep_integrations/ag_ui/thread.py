"""A thread of AG-UI: the events of one session, folded into legal frames for each run, messages and state."""

import json
from collections.abc import Mapping
from typing import Any, Protocol, TypeAlias

from lockstep_integrations.ag_ui.legal import PROTOCOL_VERSION, Legal
from lockstep_integrations.ag_ui.messages import UNKNOWN, Messages

Json: TypeAlias = Any
Frame: TypeAlias = dict[str, Json]
KNOWN_TYPES = frozenset(
    [
        *("RUN_STARTED", "RUN_FINISHED", "RUN_ERROR", "STEP_STARTED", "STEP_FINISHED", "RAW", "CUSTOM"),
        *(f"TEXT_MESSAGE_{end}" for end in ("START", "CONTENT", "END", "CHUNK")),
        *(f"TOOL_CALL_{end}" for end in ("START", "ARGS", "END", "CHUNK", "RESULT")),
        *(f"REASONING_{end}" for end in ("START", "END", "ENCRYPTED_VALUE")),
        *(f"REASONING_MESSAGE_{end}" for end in ("START", "CONTENT", "END", "CHUNK")),
        *(f"SUBAGENT_{end}" for end in ("STARTED", "FINISHED", "ERROR")),
        *("STATE_SNAPSHOT", "STATE_DELTA", "MESSAGES_SNAPSHOT", "ACTIVITY_SNAPSHOT", "ACTIVITY_DELTA"),
    ]
)
RETIRED = "THINKING_"
"""Clients still translate these, without a check, to what their verifier then refuses."""


class Codec(Protocol):
    """What a thread asks of a contract's AG-UI codec."""

    def frame(self, document: Mapping[str, Json]) -> Frame: ...
    def accepts(self, frame: Frame) -> bool: ...


class Thread:
    """Every run of a session at once; the same events give the same frames wherever they are folded."""

    def __init__(self, codec: Codec, thread_id: str) -> None:
        self.thread_id = thread_id
        self.messages = Messages()
        self.live: dict[str, Legal] = {}
        """Runs that have begun and not ended, in that order."""
        self.ended: dict[str, Frame] = {}
        """The last frame of the runs that have ended."""
        self._codec = codec

    def fold(self, cursor: str, document: Mapping[str, Json]) -> dict[str, list[Frame]]:
        """What one event, at `cursor` in the log, is in each run that it concerns: legal frames by run id."""
        frame = self._frame(document)
        run_id: str = document.get("run_id") or next(reversed(self.live), f"{self.thread_id}-{cursor}")
        if run_id in self.ended:
            if frame["type"] != "RUN_STARTED":
                return {}  # nothing follows the end of a run
            del self.ended[run_id]
        if run_id not in self.live:
            self.live[run_id] = Legal(self.messages, self.thread_id, run_id)
        payload: Mapping[str, Json] = document["payload"]
        args = payload.get("args") if frame["type"] == "TOOL_CALL_START" else None
        legal = self.live[run_id]
        frames = legal.take(
            frame,
            step_id=payload.get("step_id"),
            args=None if args is None else json.dumps(args, ensure_ascii=False, separators=(",", ":")),
        )
        if frame["type"] == "CUSTOM" and frame["name"] == "lockstep/workflow_step_failed":
            step = {"type": "STEP_FINISHED", "stepName": payload["step_name"]}
            step |= {key: frame[key] for key in ("subagentRunId",) if key in frame}
            frames += legal.take(step, step_id=payload.get("step_id"))
        for each in frames:
            self.messages.fold(each)
        if legal.ended:
            del self.live[run_id]
            self.ended[run_id] = frames[-1]
        return {run_id: frames}

    def opening(self, run_id: str) -> list[Frame]:
        """What a viewer who joins a run is shown first: its start, all messages and the state, and what is open."""
        legal = self.live.get(run_id)
        start = {"type": "RUN_STARTED", "threadId": self.thread_id, "runId": run_id}
        snapshot: Frame = {"type": "MESSAGES_SNAPSHOT", "messages": self.messages.copy()}
        frames: list[Frame] = [{**start, "protocolVersion": PROTOCOL_VERSION}, snapshot]
        if self.messages.state is not UNKNOWN:
            frames.append({"type": "STATE_SNAPSHOT", "snapshot": self.messages.state})
        if legal is None:
            return [
                *frames,
                self.ended.get(run_id, {"type": "RUN_FINISHED", "threadId": self.thread_id, "runId": run_id}),
            ]
        frames += legal.reopening()
        return [*frames, snapshot] if legal.hidden() else frames

    def save(self) -> dict[str, Json]:
        """All of it as JSON."""
        known = self.messages.state is not UNKNOWN
        return {
            "messages": self.messages.copy(),
            **({"state": self.messages.state} if known else {}),
            "live": [legal.save() for legal in self.live.values()],
            "ended": self.ended,
        }

    @classmethod
    def load(cls, codec: Codec, thread_id: str, saved: Mapping[str, Json]) -> "Thread":
        thread = cls(codec, thread_id)
        thread.messages = Messages(saved["messages"], saved.get("state", UNKNOWN))
        thread.ended = dict(saved["ended"])
        for each in saved["live"]:
            thread.live[each["run_id"]] = Legal.load(thread.messages, thread_id, each)
        return thread

    def _frame(self, document: Mapping[str, Json]) -> Frame:
        """The event's own frame; what no client of this version could take in travels as RAW."""
        frame = self._codec.frame(document)
        source: Mapping[str, Json] = document.get("source", {})
        if not source.get("unknown"):
            return frame
        type: Json = frame.get("type")
        if type in KNOWN_TYPES and self._codec.accepts(frame):
            return frame
        later = isinstance(type, str) and type and type not in KNOWN_TYPES and not type.startswith(RETIRED)
        return frame if later else {"type": "RAW", "event": frame, "source": "ag-ui"}
