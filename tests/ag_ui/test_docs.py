"""docs/ag-ui.md says what AG-UI cannot carry: all of it, by the table's own account."""

import json
from pathlib import Path
from typing import Any

from lockstep_events import CONTRACT
from lockstep_events.ag_ui import TABLE

DOCUMENT = (Path(__file__).parents[2] / "docs" / "ag-ui.md").read_text("utf-8")
SECTION = DOCUMENT.split("## What AG-UI cannot carry")[1].split("## ")[0]


def test_every_field_and_event_without_a_twin_is_listed() -> None:
    definitions: dict[str, Any] = json.loads(CONTRACT.schema_bytes())["$defs"]
    unlisted: list[str] = []
    for type, rule in TABLE["events"].items():
        if rule["custom"]:
            if f"`{type}`" not in SECTION:
                unlisted.append(type)
            continue
        name = "".join(part.capitalize() for part in type.split("_"))
        missing = definitions[f"{name}Payload"].get("properties", {}).keys() - rule["payload"].keys()
        row = next((row for row in SECTION.split("\n") if row.startswith(("| `" + type + "`", "| `" + type + "."))), "")
        unlisted += [f"{type}.{field}" for field in missing if f"{field}`" not in row]
    assert unlisted == []
