"""The dispatcher's methods as the templates print them: which keywords, and where each of them goes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lockstep_codegen.model import STAMPED, Contract, Event, Field
from lockstep_codegen.targets.python_text import WIDTH, Parameter, annotation, docstring, literal

SESSION = "session_id"
RUN = "run_id"


@dataclass(frozen=True, slots=True)
class Form:
    """One kind of dispatcher."""

    bound: frozenset[str]
    """Envelope fields that the dispatcher itself knows, perhaps."""
    run: bool = False
    """Whether it surely knows the run."""


@dataclass(frozen=True, slots=True)
class Method:
    """One method: the event's type is its name."""

    name: str
    doc: str
    arguments: str
    """What the keywords mean, or nothing."""
    decorator: str
    """`@deprecated("...")` on a line of its own, or nothing."""
    event_class: str
    parameters: tuple[Parameter, ...]
    envelope: str
    """What the envelope must have, as a dict of wire names: `{"session_id": session_id}`."""
    options: str
    """What it may have."""
    payload: str
    """What the payload must have."""
    details: str
    """What it may have."""


def bindable(contract: Contract) -> tuple[Field, ...]:
    """What may be the same for all events of a session: the optional fields of the mixins beside the envelope.

    A contract that extends another binds what the oldest base binds, whose dispatchers its own ones are.
    """
    oldest = contract.base.line[0]["definitions"] if contract.base else {event.name for event in contract.events}
    mixins = {mixin.name: mixin for event in contract.events if event.name in oldest for mixin in event.mixins}
    others = [mixin for mixin in mixins.values() if mixin.name != contract.envelope.name]
    return tuple({field.name: field for mixin in others for field in mixin.optional}.values())


def methods(contract: Contract, form: Form) -> list[Method]:
    """One for each own event that a program publishes; the server makes the others itself."""
    common = frozenset(field.name for field in (*contract.envelope.fields, *bindable(contract)))
    return [_method(event, contract, form, common) for event in contract.own_events if event.logged]


def _method(event: Event, contract: Contract, form: Form, common: frozenset[str]) -> Method:
    parameters = sorted(_parameters(event, contract, form), key=lambda parameter: not parameter.required)
    envelope = [field for field in event.fields if field.name not in ("type", "payload")]
    needed = [field for field in envelope if field.required and field.name not in STAMPED]
    optional = [field for field in envelope if field not in needed]
    return Method(
        name=event.type,
        doc=docstring(event.description, 8),
        arguments=_arguments(parameters, form, common),
        decorator=_decorator(event),
        event_class=event.name,
        parameters=tuple(parameters),
        envelope=_dict({**{field.name: _given(field, form) for field in needed}, "type": literal(event.type)}),
        options=_dict({field.name: _given(field, form) for field in optional}),
        payload=_dict({field.name: field.python for field in event.payload.required}),
        details=_dict({field.name: field.python for field in event.payload.optional}),
    )


def _arguments(parameters: list[Parameter], form: Form, common: frozenset[str]) -> str:
    """The unbound form documents what is the event's own and not `common`; classes and models say the rest."""
    own = [parameter for parameter in parameters if parameter.field.name not in common]
    if form.bound or not own:
        return ""
    lines = "\n            ".join(parameter.documented for parameter in own)
    return f"\n\n        Args:\n            {lines}\n        "


def _decorator(event: Event) -> str:
    if not event.notes.deprecated:
        return ""
    instead = f"; use {event.notes.replaced_by}" if event.notes.replaced_by else ""
    return f"    @deprecated({literal(f'{event.type} is deprecated{instead}')})\n"


def _parameters(event: Event, contract: Contract, form: Form) -> Iterator[Parameter]:
    """Session first, then the payload, then the event's own, then what every event may carry."""
    envelope = [field for field in event.fields if field.name not in ("type", "payload")]
    common = {field.name for field in contract.envelope.fields}
    session = [field for field in envelope if field.name == SESSION and SESSION not in form.bound]
    own = [field for field in envelope if field.name not in common]
    rest = [field for field in envelope if field.name in common and field.name != SESSION]
    for field in (*session, *event.payload.fields, *own, *rest):
        known = field.name in STAMPED or (form.run and field.name == RUN)
        yield Parameter(field, annotation(field.type, contract), field.required and not known)


def _given(field: Field, form: Form) -> str:
    """The expression for a field of the envelope: the keyword, or what is bound, or whichever is there."""
    name = field.python
    if field.name == SESSION and SESSION in form.bound:
        return f"self._{name}"
    sure = field.required and not (form.run and field.name == RUN)
    if field.name in form.bound and not sure:
        return f"self._{name} if {name} is None else {name}"
    return name


def _dict(members: Mapping[str, str]) -> str:
    """A dict literal, over several lines when one is too long."""
    parts = [f"{literal(name)}: {value}" for name, value in members.items()]
    line = f"{{{', '.join(parts)}}}"
    if len(line) <= WIDTH - 17:
        return line
    inner = "".join(f"                    {part},\n" for part in parts)
    return f"{{\n{inner}                }}"
