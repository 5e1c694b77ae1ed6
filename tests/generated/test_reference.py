"""The reference tells the truth: its Python examples run, and publish what stands above them as JSON."""

import ast
import asyncio
import json
import re
from pathlib import Path
from types import CodeType
from typing import Any

import lockstep_events
import pytest
from lockstep_events import CONTRACT, EventDispatcher
from lockstep_events.testing import RecordingPublisher

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "generated/docs/events.md").read_text("utf-8")
EXAMPLES = re.findall(r"```json\n((?:(?!```).)*)```\n\n```python\n(.*?)```", TEXT, re.DOTALL)


def compiled(code: str) -> CodeType:
    made: CodeType = compile(code, "<reference>", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    return made


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
async def test_an_example_runs(number: int) -> None:
    document, code = EXAMPLES[number]
    publisher = RecordingPublisher()
    names: dict[str, Any] = {**vars(lockstep_events), "dispatcher": EventDispatcher(publisher)}
    running = eval(compiled(code), names)
    assert asyncio.iscoroutine(running)
    await running
    published, expected = json.loads(CONTRACT.encode(publisher.events[0])), json.loads(document)
    for stamped in ("event_id", "timestamp"):
        assert published.pop(stamped)
        assert expected.pop(stamped)
    assert published == expected


def test_every_published_event_has_one() -> None:
    types = {json.loads(document)["type"] for document, _ in EXAMPLES}
    assert types == set(CONTRACT.event_types) - CONTRACT.unlogged
