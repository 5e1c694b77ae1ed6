"""A Redis Cluster of this machine, made from the same binary as everything else, without any tool."""

import contextlib
import time
from collections.abc import Generator

from support.valkey import ValkeyServer, free_port

_SLOTS = 16384
_FORM_SECONDS = 30.0


class Cluster:
    """Primaries, each with as many replicas as asked for."""

    def __init__(self, primaries: int, replicas: int) -> None:
        self.primaries = [self._server() for _ in range(primaries)]
        self.replicas = [self._server() for _ in range(primaries * replicas)]

    @property
    def servers(self) -> list[ValkeyServer]:
        return self.primaries + self.replicas

    @property
    def url(self) -> str:
        return "redis+cluster://" + ",".join(f"127.0.0.1:{server.port}" for server in self.servers)

    def start(self) -> "Cluster":
        for server in self.servers:
            server.start()
        share = _SLOTS // len(self.primaries)
        for number, server in enumerate(self.primaries):
            last = _SLOTS - 1 if number == len(self.primaries) - 1 else (number + 1) * share - 1
            server.command("CLUSTER", "ADDSLOTSRANGE", number * share, last)
            server.command("CLUSTER", "SET-CONFIG-EPOCH", number + 1)
        for server in self.servers:
            for other in self.servers:
                server.command("CLUSTER", "MEET", "127.0.0.1", other.port)
        for number, server in enumerate(self.replicas):
            primary = self.primaries[number % len(self.primaries)]
            name = primary.command("CLUSTER", "MYID").split(b"\r\n")[1].decode()
            _until(server, ("CLUSTER", "REPLICATE", name), b"+OK")
        for server in self.servers:
            _until(server, ("CLUSTER", "INFO"), b"cluster_state:ok", b"cluster_known_nodes:%d\r" % len(self.servers))
        for server in self.replicas:
            _until(server, ("INFO", "replication"), b"master_link_status:up")
        return self

    def close(self) -> None:
        for server in self.servers:
            server.close()

    @staticmethod
    def _server() -> ValkeyServer:
        options = ["--cluster-enabled", "yes", "--cluster-node-timeout", "1000", "--cluster-announce-ip", "127.0.0.1"]
        return ValkeyServer(*options, port=free_port(with_cluster_bus=True))


def _until(server: ValkeyServer, command: tuple[str, ...], *expected: bytes) -> None:
    deadline = time.monotonic() + _FORM_SECONDS
    while not all(part in (answer := server.command(*command)) for part in expected):
        assert time.monotonic() < deadline, answer
        time.sleep(0.02)


@contextlib.contextmanager
def cluster(primaries: int = 3, replicas: int = 0) -> Generator[Cluster]:
    """A formed cluster for the length of a block."""
    made = Cluster(primaries, replicas)
    try:
        yield made.start()
    finally:
        made.close()
