"""What a LangChain message carries, in the shapes that the providers give it: text, reasoning, and answers of tools."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast

from langchain_core.messages import BaseMessage, ToolMessage
from langgraph.types import Command
from lockstep_events.runtime.telling import clean

from lockstep_integrations.langgraph.values import is_mapping, mapping, plain, sequence

Pieces = Iterable[tuple[bool, str]]
"""Pairs of (is reasoning, text), in the order in which they were said."""


def pieces(message: BaseMessage) -> Pieces:
    """The text and the reasoning of a message or of a piece of one."""
    content: Any = message.content
    if isinstance(content, str) and not message.additional_kwargs:  # nearly every token
        return ((False, clean(content)),) if content else ()
    return _all_pieces(message)


def _all_pieces(message: BaseMessage) -> Pieces:
    reasoning: Any = message.additional_kwargs.get("reasoning_content")  # DeepSeek, Ollama, vLLM and others
    if isinstance(reasoning, str) and reasoning:
        yield True, clean(reasoning)
    content: Any = message.content
    if isinstance(content, str):
        if content:
            yield False, clean(content)
        return
    for block in content:
        yield from _of_block(block)


def _of_block(said_block: Any) -> Pieces:
    block = {"type": "text", "text": said_block} if isinstance(said_block, str) else mapping(said_block)
    kind = block.get("type")
    if kind == "text":
        said: Any = block.get("text")
    elif kind == "thinking":  # Anthropic
        said = block.get("thinking")
    elif kind == "reasoning_content":  # Bedrock
        said = mapping(block.get("reasoning_content")).get("text")
    elif kind == "reasoning":  # LangChain's own form, or a list of summaries: OpenAI
        parts = sequence(block.get("summary"))
        said = block.get("reasoning") or "".join(mapping(part).get("text", "") for part in parts)
    else:
        return
    if isinstance(said, str) and said:
        yield kind != "text", clean(said)


def answer(output: Any) -> tuple[str, Any]:
    """A tool's output as the model reads it, and as data where it is data (None: it is text alone)."""
    if isinstance(output, ToolMessage):
        return text_of(output.content), plain(output.artifact)
    if isinstance(output, str):
        return clean(output), None
    if isinstance(output, Command):
        answers = list(tool_messages(output))
        return (text_of(answers[-1].content), None) if answers else ("", None)
    data = plain(output)
    return json.dumps(data, ensure_ascii=False), data


def text_of(content: Any) -> str:
    """The text of a message's content; blocks that are no text as JSON."""
    if isinstance(content, str):
        return clean(content)
    blocks = [{"type": "text", "text": block} if isinstance(block, str) else block for block in content]
    if all(block.get("type") == "text" for block in blocks):
        return clean("".join(block.get("text", "") for block in blocks))
    return json.dumps(plain(blocks), ensure_ascii=False)


def tool_messages(output: Any) -> Iterator[ToolMessage]:
    """The answers of tools among what a node returns: a state update, messages, or commands with either."""
    if isinstance(output, ToolMessage):
        yield output
    elif isinstance(output, Command):
        yield from tool_messages(cast("Any", output).update)
    elif is_mapping(output):
        for value in output.values():
            if isinstance(value, list | tuple | ToolMessage):
                yield from tool_messages(value)
    else:
        for item in sequence(output):
            if isinstance(item, ToolMessage):  # asked first: a hundred calls at once have a hundred answers
                yield item
            elif isinstance(item, (Command, Mapping)):
                yield from tool_messages(item)
