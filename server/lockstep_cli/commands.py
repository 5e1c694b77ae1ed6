"""The commands of `lockstep`: where each lives, what it says of itself, and which extra it needs."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Command:
    """One verb. Its module is imported only when the verb is used, so that `lockstep --help` stays instant."""

    module: str
    summary: str
    extra: str
    """The extra of the distribution that brings what the module imports."""


COMMANDS: dict[str, Command] = {}
