"""What a viewer of a session sees, gathered until it is enough."""

import asyncio
from collections.abc import Callable

from lockstep_bus import Frame, Gap, Subscription
from support.events import number_of


async def take(subscription: Subscription, count: int, *, seconds: float = 20.0) -> list[Frame | Gap]:
    """The next `count` items, no fewer; more only if they arrived together with the last."""
    items: list[Frame | Gap] = []
    async with asyncio.timeout(seconds):
        while len(items) < count:
            items += await anext(subscription)
    return items


async def take_until(
    subscription: Subscription, enough: Callable[[list[Frame | Gap]], bool], *, seconds: float = 60.0
) -> list[Frame | Gap]:
    """Items until they satisfy a condition."""
    items: list[Frame | Gap] = []
    async with asyncio.timeout(seconds):
        while not enough(items):
            items += await anext(subscription)
    return items


def numbers(items: list[Frame | Gap]) -> list[int]:
    """The numbers of the notes among some items."""
    return [number_of(item.data) for item in items if isinstance(item, Frame)]


def gaps(items: list[Frame | Gap]) -> list[Gap]:
    """The gaps among some items."""
    return [item for item in items if isinstance(item, Gap)]


def cursors(items: list[Frame | Gap]) -> list[str]:
    """The cursors of the events among some items."""
    return [item.cursor for item in items if isinstance(item, Frame)]
