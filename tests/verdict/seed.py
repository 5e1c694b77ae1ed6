"""A pytest plugin: one seed a run, in its header. `LOCKSTEP_VERDICT_SEED=... pytest` judges the same documents."""

import os
import secrets

import pytest


def pytest_configure() -> None:
    # Set before the workers of pytest-xdist start, which inherit it.
    os.environ.setdefault("LOCKSTEP_VERDICT_SEED", secrets.token_hex(4))


def pytest_report_header(config: pytest.Config) -> str | None:
    if hasattr(config, "workerinput"):
        return None
    return f"verdict seed: {os.environ['LOCKSTEP_VERDICT_SEED']}"
