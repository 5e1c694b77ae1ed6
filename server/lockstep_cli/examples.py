"""`lockstep examples`: random valid events of a contract, to look at, to test with, to publish."""

import argparse
import json

from lockstep_cli.contract_options import add_schema, base_of

_EXAMPLES = """\
examples:
  lockstep examples                                   five random events, one JSON document a line
  lockstep examples --random 1000 --seed 7 > events.jsonl
  lockstep examples --random 9 --type tool_call_started --session demo | lockstep publish demo -
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add_schema(parser)
    parser.add_argument("--random", type=_count, default=5, metavar="N", help="how many (default 5)")
    parser.add_argument("--seed", type=int, default=0, help="one seed, one sequence (default 0)")
    parser.add_argument("--type", metavar="TYPE", help="events of one type only")
    parser.add_argument("--session", metavar="ID", help="the session of all of them (default: random ones)")
    parser.epilog = _EXAMPLES


def run(options: argparse.Namespace) -> int:
    """Print the events. Raises InstanceError for an event type that the contract does not have."""
    from lockstep_codegen.instances import random_events
    from lockstep_codegen.lint import demand
    from lockstep_codegen.source import load

    source = demand(load(options.schema), base_of(options))
    for event in random_events(source.document, seed=options.seed, number=options.random, type=options.type):
        if options.session is not None:
            event["session_id"] = options.session
        print(json.dumps(event, ensure_ascii=False, separators=(",", ":")))
    return 0


def _count(text: str) -> int:
    if not text.isdigit():
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of events")
    return int(text)
