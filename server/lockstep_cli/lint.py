"""`lockstep lint`: is the schema a contract in the dialect?"""

import argparse

from lockstep_cli.contract_options import add_format, add_schema, base_of, written

_EXAMPLES = """\
examples:
  lockstep lint                               one line per fault: file:line:column, what, what to do
  lockstep lint --schema my/events.schema.json --format json
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add_schema(parser)
    add_format(parser)
    parser.epilog = _EXAMPLES


def run(options: argparse.Namespace) -> int:
    """Print the findings. Returns 1 when there are any; raises UnreadableError for what is not JSON."""
    from lockstep_codegen.lint import lint
    from lockstep_codegen.source import load

    findings = lint(load(options.schema), base_of(options))
    if findings or options.format == "json":
        print(written(findings, options.format))
        if options.format == "text":
            count = "1 finding" if len(findings) == 1 else f"{len(findings)} findings"
            print(f"{count}: 'lockstep explain {findings[0].rule}' says why that is a rule")
    else:
        print(f"{options.schema} keeps the dialect")
    return 1 if findings else 0
