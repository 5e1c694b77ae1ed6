"""Servers and buses for the tests of the bus."""

from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
from lockstep_bus import BusSettings, EventBus
from support.cluster import cluster
from support.events import NoteContract
from support.sentinel import sentinel_group
from support.valkey import ValkeyServer, valkey

MakeBus = Callable[..., EventBus]


@pytest.fixture(scope="session")
def shared_server() -> Iterator[ValkeyServer]:
    """One server for every test that does not harm it; tests keep apart by namespace."""
    with valkey() as server:
        yield server


@pytest.fixture
def server() -> Iterator[ValkeyServer]:
    """A server of the test's own, to be harmed."""
    with valkey("--appendonly", "yes") as own:
        yield own


@pytest.fixture
async def make_bus() -> AsyncIterator[MakeBus]:
    """Makes buses that are closed with the test."""
    made: list[EventBus] = []

    def make(url: str | None = None, **settings: object) -> EventBus:
        bus = EventBus(NoteContract(), BusSettings.model_validate({"redis_url": url, **settings}))
        made.append(bus)
        return bus

    yield make
    for bus in made:
        await bus.close()


@pytest.fixture
def bus(shared_server: ValkeyServer, make_bus: MakeBus, request: pytest.FixtureRequest) -> EventBus:
    """A bus on the shared server, in a namespace of the test's own."""
    return make_bus(shared_server.url, namespace=f"t{abs(hash(request.node.nodeid))}:")


@pytest.fixture(scope="session", params=["embedded", "single", "sentinel", "cluster"])
def engine_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str | Path]:
    """Every kind of server: an address, or the data folder of the embedded one."""
    match request.param:
        case "embedded":
            yield tmp_path_factory.mktemp("embedded")
        case "single":
            yield request.getfixturevalue("shared_server").url
        case "sentinel":
            with sentinel_group() as group:
                yield group.url
        case _:
            with cluster() as nodes:
                yield nodes.url


@pytest.fixture
def any_bus(engine_url: str | Path, make_bus: MakeBus, request: pytest.FixtureRequest) -> EventBus:
    """A bus on each kind of server in turn, in a namespace of the test's own."""
    namespace = f"t{abs(hash(request.node.nodeid))}:"
    if isinstance(engine_url, Path):
        return make_bus(data_dir=engine_url, namespace=namespace)
    return make_bus(engine_url, namespace=namespace)
