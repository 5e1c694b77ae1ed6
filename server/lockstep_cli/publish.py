"""`lockstep publish`: put events on the bus by hand, from options, a file or standard input."""

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lockstep_events.runtime import Contract, Event, Receipt

_EXAMPLES = """\
examples:
  lockstep publish demo agent_message_delta --field message_id=m1 --field delta=Hello --agent test
  lockstep publish demo tool_call_started --field tool_call_id=t1 --field tool_name=ls --field 'args={"path":"/"}'
  lockstep publish demo events.jsonl                    one event a line; event_id and timestamp may be missing
  lockstep history demo --limit 0 --json | lockstep publish demo -
"""


class PublishError(Exception):
    """Nothing was published."""

    exit_code: int = 1


class PublishUsageError(PublishError):
    """It is not clear what to publish."""

    exit_code: int = 2


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("session", help="the session's id")
    parser.add_argument("what", nargs="?", default="-", help="an event type, a file of events, or - for standard input")
    payload = "a field of the payload; text, or JSON where the contract wants it"
    parser.add_argument("--field", action="append", default=[], metavar="NAME=VALUE", help=payload)
    parser.add_argument("--agent", help="who says it")
    parser.add_argument("--run-id", help="the run that it belongs to")
    parser.add_argument("--url", help="a server's address; without it the bus is used (REDIS_URL or the embedded one)")
    parser.add_argument("--token", default=os.environ.get("LOCKSTEP_TOKEN"), help="the server's token (LOCKSTEP_TOKEN)")
    parser.epilog = _EXAMPLES


def run(options: argparse.Namespace) -> int:
    """Publish, and print the cursor and id of each event."""
    from lockstep_bus import ContractTable
    from lockstep_bus.settings import read_settings

    events = _events(options, ContractTable.read(read_settings().contract).of(options.session))
    for receipt in asyncio.run(_publish(options, events)):
        print(f"{receipt.cursor}  {receipt.event_id}{'  (duplicate)' if receipt.duplicate else ''}")
    return 0


def _events(options: argparse.Namespace, contract: "Contract") -> "Sequence[Event]":
    if options.what in contract.event_types:
        return [_from_fields(options, contract)]
    if options.field:
        raise PublishUsageError(f"{options.what!r} is not an event type, so --field has no payload to go to")
    text = _read(options.what, contract)
    from lockstep_server.intake import Body, read_events
    from lockstep_server.problem import Problem

    # A document that is one value is one event, however many lines it has; anything else is one event a line.
    try:
        batch = not isinstance(json.loads(text), dict)
    except (ValueError, RecursionError):
        batch = "\n" in text.strip()
    try:
        return read_events(Body(text, batch), {"session_id": options.session}, contract, allow_unknown_types=False)
    except Problem as problem:
        raise PublishError(f"{options.what}: {problem.detail}") from problem


def _read(name: str, contract: "Contract") -> str:
    try:
        data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        return data.decode()
    except UnicodeDecodeError as error:
        raise PublishError(f"{name}: byte {error.start} is not UTF-8") from error
    except OSError as error:
        import difflib

        near = difflib.get_close_matches(name, contract.event_types, n=1)
        hint = f"did you mean {near[0]!r}?" if near else "give an event type, a file, or - for standard input"
        raise PublishUsageError(f"{name!r} is no event type and cannot be read ({error.strerror}): {hint}") from error


def _from_fields(options: argparse.Namespace, contract: "Contract") -> "Event":
    from lockstep_events.runtime import InvalidEventError

    payload: dict[str, Any] = {}
    for item in options.field:
        name, equals, value = item.partition("=")
        if not equals:
            raise PublishUsageError(f"--field {item!r}: expected NAME=VALUE")
        payload[name] = value
    envelope = {name: value for name in ("agent", "run_id") if (value := getattr(options, name)) is not None}
    try:
        try:
            return contract.make(options.what, options.session, payload, **envelope)
        except InvalidEventError as error:
            # What the contract does not take as text is meant as JSON.
            wanted = {fault.pointer.split("/")[2] for fault in error.faults if fault.pointer.startswith("/payload/")}
            return contract.make(options.what, options.session, _as_json(payload, wanted), **envelope)
    except InvalidEventError as error:
        raise PublishError(str(error)) from error


def _as_json(payload: dict[str, Any], wanted: set[str]) -> dict[str, Any]:
    read = dict(payload)
    for name in wanted & set(payload):
        try:
            read[name] = json.loads(payload[name])
        except ValueError:
            continue  # it stays text, and the contract says what it wants instead
    return read


async def _publish(options: argparse.Namespace, events: "Sequence[Event]") -> "Sequence[Receipt]":
    from lockstep_bus import HttpPublisher, connect

    if options.url:
        async with HttpPublisher(options.url, token=options.token) as publisher:
            return await publisher.publish_many(events)
    async with connect() as bus:
        return await bus.publish_many(events)
