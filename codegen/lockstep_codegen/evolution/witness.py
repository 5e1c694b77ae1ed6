"""The proof of a breaking change: one event."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Witness:
    """An event that the writer's schema accepts and the reader refuses, and what the reader says."""

    event: Any
    refusal: str
