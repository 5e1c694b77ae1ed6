"""What differs beside the wire: deprecations, translations, descriptions, examples, reserved names."""

from collections.abc import Iterator, Mapping
from typing import Any, cast

from lockstep_codegen.evolution.change import Change
from lockstep_codegen.evolution.document import Document, Spot, canonical, subject
from lockstep_codegen.evolution.rules import RULES

MOST_TEXT = 60  # characters of an annotation that a finding quotes
RULE_OF = {"description": "DESCRIPTION_CHANGED", "examples": "EXAMPLE_CHANGED", "x-ag-ui": "X_TRANSLATION_CHANGED"}
OWN = ("x-replaced-by", "x-reserved-types")
"""Annotations that have rules of their own."""
REMOVALS = frozenset(
    {
        "EVENT_TYPE_REMOVED",
        "EVENT_TYPE_RENAMED",
        "FIELD_REMOVED_REQUIRED",
        "FIELD_REMOVED_OPTIONAL",
        "FIELD_RENAMED",
        "ENVELOPE_FIELD_REMOVED",
        "PART_VARIANT_REMOVED",
    }
)


def annotation_changes(old: Document, new: Document) -> Iterator[Change]:
    """The notes and the policy findings of two versions, definition by definition."""
    yield from _reserved(old, new)
    yield from _annotations(old.root, new.root)
    for name in new.definitions:
        if name in old.definitions:
            yield from _below(new, old.definition(name), new.definition(name))
        else:
            yield from _deprecated_below(new, new.definition(name))


def removal(change: Change, old: Document) -> Change | None:
    """The finding that something was removed without having been deprecated first, when it was."""
    if change.rule.id not in REMOVALS or _is_deprecated(old, change.old_at):
        return None
    return _note("REMOVED_WITHOUT_DEPRECATION", change.old_at, change.new_at, change.detail, change.subject)


def _is_deprecated(document: Document, pointer: str) -> bool:
    spot = document.root
    for token in pointer.split("/")[1:]:
        spot = spot.child(token.replace("~1", "/").replace("~0", "~"))
    return any(one.node.get("deprecated") is True for one in (spot, document.resolve(spot)))


def _below(document: Document, old: Spot, new: Spot) -> Iterator[Change]:
    yield from _annotations(old, new)
    yield from _deprecation(document, old.node, new)
    properties: Mapping[str, Any] = new.node.get("properties", {})
    for name in properties:
        if name in old.node.get("properties", {}):
            yield from _below(document, old.child("properties", name), new.child("properties", name))
        else:
            yield from _deprecation(document, {}, new.child("properties", name))


def _deprecated_below(document: Document, new: Spot) -> Iterator[Change]:
    yield from _deprecation(document, {}, new)
    for name in new.node.get("properties", {}):
        yield from _deprecation(document, {}, new.child("properties", name))


def _annotations(old: Spot, new: Spot) -> Iterator[Change]:
    keys = dict.fromkeys([*old.node, *new.node])
    for key in keys:
        if key not in RULE_OF and (not key.startswith("x-") or key in OWN):
            continue
        before, after = old.node.get(key), new.node.get(key)
        if canonical(before) != canonical(after):
            rule = "EVENT_LOGGED_CHANGED" if key == "x-logged" else RULE_OF.get(key, "ANNOTATION_CHANGED")
            detail = "" if key in ("description", "examples") else f"{key} {_short(before)} became {_short(after)}"
            yield _note(rule, old.pointer, new.pointer, detail or f"{key} changed")
    if bool(old.node.get("deprecated")) != bool(new.node.get("deprecated")):
        if new.node.get("deprecated"):
            instead = new.node.get("x-replaced-by")
            detail = f"deprecated: use {instead!r} instead" if instead else "deprecated"
            yield _note("DEPRECATED_ADDED", old.pointer, new.pointer, detail)
        else:
            yield _note("DEPRECATED_REMOVED", old.pointer, new.pointer, "no longer deprecated")


def _deprecation(document: Document, old: Mapping[str, Any], new: Spot) -> Iterator[Change]:
    """What is newly deprecated says what to use instead, and that exists."""
    known = bool(old.get("deprecated")) and canonical(old.get("x-replaced-by")) == canonical(
        new.node.get("x-replaced-by")
    )
    if not new.node.get("deprecated") or known:
        return
    instead = new.node.get("x-replaced-by")
    if instead is None:
        yield _note("DEPRECATED_WITHOUT_REPLACEMENT", new.pointer, new.pointer, "x-replaced-by is missing")
    elif instead not in _names(document, new.pointer):
        detail = f"there is no {_short(instead)} to use instead"
        yield _note("DEPRECATED_REPLACEMENT_UNKNOWN", new.pointer, new.pointer, detail)


def _names(document: Document, pointer: str) -> set[str]:
    """Everything that may replace the thing at `pointer`."""
    types = {node.get("properties", {}).get("type", {}).get("const") for node in document.definitions.values()}
    names = {*document.definitions, *(name for name in types if isinstance(name, str))}
    owner, properties, _ = pointer.rpartition("/properties/")
    if properties:
        node = document.definitions.get(owner.removeprefix("/$defs/"), {})
        names |= set(cast(Mapping[str, Any], node.get("properties", {})))
    return names


def _reserved(old: Document, new: Document) -> Iterator[Change]:
    before, after = (set(map(str, one.schema.get("x-reserved-types", []))) for one in (old, new))
    for name in sorted(before - after):
        yield _note("EVENT_RESERVED_DELETED", "/x-reserved-types", "", f"{name!r} is no longer reserved", name)
    for pointer, type_name in _types(new):
        if type_name in before | after and type_name not in {name for _, name in _types(old)}:
            detail = f"{type_name!r} is reserved and used again"
            yield _note("EVENT_TYPE_REUSED", "/x-reserved-types", pointer, detail, type_name)


def _types(document: Document) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for index in range(len(document.schema.get("oneOf", []))):
        spot = document.resolve(document.root.child("oneOf", index))
        found.append((spot.pointer, str(spot.node.get("properties", {}).get("type", {}).get("const"))))
    return found


def _note(rule: str, old_at: str, new_at: str, detail: str, name: str | None = None) -> Change:
    return Change(RULES[rule], name or subject(new_at), detail, old_at, new_at, (), frozenset(), {})


def _short(value: Any) -> str:
    text = canonical(value)
    return text if len(text) <= MOST_TEXT else text[: MOST_TEXT - 1] + "…"
