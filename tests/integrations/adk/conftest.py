"""What holds for every test of the ADK adapter."""

import logging
from collections.abc import Iterator

import pytest

REASONS = {
    "ignore:.*is deprecated.*use Workflow:DeprecationWarning": "ADK 2.0 on its composite agents",
    "ignore:.*is deprecated in favor of Workflow:DeprecationWarning": "the same, later",
    "ignore:BaseAgentConfig is deprecated:DeprecationWarning": "ADK, at its own import",
    "ignore:.*\\[EXPERIMENTAL\\]:UserWarning": "ADK's own remark on what it uses inside",
    "ignore:SelectableGroups dict interface:DeprecationWarning": "OpenTelemetry 1.42 on Python 3.11, at ADK's import",
    "ignore:The `plugins` argument is deprecated:DeprecationWarning": "ADK's AgentTool on how it calls ADK's Runner",
}
"""The warnings that ADK gives about itself, some at import, and whose they are."""


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """ADK logs every error that a scenario plays, with its stack: seconds for each."""
    log = logging.getLogger("google_adk")
    before = log.level
    log.setLevel(logging.CRITICAL + 1)
    yield
    log.setLevel(before)


def pytest_configure(config: pytest.Config) -> None:
    for each in REASONS:
        config.addinivalue_line("filterwarnings", each)
