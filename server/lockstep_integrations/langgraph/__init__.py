"""LangGraph on the bus: `with observe(dispatcher, session_id=...)`, and a graph tells what it does by itself."""

try:
    import langgraph as _langgraph
except ImportError as missing:
    raise ImportError("LangGraph is not installed; run: pip install 'agui-lockstep[langgraph]'") from missing

from lockstep_integrations.langgraph.observe import observe

__all__ = ["observe"]

del _langgraph
