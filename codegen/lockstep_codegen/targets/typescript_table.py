"""The validation table: every definition as a composition of the runtime's checks, each before its first use."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lockstep_codegen.model import Alias, Contract, Definition, Event, Field, ObjectType, Union
from lockstep_codegen.patterns import is_plain
from lockstep_codegen.targets.typescript_text import property_key, quoted
from lockstep_codegen.type_model import (
    SAFE_INTEGER,
    Boolean,
    Constant,
    Enumeration,
    Integer,
    ListOf,
    MapOf,
    Number,
    Opaque,
    OpaqueName,
    Reference,
    Text,
    TextOrList,
    Type,
)

LEAVES: dict[OpaqueName, str] = {"Json": "json", "JsonNotNull": "jsonNotNull", "JsonObject": "jsonObject"}


@dataclass(frozen=True, slots=True)
class Check:
    """One constant of the table."""

    name: str
    kind: str
    expression: str


@dataclass(frozen=True, slots=True)
class Table:
    """The constants, each declared before it is used; the events; and the names that they import."""

    checks: tuple[Check, ...]
    events: tuple[Check, ...]
    envelope: str
    composites: tuple[str, ...]
    leaves: tuple[str, ...]
    kernel: tuple[str, ...]


def build_table(contract: Contract) -> Table:
    """The table of a contract. What a recursive type would use too early is deferred by `later`."""
    envelope = contract.envelope
    writer = _Writer({envelope.name, *(mixin.name for mixin in contract.mixins)}, contract.inherited)
    ordered = _in_dependency_order({envelope.name: envelope, **contract.definitions})
    checks = tuple(writer.check(each) for each in ordered if each.name not in contract.inherited)
    events = tuple(writer.event(event, envelope) for event in contract.own_events)
    kinds = {check.kind for check in checks}
    return Table(
        checks=checks,
        events=events,
        envelope=writer.named(envelope.name),
        composites=tuple(sorted(writer.composites)),
        leaves=tuple(sorted(writer.leaves)),
        kernel=tuple(sorted(kinds)),
    )


def _in_dependency_order(named: Mapping[str, Definition]) -> Iterator[Definition]:
    """Depth first, without recursion: a contract may nest deeper than Python's stack."""
    seen: set[str] = set()
    for root in named:
        waiting = [] if root in seen else [(root, _used_by(named[root]))]
        seen.add(root)
        while waiting:
            name, uses = waiting[-1]
            following = next((use for use in uses if use not in seen), None)
            if following is None:
                waiting.pop()
                yield named[name]
            else:
                seen.add(following)
                waiting.append((following, _used_by(named[following])))


def _used_by(each: Definition) -> Iterator[str]:
    match each:
        case Union(variants=variants):
            yield from (variant.name for variant in variants)
        case Alias(type=type):
            yield from _references(type)
        case ObjectType(fields=fields):
            for field in fields:
                yield from _references(field.type)


def _references(type: Type) -> Iterator[str]:
    while True:
        match type:
            case Reference(name):
                yield name
                return
            case ListOf(inner) | MapOf(inner) | TextOrList(_, ListOf(inner)):
                type = inner
            case _:
                return


class _Writer:
    """Writes one check after another, and remembers what is declared and what the runtime has to bring."""

    def __init__(self, mixins: set[str], inherited: frozenset[str]) -> None:
        self.mixins = mixins
        self.inherited = inherited
        """What stands in the base's table."""
        self.declared: set[str] = set()
        self.composites: set[str] = set()
        self.leaves: set[str] = set()

    def check(self, each: Definition) -> Check:
        kind, expression = self._definition(each)
        self.declared.add(each.name)
        return Check(each.name, kind, expression)

    def event(self, event: Event, envelope: ObjectType) -> Check:
        """Its payload, then what it is made of beside the envelope; the runtime adds the type."""
        own = tuple(field for field in event.own_fields if field.name not in ("type", "payload"))
        parts = [self.named(mixin.name) for mixin in event.mixins if mixin.name != envelope.name]
        if own:
            parts.append(self._composite("members", *self._members(own)))
        return Check(property_key(event.type), "", f"[{', '.join([self.named(event.payload.name), *parts])}]")

    def _definition(self, each: Definition) -> tuple[str, str]:
        match each:
            case Alias(type=type):
                return "Check", self._type(type)
            case Union(tag=tag, variants=variants):
                entries = ", ".join(f"{property_key(v.tag)}: {self.named(v.name)}" for v in variants)
                return "Check", self._composite("tagged", quoted(tag), f"{{ {entries} }}")
            case ObjectType(name=name, fields=fields) if name in self.mixins:
                return "Members", self._composite("members", *self._members(fields))
            case ObjectType(fields=fields):
                return "Check", self._composite("object", *self._members(fields))

    def _members(self, fields: tuple[Field, ...]) -> tuple[str, ...]:
        """The required members as an object literal, and the optional ones when there are any."""
        required, optional = (
            ", ".join(f"{property_key(f.name)}: {self._type(f.type)}" for f in fields if f.required is wanted)
            for wanted in (True, False)
        )
        braced = f"{{ {required} }}" if required else "{}"
        return (braced, f"{{ {optional} }}") if optional else (braced,)

    def _type(self, type: Type) -> str:
        match type:
            case ListOf(item, least, most):
                return self._composite("list", self._type(item), *_trimmed(str(least), _bound(most)))
            case MapOf(value):
                return self._composite("map", self._type(value))
            case TextOrList(text, items):
                return self._composite("either", self._type(text), self._type(items))
            case Reference(name):
                return self.named(name)
            case Constant(value):
                return self._leaf("oneOf", quoted(value))
            case Enumeration(values):
                return self._leaf("oneOf", *map(quoted, values))
            case _:
                return self._scalar(type)

    def _scalar(self, type: Text | Integer | Number | Boolean | Opaque) -> str:
        match type:
            case Text(least, most, None):
                return self._leaf("text", *_trimmed(str(least), _bound(most)))
            case Text(0, None, str(pattern)) if is_plain(pattern):
                return self._leaf("token", quoted(pattern))
            case Text(least, most, pattern):
                return self._leaf("text", str(least), _bound(most), quoted(pattern))
            case Integer(least, most) if (least, most) == (-SAFE_INTEGER, SAFE_INTEGER):
                return self._leaf("integer")
            case Integer(least, most):
                return self._leaf("integer", str(least), *([] if most == SAFE_INTEGER else [str(most)]))
            case Number(least, most):
                return self._leaf("number", *_trimmed(_bound(least, "-Infinity"), _bound(most), default="-Infinity"))
            case Boolean():
                return self._leaf("boolean", call=False)
            case Opaque(kind):
                return self._leaf(LEAVES[kind], call=False)

    def named(self, name: str) -> str:
        """How the check of a definition is called."""
        if name in self.inherited:
            return f"base.{name}"
        return name if name in self.declared else self._composite("later", f"() => {name}")

    def _composite(self, function: str, *given: str) -> str:
        self.composites.add(function)
        return f"{function}({', '.join(given)})"

    def _leaf(self, name: str, *given: str, call: bool = True) -> str:
        self.leaves.add(name)
        return f"{name}({', '.join(given)})" if call else name


def _bound(bound: float | None, absent: str = "Infinity") -> str:
    return absent if bound is None else quoted(bound)


def _trimmed(least: str, most: str, default: str = "0") -> tuple[str, ...]:
    """Both bounds as arguments, without the defaults at their end."""
    if most != "Infinity":
        return least, most
    return () if least == default else (least,)
