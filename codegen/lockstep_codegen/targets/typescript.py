"""The TypeScript package: types, guards, dispatcher and parser from templates, and the runtime verbatim."""

import re
from importlib.resources import files
from typing import Any

from lockstep_codegen.files import SourceFile
from lockstep_codegen.model import Alias, Contract, Event, Field, Notes, ObjectType, Union
from lockstep_codegen.targets.templates import environment
from lockstep_codegen.targets.typescript_extension import extension
from lockstep_codegen.targets.typescript_table import build_table
from lockstep_codegen.targets.typescript_text import OPAQUE, camel, comment, key, property_key, quoted, type_expression

ROOT = "typescript"
DERIVED = ("EventByType", "EventOf", "EventType", "ParsedEvent", "PayloadOf")
"""What types.ts declares besides the definitions of the contract."""


def render(contract: Contract) -> list[SourceFile]:
    """Every file of the package, ready to be used as source in a workspace and to be built for npm."""
    pages = environment("typescript")
    context = _context(contract)
    templates = dict.fromkeys(pages.list_templates(extensions=["jinja"]), pages)
    if contract.base:
        extended = environment("typescript_extended")
        templates |= dict.fromkeys(extended.list_templates(extensions=["jinja"]), extended)
        context |= extension(contract, contract.base, context)
    rendered = [
        SourceFile(f"{ROOT}/{template.removesuffix('.jinja')}", folder.get_template(template).render(context))
        for template, folder in sorted(templates.items(), key=lambda each: each[0])
    ]
    return sorted([*rendered, *([] if contract.base else _runtime())])


def _runtime() -> list[SourceFile]:
    folder = files("lockstep_codegen") / "runtime" / "typescript"
    return [
        SourceFile(f"{ROOT}/src/runtime/{each.name}", each.read_text("utf-8"))
        for each in folder.iterdir()
        if each.name.endswith(".ts")
    ]


def _context(contract: Contract) -> dict[str, Any]:
    events = [event_names(event) for event in contract.events]
    definitions = contract.own_definitions.values()
    mixins = dict.fromkeys([contract.envelope.name, *(mixin.name for mixin in contract.mixins)])
    aliases = [_alias(each) for each in definitions if isinstance(each, Alias | Union)]
    interfaces = [_interface(each) for each in definitions if isinstance(each, ObjectType)]
    interfaces += [_event_interface(event) for event in contract.own_events]
    own = [contract.title, *contract.own_definitions, *(event.name for event in contract.own_events)]
    return {
        "runtime": "./runtime",
        "ts": ".ts",
        "header": f"// {contract.origin}",
        "npm_name": contract.npm,
        "package": quoted(contract.npm),
        "description": quoted(contract.description),
        "plain_version": contract.version,
        "version": quoted(contract.version),
        "digest": quoted(contract.digest),
        "union": {
            "name": contract.title,
            "description": contract.description,
            "doc": comment(Notes(contract.description)),
            "members": "\n  | ".join(event.name for event in contract.events),
        },
        "events": events,
        "first": events[0],
        "aliases": aliases,
        "interfaces": interfaces,
        "json_types": ", ".join(_json_types(aliases, interfaces)),
        "mixins": " & ".join(mixins),
        "mixin_imports": ", ".join(mixins),
        "checks": build_table(contract),
        "names": sorted([*own, *DERIVED]),
    }


def event_names(event: Event) -> dict[str, str]:
    return {
        "name": event.name,
        "type": event.type,
        "key": property_key(event.type),
        "quoted": quoted(event.type),
        "method": camel(event.type),
        "doc": comment(event.notes, "  "),
    }


def _alias(each: Alias | Union) -> dict[str, str]:
    if isinstance(each, Union):
        written = " | ".join(variant.name for variant in each.variants)
    else:
        written = type_expression(each.type)
    return {"name": each.name, "doc": comment(each.notes), "type": written}


def _interface(each: ObjectType) -> dict[str, Any]:
    return {"name": each.name, "doc": comment(each.notes), "extends": "", "members": _members(each.fields)}


def _event_interface(event: Event) -> dict[str, Any]:
    mixins = ", ".join(mixin.name for mixin in event.mixins)
    return {
        "name": event.name,
        "doc": comment(event.notes),
        "extends": f" extends {mixins}" if mixins else "",
        "members": _members(event.own_fields),
    }


def _members(fields: tuple[Field, ...]) -> list[dict[str, str]]:
    return [
        {
            "doc": comment(field.notes, "  "),
            "key": key(field.name),
            "optional": "" if field.required else "?",
            "type": type_expression(field.type),
        }
        for field in fields
    ]


def _json_types(aliases: list[dict[str, str]], interfaces: list[dict[str, Any]]) -> list[str]:
    """The runtime's types that the declarations name: an import that nothing uses is an error under strict flags."""
    written = [each["type"] for each in aliases]
    written += [member["type"] for each in interfaces for member in each["members"]]
    used = {name for each in written for name in re.findall(r"\w+", each)}
    return sorted(used & set(OPAQUE.values()))
