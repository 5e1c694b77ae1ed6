"""Events that wait to be stored: a lane for each session, in order, within a bound. Adjacent deltas merge."""

from collections import Counter, OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from pydantic_core import to_json

from .event import Event, UnknownEvent
from .model import EventModel

OVERHEAD = 512
"""Bytes that an event takes in memory beside its text; about."""
RESERVE = 1.25
"""Deltas are refused at the limit; starts, ends and results only beyond this multiple of it, so that pairs balance."""
BATCH_EVENTS = 256
BATCH_BYTES = 512 * 1024
LOST = "EVENTS_LOST"
LONGEST_DELTA = 64 * 1024
"""Characters of a merged delta: far below what any bus refuses."""
OWN = frozenset({"event_id", "timestamp", "payload", "delta"})
"""What two deltas of the same text differ in."""

Announce = Callable[[str, Counter[str]], Event | None]
"""Makes the event that says how many of which types are lost in a session, if the contract has one."""


@dataclass(slots=True)
class Waiting:
    """One event, and the texts of the deltas after it that were merged into it."""

    event: Event
    size: int
    length: int
    """Characters of its text, and of those that were merged into it."""
    texts: list[str] | None = None

    def whole(self) -> Event:
        """The event with everything that was merged into it."""
        if self.texts is None:
            return self.event
        event: Any = self.event
        payload = event.payload.model_copy(update={"delta": event.payload.delta + "".join(self.texts)})
        merged: Event = event.model_copy(update={"payload": payload})
        return merged


@dataclass(slots=True)
class Lane:
    """The events of one session. What was sent stays as it is until it is stored: it may be stored already."""

    waiting: deque[Waiting | Counter[str]] = field(default_factory=deque[Waiting | Counter[str]])
    sent: deque[Waiting] = field(default_factory=deque[Waiting])
    one_by_one: int = 0
    """So many of those sent are sent alone: one of them is what the publisher refused."""


class Backlog:
    """Keeps the order within each session, and says in place what it could not keep."""

    def __init__(self, announce: Announce, limit: int, merge_after: int) -> None:
        """`limit` is in bytes; deltas merge when `merge_after` events of their session wait."""
        self._announce = announce
        self._limit = limit
        self._merge_after = merge_after
        self._lanes: OrderedDict[str, Lane] = OrderedDict()
        self.size = 0

    def __bool__(self) -> bool:
        return bool(self._lanes)

    def __len__(self) -> int:
        return sum(len(lane.sent) + len(lane.waiting) for lane in self._lanes.values())

    def put(self, event: Event) -> None:
        """Add an event at the end of its session's lane, merged, or as lost when there is no room."""
        lane = self._lanes.get(event.session_id)
        if lane is None:
            lane = self._lanes[event.session_id] = Lane()
        members = _members(event)
        delta, size = members.get("delta"), OVERHEAD + _bytes(members)
        text = delta if isinstance(delta, str) else None
        if self.size + size > self._limit * (1 if text is not None else RESERVE):
            _lose(lane, event.type)
            return
        last = lane.waiting[-1] if len(lane.waiting) > self._merge_after else None
        if text is not None and isinstance(last, Waiting) and _joins(last, event, text):
            if last.texts is None:
                last.texts = []
            last.texts.append(text)
            last.length += len(text)
            last.size += size - OVERHEAD
            self.size += size - OVERHEAD
        else:
            lane.waiting.append(Waiting(event, size, 0 if text is None else len(text)))
            self.size += size

    def clear(self) -> None:
        """Forget everything."""
        self._lanes.clear()
        self.size = 0

    def next(self) -> list[Event]:
        """Events of the session whose turn it is; the same ones again until they are stored. Empty at the end."""
        while self._lanes:
            session_id, lane = next(iter(self._lanes.items()))
            if not lane.sent:
                self._fill(session_id, lane)
            if lane.sent:
                return [lane.sent[0].whole()] if lane.one_by_one else [each.whole() for each in lane.sent]
            self._turn(session_id, lane)  # there was but a loss that no event can tell
        return []

    def stored(self, count: int) -> None:
        """The first `count` events of `next` are stored."""
        session_id, lane = next(iter(self._lanes.items()))
        for _ in range(count):
            self.size -= lane.sent.popleft().size
        lane.one_by_one = max(0, lane.one_by_one - count)
        if not lane.sent:
            self._turn(session_id, lane)

    def refused(self) -> bool:
        """What `next` gave can never be stored. True when it was one event, lost now; several are tried one by one."""
        session_id, lane = next(iter(self._lanes.items()))
        if len(lane.sent) > 1 and not lane.one_by_one:
            lane.one_by_one = len(lane.sent)
            return False
        refused = lane.sent.popleft()
        self.size -= refused.size
        lane.one_by_one = max(0, lane.one_by_one - 1)
        event = refused.event
        told = self._announce(session_id, Counter([event.type])) if not _is_announcement(event) else None
        if told is not None:
            lane.sent.appendleft(Waiting(told, 0, 0))
            lane.one_by_one += 1
        elif not lane.sent:
            self._turn(session_id, lane)
        return True

    def _fill(self, session_id: str, lane: Lane) -> None:
        size = 0
        while lane.waiting and len(lane.sent) < BATCH_EVENTS and size < BATCH_BYTES:
            each = lane.waiting.popleft()
            if isinstance(each, Waiting):
                lane.sent.append(each)
                size += each.size
            elif (told := self._announce(session_id, each)) is not None:
                lane.sent.append(Waiting(told, 0, 0))

    def _turn(self, session_id: str, lane: Lane) -> None:
        """The next session; this one comes again after the others."""
        if lane.sent or lane.waiting:
            self._lanes.move_to_end(session_id)
        else:
            del self._lanes[session_id]


def _lose(lane: Lane, type: str) -> None:
    if not lane.waiting or isinstance(lane.waiting[-1], Waiting):
        lane.waiting.append(Counter())
    lost = lane.waiting[-1]
    if not isinstance(lost, Waiting):
        lost[type] += 1


def _members(event: Event) -> dict[str, Any]:
    """Of the payload; read past Pydantic, which is slow about what is not there."""
    if type(event) is UnknownEvent:  # not by isinstance: of a Pydantic class that takes longer than all else here
        return {}
    payload: object = event.__dict__["payload"]
    return payload.__dict__


def _bytes(members: dict[str, Any]) -> int:
    """About: what is short and no text is in the overhead."""
    size = 0
    for each in members.values():
        if each is None:
            continue
        if each.__class__ is str and each.isascii():
            size += len(each)
        elif each.__class__ is not float:
            size += len(to_json(each))
    return size


def _joins(last: Waiting, event: Any, text: str) -> bool:
    """Whether `event` only goes on where `last` ended: alike in everything but identity, time and text."""
    first: Any = last.event
    if type(first) is not type(event) or not isinstance(first, EventModel) or last.length + len(text) > LONGEST_DELTA:
        return False
    return event.__dict__.get("raw_event") is None and _attributes(first) == _attributes(event)


def _attributes(event: Any) -> dict[str, Any]:
    return {name: value for each in (event, event.payload) for name, value in each.__dict__.items() if name not in OWN}


def _is_announcement(event: Any) -> bool:
    return _members(event).get("code") == LOST
