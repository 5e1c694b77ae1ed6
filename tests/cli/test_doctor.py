"""`lockstep doctor`: all well, or what is wrong with what mends it."""

import os
import subprocess
import sys
from pathlib import Path

from support.server import lockstep_serve, system_program
from support.valkey import free_port, valkey


def doctor(tmp_path: Path, *options: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LOCKSTEP_", "REDIS_URL"))}
    return subprocess.run(
        [sys.executable, "-m", "lockstep_cli", "doctor", *options],
        env=kept | {"LOCKSTEP_DATA_DIR": str(tmp_path / "data"), "LOCKSTEP_PORT": str(free_port())} | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_all_well_on_the_embedded_valkey(tmp_path: Path) -> None:
    answer = doctor(tmp_path)
    assert (answer.returncode, answer.stderr) == (0, ""), answer.stdout
    for words in ("contract    lockstep_events 0.", "sha256:", "engine      embedded Valkey ", "is free", "all well"):
        assert words in answer.stdout
    assert str(tmp_path / "data") in answer.stdout


def test_a_redis_is_named_with_its_version(tmp_path: Path) -> None:
    with valkey(program=system_program("redis-server")) as redis:
        answer = doctor(tmp_path, REDIS_URL=redis.url)
    assert answer.returncode == 0, answer.stdout
    assert f"engine      single at 127.0.0.1:{redis.port}: Redis " in answer.stdout


def test_a_redis_that_is_away_is_wrong(tmp_path: Path) -> None:
    answer = doctor(tmp_path, REDIS_URL="redis://:hunter22@127.0.0.1:1")
    assert answer.returncode == 1
    assert "WRONG engine" in answer.stdout
    assert "-> start it, or correct REDIS_URL" in answer.stdout
    assert "1 to mend" in answer.stdout
    assert "hunter22" not in answer.stdout


def test_a_wrong_setting_is_named(tmp_path: Path) -> None:
    answer = doctor(tmp_path, LOCKSTEP_RETENTION_HOURS="long")
    assert answer.returncode == 1
    assert "LOCKSTEP_RETENTION_HOURS" in answer.stdout


def test_a_public_address_without_a_token_is_wrong(tmp_path: Path) -> None:
    answer = doctor(tmp_path, LOCKSTEP_HOST="0.0.0.0")
    assert answer.returncode == 1
    assert "LOCKSTEP_TOKEN=" in answer.stdout


def test_a_lockstep_on_the_port_is_no_fault_and_anything_else_is(tmp_path: Path) -> None:
    with lockstep_serve() as server:
        answer = doctor(tmp_path, "--port", str(server.port))
        assert answer.returncode == 0, answer.stdout
        assert "Lockstep is serving there" in answer.stdout
    with valkey() as other:
        answer = doctor(tmp_path, "--port", str(other.port))
        assert answer.returncode == 1
        assert "-> lockstep serve --port 0" in answer.stdout
