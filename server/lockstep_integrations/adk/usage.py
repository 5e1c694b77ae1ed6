"""Tokens: from ADK's metadata to the contract's, and a run's sum for each model."""

from collections import defaultdict
from typing import Any

from lockstep_events import TokenUsage

COUNTS = ("input_tokens", "output_tokens", "total_tokens", "reasoning_tokens", "cached_input_tokens")


def usage_of(metadata: Any, model: str | None) -> TokenUsage | None:
    """One call's tokens. Those written are the candidates' and the thoughts', as ADK's own telemetry counts them."""
    if metadata is None:
        return None
    candidates = getattr(metadata, "candidates_token_count", None)
    thoughts = getattr(metadata, "thoughts_token_count", None)
    written = None if candidates is None and thoughts is None else (candidates or 0) + (thoughts or 0)
    return TokenUsage(
        model=model,
        input_tokens=getattr(metadata, "prompt_token_count", None),
        output_tokens=written,
        total_tokens=getattr(metadata, "total_token_count", None),
        reasoning_tokens=thoughts,
        cached_input_tokens=getattr(metadata, "cached_content_token_count", None),
    )


class Tally:
    """What a run has used until now."""

    def __init__(self) -> None:
        self._sums: dict[str | None, dict[str, int]] = defaultdict(dict)

    def add(self, usage: TokenUsage) -> None:
        """Count one call."""
        sums = self._sums[usage.model]
        for name in COUNTS:
            count: int | None = getattr(usage, name)
            if count is not None:
                sums[name] = sums.get(name, 0) + count

    def total(self) -> list[TokenUsage] | None:
        """One entry for each model; None when no call told its tokens."""
        return [TokenUsage.model_validate({"model": model, **sums}) for model, sums in self._sums.items()] or None
