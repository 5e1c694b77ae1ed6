"""The dispatcher's methods as the templates print them: which keywords, and where each of them goes."""

from collections.abc import Iterator
from dataclasses import dataclass

from lockstep_codegen.model import STAMPED, Contract, Event, Field
from lockstep_codegen.targets.python_text import Parameter, annotation, docstring, literal

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
    payload_class: str
    parameters: tuple[Parameter, ...]
    envelope: tuple[str, ...]
    """Arguments of the event's constructor, `payload` apart: `run_id=run_id`."""
    payload: tuple[str, ...]
    """Arguments of the payload's."""


def bindable(contract: Contract) -> tuple[Field, ...]:
    """What may be the same for all events of a session: the optional fields of the mixins beside the envelope."""
    others = [mixin for mixin in contract.mixins if mixin.name != contract.envelope.name]
    return tuple({field.name: field for mixin in others for field in mixin.optional}.values())


def methods(contract: Contract, form: Form) -> list[Method]:
    """One for each event that a program publishes; the server makes the others itself."""
    return [_method(event, contract, form) for event in contract.events if event.logged]


def _method(event: Event, contract: Contract, form: Form) -> Method:
    parameters = sorted(_parameters(event, contract, form), key=lambda parameter: not parameter.required)
    return Method(
        name=event.type,
        doc=docstring(event.description, 8),
        arguments=_arguments(parameters, contract, form),
        decorator=_decorator(event),
        event_class=event.name,
        payload_class=event.payload.name,
        parameters=tuple(parameters),
        envelope=tuple(_argument(field, form) for field in _envelope(event)),
        payload=tuple(f"{field.python}={field.python}" for field in event.payload.fields),
    )


def _arguments(parameters: list[Parameter], contract: Contract, form: Form) -> str:
    """The unbound form documents what is the event's own; classes and models say the rest."""
    common = {field.name for field in (*contract.envelope.fields, *bindable(contract))}
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


def _envelope(event: Event) -> list[Field]:
    return [field for field in event.fields if field.name not in ("type", "payload")]


def _parameters(event: Event, contract: Contract, form: Form) -> Iterator[Parameter]:
    """Session first, then the payload, then the event's own, then what every event may carry."""
    envelope = _envelope(event)
    common = {field.name for field in contract.envelope.fields}
    session = [field for field in envelope if field.name == SESSION and SESSION not in form.bound]
    own = [field for field in envelope if field.name not in common]
    rest = [field for field in envelope if field.name in common and field.name != SESSION]
    for field in (*session, *event.payload.fields, *own, *rest):
        known = field.name in STAMPED or (form.run and field.name == RUN)
        yield Parameter(field, annotation(field.type, contract), field.required and not known)


def _argument(field: Field, form: Form) -> str:
    name = field.python
    if field.name in STAMPED:
        return f"{name}=self._stamp.{name}() if {name} is None else {name}"
    if field.name == SESSION and SESSION in form.bound:
        return f"{name}=self._{name}"
    sure = field.required and not (form.run and field.name == RUN)
    if field.name in form.bound and not sure:
        return f"{name}=self._{name} if {name} is None else {name}"
    return f"{name}={name}"
