"""A primary, a replica and three Sentinels that watch them, made from the same binary as everything else."""

import contextlib
import time
from collections.abc import Generator

from support.valkey import ValkeyServer

NAME = "lockstep"
_FORM_SECONDS = 30.0


class SentinelGroup:
    """Fails over in about a second once the primary is gone."""

    def __init__(self) -> None:
        self.primary = ValkeyServer()
        self.replica = ValkeyServer("--replicaof", f"127.0.0.1 {self.primary.port}")
        self.sentinels = [ValkeyServer() for _ in range(3)]

    @property
    def url(self) -> str:
        return "redis+sentinel://" + ",".join(f"127.0.0.1:{server.port}" for server in self.sentinels) + f"/{NAME}/0"

    def start(self) -> "SentinelGroup":
        self.primary.start()
        self.replica.start()
        for sentinel in self.sentinels:
            configuration = sentinel.folder / "sentinel.conf"
            configuration.write_text(
                f"port {sentinel.port}\nbind 127.0.0.1\ndir {sentinel.folder}\n"
                f"sentinel monitor {NAME} 127.0.0.1 {self.primary.port} 2\n"
                f"sentinel down-after-milliseconds {NAME} 500\nsentinel failover-timeout {NAME} 3000\n"
            )
            sentinel.start(str(configuration), "--sentinel", "--logfile", str(sentinel.folder / "server.log"))
        for sentinel in self.sentinels:
            _until(sentinel, b"\r\nnum-other-sentinels\r\n$1\r\n2", b"\r\nnum-slaves\r\n$1\r\n1")
        return self

    def close(self) -> None:
        for server in (*self.sentinels, self.primary, self.replica):
            server.close()


def _until(sentinel: ValkeyServer, *expected: bytes) -> None:
    deadline = time.monotonic() + _FORM_SECONDS
    while not all(part in (answer := sentinel.command("SENTINEL", "MASTER", NAME)) for part in expected):
        assert time.monotonic() < deadline, answer
        time.sleep(0.05)


@contextlib.contextmanager
def sentinel_group() -> Generator[SentinelGroup]:
    """A formed group for the length of a block."""
    group = SentinelGroup()
    try:
        yield group.start()
    finally:
        group.close()
