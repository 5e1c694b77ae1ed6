"""Attempts at something that may fail: the waiting between them, and the events that tell of it."""

import time
from asyncio import sleep
from collections.abc import AsyncIterator, Iterator
from types import TracebackType
from typing import Self

from .scope import TICKET, Scope
from .stamp import Stamp
from .telling import detail, tell

Kinds = type[Exception] | tuple[type[Exception], ...]


class Attempt:
    """One attempt: `with attempt:` around what may fail."""

    def __init__(self, number: int, kinds: Kinds, *, last: bool) -> None:
        self.number = number
        """1 for the first."""
        self.error: Exception | None = None
        """Why another attempt follows."""
        self._kinds = kinds
        self._last = last

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if self._last or not isinstance(error, self._kinds):
            return False
        self.error = error
        return True

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        return self.__exit__(kind, error, trace)


class Plan:
    """How often, how long after one another, and after which exceptions."""

    def __init__(
        self, scope: Scope, stamp: Stamp, attempts: int, wait: float, factor: float, longest: float, on: Kinds
    ) -> None:
        if attempts < 1:
            raise ValueError(f"attempts is {attempts}: there must be one at least")
        self._scope = scope
        self._stamp = stamp
        self._attempts = attempts
        self._waits = wait, factor, longest
        self._kinds = on

    def attempt(self, number: int) -> Attempt:
        return Attempt(number, self._kinds, last=number >= self._attempts)

    def pause(self, number: int) -> float:
        """Seconds between attempt `number` and the next."""
        wait, factor, longest = self._waits
        return min(wait * factor ** min(number - 1, 64), longest)

    def again(self, attempt: Attempt, pause: float) -> None:
        """Tell that the attempt after this one begins now."""
        ticket = TICKET.get()
        call = self._scope.tool_call_id or (ticket.tool_call_id if ticket and ticket.used else None)
        reason = detail(attempt.error)["message"] if attempt.error else None
        details = {"delay_ms": round(pause * 1e3, 3), "reason": reason, "tool_call_id": call}
        payload = {"attempt": attempt.number + 1, "max_attempts": self._attempts}
        tell(self._scope, self._stamp, "retry_attempted", payload, {**details, "step_id": self._scope.step_id})


class Retrying(Plan):
    """`for attempt in session.retrying(): with attempt: ...`"""

    def __iter__(self) -> Iterator[Attempt]:
        number = 1
        while True:
            attempt = self.attempt(number)
            yield attempt
            if attempt.error is None:
                return
            pause = self.pause(number)
            time.sleep(pause)
            self.again(attempt, pause)
            number += 1


class AsyncRetrying(Plan):
    """`async for attempt in session.retrying(): with attempt: ...`"""

    async def __aiter__(self) -> AsyncIterator[Attempt]:
        number = 1
        while True:
            attempt = self.attempt(number)
            yield attempt
            if attempt.error is None:
                return
            pause = self.pause(number)
            await sleep(pause)
            self.again(attempt, pause)
            number += 1
