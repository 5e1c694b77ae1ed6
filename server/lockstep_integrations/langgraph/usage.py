"""Tokens used, in the names of the contract: for one answer of a model, and added up for a run."""

from typing import Any

from lockstep_events import TokenUsage

from lockstep_integrations.langgraph.values import mapping

COUNTS = (
    "input_tokens",
    "output_tokens",
    "total_tokens",
    "reasoning_tokens",
    "cached_input_tokens",
    "cache_write_input_tokens",
)


def usage_of(message: Any, provider: str | None, model: str | None) -> TokenUsage | None:
    """What an answer says that it cost; None when it does not say."""
    said = mapping(getattr(message, "usage_metadata", None))
    if not said:
        return None
    read, written = mapping(said.get("input_token_details")), mapping(said.get("output_token_details"))
    return TokenUsage(
        provider=provider,
        model=mapping(getattr(message, "response_metadata", None)).get("model_name") or model,
        input_tokens=said.get("input_tokens"),
        output_tokens=said.get("output_tokens"),
        total_tokens=said.get("total_tokens"),
        reasoning_tokens=written.get("reasoning"),
        cached_input_tokens=read.get("cache_read"),
        cache_write_input_tokens=read.get("cache_creation"),
    )


class Bill:
    """What a run used so far, by provider and model."""

    def __init__(self) -> None:
        self._entries: dict[tuple[str | None, str | None], dict[str, int]] = {}

    def add(self, usage: TokenUsage) -> None:
        """Count one answer."""
        counts = self._entries.setdefault((usage.provider, usage.model), {})
        for name in COUNTS:
            if (count := getattr(usage, name)) is not None:
                counts[name] = counts.get(name, 0) + count

    def total(self) -> list[TokenUsage] | None:
        """One entry for each provider and model; None when no model said anything."""
        return [
            TokenUsage(provider=provider, model=model, **counts) for (provider, model), counts in self._entries.items()
        ] or None


def finish_reasons(message: Any) -> list[str] | None:
    """Why the model stopped, in the provider's word."""
    said = mapping(getattr(message, "response_metadata", None))
    reason = said.get("finish_reason") or said.get("stop_reason")
    return [str(reason)] if reason else None
