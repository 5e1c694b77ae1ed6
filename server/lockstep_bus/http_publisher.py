"""A Publisher for agents that cannot reach Redis: the same events by POST to a Lockstep server."""

import asyncio
import random
from collections.abc import Sequence
from types import TracebackType
from typing import Any, Self

import httpx
from lockstep_events.runtime import Contract, Event, Receipt
from lockstep_events.runtime.publisher import outboxes_to

from lockstep_bus.errors import BusSettingsError, BusUnavailableError, EventRejectedError

_RETRIED = frozenset({408, 425, 429, 500, 502, 503, 504})


class HttpPublisher:
    """Publishes by `POST /events/{session_id}`, again and again until it is stored or time is up.

    Repeating is safe: the server stores an `event_id` once. Use it as an async context manager, or call `close()`.
    """

    def __init__(
        self,
        base_url: str,
        *,
        token: str | None = None,
        contract: Contract | None = None,
        timeout_seconds: float = 30.0,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        """
        Args:
            base_url: where the server is, such as `http://localhost:8000`.
            token: sent as `Authorization: Bearer <token>`.
            contract: whose events travel; by default `lockstep_events.CONTRACT`.
            timeout_seconds: how long one `publish` tries.
            transport: for tests and special networks.

        Raises:
            BusSettingsError: the address is not http or https.
        """
        if not base_url.startswith(("http://", "https://")):
            raise BusSettingsError(f"{base_url!r} is not the address of a server: write http://host:port")
        if contract is None:
            from lockstep_events import CONTRACT  # imported late: a publisher of other events never loads these

            contract = CONTRACT
        self._contract = contract
        self._timeout = timeout_seconds
        self._client = httpx.AsyncClient(
            base_url=base_url,
            headers={"Authorization": f"Bearer {token}"} if token else {},
            timeout=httpx.Timeout(10.0, connect=3.0),
            transport=transport,
        )

    async def publish(self, event: Event, /) -> Receipt:
        """Publish one event.

        Raises:
            BusUnavailableError: no success within the time; publishing the same event again is safe.
            EventRejectedError: the server says that the event or the access is wrong.
        """
        return (await self.publish_many([event]))[0]

    async def publish_many(self, events: Sequence[Event]) -> list[Receipt]:
        """Publish several events of one session in one request, all of them or, when anything is wrong, none.

        Raises:
            BusUnavailableError, EventRejectedError: as `publish`.
        """
        body = b"\n".join(self._contract.encode(event) for event in events)
        pause, cause = 0.1, "no answer"
        try:
            async with asyncio.timeout(self._timeout):
                while True:
                    try:
                        answer = await self._post(events[0], body)
                        if answer.is_success:
                            return [_receipt(receipt) for receipt in answer.json()["receipts"]]
                        if answer.status_code not in _RETRIED:
                            raise EventRejectedError(f"{answer.request.url} refuses the event: {_reason(answer)}")
                        cause = _reason(answer)
                    except httpx.TransportError as error:
                        cause = str(error) or type(error).__name__
                    await asyncio.sleep(pause * random.uniform(0.5, 1.0))
                    pause = min(pause * 2, 2.0)
        except TimeoutError:
            raise BusUnavailableError(
                f"{self._client.base_url} did not take the event within {self._timeout:g} s: {cause}. Repeating is safe"
            ) from None

    async def close(self) -> None:
        """Store what an outbox still keeps, and drop the connections."""
        for outbox in outboxes_to(self):
            await outbox.flush()
        await self._client.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def _post(self, first: Event, body: bytes) -> httpx.Response:
        headers = {"Content-Type": "application/x-ndjson"}
        trace: str | None = getattr(first, "traceparent", None)
        if trace:  # so that the server's own spans are part of it
            headers["traceparent"] = trace
        return await self._client.post(f"/events/{first.session_id}", content=body, headers=headers)


def _receipt(receipt: dict[str, Any]) -> Receipt:
    return Receipt(str(receipt["event_id"]), str(receipt["cursor"]), bool(receipt["duplicate"]))


def _reason(answer: httpx.Response) -> str:
    try:
        problem = answer.json()
        return str(problem.get("detail") or problem.get("title"))
    except (ValueError, AttributeError):
        return f"HTTP {answer.status_code}"
