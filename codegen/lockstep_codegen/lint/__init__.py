"""Lint: is this schema a contract in the dialect of schema/README.md? Every answer has a rule and a place."""

import json

from lockstep_codegen.base import Base
from lockstep_codegen.bundle import bundle, inherited
from lockstep_codegen.errors import ContractError, Finding
from lockstep_codegen.lint.annotations import check_annotations
from lockstep_codegen.lint.events import DEFINITION, check_events
from lockstep_codegen.lint.examples import check_examples
from lockstep_codegen.lint.extension import check_extension
from lockstep_codegen.lint.shapes import check_definitions
from lockstep_codegen.lint.unions import check_unions
from lockstep_codegen.lint.vocabulary import Fault
from lockstep_codegen.source import Source, is_object

DIALECT = "https://json-schema.org/draft/2020-12/schema"
ROOT_KEYWORDS = ("$schema", "$id", "title", "description", "oneOf", "$defs")


def lint(source: Source, base: Base | None = None) -> list[Finding]:
    """Everything that is wrong with the schema, in the order of the file; an empty list when nothing is.

    `base` is the contract that it extends.
    """
    faults = list(_root(source.document))
    if base is not None and not faults:
        faults = list(check_extension(source.document, base))
    if not faults:
        source = bundle(source, base)
        schema = source.document
        defs = schema["$defs"]
        checks = (check_unions, check_events, check_annotations)
        faults = [*check_definitions(defs), *(fault for check in checks for fault in check(schema, defs))]
        if not faults:
            faults = list(check_examples(schema, defs))
        # The base has been judged where it was made, perhaps by other rules.
        theirs = tuple(f"/$defs/{name}/" for name in inherited(schema))
        faults = [fault for fault in faults if not f"{fault.pointer}/".startswith(theirs)]
    return sorted(Finding(source.place(fault.pointer), fault.rule, fault.message) for fault in faults)


def demand(source: Source, base: Base | None = None) -> Source:
    """The schema with what it extends in it. Raises ContractError with every finding, when there is one."""
    if findings := lint(source, base):
        raise ContractError(findings)
    return bundle(source, base)


def _root(schema: object) -> list[Fault]:
    if not is_object(schema):
        return [Fault("ROOT", "", 'a contract is a JSON object with "oneOf" and "$defs"')]
    faults = [Fault("ROOT", "", f'"{key}" is missing at the root') for key in ROOT_KEYWORDS if key not in schema]
    for key in schema:
        if key not in ROOT_KEYWORDS and not str(key).startswith("x-"):
            faults.append(Fault("KEYWORD_ALLOWED", f"/{key}", f'"{key}" is not allowed at the root'))
    if schema.get("$schema", DIALECT) != DIALECT:
        faults.append(Fault("ROOT", "/$schema", f'"$schema" must be "{DIALECT}"'))
    for key in ("$id", "title", "description"):
        if key in schema and (not isinstance(schema[key], str) or not schema[key]):
            faults.append(Fault("ROOT", f"/{key}", f'"{key}" is {json.dumps(schema[key])}: write a text'))
    title, defs = str(schema.get("title", "")), schema.get("$defs", {})
    if title and not DEFINITION.fullmatch(title):
        faults.append(Fault("ROOT", "/title", f'the title "{title}" names the union: write it in PascalCase'))
    elif is_object(defs) and title in defs:
        faults.append(Fault("ROOT", "/title", f'the title "{title}" is the name of a definition too: choose another'))
    if not is_object(defs):
        faults.append(Fault("ROOT", "/$defs", '"$defs" is an object: names and their schemas'))
    return faults
