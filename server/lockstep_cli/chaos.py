"""`lockstep chaos`: put a deployment under continuous faults and count what its viewers lose."""

import argparse
import asyncio
import json
import os
import random
import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lockstep_cli.chaos_report import Report

_EXAMPLES = """\
examples:
  lockstep chaos                                        the embedded Valkey, viewers that come and go
  lockstep chaos --yes                                  the same, and every subscription connection killed all the time
  lockstep chaos --redis redis://10.0.0.5 --yes --events 1000000
  lockstep chaos --url http://10.0.0.5:8000             through a server, by HTTP alone
  lockstep chaos --url http://10.0.0.5:8000 --redis redis://10.0.0.5 --yes

It publishes to sessions of its own, named chaos-<seed>-..., which expire like any other.
exit codes: 0 nothing lost, doubled or out of order; 1 otherwise; 2 usage
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--url", help="watch and publish through this server")
    parser.add_argument("--token", default=os.environ.get("LOCKSTEP_TOKEN"), help="the server's token (LOCKSTEP_TOKEN)")
    parser.add_argument("--redis", metavar="URL", help="where Redis is (REDIS_URL, else the embedded Valkey)")
    parser.add_argument(
        "--yes", action="store_true", help="kill every subscription connection of that Redis, again and again"
    )
    parser.add_argument("--events", type=int, default=20_000, help="events in all (default: %(default)s)")
    parser.add_argument("--sessions", type=int, default=4, help="sessions (default: %(default)s)")
    parser.add_argument("--viewers", type=int, default=2, help="viewers of each session (default: %(default)s)")
    parser.add_argument("--seed", type=int, help="repeat the choices of another run")
    parser.add_argument("--json", action="store_true", help="the report as JSON")
    parser.epilog = _EXAMPLES


def run(options: argparse.Namespace) -> int:
    """Run, and print the report."""
    report = asyncio.run(_run(options))
    if options.json:
        print(json.dumps(report.figures))
    else:
        for name, value in report.figures.items():
            print(f"{name.replace('_', ' '):<22}{value:>14,}")
        print("nothing lost, doubled or out of order" if report.clean else "THE PROMISE WAS BROKEN")
    return 0 if report.clean else 1


async def _run(options: argparse.Namespace) -> "Report":
    from lockstep_bus import connect

    from lockstep_cli.chaos_run import BusField, Field, Plan, ServerField, run_chaos

    seed = options.seed if options.seed is not None else random.randrange(1_000_000)
    plan = Plan(max(1, options.events), max(1, options.sessions), max(1, options.viewers), seed)
    async with connect(options.redis) as bus:
        field: Field = (
            ServerField(options.url, options.token, bus.contract, bus if options.yes else None)
            if options.url
            else BusField(bus, may_cut=options.yes)
        )
        return await run_chaos(plan, field, bus.contract, _Progress(plan.events, quiet=options.json))


class _Progress:
    """One line on a terminal, renewed every second."""

    def __init__(self, events: int, *, quiet: bool) -> None:
        self._events = events
        self._quiet = quiet or not sys.stderr.isatty()
        self._shown = 0.0

    def __call__(self, report: "Report") -> None:
        if self._quiet or time.monotonic() - self._shown < 1:
            return
        self._shown = time.monotonic()
        figures = report.figures
        text = (
            f"{report.sent:,} of {self._events:,} sent, {figures['lost']} lost, {figures['connections_killed']} killed"
        )
        print(f"\r{text}", end="", file=sys.stderr, flush=True)
