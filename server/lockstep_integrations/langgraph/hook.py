"""The one private hook of LangChain: a mark that makes chat models stream even when nobody asked for a stream."""

import logging
from contextvars import ContextVar
from functools import cache
from typing import Any

from langchain_core.callbacks import BaseCallbackHandler

logger = logging.getLogger("lockstep.langgraph")

MARK: ContextVar[BaseCallbackHandler | None] = ContextVar("lockstep_langgraph_mark", default=None)
"""Added to each of LangChain's runs anew, as its last handler, and never inherited: of several marked handlers
LangChain lets only the first tap a stream, and the host's own, such as that of `astream_events`, must be it."""


DEAF = {
    f"ignore_{what}": True for what in ("llm", "chat_model", "chain", "agent", "retriever", "retry", "custom_event")
}
"""What LangChain asks before it calls a handler."""


class Mark(BaseCallbackHandler):
    """Hears nothing. What it has beside the mark hands on the host's own streams, untouched."""

    run_inline = True

    def tap_output_aiter(self, _run_id: object, output: Any) -> Any:
        """The same asynchronous iterator: what comes back here is what the host's code iterates."""
        return output

    def tap_output_iter(self, _run_id: object, output: Any) -> Any:
        """The same iterator."""
        return output


_told = False


def marked() -> BaseCallbackHandler | None:
    """A handler with the mark; None, and one warning, in a release of LangChain without it."""
    try:
        from langchain_core.tracers._streaming import (
            _StreamingCallbackHandler,  # pyright: ignore[reportPrivateUsage]  # there is no public one
        )
    except ImportError:
        _tell()
        return None
    return _with(_StreamingCallbackHandler)


@cache  # it holds nothing, and making a class takes longer than a whole run's events
def _with(mark: type) -> BaseCallbackHandler:
    handler: BaseCallbackHandler = type("Marked", (Mark, mark), DEAF)()
    return handler


def _tell() -> None:
    global _told
    if not _told:
        _told = True
        logger.warning(
            "this release of langchain-core has no langchain_core.tracers._streaming._StreamingCallbackHandler: "
            "a message is published whole, when the model has answered, unless the graph itself streams it"
        )
