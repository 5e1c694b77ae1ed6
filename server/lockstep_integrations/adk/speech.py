"""What one agent's model says: messages and reasoning, opened by their first text and closed with the response."""

from collections.abc import Callable, Iterable
from typing import Any

from lockstep_events import SyncSessionDispatcher
from lockstep_events.runtime.telling import clean

from lockstep_integrations.adk.steps import Origin


class Speech:
    """The text of one agent's model calls, one after the other.

    A partial response is a delta. The final one repeats what was streamed, so only text beyond that is published.
    """

    def __init__(self, session: SyncSessionDispatcher, new_id: Callable[[str], str]) -> None:
        self._session = session
        self._new_id = new_id
        self._said: list[str] = []
        self._thought: list[str] = []
        self._message: str | None = None
        self._reasoning: str | None = None
        self.latest_message: str | None = None
        self.origin: Origin = None
        """The metadata of what begins: the step that it is part of."""

    def begin(self, origin: Origin) -> None:
        """Another model call starts: its text is a message of its own."""
        self.close()
        self.origin = origin
        self.latest_message = None

    def hear(self, parts: Iterable[Any]) -> None:
        """Publish a partial response's text."""
        for part in parts:
            text: str | None = part.text
            if text:
                if part.thought:
                    self._think(clean(text))
                else:
                    self._say(clean(text))

    def conclude(self, parts: Iterable[Any]) -> None:
        """Publish what a final response adds, and close what it ends."""
        said, thought = "", ""
        for part in parts:
            if part.text and part.thought:
                thought += clean(part.text)
            elif part.text:
                said += clean(part.text)
        if rest := _beyond(self._thought, thought):
            self._think(rest)
        if rest := _beyond(self._said, said):
            self._say(rest)
        self.close()

    def close(self) -> None:
        """Close the open reasoning and the open message; harmless when nothing is open."""
        self._stop_thinking()
        if self._message is not None:
            self._session.agent_message_completed(message_id=self._message)
            self._message = None
        self._said.clear()
        self._thought.clear()

    def _say(self, text: str) -> None:
        self._stop_thinking()
        message = self._message
        if message is None:
            message = self._message = self.latest_message = self._new_id("message")
            self._session.agent_message_started(message_id=message, role="assistant", metadata=self.origin)
        self._said.append(text)
        self._session.agent_message_delta(message_id=message, delta=text)

    def _think(self, text: str) -> None:
        reasoning = self._reasoning
        if reasoning is None:
            reasoning = self._reasoning = self._new_id("reasoning")
            self._session.reasoning_started(message_id=reasoning, metadata=self.origin)
            self._session.reasoning_message_started(message_id=reasoning)
        self._thought.append(text)
        self._session.reasoning_message_delta(message_id=reasoning, delta=text)

    def _stop_thinking(self) -> None:
        if self._reasoning is not None:
            self._session.reasoning_message_completed(message_id=self._reasoning)
            self._session.reasoning_completed(message_id=self._reasoning)
            self._reasoning = None


def _beyond(streamed: list[str], whole: str) -> str:
    """What `whole` adds to the text that was streamed; nothing when it tells it in another way."""
    before = "".join(streamed)
    return whole[len(before) :] if whole.startswith(before) else ""
