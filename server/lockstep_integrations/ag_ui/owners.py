"""Who speaks in a run: the subagent that each message, call, thought and activity belongs to."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol, TypeAlias

Json: TypeAlias = Any
Frame: TypeAlias = dict[str, Json]
TAG = "subagentRunId"
BOOKS = ("message", "call", "reasoning", "activity")


class Thread(Protocol):
    """What a viewer who joins is shown first."""

    def owners(self, book: str, id: str) -> set[str | None]:
        """Who owns this in the messages; nobody when it is not among them."""
        ...


class Owners:
    """The verifier of the official client keeps the same books, and a tag that disagrees ends the run.

    It fills them from what it saw of the run, and for a viewer who joined also from the messages as they were then.
    A frame has to agree with both.
    """

    def __init__(self, thread: Thread, books: Mapping[str, Mapping[str, str | None]] | None = None) -> None:
        self._thread = thread
        self.books: dict[str, dict[str, str | None]] = {name: dict((books or {}).get(name, {})) for name in BOOKS}

    def opened(self, book: str, id: str, frame: Frame) -> Frame:
        """The first who opens an id owns it; whoever opens it again says the same, or nothing."""
        known = self._known(book, id) or {frame.get(TAG)}
        owner = next(iter(known)) if len(known) == 1 else None
        self.books[book].setdefault(id, owner)
        return tagged(frame, owner)

    def continued(self, book: str, id: str, frame: Frame) -> Frame:
        """A frame about something that is there: its tag stays only where all agree."""
        return frame if TAG not in frame or self._known(book, id) <= {frame[TAG]} else tagged(frame, None)

    def call_opened(self, frame: Frame) -> Frame:
        """A tool call belongs to whoever owns the message that carries it."""
        id = frame["toolCallId"]
        known, parent = self._known("call", id), frame.get("parentMessageId")
        carrier: set[str | None] = set() if parent is None else self._known("message", parent)
        if carrier and (len(carrier) > 1 or (known and known != carrier)):
            frame, carrier = {key: value for key, value in frame.items() if key != "parentMessageId"}, set()
        if not known and carrier:
            self.books["call"][id] = next(iter(carrier))
        return self.opened("call", id, frame)

    def reopened(self, book: str, id: str, frame: Frame) -> Frame:
        """An opener again, for a viewer who knows the messages: what is among them says for itself whose it is."""
        owner = None if self.known_to_all(book, id) else self.books[book].get(id)
        return tagged({key: value for key, value in frame.items() if key != "parentMessageId"}, owner)

    def known_to_all(self, book: str, id: str) -> bool:
        """Whether it is among the messages, which a viewer who joins is shown first."""
        return bool(self._thread.owners(book, id))

    def claimed(self, book: str, id: str, frame: Frame) -> None:
        """Whoever replaces something owns it from now on."""
        self.books[book][id] = frame.get(TAG)

    def seed(self, messages: Sequence[Mapping[str, Json]], *, authoritative: bool) -> None:
        """Take over who owns the messages of a snapshot (which restates), or of history (which only fills in)."""
        for message in messages:
            owner = message.get(TAG)
            book = self.books[book_of(message)]
            if authoritative or message["id"] not in book:
                book[message["id"]] = owner
            for call in message.get("toolCalls", ()):
                if authoritative or call["id"] not in self.books["call"]:
                    self.books["call"][call["id"]] = owner

    def _known(self, book: str, id: str) -> set[str | None]:
        known = self._thread.owners(book, id)
        return known | {self.books[book][id]} if id in self.books[book] else known


def book_of(message: Mapping[str, Json]) -> str:
    role: str = message["role"]
    return role if role in ("reasoning", "activity") else "message"


def tagged(frame: Frame, owner: str | None) -> Frame:
    """The frame with its owner's tag and no other."""
    if frame.get(TAG) == owner:
        return frame
    bare = {key: value for key, value in frame.items() if key != TAG}
    return bare if owner is None else {**bare, TAG: owner}
