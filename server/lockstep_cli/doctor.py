"""`lockstep doctor`: what is configured, what works, and the command that mends what does not."""

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lockstep_cli.checkup import Finding

_EXAMPLES = """\
examples:
  lockstep doctor                     look at everything `lockstep serve` would use
  lockstep doctor --port 9000
  REDIS_URL=redis://10.0.0.5 lockstep doctor
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--port", type=int, help="the port to look at (LOCKSTEP_PORT, default 8000)")
    parser.epilog = _EXAMPLES


def run(options: argparse.Namespace) -> int:
    """Print one line for each thing looked at; 1 when something has to be mended."""
    wrong = 0
    for finding in _findings(options.port):
        print(finding.line())
        wrong += finding.remedy is not None
    print(f"\n{wrong} to mend" if wrong else "\nall well")
    return 1 if wrong else 0


def _findings(port: int | None) -> "Iterator[Finding]":
    from lockstep_bus.errors import BusSettingsError
    from lockstep_bus.settings import read_settings as read_bus_settings
    from lockstep_server.errors import SettingsError
    from lockstep_server.settings import read_settings

    from lockstep_cli import checkup

    yield checkup.interpreter()
    yield checkup.contract()
    yield from checkup.extras()
    try:
        bus, server = read_bus_settings(), read_settings(**({} if port is None else {"port": port}))
    except (BusSettingsError, SettingsError) as error:
        yield checkup.Finding("settings", "cannot be used", str(error))
        return
    yield checkup.exposure(server, bus)
    yield checkup.engine(bus)
    if not bus.redis_url:
        yield checkup.data_folder(bus.data_dir)
    yield checkup.port(server.host, server.port)
