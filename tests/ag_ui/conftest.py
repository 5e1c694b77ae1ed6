"""The judges of AG-UI, started once."""

from collections.abc import Iterator

import pytest
from support.ag_ui_judges import Peer, Viewer


@pytest.fixture(scope="session")
def peer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Peer]:
    with Peer(tmp_path_factory.mktemp("peer")) as started:
        yield started


@pytest.fixture(scope="session")
def viewer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Viewer]:
    with Viewer(tmp_path_factory.mktemp("viewer")) as started:
        yield started
