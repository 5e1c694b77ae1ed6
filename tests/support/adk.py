"""Google ADK without a network: a scripted model, agents made of it, and a run that is recorded."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from google.adk.agents import LlmAgent
from google.adk.agents.run_config import RunConfig
from google.adk.apps.app import App
from google.adk.models.base_llm import BaseLlm
from google.adk.models.llm_request import LlmRequest
from google.adk.models.llm_response import LlmResponse
from google.adk.plugins.base_plugin import BasePlugin
from google.adk.runners import Runner
from google.adk.sessions.in_memory_session_service import InMemorySessionService
from google.genai import types
from lockstep_events import EventDispatcher
from lockstep_events.runtime.event import Event
from lockstep_events.runtime.outbox import Outbox
from lockstep_events.testing import RecordingPublisher
from lockstep_integrations.adk import LockstepPlugin
from pydantic import Field


@dataclass
class Turn:
    """What the model answers to one request."""

    text: Sequence[str] = ()
    thoughts: Sequence[str] = ()
    calls: Sequence[tuple[str | None, str, dict[str, Any]]] = ()
    usage: tuple[int, int] | None = (10, 5)
    error: Exception | None = None
    """Raised after the text has been streamed."""
    error_code: str | None = None
    hangs: bool = False
    """Never answers after the text has been streamed."""
    reached: asyncio.Event | None = None
    """Set when it hangs."""


class ScriptedLlm(BaseLlm):
    """Plays its turns in order, and the last one again and again."""

    model: str = "scripted-1"
    turns: list[Any] = Field(default_factory=list[Any])
    played: int = 0

    async def generate_content_async(
        self,
        llm_request: LlmRequest,  # noqa: ARG002  # the name is BaseLlm's
        stream: bool = False,
    ) -> AsyncGenerator[LlmResponse, None]:
        turn: Turn = self.turns[min(self.played, len(self.turns) - 1)]
        self.played += 1
        for text, thought in [(each, True) for each in turn.thoughts] + [(each, False) for each in turn.text]:
            await asyncio.sleep(0)
            if stream:
                yield self._response([types.Part(text=text, thought=thought or None)], partial=True)
        if turn.hangs:
            if turn.reached is not None:
                turn.reached.set()
            await asyncio.Event().wait()
        if turn.error is not None:
            raise turn.error
        if turn.error_code is not None:
            yield LlmResponse(error_code=turn.error_code, error_message="blocked")
            return
        yield self._final(turn)

    def _final(self, turn: Turn) -> LlmResponse:
        parts = [types.Part(text="".join(turn.thoughts), thought=True)] if turn.thoughts else []
        parts += [types.Part(text="".join(turn.text))] if turn.text else []
        for call_id, name, args in turn.calls:
            parts.append(types.Part(function_call=types.FunctionCall(id=call_id, name=name, args=args)))
        response = self._response(parts, partial=False)
        response.finish_reason = types.FinishReason.STOP
        if turn.usage is not None:
            read, written = turn.usage
            response.usage_metadata = types.GenerateContentResponseUsageMetadata(
                prompt_token_count=read, candidates_token_count=written, thoughts_token_count=1
            )
        return response

    def _response(self, parts: list[types.Part], *, partial: bool) -> LlmResponse:
        content = types.Content(role="model", parts=parts)
        return LlmResponse(content=content, partial=partial, model_version=self.model)


def agent(name: str, *turns: Turn, tools: Sequence[Any] = (), **options: Any) -> LlmAgent:
    """An agent whose model plays `turns`."""
    return LlmAgent(name=name, model=ScriptedLlm(turns=list(turns)), tools=list(tools), **options)


@dataclass
class Stage:
    """One ADK session in which agents are run, with the plugin or without."""

    root: Any
    """A BaseAgent, or a Workflow."""
    observed: bool = True
    streaming: bool = True
    plugins: Sequence[BasePlugin] = ()
    app_options: dict[str, Any] = field(default_factory=dict[str, Any])
    session_id: str = "s1"
    publisher: Any = field(default_factory=RecordingPublisher)

    def __post_init__(self) -> None:
        self.dispatcher = EventDispatcher(self.publisher)
        self.outbox = Outbox.of(self.publisher)
        mine = [LockstepPlugin(self.dispatcher)] if self.observed else []
        app = App(name="stage", root_agent=self.root, plugins=[*mine, *self.plugins], **self.app_options)
        self.runner = Runner(app=app, session_service=InMemorySessionService(), auto_create_session=True)
        self.heard: list[Any] = []
        self.raised: BaseException | None = None

    @property
    def events(self) -> list[Event]:
        """What was published."""
        events: list[Event] = self.publisher.events
        return events

    async def play(
        self, message: Any = "hello", *, until: Callable[[Any], bool] | None = None, flush: float = 5
    ) -> None:
        """Run once, keeping ADK's own events and whatever it raises; stop early when `until` says so."""
        content = message
        if isinstance(message, str):
            content = types.Content(role="user", parts=[types.Part(text=message)])
        config = RunConfig.model_validate({"streaming_mode": "sse" if self.streaming else None})
        try:
            stream = self.runner.run_async(
                user_id="u1", session_id=self.session_id, new_message=content, run_config=config
            )
            async for event in stream:
                self.heard.append(event)
                if until is not None and until(event):
                    await stream.aclose()
                    break
        except Exception as error:
            self.raised = error
        assert await self.outbox.flush(flush)


def answer(call_id: str, name: str, response: dict[str, Any]) -> types.Content:
    """What a user sends to answer a call that waits."""
    given = types.FunctionResponse(id=call_id, name=name, response=response)
    return types.Content(role="user", parts=[types.Part(function_response=given)])
