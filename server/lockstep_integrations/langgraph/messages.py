"""One call of a model, from its start to its answer, its usage or its error."""

from time import perf_counter
from typing import Any

from langchain_core.messages import BaseMessage
from langgraph.errors import GraphBubbleUp
from lockstep_events.runtime.telling import clean

from lockstep_integrations.langgraph.content import pieces
from lockstep_integrations.langgraph.run import CANCELLED, Run
from lockstep_integrations.langgraph.speech import Requests, Text, Thought
from lockstep_integrations.langgraph.steps import Step
from lockstep_integrations.langgraph.usage import finish_reasons, usage_of
from lockstep_integrations.langgraph.values import message_of


class ModelCall:
    """What a model is asked once. Its message is named as the graph's state names it."""

    def __init__(self, run: Run, step: Step | None, call_id: str, provider: str | None, model: str | None) -> None:
        self.run = run
        self.step = step
        self._call_id = call_id
        self._provider, self._model = provider, model
        self._since = perf_counter()
        self._first: float | None = None
        self._message_id: str | None = None
        self._text: Text
        self._thought: Thought
        self._requests: Requests

    def token(self, token: Any, chunk: Any) -> None:
        """A piece of the answer; `chunk` is None from models that are no chat models."""
        message = getattr(chunk, "message", None)
        if self._first is None:
            self._first = perf_counter()
        if self._message_id is None:
            self._speak(message)
        if not isinstance(message, BaseMessage):
            if isinstance(token, str) and token:
                self._text.add(clean(token))
            return
        self._say(message)
        for request in getattr(message, "tool_call_chunks", ()):
            self._thought.close()
            self._requests.add(request)

    def _say(self, message: BaseMessage) -> None:
        for is_reasoning, piece in pieces(message):
            if is_reasoning:
                self._thought.add(piece)
            else:
                self._thought.close()
                self._text.add(piece)

    def _speak(self, message: Any) -> None:
        message_id = getattr(message, "id", None) or f"lc_run--{self._call_id}"
        if message_id in self.run.message_ids:  # a model, or its cache, that names every answer alike
            message_id = f"lc_run--{self._call_id}"
        self.run.message_ids.add(message_id)
        self._message_id = message_id
        origin = self.step.origin if self.step else None
        self._text = Text(self.run.session, message_id, origin)
        self._thought = Thought(self.run.session, message_id, origin)
        self._requests = Requests(self.run.session, message_id, origin, self.run.answered)

    def complete(self, response: Any) -> None:
        """The whole answer, an LLMResult: what was not streamed is told now."""
        generation = response.generations[0][0] if response.generations and response.generations[0] else None
        message: Any = getattr(generation, "message", None)
        if self._message_id is None:
            self._speak(message)
            if isinstance(message, BaseMessage):
                self._say(message)
            elif generation is not None and generation.text:
                self._text.add(clean(generation.text))
        self._close(getattr(message, "tool_calls", None) or [])
        self._measure(message)

    def _close(self, calls: list[Any]) -> None:
        if self._message_id is not None:
            self._thought.close()
            self._text.close()
            self._requests.close(calls)

    def _measure(self, message: Any) -> None:
        usage = usage_of(message, self._provider, self._model)
        if usage is not None:
            self.run.bill.add(usage)
        self.run.session.metrics_updated(
            operation="chat",
            usage=[usage] if usage is not None else None,
            latency_ms=(perf_counter() - self._since) * 1e3,
            time_to_first_token_ms=(self._first - self._since) * 1e3 if self._first is not None else None,
            finish_reasons=finish_reasons(message),
            message_id=self._message_id,
        )

    def retry(self, state: Any) -> None:
        """The attempt before failed; `state` is tenacity's RetryCallState."""
        error = state.outcome.exception() if state.outcome is not None else None
        pause = getattr(state.next_action, "sleep", None)
        self.run.session.retry_attempted(
            attempt=state.attempt_number + 1,
            delay_ms=pause * 1e3 if pause is not None else None,
            reason=message_of(error) if error is not None else None,
            step_name=self.step.name if self.step else None,
            step_id=self.step.step_id if self.step else None,
        )

    def fail(self, error: BaseException) -> None:
        """It ended without an answer. The one event that says so: a step or run that fails of it ends by its own."""
        self._close([])
        if isinstance(error, (*CANCELLED, GraphBubbleUp)):
            return
        self.run.session.error_occurred(
            message=message_of(error),
            error_type=type(error).__name__,
            step_name=self.step.name if self.step else None,
            step_id=self.step.step_id if self.step else None,
        )
