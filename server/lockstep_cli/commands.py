"""The commands of `lockstep`: where each lives, what it says of itself, and which extra it needs."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Command:
    """One verb. Its module is imported only when the verb is used, so that `lockstep --help` stays instant."""

    module: str
    summary: str
    extra: str
    """The extra of the distribution that brings what the module imports."""
    about: Literal["contract", "bus"]
    """The half of `lockstep --help` that lists it."""


COMMANDS: dict[str, Command] = {
    "init": Command("lockstep_cli.init", "Begin a contract of your own", "codegen", "contract"),
    "generate": Command("lockstep_cli.generate", "Write the code for a schema", "codegen", "contract"),
    "watch": Command("lockstep_cli.watch", "Write the code again after each save", "codegen", "contract"),
    "check": Command("lockstep_cli.check", "Fail when the generated code is out of date", "codegen", "contract"),
    "lint": Command("lockstep_cli.lint", "Check that a schema keeps the dialect", "codegen", "contract"),
    "fmt": Command("lockstep_cli.fmt", "Write the schema the one way it is written", "codegen", "contract"),
    "explain": Command("lockstep_cli.explain", "Say why a rule is one, and how to keep it", "codegen", "contract"),
    "validate": Command("lockstep_cli.validate", "Check a file of events line by line", "codegen", "contract"),
    "golden": Command("lockstep_cli.golden", "Write the schema's examples as whole events", "codegen", "contract"),
    "breaking": Command("lockstep_cli.breaking", "Tell whether the contract breaks its readers", "codegen", "contract"),
    "changelog": Command("lockstep_cli.changelog", "Print what changed in the contract", "codegen", "contract"),
    "next-version": Command("lockstep_cli.next_version", "Print the smallest honest version", "codegen", "contract"),
    "examples": Command("lockstep_cli.examples", "Print random valid events", "codegen", "contract"),
    "serve": Command("lockstep_cli.serve", "Serve sessions over HTTP and SSE", "server", "bus"),
    "demo": Command("lockstep_cli.demo", "Serve a live demo with a scripted agent", "server", "bus"),
    "publish": Command("lockstep_cli.publish", "Publish events by hand or from a file", "server", "bus"),
    "tail": Command("lockstep_cli.tail", "Follow a session live", "bus", "bus"),
    "history": Command("lockstep_cli.history", "Print what the log holds of a session", "bus", "bus"),
    "chaos": Command("lockstep_cli.chaos", "Put a deployment under faults and count what is lost", "bus", "bus"),
    "doctor": Command("lockstep_cli.doctor", "Check the set-up and name what mends it", "server", "bus"),
}
