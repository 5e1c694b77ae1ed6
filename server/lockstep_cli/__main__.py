"""`lockstep`: finds the command, runs it, and turns what goes wrong into one line and an exit code."""

import argparse
import difflib
import importlib
import os
import sys
from collections.abc import Sequence
from importlib.metadata import version

from lockstep_cli.commands import COMMANDS

EXAMPLES = """\
examples:
  lockstep serve                  serve sessions on http://127.0.0.1:8000
  lockstep generate               write the code for schema/events.schema.json
  lockstep check                  fail when the generated code is out of date
  lockstep COMMAND --help         one command's options, with examples

exit codes: 0 fine, 1 findings or drift, 2 usage or unreadable input
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    name = arguments[0] if arguments else "--help"
    if name not in COMMANDS:
        return _answer(name)
    try:
        return _run(name, arguments[1:])
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader (head, less) has gone; pointing stdout elsewhere keeps the interpreter's last flush quiet.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        code = getattr(error, "exit_code", None)  # only errors that are meant for the user carry one
        if not isinstance(code, int):
            raise
        return _fail(f"lockstep {name}: {error}", code)


def _answer(argument: str) -> int:
    """Answer what is not a command: a question about Lockstep itself, or a slip of the keyboard."""
    if argument in ("-h", "--help", "help"):
        print(_help())
        return 0
    if argument in ("-V", "--version"):
        print(f"lockstep {version('agui-lockstep')}")
        return 0
    near = difflib.get_close_matches(argument, COMMANDS, n=1)
    hint = f"did you mean {near[0]!r}?" if near else "'lockstep --help' lists the commands"
    return _fail(f"lockstep: there is no command {argument!r}: {hint}", 2)


def _run(name: str, arguments: Sequence[str]) -> int:
    command = COMMANDS[name]
    parser = argparse.ArgumentParser(
        prog=f"lockstep {name}",
        description=f"{command.summary}.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    try:
        module = importlib.import_module(command.module)
        module.configure(parser)
        return int(module.run(parser.parse_args(arguments)))
    except ModuleNotFoundError as error:
        missing = (error.name or "").partition(".")[0]
        if missing.startswith("lockstep_"):
            raise
        return _fail(f"lockstep {name} needs {missing!r}: pip install 'agui-lockstep[{command.extra}]'", 2)


def _help() -> str:
    lines = ["usage: lockstep COMMAND [OPTIONS]", "", "The schema-first event bus for agent user interfaces."]
    for about, title in (("contract", "the contract"), ("bus", "the bus")):
        lines += ["", f"{title}:"]
        lines += [f"  {name:<16}{c.summary}" for name, c in COMMANDS.items() if c.about == about]
    return "\n".join([*lines, "", EXAMPLES.rstrip()])


def _fail(message: str, code: int) -> int:
    print(message, file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
