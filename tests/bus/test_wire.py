"""The forms that docs/wire.md promises: message, log, keys; beside newer and foreign ones."""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager

from lockstep_bus import EventBus
from lockstep_bus.address import Address
from lockstep_bus.keys import Namespace, slot_of
from lockstep_bus.link import Link
from support.cluster import cluster
from support.events import Note
from support.valkey import ValkeyServer
from support.viewing import gaps, numbers, take

MakeBus = Callable[..., EventBus]


@asynccontextmanager
async def plain_subscriber(url: str, channel: str) -> AsyncGenerator["asyncio.Queue[list[bytes]]"]:
    """A client that knows Redis and nothing of the bus."""
    queue: asyncio.Queue[list[bytes]] = asyncio.Queue()
    address = Address.parse(url)
    link = await Link.open(address.endpoints[0], address.login, patience=2, heartbeat=1, on_push=queue.put_nowait)
    link.send([(b"SUBSCRIBE", channel)])
    assert (await queue.get())[0] == b"subscribe"
    try:
        yield queue
    finally:
        link.abort()


async def test_a_plain_subscribe_sees_every_event(make_bus: MakeBus, server: ValkeyServer) -> None:
    bus = make_bus(server.url)
    async with plain_subscriber(server.url, "session:abc") as queue:
        receipt = await bus.publish(Note("abc", 1, "text"))
        kind, channel, message = await queue.get()
    header, event, data, *rest = message.split(b"\n")
    assert (kind, channel) == (b"message", b"session:abc")
    assert header == f"1 {receipt.cursor}".encode()
    assert (event, rest) == (b"event: note", [b"", b""])
    assert json.loads(data.removeprefix(b"data: "))["payload"] == {"number": 1, "text": "text"}


async def test_keys_and_entries(make_bus: MakeBus, server: ValkeyServer) -> None:
    receipt = await make_bus(server.url).publish(Note("abc", 1))
    epoch = receipt.cursor.partition(".")[0]
    entry = server.command("XRANGE", "{session:abc}:log", "-", "+")
    assert b"$3\r\n1-0\r\n" in entry
    assert f"$1\r\ne\r\n$12\r\n{epoch}\r\n$1\r\nb\r\n".encode() in entry
    assert server.command("HGET", "{session:abc}:meta", "s").endswith(b"\r\n1\r\n")
    keys = server.command("KEYS", "*")
    assert all(key in keys for key in (b"{session:abc}:log", b"{session:abc}:meta", b"{session:abc}:ids"))
    for key in ("log", "meta", "ids"):
        assert int(server.command("TTL", f"{{session:abc}}:{key}")[1:]) > 80_000, "nothing is kept for ever"


async def test_a_deletion_is_a_message_without_a_block(make_bus: MakeBus, server: ValkeyServer) -> None:
    bus = make_bus(server.url)
    await bus.publish(Note("abc", 1))
    async with plain_subscriber(server.url, "session:abc") as queue:
        await bus.delete("abc")
        _, _, message = await queue.get()
    header, rest = message.split(b"\n")
    assert (header[:2], header[-2:], rest) == (b"1 ", b".0", b"")


async def test_a_broadcast_reaches_the_channel_only(make_bus: MakeBus, server: ValkeyServer) -> None:
    bus = make_bus(server.url)
    async with plain_subscriber(server.url, "broadcast") as queue:
        await bus.broadcast(Note("abc", 1))
        _, _, message = await queue.get()
    assert message.startswith(b"1 -\nevent: note\ndata: {")
    assert (await bus.history("abc")).frames == []


async def test_a_newer_version_on_the_channel_is_read_from_the_log(make_bus: MakeBus, server: ValkeyServer) -> None:
    """During an upgrade some publishers write the next form; the log stays readable, so no event is missed."""
    bus = make_bus(server.url)
    async with bus.subscribe("s") as viewer:
        first = await bus.publish(Note("s", 0))
        await take(viewer, 1)
        epoch = first.cursor.partition(".")[0]
        block = 'event: note\ndata: {"number":1}\n\n'
        server.command("XADD", "{session:s}:log", "2-0", "e", epoch, "b", block, "new-field", "x")
        server.command("HSET", "{session:s}:meta", "s", 2, "new-field", "x")
        server.command("PUBLISH", "session:s", f"2 {epoch} 2 something else")
        assert numbers(await take(viewer, 1)) == [1]
        await bus.publish(Note("s", 2))
        items = await take(viewer, 1)
        assert (numbers(items), gaps(items)) == ([2], [])


async def test_namespaces_keep_deployments_apart(make_bus: MakeBus, server: ValkeyServer) -> None:
    one, two = make_bus(server.url, namespace="one:"), make_bus(server.url, namespace="two:")
    async with one.subscribe("s") as first, two.subscribe("s") as second:
        cursor = (await one.publish(Note("s", 1))).cursor
        await two.publish(Note("s", 2))
        assert numbers(await take(first, 1)) == [1]
        assert numbers(await take(second, 1)) == [2]
    async with two.subscribe("s", after=cursor) as second:
        assert second.opening.gap is not None
    assert [info.session_id for info in await one.sessions()] == ["s"]
    await one.delete("s")
    assert len((await two.history("s")).frames) == 1


def test_channel_and_keys_share_a_slot() -> None:
    for prefix in ("", "one:", "a.b-c_"):
        keys = Namespace(prefix).session("abc@x:1")
        slots = {slot_of(name) for name in (keys.channel, keys.log, keys.meta, keys.ids, keys.former_ids)}
        assert len(slots) == 1


def test_slots_are_the_servers() -> None:
    with cluster(1) as nodes:
        for name in ("session:abc", "{session:abc}:log", "", "{}x", "a{b}c", "one:session:ä", "{a"):
            answer = nodes.primaries[0].command("CLUSTER", "KEYSLOT", name)
            assert int(answer[1:]) == slot_of(name.encode()), name
