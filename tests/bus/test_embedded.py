"""The embedded Valkey: shared by processes, gone with the last of them, and nothing acknowledged lost on the way."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Generator
from pathlib import Path

import pytest
from lockstep_bus import BusSettings, EmbeddedServerError, EventBus
from lockstep_bus.embedded import EmbeddedServer
from support.embedded_processes import processes_of, servers_of, wait_until_none
from support.events import Note, NoteContract
from support.viewing import numbers, take

TESTS = Path(__file__).parents[1]


@contextlib.contextmanager
def user(folder: Path, session: str, count: int) -> Generator[subprocess.Popen[str]]:
    """A process that publishes `count` notes into the folder's server and then waits."""
    process = subprocess.Popen(
        [sys.executable, "-m", "support.embedded_user", str(folder), session, str(count)],
        stdout=subprocess.PIPE,
        text=True,
        cwd="/",
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(TESTS), *sys.path])},
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def wait_done(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        if line == "done\n":
            return
    pytest.fail("the process ended early")


async def stored(folder: Path, session: str) -> list[int]:
    async with EventBus(NoteContract(), BusSettings(data_dir=folder, redis_url=None)) as bus:
        return numbers(list((await bus.history(session, limit=10_000)).frames))


def test_four_processes_share_one_server_and_kill_minus_nine_loses_nothing(tmp_path: Path) -> None:
    with contextlib.ExitStack() as stack:
        users = [stack.enter_context(user(tmp_path, f"s{number}", 50)) for number in range(4)]
        for process in users:
            wait_done(process)
        (server,) = servers_of(tmp_path)
        users[0].kill()
        users[1].kill()
        time.sleep(0.3)
        assert servers_of(tmp_path) == [server], "the server must outlive any one of its users"
        for process in users[2:]:
            process.kill()
        wait_until_none(tmp_path)
    for number in range(4):
        assert asyncio.run(stored(tmp_path, f"s{number}")) == list(range(50))
    wait_until_none(tmp_path)


def test_killed_while_publishing_keeps_what_was_acknowledged(tmp_path: Path) -> None:
    with user(tmp_path, "s", 100_000) as process:
        assert process.stdout is not None
        for _ in range(300):
            process.stdout.readline()
        process.kill()
        output, _ = process.communicate()
    acknowledged = 300 + sum(1 for line in output.splitlines() if line.isdecimal())
    wait_until_none(tmp_path)
    kept = asyncio.run(stored(tmp_path, "s"))
    assert kept == list(range(len(kept)))
    assert len(kept) >= acknowledged


async def test_a_killed_server_is_started_again_with_its_data(tmp_path: Path) -> None:
    async with EventBus(NoteContract(), BusSettings(data_dir=tmp_path, redis_url=None)) as bus:
        async with bus.subscribe("s") as subscription:
            await bus.publish_many([Note("s", number) for number in range(100)])
            (server,) = servers_of(tmp_path)
            os.kill(server, signal.SIGKILL)
            await bus.publish_many([Note("s", number) for number in range(100, 200)])
            assert numbers(await take(subscription, 200)) == list(range(200))
        assert servers_of(tmp_path) != [server]
    wait_until_none(tmp_path)


async def test_a_killed_guard_takes_its_server_along(tmp_path: Path) -> None:
    if sys.platform != "linux":
        pytest.skip("only Linux ends a process with its parent; elsewhere the next user adopts the server")
    async with EventBus(NoteContract(), BusSettings(data_dir=tmp_path, redis_url=None)) as bus:
        await bus.publish(Note("s", 0))
        (guard,) = set(processes_of(tmp_path)) - set(servers_of(tmp_path))
        os.kill(guard, signal.SIGKILL)
        await bus.publish(Note("s", 1))
        assert numbers(list((await bus.history("s")).frames)) == [0, 1]
    wait_until_none(tmp_path)


def test_long_paths_and_relative_paths_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    folder = Path("deep" * 20) / ("er" * 30)
    server = EmbeddedServer(folder, None)
    socket_path = Path(server.ensure().path)
    assert len(os.fsencode(socket_path)) <= 100
    server.leave()
    wait_until_none(tmp_path / folder)
    assert not socket_path.exists()


def test_an_unusable_folder_or_program_is_said_in_words(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(EmbeddedServerError, match="LOCKSTEP_DATA_DIR"):
        EmbeddedServer(file / "below", None).ensure()
    with pytest.raises(EmbeddedServerError, match="'no-such-program'"):
        EmbeddedServer(tmp_path / "a", Path("no-such-program")).ensure()
    with pytest.raises(EmbeddedServerError, match="did not start"):
        EmbeddedServer(tmp_path / "b", Path("false")).ensure()


def test_the_systems_redis_serves_as_well(tmp_path: Path) -> None:
    server = EmbeddedServer(tmp_path, Path("redis-server"))
    try:
        assert server.ensure().path
        assert b"redis-server" in Path(f"/proc/{servers_of(tmp_path)[0]}/cmdline").read_bytes()
    finally:
        server.leave()
    wait_until_none(tmp_path)
