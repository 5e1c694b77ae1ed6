"""Thousands of viewers: what each costs while nothing happens, and what those leave that go away at once."""

from pathlib import Path

import httpx
from support.crowd import abort_many, disperse, gather_crowd, resident_kilobytes
from support.server import ServerProcess, allow_many_sockets, eventually

VIEWERS = 2000
ABORTS = 3000
MOST_KILOBYTES = 15


async def test_an_idle_viewer_costs_at_most_15_kilobytes(server: ServerProcess) -> None:
    allow_many_sockets()
    paths = [f"/events/s{number % 50}" for number in range(VIEWERS)]
    await disperse(await gather_crowd(server.port, paths[:200]))  # what every process allocates once
    eventually(lambda: open_streams(server) == 0)
    before = resident_kilobytes(server.process.pid)
    crowd = await gather_crowd(server.port, paths)
    cost = (resident_kilobytes(server.process.pid) - before) / VIEWERS
    await disperse(crowd)
    assert cost <= MOST_KILOBYTES
    eventually(lambda: open_streams(server) == 0)


async def test_viewers_that_go_away_leave_nothing(server: ServerProcess) -> None:
    paths = [f"/events/s{number % 100}" for number in range(ABORTS)]
    await abort_many(server.port, paths[:300])
    eventually(lambda: open_streams(server) == 0)
    descriptors, memory = holdings(server)
    await abort_many(server.port, paths)
    eventually(lambda: open_streams(server) == 0)
    eventually(lambda: holdings(server)[0] <= descriptors + 2)
    assert holdings(server)[1] - memory < 8_000
    assert "Traceback" not in server.output


def open_streams(server: ServerProcess) -> float:
    metrics = httpx.get(f"{server.url}/metrics", timeout=30).text.splitlines()
    (line,) = [line for line in metrics if line.startswith("lockstep_streams_open ")]
    return float(line.split()[1])


def holdings(server: ServerProcess) -> tuple[int, int]:
    """Open file descriptors, and resident kilobytes."""
    descriptors = len(list(Path(f"/proc/{server.process.pid}/fd").iterdir()))
    return descriptors, resident_kilobytes(server.process.pid)
