"""The commands of `lockstep`: where each lives, what it says of itself, and which extra it needs."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Command:
    """One verb. Its module is imported only when the verb is used, so that `lockstep --help` stays instant."""

    module: str
    summary: str
    extra: str
    """The extra of the distribution that brings what the module imports."""
    about: Literal["contract", "bus"]
    """The half of `lockstep --help` that lists it."""


COMMANDS: dict[str, Command] = {}
