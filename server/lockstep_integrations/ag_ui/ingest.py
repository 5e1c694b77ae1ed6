"""AG-UI streams into the bus: whatever frameworks send is kept, what they forgot is made up and marked as such."""

import json
from collections.abc import AsyncIterable, AsyncIterator, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias, runtime_checkable

from lockstep_events import CONTRACT
from lockstep_events.runtime.ag_ui import AgUiCodec, AgUiContext
from lockstep_events.runtime.contract import Contract
from lockstep_events.runtime.event import Event
from lockstep_events.runtime.publisher import Publisher

from lockstep_integrations.ag_ui.answers import with_answers
from lockstep_integrations.ag_ui.heal import Thoughts, healed
from lockstep_integrations.ag_ui.legal import TERMINAL, Legal
from lockstep_integrations.ag_ui.session import session_id_of
from lockstep_integrations.ag_ui.sse import SseReader
from lockstep_integrations.ag_ui.values import is_object

Json: TypeAlias = Any
Frame: TypeAlias = dict[str, Json]
INCOMPLETE = "INCOMPLETE_STREAM"
"""The code of a run whose stream ended without saying how; other AG-UI servers use the same."""
RUN_FRAMES = ("RUN_STARTED", "RUN_FINISHED")


@runtime_checkable
class Dispatcher(Protocol):
    """A generated dispatcher: what matters here is where it publishes."""

    @property
    def publisher(self) -> Publisher: ...


@dataclass(slots=True)
class Ingested:
    """What became of a stream."""

    run_ids: list[str] = field(default_factory=list[str])
    events: int = 0
    made_up: int = 0
    """Events that a repair added."""
    kept_raw: int = 0
    """Frames that are no event of this version, and were kept whole."""
    terminal: str | None = None
    """How the last run ended: `RUN_FINISHED` or `RUN_ERROR`."""


class Nobody:
    """The messages of a producer's thread, which an ingest does not know."""

    def owners(self, book: str, id: str) -> set[str | None]:
        del book, id
        return set()


class Ingest:
    """One stream, frame by frame. It is told the session and the run that it shall be, or learns them on the way."""

    def __init__(
        self,
        contract: Contract = CONTRACT,
        *,
        session_id: str | None = None,
        thread_id: str | None = None,
        run_id: str | None = None,
        agent: str | None = None,
    ) -> None:
        self.report = Ingested()
        self._codec: AgUiCodec = contract.ag_ui
        self._contract = contract
        self._session_id, self._fixed_run, self._agent = session_id, run_id, agent
        self._thread_id = thread_id
        self._run: Legal | None = None
        self._thoughts = Thoughts("retired")
        self._unanswered: dict[str, None] = {}

    def take(self, frame: Json) -> list[Event]:
        """The events of one frame: what had to come before it, then itself."""
        if not is_object(frame):
            return [self._raw(frame)]
        frame = self._named(self._thoughts.modern(frame))
        if self._run is None and frame.get("type") != "RUN_STARTED":
            self._begin(self._fixed_run or "run")
        event, faults = self._codec.read(frame, self._context())
        if faults:
            mended = healed(frame, faults, lambda each: self._codec.read(each, self._context())[1])
            event = None if mended is None else self._codec.read(mended, self._context())[0]
            frame = mended or frame
        if event is None:
            return [self._raw(frame)]
        if frame["type"] == "RUN_STARTED" and (self._run is None or self._run.ended):
            self._begin(frame["runId"])
        before = [*self._answers(frame), *self._supplied(frame)]
        return before if frame["type"].endswith("_CHUNK") else [*before, self._counted(event, frame)]

    def end(self, message: str | None = None, code: str = INCOMPLETE) -> list[Event]:
        """What the end of the stream adds: nothing to a run that has ended, a failure to one that has not."""
        if self._run is not None and self._run.ended:
            return []
        run = self._run or self._begin(self._fixed_run or "run")
        text = "Run ended without emitting a terminal event" if message is None else message
        failure = {"type": "RUN_ERROR", "message": text, "code": code}
        return [self._event(each, made_up=True) for each in run.take(failure)]

    def _named(self, frame: Frame) -> Frame:
        """The frame in the run and the thread that this ingest was told."""
        if frame.get("type") not in RUN_FRAMES:
            return frame
        thread: Json = frame.get("threadId", frame.get("thread_id"))
        if self._thread_id is None:
            self._thread_id = thread if isinstance(thread, str) else self._session_id or "thread"
            self._session_id = self._session_id or session_id_of(self._thread_id)
        if self._fixed_run is None:
            return frame
        # The viewers of this run wait for it under the id that they were promised.
        changed = {name: value for name, value in frame.items() if name not in ("run_id", "thread_id")}
        return {**changed, "runId": self._fixed_run, "threadId": self._thread_id}

    def _begin(self, run_id: str) -> Legal:
        self._thread_id = self._thread_id or self._session_id or "thread"
        self._session_id = self._session_id or session_id_of(self._thread_id)
        self._run = Legal(Nobody(), self._thread_id, run_id)
        self._unanswered.clear()
        self.report.run_ids.append(run_id)
        self.report.terminal = None
        return self._run

    def _supplied(self, frame: Frame) -> Iterator[Event]:
        """What makes the frame legal where it stands. A chunk is told as what it stands for."""
        assert self._run is not None
        chunk = frame["type"].endswith("_CHUNK")
        legal = self._run.take(frame)
        for each in legal[:-1] if legal and legal[-1]["type"] == frame["type"] else legal:
            told = chunk and each["type"] != "RUN_STARTED" and not each["type"].endswith("_END")
            yield self._event(each, made_up=not told)

    def _answers(self, frame: Frame) -> Iterator[Event]:
        """Results that are told in a snapshot only: some frameworks do so when a tool fails."""
        if frame["type"] == "TOOL_CALL_START":
            self._unanswered[frame["toolCallId"]] = None
        elif frame["type"] == "TOOL_CALL_RESULT":
            self._unanswered.pop(frame["toolCallId"], None)
        elif frame["type"] == "MESSAGES_SNAPSHOT":
            for message in frame["messages"]:
                if message["role"] == "tool" and message["toolCallId"] in self._unanswered:
                    del self._unanswered[message["toolCallId"]]
                    result: Frame = {"type": "TOOL_CALL_RESULT", "messageId": message["id"]}
                    result |= {"toolCallId": message["toolCallId"], "content": message["content"]}
                    yield from self._supplied(result)
                    yield self._event(result, made_up=True, status="error" if "error" in message else "unknown")

    def _event(self, frame: Frame, *, made_up: bool, status: str | None = None) -> Event:
        event = self._counted(self._codec.from_ag_ui(frame, self._context()), frame)
        if not made_up:
            return event
        self.report.made_up += 1
        document = json.loads(self._contract.encode(event))
        document["source"]["synthesized"] = True
        if status is not None:
            document["payload"]["status"] = status
        return self._contract.parse(json.dumps(document), strict=True)

    def _counted(self, event: Event, frame: Frame) -> Event:
        self.report.events += 1
        if frame["type"] in TERMINAL:
            self.report.terminal = frame["type"]
        return event

    def _raw(self, frame: Json) -> Event:
        self.report.events += 1
        self.report.kept_raw += 1
        return self._codec.from_ag_ui(frame, self._context())

    def _context(self) -> AgUiContext:
        run = self._run.run_id if self._run else self._fixed_run
        return AgUiContext(self._session_id or "thread", run, self._agent)


