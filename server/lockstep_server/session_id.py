"""Session ids as they arrive in a path: checked before anything else looks at them."""

from lockstep_bus.errors import SessionIdError
from lockstep_bus.keys import Namespace

from lockstep_server.problem import Flaw, Problem

_ANY = Namespace()


def checked(text: str) -> str:
    """The session id itself.

    Raises:
        Problem: it has other characters than a session id may have, or too many.
    """
    try:
        _ANY.session(text)
    except SessionIdError as error:
        raise Problem("invalid_session_id", str(error), Flaw("session_id", str(error), part="path")) from error
    return text
