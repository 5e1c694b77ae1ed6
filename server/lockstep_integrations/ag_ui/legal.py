"""One run as AG-UI allows it: what comes out opens before it goes on, and closes before the run ends."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, TypeAlias

from lockstep_integrations.ag_ui.owners import TAG, Owners, Thread, tagged

Json: TypeAlias = Any
Frame: TypeAlias = dict[str, Json]
PROTOCOL_VERSION = "1.0"
TERMINAL = ("RUN_FINISHED", "RUN_ERROR")
ROLES = ("developer", "system", "assistant", "user")


class Kind:
    """Something that opens, goes on and closes: the three types, the member with its id, and the book of its owner."""

    def __init__(self, name: str, id: str, book: str, *, middle: str = "", end: str = "_END") -> None:
        self.name, self.id, self.book = name, id, book
        self.start, self.middle, self.end = f"{name}_START", f"{name}_{middle}", f"{name}{end}"
        self.chunk = f"{name}_CHUNK"


TEXT = Kind("TEXT_MESSAGE", "messageId", "message", middle="CONTENT")
CALL = Kind("TOOL_CALL", "toolCallId", "call", middle="ARGS")
SPAN = Kind("REASONING", "messageId", "reasoning")
THOUGHT = Kind("REASONING_MESSAGE", "messageId", "reasoning", middle="CONTENT")
KINDS = {kind.name: kind for kind in (SPAN, THOUGHT, TEXT, CALL)}
"""In the order in which they are reopened."""


class Legal:
    """The frames of one run made legal, one after another. `save` and `load` carry it over to another process."""

    def __init__(self, thread: Thread, thread_id: str, run_id: str) -> None:
        self.thread_id, self.run_id = thread_id, run_id
        self.started = self.ended = False
        self.owners = Owners(thread)
        self.open: dict[str, dict[str, Frame]] = {name: {} for name in KINDS}
        """By kind and id: the frame that reopens it."""
        self.names: dict[str, str] = {}
        """The tool of every call so far."""
        self.complete: set[str] = set()
        """Calls whose arguments were given in one piece."""
        self.steps: list[list[str | None]] = []
        """Open steps: owner, name, id, and the name that is shown."""
        self.agents: dict[str, Frame] = {}
        self.gone: set[str] = set()
        self.lanes: dict[str | None, tuple[str, str]] = {}
        """What each owner assembles from chunks: kind and id."""
        self.made_up = 0
        self._take: dict[str, Callable[[Frame], list[Frame]]] = {
            "RUN_STARTED": self._run_started,
            "TOOL_CALL_RESULT": self._result,
            "MESSAGES_SNAPSHOT": self._snapshot,
            "ACTIVITY_SNAPSHOT": self._activity,
            "ACTIVITY_DELTA": lambda frame: [self.owners.continued("activity", frame["messageId"], frame)],
            "REASONING_ENCRYPTED_VALUE": self._encrypted,
            "SUBAGENT_STARTED": self._agent_started,
            "SUBAGENT_FINISHED": self._agent_ended,
            "SUBAGENT_ERROR": self._agent_ended,
        }
        for kind in KINDS.values():
            self._take[kind.start] = partial(self._opens, kind)
            self._take[kind.end] = partial(self._closes, kind)
            if kind is not SPAN:
                self._take[kind.middle] = partial(self._continues, kind)
                self._take[kind.chunk] = partial(self._chunk, kind)

    def take(self, frame: Frame, *, step_id: str | None = None, args: str | None = None) -> list[Frame]:
        """The legal frames for one frame. `args` are all arguments of the tool call that it starts."""
        if self.ended or (self.started and frame["type"] == "RUN_STARTED"):
            return []
        before: list[Frame] = [] if frame["type"] == "RUN_STARTED" else self.begin()
        if frame["type"] in TERMINAL:
            self.ended = True
            return [*before, *self.closing(), frame]
        if frame["type"] in ("STEP_STARTED", "STEP_FINISHED"):
            return [*before, *self._step(frame, step_id)]
        take = self._take.get(frame["type"])
        taken = take(frame) if take else [frame]
        if args is not None and taken:
            call = {"toolCallId": frame["toolCallId"]}
            taken += [{"type": CALL.middle, **call, "delta": args}, *self._closes(CALL, {"type": CALL.end, **call})]
            self.complete.add(frame["toolCallId"])
        return [*before, *taken]

    def begin(self) -> list[Frame]:
        """A start, when the run has none yet."""
        if self.started:
            return []
        self.started = True
        run = {"threadId": self.thread_id, "runId": self.run_id}
        return [{"type": "RUN_STARTED", **run, "protocolVersion": PROTOCOL_VERSION}]

    def closing(self) -> list[Frame]:
        """The ends of everything that is open."""
        closing: list[Frame] = []
        for kind in (TEXT, CALL, THOUGHT, SPAN):
            closing += [{"type": kind.end, kind.id: id} for id in self.open[kind.name]]
            self.open[kind.name].clear()
        for owner, _, _, shown in self.steps:
            closing.append(tagged({"type": "STEP_FINISHED", "stepName": shown}, owner))
        for id in reversed(self.agents):
            closing.append({"type": "SUBAGENT_FINISHED", TAG: id})
        self.gone |= self.agents.keys()
        self.steps, self.agents, self.lanes = [], {}, {}
        return closing

    def reopening(self) -> Iterator[Frame]:
        """The starts of everything that is open, for a viewer who has missed them."""
        for id, agent in self.agents.items():
            parent = agent.get("parentSubagentRunId")
            lost = parent is not None and (parent not in self.agents or parent == id)
            yield _without(agent, "parentSubagentRunId") if lost else agent
        for owner, _, _, shown in self.steps:
            yield tagged({"type": "STEP_STARTED", "stepName": shown}, owner)
        for kind in KINDS.values():
            for id, opened in self.open[kind.name].items():
                yield self.owners.reopened(kind.book, id, opened)

    def hidden(self) -> bool:
        """Whether something is open that a snapshot has taken out of the messages."""
        return any(
            not self.owners.known_to_all(kind.book, id) for kind in (TEXT, CALL, THOUGHT) for id in self.open[kind.name]
        )

    def save(self) -> dict[str, Json]:
        """All of it as JSON."""
        return {
            "run_id": self.run_id,
            "started": self.started,
            "books": self.owners.books,
            "open": self.open,
            "names": self.names,
            "complete": sorted(self.complete),
            "steps": self.steps,
            "agents": self.agents,
            "gone": sorted(self.gone),
            "lanes": [[owner, *pending] for owner, pending in self.lanes.items()],
            "made_up": self.made_up,
        }

    @classmethod
    def load(cls, thread: Thread, thread_id: str, saved: Mapping[str, Json]) -> "Legal":
        legal = cls(thread, thread_id, saved["run_id"])
        legal.owners = Owners(thread, saved["books"])
        legal.started, legal.made_up = saved["started"], saved["made_up"]
        legal.open, legal.names, legal.agents = saved["open"], saved["names"], saved["agents"]
        legal.complete, legal.gone, legal.steps = set(saved["complete"]), set(saved["gone"]), saved["steps"]
        legal.lanes = {owner: (kind, id) for owner, kind, id in saved["lanes"]}
        return legal

    def _run_started(self, frame: Frame) -> list[Frame]:
        self.started = True
        self.owners.seed(frame.get("input", {}).get("messages", ()), authoritative=False)
        return [{"protocolVersion": PROTOCOL_VERSION, **frame}]

    def _opens(self, kind: Kind, frame: Frame) -> list[Frame]:
        id: str = frame[kind.id]
        before = self._leave_lane(frame.get(TAG))
        if id in self.open[kind.name]:
            return before
        if kind is CALL:
            self.names[id] = frame["toolCallName"]
            frame = self.owners.call_opened(frame)
        else:
            frame = self.owners.opened(kind.book, id, frame)
        if kind is TEXT and frame.get("role", "assistant") not in ROLES:
            frame = _without(frame, "role")
        kept = ("type", kind.id, "role", "name", "toolCallName", "parentMessageId")
        self.open[kind.name][id] = {key: frame[key] for key in kept if key in frame}
        return [*before, frame]

    def _continues(self, kind: Kind, frame: Frame) -> list[Frame]:
        id: str = frame[kind.id]
        if kind is CALL and id in self.complete:
            return []
        before = [] if id in self.open[kind.name] else self._opens(kind, self._supplied(kind, id, frame))
        return [*before, self.owners.continued(kind.book, id, frame)]

    def _closes(self, kind: Kind, frame: Frame) -> list[Frame]:
        id: str = frame[kind.id]
        if self.open[kind.name].pop(id, None) is None:
            return []
        self.lanes = {owner: pending for owner, pending in self.lanes.items() if pending != (kind.name, id)}
        return [self.owners.continued(kind.book, id, frame)]

    def _supplied(self, kind: Kind, id: str, frame: Frame) -> Frame:
        """The start of something that goes on without one."""
        start: Frame = {"type": kind.start, kind.id: id}
        if kind is CALL:
            start["toolCallName"] = self.names.get(id, "unknown")
        elif kind in (TEXT, THOUGHT):
            start["role"] = "assistant" if kind is TEXT else "reasoning"
        return tagged(start, frame.get(TAG))

    def _chunk(self, kind: Kind, frame: Frame) -> list[Frame]:
        """A chunk as a start, when it opens something, and a delta, when it has one."""
        owner = frame.get(TAG)
        pending = self.lanes.get(owner)
        id: str = frame.get(kind.id) or (pending[1] if pending and pending[0] == kind.name else self._made_up_id())
        frames: list[Frame] = []
        if id not in self.open[kind.name]:
            start = {**self._supplied(kind, id, frame), **_members(frame, "role", "name", "toolCallName")}
            start |= _members(frame, "parentMessageId", "metadata")
            if kind is CALL:
                self.complete.discard(id)
            frames = self._opens(kind, start)
            self.lanes[owner] = (kind.name, id)
        if not {"delta", "rawEvent", "metadata"} & frame.keys():
            return frames
        delta: Frame = {"type": kind.middle, kind.id: id, "delta": frame.get("delta", "")}
        delta |= _members(frame, TAG, "metadata", "rawEvent", "timestamp")
        return [*frames, *self._continues(kind, delta)]

    def _leave_lane(self, owner: str | None) -> list[Frame]:
        """Whoever opens something has finished what he put together from chunks."""
        pending = self.lanes.pop(owner, None)
        if pending is None:
            return []
        kind = KINDS[pending[0]]
        return self._closes(kind, {"type": kind.end, kind.id: pending[1]})

    def _made_up_id(self) -> str:
        self.made_up += 1
        return f"{self.run_id}-chunks-{self.made_up}"

    def _result(self, frame: Frame) -> list[Frame]:
        before = self._closes(CALL, {"type": CALL.end, CALL.id: frame["toolCallId"]})
        self.owners.claimed("message", frame["messageId"], frame)
        return [*before, frame]

    def _snapshot(self, frame: Frame) -> list[Frame]:
        self.owners.seed(frame["messages"], authoritative=True)
        return [tagged(frame, None)]

    def _activity(self, frame: Frame) -> list[Frame]:
        if frame["messageId"] not in self.owners.books["activity"] or frame.get("replace", True):
            self.owners.claimed("activity", frame["messageId"], frame)
        return [frame]

    def _encrypted(self, frame: Frame) -> list[Frame]:
        id: str = frame["entityId"]
        books = ("call",) if frame["subtype"] == "tool-call" else ("message", "reasoning")
        book = next((each for each in books if id in self.owners.books[each]), books[0])
        return [self.owners.continued(book, id, frame)]

    def _step(self, frame: Frame, step_id: str | None) -> list[Frame]:
        owner, name = frame.get(TAG), frame["stepName"]
        if frame["type"] == "STEP_STARTED":
            taken = {step[3] for step in self.steps if step[0] == owner}
            shown, number = name, 2
            while shown in taken:
                shown, number = f"{name} ({number})", number + 1
            self.steps.append([owner, name, step_id, shown])
            return [{**frame, "stepName": shown}]
        for wanted in ([owner, name, step_id], [owner, name], [name]):
            for step in reversed(self.steps):
                if step[: len(wanted)] == wanted or (wanted == [name] and step[1] == name):
                    self.steps.remove(step)
                    return [tagged({**frame, "stepName": step[3]}, step[0])]
        return []

    def _agent_started(self, frame: Frame) -> list[Frame]:
        id: str = frame[TAG]
        if id in self.agents or id in self.gone:
            return []
        parent = frame.get("parentSubagentRunId")
        if parent is not None and parent not in self.agents and parent not in self.gone:
            frame = _without(frame, "parentSubagentRunId")
        self.agents[id] = _without(frame, "metadata", "rawEvent", "timestamp")
        return [frame]

    def _agent_ended(self, frame: Frame) -> list[Frame]:
        id: str = frame[TAG]
        if id in self.gone:
            return []
        before = [] if id in self.agents else self._agent_started({"type": "SUBAGENT_STARTED", TAG: id, "name": id})
        del self.agents[id]
        self.gone.add(id)
        return [*before, frame]


def _members(frame: Frame, *names: str) -> Frame:
    return {name: frame[name] for name in names if name in frame}


def _without(frame: Frame, *names: str) -> Frame:
    return {name: value for name, value in frame.items() if name not in names}
