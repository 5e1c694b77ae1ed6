"""A chat model for LangGraph that says what a script says, offline: whole by `invoke`, in pieces when streamed."""

# ruff: noqa: ARG002  # LangChain calls by these names

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.messages import tool as tools
from langchain_core.messages.ai import UsageMetadata
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from pydantic import Field


class Turn:
    """One answer: pieces of reasoning, pieces of text, tool calls as (id, name, pieces of the arguments), an error."""

    def __init__(
        self,
        *text: str,
        reasoning: tuple[str, ...] = (),
        calls: tuple[tuple[str, str, tuple[str, ...]], ...] = (),
        error: BaseException | None = None,
        tokens: tuple[int, int] = (10, 5),
        hangs: bool = False,
    ) -> None:
        """`hangs`: it never comes to an end, when it is streamed asynchronously."""
        self.text, self.reasoning, self.calls, self.error, self.tokens = text, reasoning, calls, error, tokens
        self.hangs = hangs

    def chunks(self, message_id: str) -> Iterator[AIMessageChunk]:
        for piece in self.reasoning:
            yield AIMessageChunk(content="", id=message_id, additional_kwargs={"reasoning_content": piece})
        for piece in self.text:
            yield AIMessageChunk(content=piece, id=message_id)
        for index, (call_id, name, pieces) in enumerate(self.calls):
            heads = [(call_id, name, ""), *((None, None, piece) for piece in pieces)]
            for head_id, head_name, piece in heads:
                chunk = tools.tool_call_chunk(id=head_id, name=head_name, args=piece, index=index)
                yield AIMessageChunk(content="", id=message_id, tool_call_chunks=[chunk])
        if self.error is not None:
            raise self.error
        read, written = self.tokens
        usage = UsageMetadata(input_tokens=read, output_tokens=written, total_tokens=read + written)
        reason = "tool_calls" if self.calls else "stop"
        yield AIMessageChunk(
            content="",
            id=message_id,
            usage_metadata=usage,
            response_metadata={"finish_reason": reason},
            chunk_position="last",
        )


class ScriptedChat(BaseChatModel):
    """Answers with its turns, one after the other; the last one again and again."""

    turns: list[Any]
    label: str = "m"
    asked: int = Field(default=0)

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def _get_ls_params(self, stop: list[str] | None = None, **kwargs: Any) -> Any:
        return {"ls_provider": "offline", "ls_model_name": "scripted-1", "ls_model_type": "chat"}

    @property
    def _turn(self) -> Turn:
        turn: Turn = self.turns[min(self.asked, len(self.turns) - 1)]
        return turn

    def _next(self) -> Iterator[AIMessageChunk]:
        turn = self._turn
        self.asked += 1
        return turn.chunks(f"{self.label}{self.asked}")

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        first, *rest = self._next()
        whole = first.__add__(rest) if rest else first
        message = AIMessage(
            content=whole.content,
            id=whole.id,
            tool_calls=whole.tool_calls,
            usage_metadata=whole.usage_metadata,
            response_metadata=whole.response_metadata,
            additional_kwargs=whole.additional_kwargs,
        )
        return ChatResult(generations=[ChatGeneration(message=message)])

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        for message in self._next():
            yield ChatGenerationChunk(message=message)

    async def _astream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> AsyncIterator[ChatGenerationChunk]:
        hangs = self._turn.hangs
        for message in self._next():
            if hangs and message.chunk_position == "last":
                await asyncio.Event().wait()
            yield ChatGenerationChunk(message=message)
