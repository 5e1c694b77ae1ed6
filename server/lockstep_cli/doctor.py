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
  lockstep doctor --ag-ui             name what the installed AG-UI package has and the mapping lacks
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--port", type=int, help="the port to look at (LOCKSTEP_PORT, default 8000)")
    parser.add_argument("--ag-ui", action="store_true", help="compare the mapping with the installed ag-ui-protocol")
    parser.epilog = _EXAMPLES


def run(options: argparse.Namespace) -> int:
    """Print one line for each thing looked at; 1 when something has to be mended."""
    wrong = 0
    for finding in _ag_ui() if options.ag_ui else _findings(options.port):
        print(finding.line())
        wrong += finding.remedy is not None
    print(f"\n{wrong} to mend" if wrong else "\nall well")
    return 1 if wrong else 0


def _ag_ui() -> "Iterator[Finding]":
    from lockstep_events import CONTRACT

    from lockstep_cli import ag_ui_drift, checkup

    try:
        missing = ag_ui_drift.drift(CONTRACT.ag_ui, ag_ui_drift.official_schema())
    except ImportError:
        yield checkup.Finding("AG-UI", "ag-ui-protocol is not installed", "pip install ag-ui-protocol")
        return
    for place in missing:
        yield checkup.Finding(
            "AG-UI", f'"{place}" is not carried', "add it to the schema, with x-ag-ui where it differs"
        )
    if not missing:
        yield checkup.Finding("AG-UI", f"all of {ag_ui_drift.official_version()} is carried both ways")


def _findings(port: int | None) -> "Iterator[Finding]":
    from lockstep_bus.errors import BusSettingsError
    from lockstep_bus.settings import read_settings as read_bus_settings
    from lockstep_server.errors import SettingsError
    from lockstep_server.settings import read_settings

    from lockstep_cli import checkup

    yield checkup.interpreter()
    yield from checkup.extras()
    try:
        bus, server = read_bus_settings(), read_settings(**({} if port is None else {"port": port}))
    except (BusSettingsError, SettingsError) as error:
        yield checkup.Finding("settings", "cannot be used", str(error))
        return
    yield from checkup.contracts(bus)
    yield checkup.exposure(server, bus)
    yield checkup.engine(bus)
    if not bus.redis_url:
        yield checkup.data_folder(bus.data_dir)
    yield checkup.port(server.host, server.port)
