"""The one door for access: asks the host application's `authorize` before any route does anything."""

import inspect
from collections.abc import Awaitable, Callable
from typing import Literal

from fastapi import Request

from lockstep_server.problem import Problem

Action = Literal["read", "publish", "delete", "list", "schema", "health", "metrics", "page"]
Authorize = Callable[[Request, str | None, Action], bool | Awaitable[bool]]
"""`authorize(request, session_id, action)`, sync or async: true lets the request in; false, or an `HTTPException`, does
not. `session_id` is None for what is not about one session: list, health, metrics, page, and schema without one."""


class Door:
    """Lets a request in, or raises."""

    def __init__(self, authorize: Authorize | None) -> None:
        self._authorize = authorize

    async def admit(self, request: Request, session_id: str | None, action: Action) -> None:
        """Return when the request may do this.

        Raises:
            Problem: it may not.
            HTTPException: raised by `authorize` itself.
        """
        if self._authorize is None:
            return
        verdict = self._authorize(request, session_id, action)
        if inspect.isawaitable(verdict):
            verdict = await verdict
        if not verdict:
            # The words are the same whether or not the session exists.
            raise Problem("forbidden", f"this request may not {action} here")
