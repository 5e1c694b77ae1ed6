"""`lockstep history`: what the log holds of a session, oldest first."""

import argparse
import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator

_PAGE = 500
_EXAMPLES = """\
examples:
  lockstep history demo                          the first 100 events that are kept
  lockstep history demo --limit 0 --json > demo.jsonl
  lockstep history demo --after 5f3a9c1e.17 --url http://10.0.0.5:8000
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("session", help="the session's id")
    parser.add_argument("--after", metavar="CURSOR", help="only what came after this cursor")
    parser.add_argument("--limit", type=int, default=100, help="most events to print, 0 for all (default 100)")
    parser.add_argument("--url", help="a server's address; without it the bus is read (REDIS_URL or the embedded one)")
    parser.add_argument("--token", default=os.environ.get("LOCKSTEP_TOKEN"), help="the server's token (LOCKSTEP_TOKEN)")
    parser.add_argument("--json", action="store_true", help="one JSON document a line")
    parser.epilog = _EXAMPLES


def run(options: argparse.Namespace) -> int:
    """Print the events; say on standard error where to go on."""
    asyncio.run(_print(options))
    return 0


async def _print(options: argparse.Namespace) -> None:
    from lockstep_cli.event_line import event_line, wants_colour

    colour = wants_colour()
    printed = 0
    last = options.after
    async for cursor, data in _from_server(options) if options.url else _from_bus(options):
        if options.limit and printed == options.limit:
            print(f"more follows: lockstep history {options.session} --after {last}", file=sys.stderr)
            return
        print(data if options.json else event_line(cursor, json.loads(data), colour=colour))
        printed, last = printed + 1, cursor
    if not printed:
        print(
            f"session {options.session!r} has no events{' after ' + options.after if options.after else ''}",
            file=sys.stderr,
        )


async def _from_server(options: argparse.Namespace) -> AsyncIterator[tuple[str, str]]:
    from lockstep_cli.remote import RemoteSession

    session, after = RemoteSession(options.url, options.session, options.token), options.after
    while True:
        page = await session.page(after=after, limit=_PAGE)
        for item in page["events"]:
            yield item["cursor"], json.dumps(item["event"], ensure_ascii=False, separators=(",", ":"))
        after = page["next"]
        if after is None:
            return


async def _from_bus(options: argparse.Namespace) -> AsyncIterator[tuple[str, str]]:
    from lockstep_bus import connect

    async with connect() as bus:
        after = options.after
        while True:
            page = await bus.history(options.session, after=after, limit=_PAGE)
            for frame in page.frames:
                yield frame.cursor, frame.data.decode(errors="replace")
            after = page.next
            if after is None:
                return
