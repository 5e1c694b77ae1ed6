"""What can stop the ADK adapter from being used."""

from typing import Self


class AdkUnavailableError(ImportError):
    """The adapter is asked for and Google ADK is not installed."""

    exit_code: int = 2

    @classmethod
    def of(cls, cause: ImportError) -> Self:
        """Of the module that is missing."""
        return cls(
            f"the Google ADK adapter cannot import {cause.name!r}: pip install 'agui-lockstep[adk]'", name=cause.name
        )
