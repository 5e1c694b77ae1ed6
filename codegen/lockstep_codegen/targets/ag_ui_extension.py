"""The AG-UI table of a contract that extends another: its own rules, joined with the base's."""

from lockstep_codegen.base import Base
from lockstep_codegen.model import Contract

PYTHON = '''"""AG-UI from and to the events of this contract: those of `{base}`, and its own."""

# {header}

import json
from typing import Any

from {base}.ag_ui import TABLE as BASE
from {package}.contract import CONTRACT
from {runtime}.ag_ui import AgUiCodec, AgUiContext, AgUiFault, InvalidAgUiError

__all__ = ["CODEC", "AgUiCodec", "AgUiContext", "AgUiFault", "InvalidAgUiError"]

OWN: dict[str, Any] = json.loads(r"""
{table}
""")
TABLE: dict[str, Any] = {{
    "raw": BASE["raw"],
    "events": {{**BASE["events"], **OWN["events"]}},
    "shapes": {{**BASE["shapes"], **OWN["shapes"]}},
}}

CODEC = AgUiCodec(TABLE, CONTRACT)
"""The codec of this contract."""
'''

TYPESCRIPT = """// {header}

import {{ TABLE as base }} from "{base_npm}/ag-ui";
import {{ AgUiCodec, type AgUiTableData }} from "{runtime_npm}/runtime/ag-ui";
import {{ contract }} from "./contract.ts";
import type {{ {union} }} from "./types.ts";

export {{ type AgUiContext, type AgUiFault, type AgUiFrame, InvalidAgUiError }} from "{runtime_npm}/runtime/ag-ui";

const OWN: AgUiTableData = {table};

export const TABLE: AgUiTableData = {{
  raw: base.raw,
  events: {{ ...base.events, ...OWN.events }},
  shapes: {{ ...base.shapes, ...OWN.shapes }},
}};

/** AG-UI from and to the events of this contract. */
export const codec: AgUiCodec<{union}> = /* @__PURE__ */ new AgUiCodec(TABLE, contract);
"""


def pages(contract: Contract, base: Base, header: str, table: str) -> tuple[str, str]:
    """The text in Python and in TypeScript."""
    python = PYTHON.format(
        base=base.package, header=header, package=contract.package, runtime=contract.runtime, table=table
    )
    typescript = TYPESCRIPT.format(
        base_npm=base.npm, runtime_npm=base.line[0]["npm"], header=header, union=contract.title, table=table
    )
    return python, typescript
