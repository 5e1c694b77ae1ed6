"""The expected events of each ADK scenario, as lines in tests/integrations/adk/expected.

`PYTHONPATH=tests python -m support.adk_expected` writes what the plugin publishes now, to be read before it is kept.
"""

import asyncio
from pathlib import Path

from support.adk_lines import lines_of
from support.adk_scenarios import SCENARIOS

FOLDER = Path(__file__).parents[1] / "integrations" / "adk" / "expected"


def expected(name: str) -> list[str]:
    """The lines that a scenario must give."""
    return (FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines()


async def write() -> None:
    """Write every scenario's lines."""
    FOLDER.mkdir(exist_ok=True)
    for name, play in SCENARIOS.items():
        stage = await play(True)
        (FOLDER / f"{name}.txt").write_text("\n".join(lines_of(stage.events)) + "\n", encoding="utf-8")


if __name__ == "__main__":
    asyncio.run(write())
