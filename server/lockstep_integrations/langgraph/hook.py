"""The private hook of LangChain's: which handlers make chat models stream even when nobody asked for a stream."""

import logging
import re
from contextvars import ContextVar
from functools import cache
from importlib.metadata import version
from typing import Any

from langchain_core.callbacks import BaseCallbackHandler

logger = logging.getLogger("lockstep.langgraph")

MARK: ContextVar[BaseCallbackHandler | None] = ContextVar("lockstep_langgraph_mark", default=None)
"""Added to each of LangChain's runs anew, as its last handler, and never inherited: of several that tap a stream
LangChain lets only the first do so, and the host's own, such as that of `astream_events`, must be it."""

DEAF = {
    f"ignore_{what}": True for what in ("llm", "chat_model", "chain", "agent", "retriever", "retry", "custom_event")
}
"""What LangChain asks before it calls a handler."""


class Mark(BaseCallbackHandler):
    """Hears nothing. It has the methods by which LangChain knows who wants a stream.

    It does not inherit from LangChain's class for them: by that LangGraph decides (since 1.2.19) whether it runs the
    nodes of a graph as streams, and the host's graph is to run as it would without us.
    """

    run_inline = True

    def tap_output_aiter(self, _run_id: object, output: Any) -> Any:
        """The same asynchronous iterator: what comes back here is what the host's code iterates."""
        return output

    def tap_output_iter(self, _run_id: object, output: Any) -> Any:
        """The same iterator."""
        return output


@cache
def marked() -> BaseCallbackHandler | None:
    """A handler that makes chat models stream; None, and one warning, in releases where nothing can safely."""
    mark: BaseCallbackHandler = type("Mark", (Mark,), DEAF)()
    reason = _unsafe() or _unknown(mark)
    if reason is None:
        return mark
    logger.warning(
        "%s: a message is published whole, when the model has answered, unless the graph itself streams it", reason
    )
    return None


def _unsafe() -> str | None:
    """Before 1.2.19 the methods alone make LangGraph run nodes as streams, where an entrypoint loses its result."""
    release = version("langgraph")
    numbers = tuple(int(number) for number in re.findall(r"\d+", release)[:3])
    return f"langgraph {release} is older than 1.2.19" if numbers < (1, 2, 19) else None


def _unknown(mark: object) -> str | None:
    try:
        from langchain_core.tracers._streaming import (
            _StreamingCallbackHandler,  # pyright: ignore[reportPrivateUsage]  # there is no public one
        )
    except ImportError:
        pass
    else:
        if isinstance(mark, _StreamingCallbackHandler):
            return None
    return f"langchain-core {version('langchain-core')} does not know who wants a stream by the methods that it had"
