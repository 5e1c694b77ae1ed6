"""What ADK asks of the user, as interrupts; what may be secret stays out of them."""

from typing import Any

import pytest
from google.adk.events.event import Event
from google.genai import types
from lockstep_integrations.adk.questions import questions_of

CASES: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("order", {"amount": 5}, {"reason": "long_running_tool", "tool_call_id": "c1"}),
    (
        "adk_request_confirmation",
        {"originalFunctionCall": {"id": "c0", "name": "order"}, "toolConfirmation": {"hint": "Really?"}},
        {"reason": "tool_confirmation", "tool_call_id": "c0", "message": "Really?"},
    ),
    ("adk_request_confirmation", {}, {"reason": "tool_confirmation"}),
    (
        "adk_request_credential",
        {"function_call_id": "c0", "auth_config": {"client_secret": "hush"}},
        {"reason": "tool_credential", "tool_call_id": "c0"},
    ),
    (
        "adk_request_input",
        {"message": "Which one?", "response_schema": {"type": "string"}},
        {"reason": "user_input", "message": "Which one?", "response_schema": {"type": "string"}},
    ),
]


def event(name: str, args: dict[str, Any], *, asked: bool = True) -> Event:
    call = types.Part(function_call=types.FunctionCall(id="c1", name=name, args=args))
    content = types.Content(role="model", parts=[call])
    return Event(author="root", content=content, long_running_tool_ids={"c1"} if asked else None)


@pytest.mark.parametrize(("name", "args", "expected"), CASES)
def test_each_kind(name: str, args: dict[str, Any], expected: dict[str, Any]) -> None:
    (question,) = questions_of(event(name, args))
    assert question.model_dump(exclude_none=True) == {"id": "c1", **expected}


def test_a_call_that_ends_by_itself_asks_nothing() -> None:
    assert list(questions_of(event("order", {}, asked=False))) == []
