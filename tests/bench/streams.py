"""What an idle viewer costs, beside FastAPI's own streaming response; and what 50,000 that go away leave behind.

Usage: python tests/bench/streams.py [--viewers 5000] [--aborts 50000]
"""

import argparse
import asyncio
import sys
import time
from pathlib import Path

import httpx

sys.path.insert(0, str(Path(__file__).parents[1]))
from support.crowd import abort_many, disperse, gather_crowd, resident_kilobytes
from support.server import ServerProcess, allow_many_sockets, lockstep_serve, plain_uvicorn

PEER = """\
import asyncio
from fastapi import FastAPI
from fastapi.responses import StreamingResponse

app = FastAPI()


@app.get("/events/{session_id}")
async def events(session_id: str) -> StreamingResponse:
    async def forever():
        yield "id: 1\\nevent: session_stream_started\\ndata: {}\\n\\n"
        await asyncio.Event().wait()

    return StreamingResponse(forever(), media_type="text/event-stream")
"""
_LIMIT = 15.0


def main() -> int:
    """Print both measurements; 1 when a promise is not kept."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--viewers", type=int, default=5000)
    parser.add_argument("--aborts", type=int, default=50_000)
    options = parser.parse_args()
    allow_many_sockets()
    with lockstep_serve() as server:
        shared = _cost(server, [f"/events/s{number % 50}" for number in range(options.viewers)])
    with lockstep_serve() as server:
        own = _cost(server, [f"/events/s{number}" for number in range(options.viewers)])
    with plain_uvicorn(PEER, "--no-access-log") as server:
        peer = _cost(server, [f"/events/s{number}" for number in range(options.viewers)])
    print(f"{options.viewers} idle viewers, resident memory each:")
    print(f"  Lockstep, 50 sessions                {shared:5.1f} kB")
    print(f"  Lockstep, a session each             {own:5.1f} kB")
    print(f"  FastAPI's StreamingResponse, no bus  {peer:5.1f} kB   {peer / own:.2f} times ours")
    left = _churn(options.aborts)
    return 0 if max(shared, own) <= _LIMIT and not left else 1


def _cost(server: ServerProcess, paths: list[str]) -> float:
    async def measure() -> float:
        await disperse(await gather_crowd(server.port, paths[:200]))  # what every process allocates once
        await asyncio.sleep(1)
        before = resident_kilobytes(server.process.pid)
        crowd = await gather_crowd(server.port, paths)
        await asyncio.sleep(1)
        cost = (resident_kilobytes(server.process.pid) - before) / len(paths)
        await disperse(crowd)
        return cost

    return asyncio.run(measure())


def _churn(aborts: int) -> bool:
    with lockstep_serve() as server, httpx.Client(base_url=server.url, timeout=30) as client:
        paths = [f"/events/s{number % 200}" for number in range(aborts)]
        asyncio.run(abort_many(server.port, paths[:500]))
        before = _holdings(server, client)
        start = time.monotonic()
        asyncio.run(abort_many(server.port, paths))
        seconds = time.monotonic() - start
        after = _holdings(server, client)
    print(f"{aborts} viewers that connect and go away, {aborts / seconds:.0f} a second:")
    print(f"  before  {before[0]:.0f} streams, {before[1]} descriptors, {before[2]} kB")
    print(f"  after   {after[0]:.0f} streams, {after[1]} descriptors, {after[2]} kB")
    return after[0] != 0 or after[1] > before[1] + 2


def _holdings(server: ServerProcess, client: httpx.Client) -> tuple[float, int, int]:
    deadline = time.monotonic() + 20
    while True:
        metrics = client.get("/metrics").text.splitlines()
        (streams,) = [float(line.split()[1]) for line in metrics if line.startswith("lockstep_streams_open ")]
        if streams == 0 or time.monotonic() > deadline:
            break
        time.sleep(0.1)
    time.sleep(1)
    descriptors = len(list(Path(f"/proc/{server.process.pid}/fd").iterdir()))
    return streams, descriptors, resident_kilobytes(server.process.pid)


if __name__ == "__main__":
    sys.exit(main())
