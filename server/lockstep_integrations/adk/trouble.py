"""From exceptions and error codes to the contract's `ErrorDetail`."""

from lockstep_events import ErrorDetail

from lockstep_integrations.adk.plain import clean


def trouble_of(error: BaseException) -> ErrorDetail:
    """What an exception says: its text and its class; its code where that is a text. A group of one is that one."""
    while isinstance(error, BaseExceptionGroup) and len(error.exceptions) == 1:
        error = error.exceptions[0]
    name = type(error).__name__
    code = getattr(error, "code", None)
    return ErrorDetail(message=clean(str(error)) or name, type=name, code=code if isinstance(code, str) else None)
