"""Small values beside a session's log, on every kind of server."""

from lockstep_bus import EventBus


async def test_a_claim_is_kept_by_whoever_came_first(any_bus: EventBus) -> None:
    shelf = any_bus.shelf("s-1")
    assert await shelf.get("lease") is None
    assert await shelf.claim("lease", b"one", seconds=30) == b"one"
    assert await shelf.claim("lease", b"one", seconds=30) == b"one"
    assert await shelf.claim("lease", b"two", seconds=30) == b"one"
    assert await any_bus.shelf("s-2").get("lease") is None


async def test_only_its_owner_renews_and_drops_a_value(any_bus: EventBus) -> None:
    shelf = any_bus.shelf("s-1")
    await shelf.put("lease", b"one", seconds=30)
    assert not await shelf.renew("lease", b"two", seconds=30)
    assert not await shelf.drop("lease", b"two")
    assert await shelf.renew("lease", b"one", seconds=30)
    assert await shelf.drop("lease", b"one")
    assert await shelf.get("lease") is None


async def test_a_value_expires(any_bus: EventBus) -> None:
    shelf = any_bus.shelf("s-1")
    await shelf.put("lease", b"one", seconds=0.001)
    while await shelf.get("lease") is not None:
        pass
    assert await shelf.claim("lease", b"two", seconds=30) == b"two"
