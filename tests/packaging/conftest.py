"""A release of this checkout, built once for all tests of it."""

from pathlib import Path

import pytest
from support.release import build


@pytest.fixture(scope="session")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the wheel and the tarballs."""
    return build(tmp_path_factory.mktemp("release"))
