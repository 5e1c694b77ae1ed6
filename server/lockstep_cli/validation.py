"""Words for a setting with a wrong value."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic import ValidationError


def explained(error: "ValidationError") -> str:
    """Every wrong setting with its variable and its value."""
    return "; ".join(
        f"{_variable(fault['loc'])}={fault['input']!r}: {fault['msg']}" for fault in error.errors(include_url=False)
    )


def _variable(place: tuple[int | str, ...]) -> str:
    name = str(place[0]) if place else "?"
    return name if name.isupper() else f"LOCKSTEP_{name.upper()}"
