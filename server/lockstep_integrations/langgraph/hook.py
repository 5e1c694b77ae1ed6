"""The private hook of LangChain's: which handlers make chat models stream even when nobody asked for a stream."""

import logging
from contextvars import ContextVar
from functools import cache
from typing import Any, cast

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
    """A handler that makes chat models stream; None, and one warning, in a release where nothing does."""
    mark: BaseCallbackHandler = type("Mark", (Mark,), DEAF)()
    try:
        from langchain_core.tracers._streaming import (
            _StreamingCallbackHandler,  # pyright: ignore[reportPrivateUsage]  # there is no public one
        )
    except ImportError:
        known = False
    else:
        known = isinstance(cast("object", mark), _StreamingCallbackHandler)
    if not known:
        logger.warning(
            "this release of langchain-core has no langchain_core.tracers._streaming._StreamingCallbackHandler: "
            "a message is published whole, when the model has answered, unless the graph itself streams it"
        )
        return None
    return mark
