"""The agents that a server runs for AG-UI clients: functions of its own process, and AG-UI endpoints elsewhere."""

from collections.abc import AsyncIterable, AsyncIterator, Callable, Mapping
from typing import Any, TypeAlias

import httpx

RunAgentInput: TypeAlias = dict[str, Any]
"""The request body as the client sent it."""
Agent: TypeAlias = Callable[[RunAgentInput], AsyncIterable[Any]]
"""Takes the input and gives AG-UI events: dicts, events of the official package, or bytes of an SSE answer."""

CONNECT_SECONDS = 10.0
QUOTED = 200
"""So much of a refusal's text helps; a page of HTML does not."""


class UpstreamError(Exception):
    """An AG-UI endpoint did not answer with an event stream."""


class AgentRegistry:
    """Agents by the name that they have in the path."""

    def __init__(self, agents: Mapping[str, Agent] | None = None) -> None:
        self._agents: dict[str, Agent] = dict(agents or {})

    def add(self, name: str, agent: Agent) -> None:
        """Serve `agent` under `/ag-ui/<name>`."""
        self._agents[name] = agent

    def add_upstream(self, name: str, url: str, *, headers: Mapping[str, str] | None = None) -> None:
        """Serve the AG-UI endpoint at `url` under `/ag-ui/<name>`, through the bus."""
        self._agents[name] = upstream(url, headers=headers)

    def find(self, name: str) -> Agent | None:
        return self._agents.get(name)

    def names(self) -> list[str]:
        return sorted(self._agents)


def upstream(url: str, *, headers: Mapping[str, str] | None = None) -> Agent:
    """An agent that posts its input to an AG-UI endpoint. Reading may take as long as the agent thinks."""
    timeout = httpx.Timeout(None, connect=CONNECT_SECONDS)

    async def run(body: RunAgentInput) -> AsyncIterator[bytes]:
        given = {**(headers or {}), "accept": "text/event-stream"}
        try:
            async with (
                httpx.AsyncClient(timeout=timeout) as client,
                client.stream("POST", url, json=body, headers=given) as response,
            ):
                await _refuse(response)
                async for chunk in response.aiter_bytes():
                    yield chunk
        except httpx.HTTPError as error:
            raise UpstreamError(f"{url}: {error or type(error).__name__}") from error

    return run


async def _refuse(response: httpx.Response) -> None:
    kind = response.headers.get("content-type", "no content type")
    if response.status_code == 200 and kind.split(";")[0].strip().lower() == "text/event-stream":
        return
    text = (await response.aread()).decode("utf-8", "replace")[:QUOTED]
    raise UpstreamError(f"{response.url} answered {response.status_code} with {kind}: {text}")
