"""Thousands of viewers from one process: sockets that say one request, and read its first event."""

import asyncio
import contextlib
import socket
import struct
from pathlib import Path

REQUEST = (
    "GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\nCache-Control: no-cache\r\n"
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140\r\n\r\n"
)
_AT_ONCE = 100


def resident_kilobytes(pid: int) -> int:
    """The memory of a process, as Linux counts it (RSS)."""
    status = Path(f"/proc/{pid}/status").read_text().splitlines()
    (line,) = [line for line in status if line.startswith("VmRSS")]
    return int(line.split()[1])


async def gather_crowd(port: int, paths: list[str]) -> list[asyncio.StreamWriter]:
    """Open a stream for each path, and return when each has its first event."""
    crowd: list[asyncio.StreamWriter] = []
    for start in range(0, len(paths), _AT_ONCE):
        crowd += await asyncio.gather(*(_open(port, path) for path in paths[start : start + _AT_ONCE]))
    return crowd


async def disperse(crowd: list[asyncio.StreamWriter]) -> None:
    """Close every stream, and return when the sockets are closed."""
    for writer in crowd:
        writer.close()
    await asyncio.gather(*(writer.wait_closed() for writer in crowd), return_exceptions=True)


async def abort_many(port: int, paths: list[str]) -> None:
    """Connect and go away: before the answer, in the middle of it, and after it, in turns."""
    for start in range(0, len(paths), _AT_ONCE):
        batch = enumerate(paths[start : start + _AT_ONCE])
        await asyncio.gather(*(_abort(port, path, patience=number % 3) for number, path in batch))


async def _open(port: int, path: str) -> asyncio.StreamWriter:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(REQUEST.format(path=path).encode())
    await reader.readuntil(b"\n\n")
    return writer


async def _abort(port: int, path: str, *, patience: int) -> None:
    loop = asyncio.get_running_loop()
    with socket.socket() as connection, contextlib.suppress(ConnectionError):
        connection.setblocking(False)
        await loop.sock_connect(connection, ("127.0.0.1", port))
        await loop.sock_sendall(connection, REQUEST.format(path=path).encode())
        if patience:
            await loop.sock_recv(connection, 20 if patience == 1 else 65536)
        if patience < 2:  # RST instead of FIN
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
