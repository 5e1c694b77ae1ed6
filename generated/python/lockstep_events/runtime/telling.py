"""Saying what happens, from within whatever happens: it never fails and never waits."""

import logging
from functools import cache
from importlib import import_module
from typing import Any

from pydantic_core import to_json

from .making import make_event
from .scope import SCOPE, Scope
from .stamp import Stamp

LOG = logging.getLogger(__name__)


@cache
def _classes() -> Any:
    return import_module(f"{__name__.rsplit('.', 2)[0]}.contract").EVENT_CLASSES


_complained: set[str] = set()


def complain(about: str, text: str, *details: object) -> None:
    """Log a warning, once about the same."""
    if about not in _complained:
        _complained.add(about)
        LOG.warning(text, *details)


def tell(scope: Scope, stamp: Stamp, type: str, payload: dict[str, Any], details: dict[str, Any] | None = None) -> None:
    """Publish an event of the scope; of `details` what is None is left out. What the contract refuses is logged."""
    try:
        publish(scope, stamp, type, payload, details or {})
    except Exception as error:
        complain(type, "an event of type '%s' could not be made, and is not published: %s", type, error)


def publish(scope: Scope, stamp: Stamp, type: str, payload: dict[str, Any], details: dict[str, Any]) -> None:
    """The same, but raises pydantic.ValidationError."""
    attributes = {"run_id": scope.run_id, "agent": scope.agent, "subagent_run_id": scope.subagent_run_id}
    envelope: dict[str, Any] = {"session_id": scope.session_id, "type": type}
    scope.publisher.publish(make_event(_classes()[type], stamp, envelope, attributes, payload, details))


def within(scope: Scope) -> Scope:
    """A session's scope: what it does not say is what encloses it says, if that is of the same session and run."""
    outer = SCOPE.get()
    if outer is None or outer.session_id != scope.session_id or scope.run_id not in (None, outer.run_id):
        return scope
    agent, subagent_run_id = scope.agent or outer.agent, scope.subagent_run_id or outer.subagent_run_id
    where = scope.publisher, scope.session_id, outer.run_id, agent
    return Scope(*where, outer.step_id, outer.tool_call_id, subagent_run_id)


def clean(text: str) -> str:
    """`text` as UTF-8 can carry it: half of a surrogate pair becomes a question mark."""
    return text if text.isascii() else text.encode(errors="replace").decode()


def json_text(value: Any) -> bytes:
    """`value` as JSON; of what is no data only the class is told. Raises ValueError for a circle."""
    return to_json(value, fallback=_class, inf_nan_mode="strings", bytes_mode="base64")


def detail(error: BaseException) -> dict[str, Any]:
    """`error` for people and programs, without its stack: that may hold what the user said."""
    return {"message": clean(str(error)) or type(error).__name__, "type": type(error).__name__}


def _class(value: object) -> str:
    return f"<{type(value).__name__}>"
