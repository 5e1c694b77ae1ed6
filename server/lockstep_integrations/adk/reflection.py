"""What ADK's `ReflectAndRetryToolPlugin` answers in place of a tool that failed."""

from typing import Any, NamedTuple, cast

from lockstep_events.runtime.telling import clean

REFLECTED = "ERROR_HANDLED_BY_REFLECT_AND_RETRY_PLUGIN"


class Reflection(NamedTuple):
    """The model is asked to try again."""

    number: int
    """1 for the first retry."""
    reason: str


def reflection_of(result: Any) -> Reflection | None:
    """The reflection in a tool's answer, if it is one."""
    if not isinstance(result, dict):
        return None
    answer = cast(dict[str, Any], result)
    if answer.get("response_type") != REFLECTED:
        return None
    return Reflection(int(answer["retry_count"]), clean(str(answer.get("error_details", ""))))
