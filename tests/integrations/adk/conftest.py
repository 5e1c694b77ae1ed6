"""What holds for every test of the ADK adapter."""

import pytest

REASONS = {
    "ignore:.*is deprecated in favor of Workflow.*:DeprecationWarning": "ADK 2.x on its own composite agents",
    "ignore:.*\\[EXPERIMENTAL\\].*:UserWarning": "ADK's own remark on what it uses inside",
    "ignore:The `plugins` argument is deprecated:DeprecationWarning": "ADK's AgentTool on how it calls ADK's Runner",
}
"""The warnings that ADK gives about itself, and whose they are."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "integrations/adk" in item.path.as_posix():
            for each in REASONS:
                item.add_marker(pytest.mark.filterwarnings(each))
