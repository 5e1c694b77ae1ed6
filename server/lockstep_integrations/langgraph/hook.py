"""The one private hook of LangChain: the mark that makes a chat model stream even when nobody asked for a stream."""

import logging
from typing import Any, TypeVar, cast

from langchain_core.callbacks import BaseCallbackHandler

HandlerT = TypeVar("HandlerT", bound=BaseCallbackHandler)
logger = logging.getLogger("lockstep.langgraph")


def _streaming_mark() -> type[Any] | None:
    """LangChain's mark, which LangGraph uses as well; None in a release that has it no longer."""
    try:
        from langchain_core.tracers._streaming import (
            _StreamingCallbackHandler,  # pyright: ignore[reportPrivateUsage] -- there is no public one
        )
    except ImportError:
        return None
    return _StreamingCallbackHandler


class StreamTaps:
    """What the mark demands beside itself: both hand on the host's own stream, untouched."""

    def tap_output_aiter(self, _run_id: object, output: Any) -> Any:
        """The same asynchronous iterator: whatever else comes back here is what the host's code iterates."""
        return output

    def tap_output_iter(self, _run_id: object, output: Any) -> Any:
        """The same iterator."""
        return output


_told = False


def streaming(handler: type[HandlerT]) -> type[HandlerT]:
    """`handler` with the mark; without the hook `handler` itself, which one warning tells."""
    mark = _streaming_mark()
    if mark is not None:
        return cast("type[HandlerT]", type(handler.__name__, (StreamTaps, handler, mark), {}))
    global _told
    if not _told:
        _told = True
        logger.warning(
            "this release of langchain-core has no langchain_core.tracers._streaming._StreamingCallbackHandler: "
            "messages are published whole when a model has answered, unless the graph itself streams them"
        )
    return handler
