"""A bus at module level: several event loops one after another, and no noise when the interpreter ends."""

import subprocess
import sys
from pathlib import Path

import pytest
from support.valkey import ValkeyServer

TESTS = Path(__file__).parents[1]
TWO_LOOPS = """
import asyncio, sys
from lockstep_bus import BusSettings, EventBus
from support.events import Note, NoteContract
{policy}
bus = EventBus(NoteContract(), BusSettings(redis_url={url!r}, namespace={namespace!r}))

async def watch(expected):
    async with bus.subscribe("s") as subscription:
        seen = []
        while len(seen) < expected:
            await bus.publish(Note("s", len(seen)))
            seen += await anext(subscription)

for expected in (3, 3):
    asyncio.run(watch(expected))

async def leave_open():
    subscription = await bus.subscribe("s").__aenter__()
    await anext(subscription)

asyncio.run(leave_open())
print("fine")
"""


@pytest.mark.parametrize("policy", ["", "import uvloop; uvloop.install()"])
def test_two_loops_one_after_another_without_noise(shared_server: ValkeyServer, policy: str) -> None:
    if policy:
        pytest.importorskip("uvloop")
        policy = "import warnings, uvloop; warnings.simplefilter('ignore', DeprecationWarning); uvloop.install()"
    code = TWO_LOOPS.format(policy=policy, url=shared_server.url, namespace=f"loops{len(policy)}:")
    answer = subprocess.run(
        [sys.executable, "-X", "dev", "-W", "error::ResourceWarning", "-c", code],
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": ":".join([str(TESTS), *sys.path])},
    )
    assert (answer.stdout, answer.stderr, answer.returncode) == ("fine\n", "", 0)
