"""The AG-UI table, from the schema's `x-ag-ui` annotations: one file a language, read by that language's codec."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from lockstep_codegen.files import SourceFile
from lockstep_codegen.model import Contract, Event, Field, Notes, ObjectType, Union
from lockstep_codegen.targets.ag_ui_extension import pages
from lockstep_codegen.type_model import ListOf, MapOf, Reference, TextOrList, Type

IN_FRAME = {"run_id": "runId", "subagent_run_id": "subagentRunId"}
"""The envelope's members that AG-UI has too."""
RUN_FAMILY = ("RUN_STARTED", "RUN_FINISHED")
"""The only frames that carry their run's id."""
ATTRIBUTES = ("run_id", "agent")
"""The envelope's members that an ingested event takes from where it came from."""

PYTHON = '''"""AG-UI from and to the events of this contract."""

# {header}

import json
from typing import Any

from {package}.contract import CONTRACT
from {runtime}.ag_ui import AgUiCodec, AgUiContext, AgUiFault, InvalidAgUiError

__all__ = ["CODEC", "AgUiCodec", "AgUiContext", "AgUiFault", "InvalidAgUiError"]

TABLE: dict[str, Any] = json.loads(r"""
{table}
""")

CODEC = AgUiCodec(TABLE, CONTRACT)
"""The codec of this contract."""
'''

TYPESCRIPT = """// {header}

import {{ contract }} from "./contract.ts";
import {{ AgUiCodec, type AgUiTableData }} from "{runtime}";
import type {{ {union} }} from "./types.ts";

export {{ type AgUiContext, type AgUiFault, type AgUiFrame, InvalidAgUiError }} from "{runtime}";

export const TABLE: AgUiTableData = {table};

/** AG-UI from and to the events of this contract. */
export const codec: AgUiCodec<{union}> = /* @__PURE__ */ new AgUiCodec(TABLE, contract);
"""


def render(contract: Contract) -> list[SourceFile]:
    """The table in both packages; nothing when the schema does not speak of AG-UI."""
    table = build_table(contract)
    if not table["events"]:
        return []
    header = contract.origin
    text = _written(table)
    if contract.base and contract.base.speaks_ag_ui:
        python, typescript = pages(contract, contract.base, header, text)
    else:
        python = PYTHON.format(header=header, package=contract.package, runtime=contract.runtime, table=text)
        # A package on a base that does not speak AG-UI still takes the codec from where it is.
        runtime = f"{contract.base.line[0]['npm']}/runtime/ag-ui" if contract.base else "./runtime/ag-ui.ts"
        typescript = TYPESCRIPT.format(header=header, union=contract.title, runtime=runtime, table=text)
    return [
        SourceFile(f"python/{contract.package}/ag_ui.py", python),
        SourceFile("typescript/src/ag-ui.ts", typescript),
    ]


def build_table(contract: Contract) -> dict[str, Any]:
    """What the codec needs to know: a rule for each own event, and every own object that can stand below one."""
    spoken = [event for event in contract.own_events if event.logged and event.notes.ag_ui]
    rules = {event.type: _rule(event, contract) for event in spoken}
    shapes = {
        name: shape for name, shape in sorted(_shapes(rules.values(), contract)) if name not in contract.inherited
    }
    raw = next((type for type, rule in rules.items() if rule["event"] == "RAW"), "")
    return {"raw": raw, "events": rules, "shapes": shapes}


def _rule(event: Event, contract: Contract) -> dict[str, Any]:
    notes: Mapping[str, Any] = event.notes.ag_ui
    names = {field.name for field in event.fields}
    omitted = set(notes.get("omit", ()))
    carried = [name for name in IN_FRAME if name in names - omitted]
    name = notes.get("event", "CUSTOM")
    if name not in RUN_FAMILY and "run_id" in carried:
        carried.remove("run_id")
    custom = "custom" in notes
    return {
        "event": name,
        "custom": custom,
        "const": {"name": notes["custom"]} if custom else dict(notes.get("const", {})),
        "envelope": {each: IN_FRAME[each] for each in carried},
        "attributes": [each for each in ATTRIBUTES if each in names and each not in carried],
        "payload": {} if custom else _fields(event.payload.fields, contract),
        "derive": {} if custom else dict(_derived(event.payload.fields)),
    }


def _derived(fields: tuple[Field, ...]) -> Iterator[tuple[str, str]]:
    for field in fields:
        if "derive" in (notes := _said(field.notes)):
            yield field.name, notes["derive"]


def _fields(fields: tuple[Field, ...], contract: Contract) -> dict[str, list[str | None]]:
    return {
        field.name: [notes.get("rename", camel(field.name)), _shape_name(field.type, contract)]
        for field in fields
        if not {"omit", "json_string"} & (notes := _said(field.notes)).keys()
    }


def _shape_name(type: Type, contract: Contract) -> str | None:
    """The object or union that values of this type are made of, behind arrays; None when nothing below has a name."""
    while True:
        match type:
            case ListOf(item=inner) | TextOrList(items=ListOf(item=inner)):
                type = inner
            case Reference():
                target = contract.resolve(type)
                if isinstance(target, ObjectType | Union):
                    return target.name
                type = target
            case MapOf():
                return None
            case _:
                return None


def _shapes(rules: Any, contract: Contract) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every shape that a rule reaches."""
    waiting = [shape for rule in rules for _, shape in rule["payload"].values() if shape]
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        definition = contract.definitions[name]
        if isinstance(definition, Union):
            members = {variant.tag: variant.name for variant in definition.variants}
            waiting += members.values()
            yield name, {"tag": definition.tag, "of": members}
        elif isinstance(definition, ObjectType):
            fields = _fields(definition.fields, contract)
            waiting += [shape for _, shape in fields.values() if shape]
            opened = {"open": True} if _said(definition.notes).get("open") else {}
            yield name, {"fields": fields, **opened}


def _said(notes: Notes) -> Mapping[str, Any]:
    """What the annotation says; nothing when there is none."""
    said: Mapping[str, Any] | None = notes.ag_ui
    return said or {}


def _written(table: Mapping[str, Any]) -> str:
    """The table as JSON, one line for each event and each shape."""
    groups = [
        f'"{group}": {{\n'
        + ",\n".join(f"{json.dumps(name)}: {json.dumps(entry)}" for name, entry in table[group].items())
        + "\n}"
        if table[group]
        else f'"{group}": {{}}'
        for group in ("events", "shapes")
    ]
    return "{\n" + ",\n".join([f'"raw": {json.dumps(table["raw"])}', *groups]) + "\n}"


def camel(name: str) -> str:
    """`tool_call_id` as AG-UI writes it: `toolCallId`."""
    head, *tail = name.split("_")
    return head + "".join(part.capitalize() for part in tail)
