"""`lockstep`: finds the command, runs it, and turns what goes wrong into one line and an exit code."""

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from importlib.metadata import version

from lockstep_cli.commands import COMMANDS

EPILOG = """\
examples:
  lockstep serve                          serve sessions on http://127.0.0.1:8000
  lockstep generate                       write the code for schema/events.schema.json
  lockstep check                          fail when the generated code is out of date
  lockstep COMMAND --help                 one command's options, with examples

exit codes: 0 fine, 1 findings or drift, 2 usage or unreadable input
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    parser = _parser()
    if not arguments:
        parser.print_help()
        return 2
    name = arguments[0]
    if name not in COMMANDS:
        parser.parse_args(arguments)  # answers --help and --version, and refuses everything else
    try:
        return _run(name, arguments[1:])
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader (head, less) has gone; closing stdout quietly is what every Unix tool does.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        code = getattr(error, "exit_code", None)  # only errors that are meant for the user carry one
        if not isinstance(code, int):
            raise
        print(f"lockstep {name}: {error}", file=sys.stderr)  # noqa: T201 - the command line speaks by printing
        return code


def _run(name: str, arguments: Sequence[str]) -> int:
    command = COMMANDS[name]
    parser = argparse.ArgumentParser(
        prog=f"lockstep {name}",
        description=command.summary,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    try:
        module = importlib.import_module(command.module)
        module.configure(parser)
        options = parser.parse_args(arguments)
        return int(module.run(options))
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0].startswith("lockstep_"):
            raise
        parser.exit(2, f"lockstep {name} needs {error.name!r}: pip install 'agui-lockstep[{command.extra}]'\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="lockstep",
        description="The schema-first event bus for agent user interfaces.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"lockstep {version('agui-lockstep')}")
    commands = parser.add_argument_group("commands")
    commands.add_argument("command", choices=sorted(COMMANDS), metavar="COMMAND", help=_listing())
    return parser


def _listing() -> str:
    return "; ".join(f"{name}: {command.summary}" for name, command in COMMANDS.items())


if __name__ == "__main__":
    sys.exit(main())
