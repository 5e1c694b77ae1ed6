"""What a run stops for: long-running tools and the requests that ADK makes of the user."""

from collections.abc import Iterator
from typing import Any

from lockstep_events import Interrupt

from lockstep_integrations.adk.plain import plain_object

LONG_RUNNING = "long_running_tool"
REQUESTS = {
    "adk_request_confirmation": "tool_confirmation",
    "adk_request_credential": "tool_credential",
    "adk_request_input": "user_input",
}
"""Calls that ADK invents to ask the user; no tool stands behind them."""


def questions_of(event: Any) -> Iterator[Interrupt]:
    """What an ADK event asks for. A credential's configuration stays out of it: it may hold secrets."""
    asked: set[str] = event.long_running_tool_ids or set()
    for call in event.get_function_calls() if asked else ():
        if call.id in asked:
            yield _question(call.id, call.name, call.args or {})


def _question(call_id: str, name: str, args: dict[str, Any]) -> Interrupt:
    if name == "adk_request_confirmation":
        original: dict[str, Any] = args.get("originalFunctionCall") or {}
        confirmation: dict[str, Any] = args.get("toolConfirmation") or {}
        hint: str | None = confirmation.get("hint")
        return Interrupt(id=call_id, reason=REQUESTS[name], message=hint or None, tool_call_id=original.get("id"))
    if name == "adk_request_credential":
        waiting = args.get("function_call_id") or args.get("functionCallId")
        return Interrupt(id=call_id, reason=REQUESTS[name], tool_call_id=waiting)
    if name == "adk_request_input":
        schema = args.get("response_schema") or args.get("responseSchema")
        return Interrupt(
            id=call_id,
            reason=REQUESTS[name],
            message=args.get("message"),
            response_schema=plain_object(schema) if isinstance(schema, dict) else None,
        )
    return Interrupt(id=call_id, reason=LONG_RUNNING, tool_call_id=call_id)
