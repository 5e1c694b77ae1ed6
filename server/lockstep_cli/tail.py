"""`lockstep tail`: follow a session, from the bus or from a server, as lines for people or as JSON."""

import argparse
import asyncio
import json
import os
from collections.abc import AsyncIterator

_EXAMPLES = """\
examples:
  lockstep tail demo                                    everything that is kept, then live
  lockstep tail demo --from now --types tool_call_started,tool_call_result
  lockstep tail demo --from 5f3a9c1e.17                 what came after that cursor
  lockstep tail demo --url http://10.0.0.5:8000 --json | jq .payload
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("session", help="the session's id")
    parser.add_argument(
        "--from", dest="start", default="earliest", metavar="CURSOR", help="a cursor, 'earliest' or 'now'"
    )
    parser.add_argument("--types", help="only these types, separated by commas")
    parser.add_argument("--url", help="a server's address; without it the bus is read (REDIS_URL or the embedded one)")
    parser.add_argument("--token", default=os.environ.get("LOCKSTEP_TOKEN"), help="the server's token (LOCKSTEP_TOKEN)")
    parser.add_argument("--json", action="store_true", help="one JSON document a line")
    parser.epilog = _EXAMPLES


def run(options: argparse.Namespace) -> int:
    """Print events until interrupted."""
    asyncio.run(_print(options))
    return 0


async def _print(options: argparse.Namespace) -> None:
    from lockstep_cli.event_line import event_line, wants_colour

    colour = wants_colour()
    source = _from_server(options) if options.url else _from_bus(options)
    async for cursor, data in source:
        line = data if options.json else event_line(cursor, json.loads(data), colour=colour)
        print(line, flush=True)


async def _from_server(options: argparse.Namespace) -> AsyncIterator[tuple[str, str]]:
    from lockstep_cli.remote import RemoteSession

    live = options.start in ("earliest", "now")
    session = RemoteSession(options.url, options.session, options.token)
    start, after = (options.start, None) if live else ("earliest", options.start)
    async for message in session.follow(after=after, start=start, types=options.types):
        yield message.cursor, message.data


async def _from_bus(options: argparse.Namespace) -> AsyncIterator[tuple[str, str]]:
    from lockstep_bus import connect
    from lockstep_bus.gap import Gap

    types = frozenset(options.types.split(",")) if options.types else None
    after = None if options.start in ("earliest", "now") else options.start
    async with (
        connect() as bus,
        bus.subscribe(
            options.session, after=after, start="now" if options.start == "now" else "earliest"
        ) as subscription,
    ):
        if subscription.opening.gap is not None:
            yield subscription.opening.gap.resumes_at, _gap(subscription.opening.gap)
        async for batch in subscription:
            for item in batch:
                if isinstance(item, Gap):
                    yield item.resumes_at, _gap(item)
                elif types is None or item.type in types:
                    yield item.cursor, item.data.decode(errors="replace")


def _gap(gap: object) -> str:
    from dataclasses import asdict

    from lockstep_bus.gap import Gap

    payload = asdict(gap) if isinstance(gap, Gap) else {}
    return json.dumps({"type": "session_stream_gap", "payload": {k: v for k, v in payload.items() if v is not None}})
