"""What can stop traces from being switched on."""

from typing import Self


class TracesUnavailableError(ImportError):
    """OpenTelemetry is asked for and is not installed."""

    exit_code: int = 2

    @classmethod
    def of(cls, cause: ModuleNotFoundError) -> Self:
        """Of the module that is missing."""
        return cls(f"traces need the module {cause.name!r}: pip install 'agui-lockstep[otel]'", name=cause.name)
