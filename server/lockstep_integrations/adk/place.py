"""Where a callback happens: which invocation, which branch of it, which agent."""

from typing import Any, NamedTuple


class Place(NamedTuple):
    """Agents that run in parallel share an invocation; their branches differ."""

    invocation_id: str
    branch: str | None
    agent: str


def place_of(context: Any) -> Place:
    """The place of an `InvocationContext`, `CallbackContext` or `ToolContext`."""
    invocation = invocation_of(context)
    return Place(invocation.invocation_id, getattr(invocation, "branch", None), agent_of(invocation))


def invocation_of(context: Any) -> Any:
    """The invocation behind a context; the context itself where ADK keeps no such private attribute."""
    return getattr(context, "_invocation_context", context)


def agent_of(invocation: Any) -> str:
    """The name of the agent that acts; the app's where none does, as around the nodes of a `Workflow`."""
    agent = getattr(invocation, "agent", None)
    if agent is not None:
        return str(agent.name)
    return str(getattr(invocation, "agent_name", None) or invocation.app_name)