async def publish_ag_ui(
    dispatcher: Dispatcher | Publisher,
    stream: AsyncIterable[Any] | Iterable[Any],
    *,
    contract: Contract = CONTRACT,
    session_id: str | None = None,
    run_id: str | None = None,
    agent: str | None = None,
    asked: Any = None,
) -> Ingested:
    """Publish an AG-UI stream, however its producer wrote it.

    The stream gives frames as dicts, events of the official package, or the bytes or text of an SSE answer. Without
    `session_id` the session is that of the thread that the stream names; with `run_id` the run has that id, whatever
    the stream says. What had to be made up is marked `source.synthesized`. A stream that ends early, or raises, ends
    its run with `run_failed`; what it raised is raised again. `asked` is the run's input, a RunAgentInput or
    its JSON: the answers in it to tools that the client runs are told as their results; the stream itself has none.
    """
    publisher = dispatcher.publisher if isinstance(dispatcher, Dispatcher) else dispatcher
    ingest = Ingest(contract, session_id=session_id, run_id=run_id, agent=agent)
    try:
        async for frame in with_answers(frames_of(stream), asked):
            for event in ingest.take(frame):
                await publisher.publish(event)
    except Exception as error:
        for event in ingest.end(str(error) or type(error).__name__, "STREAM_FAILED"):
            await publisher.publish(event)
        raise
    for event in ingest.end():
        await publisher.publish(event)
    return ingest.report


async def frames_of(stream: AsyncIterable[Any] | Iterable[Any]) -> AsyncIterator[Json]:
    """The frames of a stream in any of the forms that producers have."""
    reader = SseReader()
    async for item in _items(stream):
        if isinstance(item, bytes | str):
            for data in reader.take(item):
                yield _parsed(data)
        elif is_object(item):
            yield item
        elif hasattr(item, "model_dump_json"):
            yield json.loads(item.model_dump_json(by_alias=True, exclude_none=True))
        else:
            yield item
    for data in reader.end():
        yield _parsed(data)


async def _items(stream: AsyncIterable[Any] | Iterable[Any]) -> AsyncIterator[Any]:
    if isinstance(stream, AsyncIterable):
        async for item in stream:
            yield item
    else:
        for item in stream:
            yield item


def _parsed(data: str) -> Json:
    """JSON; text that is none stays text, and will be kept as it is."""
    try:
        return json.loads(data)
    except ValueError:
        return data
