"""Answers of tools that the client runs: they come with the question of the next run, and in no stream."""

import json
from collections.abc import AsyncIterator
from typing import Any, TypeAlias

from lockstep_integrations.ag_ui.values import is_array, is_object

Json: TypeAlias = Any


async def with_answers(frames: AsyncIterator[Json], asked: Json) -> AsyncIterator[Json]:
    """The frames of a run, with the results that its input brought after its start."""
    results = answers_in(asked)
    async for frame in frames:
        yield frame
        if results and is_object(frame) and frame.get("type") == "RUN_STARTED":
            for result in results:
                yield result
            results = []


def answers_in(asked: Json) -> list[dict[str, Json]]:
    """The results in a RunAgentInput, JSON or model: the messages of tools that end it. Older ones are known."""
    if hasattr(asked, "model_dump_json"):
        asked = json.loads(asked.model_dump_json(by_alias=True, exclude_none=True))
    messages: Json = asked.get("messages") if is_object(asked) else None
    results: list[dict[str, Json]] = []
    for message in reversed(messages if is_array(messages) else []):
        if not is_object(message) or message.get("role") != "tool":
            break
        named = {"messageId": message.get("id"), "toolCallId": message.get("toolCallId")}
        results.insert(0, {"type": "TOOL_CALL_RESULT", **named, "content": message.get("content"), "role": "tool"})
    return results
