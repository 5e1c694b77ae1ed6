"""The model calls of one agent: their text, their tokens, their time, their errors."""

from collections.abc import Callable
from time import perf_counter
from typing import Any

from lockstep_events import ErrorDetail, SyncSessionDispatcher
from lockstep_events.runtime.telling import clean

from lockstep_integrations.adk.speech import Speech
from lockstep_integrations.adk.steps import origin_of
from lockstep_integrations.adk.usage import Tally, usage_of


class Modelling:
    """One agent's model calls, one after the other."""

    def __init__(self, session: SyncSessionDispatcher, agent: str, new_id: Callable[[str], str], tally: Tally) -> None:
        self.session = session
        self.speech = Speech(session, new_id)
        self._agent = agent
        self._tally = tally
        self._step_id: str | None = None
        self._began = perf_counter()
        self._first: float | None = None
        self._model: str | None = None
        self.refusal: ErrorDetail | None = None
        """The error that the latest call reported instead of an answer."""

    def begin(self, model: str | None, step_id: str | None) -> None:
        """A request goes out to `model`, as part of a step."""
        self._step_id = step_id
        self.speech.begin(origin_of(step_id))
        self.refusal = None
        self._began, self._first, self._model = perf_counter(), None, model

    def hear(self, response: Any) -> None:
        """A response, or a part of one, came."""
        parts = (response.content.parts or ()) if response.content is not None else ()
        if self._first is None and parts:
            self._first = perf_counter()
        if response.partial:
            self.speech.hear(parts)
            return
        self.speech.conclude(parts)
        error = self._error(response)
        if parts or response.usage_metadata is not None:
            self._measure(response)
        self.refusal = None if parts else error

    def fail(self, error: ErrorDetail) -> None:
        """The request raised."""
        self.speech.close()
        self._tell(error)

    def _error(self, response: Any) -> ErrorDetail | None:
        code: Any = response.error_code
        if not code:
            return None
        code = str(getattr(code, "value", code))
        error = ErrorDetail(message=clean(response.error_message or code), code=code)
        self._tell(error)
        return error

    def _tell(self, error: ErrorDetail) -> None:
        self.session.error_occurred(
            message=error.message,
            code=error.code,
            error_type=error.type,
            step_name=None if self._step_id is None else self._agent,
            step_id=self._step_id,
        )

    def _measure(self, response: Any) -> None:
        usage = usage_of(response.usage_metadata, response.model_version or self._model)
        if usage is not None:
            self._tally.add(usage)
        reason = getattr(response, "finish_reason", None)
        self.session.metrics_updated(
            operation="chat",
            usage=None if usage is None else [usage],
            latency_ms=_milliseconds(perf_counter() - self._began),
            time_to_first_token_ms=None if self._first is None else _milliseconds(self._first - self._began),
            finish_reasons=None if reason is None else [str(getattr(reason, "value", reason))],
            message_id=self.speech.latest_message,
            metadata=self.speech.origin,
        )


def _milliseconds(seconds: float) -> float:
    return round(seconds * 1000, 3)
