"""Google ADK: a plugin that publishes what agents do, and `BaseADKAgent` for agents written by hand."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from lockstep_integrations.adk.base_agent import BaseADKAgent

if TYPE_CHECKING:
    from lockstep_integrations.adk.attachment import instrument
    from lockstep_integrations.adk.plugin import LockstepPlugin

__all__ = ["BaseADKAgent", "LockstepPlugin", "instrument"]

NEEDS_ADK = {"LockstepPlugin": "plugin", "instrument": "attachment"}
"""Imported when asked for: google.adk takes a second, and `BaseADKAgent` does without."""


def __getattr__(name: str) -> Any:
    if name not in NEEDS_ADK:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{NEEDS_ADK[name]}"), name)
