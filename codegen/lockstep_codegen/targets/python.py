"""The Python package but its models: dispatchers, handlers and contract, and the runtime verbatim."""

from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from lockstep_codegen.extent import deepest, shortest
from lockstep_codegen.files import SourceFile
from lockstep_codegen.model import Contract
from lockstep_codegen.targets.python_activities import bases
from lockstep_codegen.targets.python_extension import (
    Imports,
    dispatcher_page,
    event_imports,
    handler_page,
    package_imports,
    union_page,
)
from lockstep_codegen.targets.python_methods import RUN, Form, Method, bindable, methods
from lockstep_codegen.targets.python_text import Parameter, annotation, docstring, is_inlined, literal, names_in
from lockstep_codegen.targets.templates import environment

CONTRACT_NAMES = (
    *("CONTRACT", "EVENT_CLASSES", "EventType", "SCHEMA_DIGEST", "SCHEMA_VERSION"),
    *("encode_event", "parse_event", "schema"),
)
DISPATCHERS = ("EventDispatcher", "SessionDispatcher")
RUN_DISPATCHER = "RunDispatcher"
RUNTIME = (
    *("Contract", "Event", "Fault", "InvalidEventError", "Json", "JsonNotNull", "JsonObject", "JsonValue", "Model"),
    *("Publisher", "Receipt", "SyncPublisher", "UnknownEvent", "Verdict"),
)
OPAQUE = frozenset({"Json", "JsonNotNull", "JsonObject"})


@dataclass(frozen=True, slots=True)
class Colour:
    """Coroutines or plain functions: what differs in the text."""

    prefix: str
    caller: str
    define: str
    wait: str


Page = tuple[str, dict[str, Any]]
"""A template, and what it prints."""
ASYNC = Colour("", "coroutines", "async def", "await ")
SYNC = Colour("Sync", "code without an event loop", "def", "")


def render(contract: Contract) -> list[SourceFile]:
    """Every file of the package."""
    header = contract.origin
    root = f"python/{contract.package}"
    context = _context(contract, header)
    pages = {
        "__init__.py": ("__init__.py.jinja", context),
        "contract.py": ("contract.py.jinja", {**context, "model_imports": _events(contract)}),
        **_varied(contract, context, ASYNC, ""),
        **_varied(contract, context, SYNC, "sync_"),
        "testing.py": ("testing.py.jinja", context),
        "pytest_plugin.py": ("pytest_plugin.py.jinja", context),
    }
    if contract.base:
        pages["union.py"] = ("extended_union.py.jinja", {**context, **union_page(contract, contract.base)})
    templates = environment("python")
    return sorted(
        [
            *(
                SourceFile(f"{root}/{name}", templates.get_template(page).render(data))
                for name, (page, data) in pages.items()
            ),
            SourceFile(f"{root}/schema.json", contract.schema_text),
            SourceFile(f"{root}/py.typed", ""),
            *([] if contract.base else _runtime(f"{root}/runtime")),
        ]
    )


def _varied(contract: Contract, context: dict[str, Any], colour: Colour, prefix: str) -> dict[str, Page]:
    """The pages that there are for coroutines and for plain functions."""
    dispatcher = {**context, **_dispatcher(contract, colour)}
    handler = {**context, "form": colour}
    if contract.base:
        own = dispatcher_page(contract, contract.base, colour.prefix, dispatcher)
        return {
            f"{prefix}dispatcher.py": ("extended_dispatcher.py.jinja", {**dispatcher, **own}),
            f"{prefix}handler.py": ("extended_handler.py.jinja", {**handler, **handler_page(contract, contract.base)}),
        }
    events = sorted([contract.title, *(event.name for event in contract.events)])
    return {
        f"{prefix}dispatcher.py": ("dispatcher.py.jinja", dispatcher),
        f"{prefix}handler.py": ("handler.py.jinja", {**handler, "models": events}),
    }


def _runtime(root: str) -> list[SourceFile]:
    folder = files("lockstep_codegen") / "runtime" / "python"
    return [
        SourceFile(f"{root}/{each.name}", each.read_text("utf-8"))
        for each in folder.iterdir()
        if each.name.endswith(".py")
    ]


def _events(contract: Contract) -> Imports:
    """The classes of all events and their union, from where they are."""
    if contract.base:
        return [*event_imports(contract, contract.base), (f"{contract.package}.union", [contract.title])]
    return [(f"{contract.package}.models", sorted([contract.title, *(event.name for event in contract.events)]))]


def _models(contract: Contract) -> Imports:
    """What the package has besides its machinery."""
    if contract.base:
        return package_imports(contract, contract.base)
    named = [name for name, each in contract.definitions.items() if not is_inlined(each)]
    return [(f"{contract.package}.models", [*named, contract.title, *(event.name for event in contract.events)])]


def _binds_run(contract: Contract) -> bool:
    return any(field.name == RUN for field in bindable(contract))


def _context(contract: Contract, header: str) -> dict[str, Any]:
    dispatchers = (*DISPATCHERS, *((RUN_DISPATCHER,) if _binds_run(contract) else ()))
    package = contract.package
    imports = [
        (f"{package}.contract", CONTRACT_NAMES),
        (f"{package}.dispatcher", dispatchers),
        (f"{package}.handler", ("EventHandler",)),
        *_models(contract),
        (contract.runtime, RUNTIME),
        (f"{package}.sync_dispatcher", [f"Sync{name}" for name in dispatchers]),
        (f"{package}.sync_handler", ("SyncEventHandler",)),
    ]
    return {
        "header": header,
        "package": package,
        "runtime": contract.runtime,
        "package_literal": literal(package),
        "title": contract.title,
        "doc": docstring(contract.description, 0),
        "version": literal(contract.version),
        "digest": literal(contract.digest),
        "levels": deepest(contract),
        "shortest": shortest(contract),
        "unlogged": [event.type for event in contract.events if not event.logged],
        "events": [
            {"type": event.type, "name": event.name, "doc": docstring(event.description, 8)}
            for event in contract.events
        ],
        "imports": [(module, sorted(names)) for module, names in imports],
        "exported": sorted(name for _, names in imports for name in names),
    }


def _dispatcher(contract: Contract, colour: Colour) -> dict[str, Any]:
    bound = [Parameter(field, annotation(field.type, contract), False) for field in bindable(contract)]
    known = frozenset({"session_id", *(parameter.field.name for parameter in bound)})
    unbound = methods(contract, Form(frozenset()))
    in_session = methods(contract, Form(known))
    in_run = [
        method
        for method, before in zip(methods(contract, Form(known, run=True)), in_session, strict=True)
        if method.parameters != before.parameters
    ]
    run = next((parameter for parameter in bound if parameter.field.name == RUN), None)
    names = _used(contract, unbound)
    opaque = sorted(names & OPAQUE)
    typing = [*(["Literal"] if "Literal" in names else []), *(["overload"] if run else [])]
    deprecated = any(event.notes.deprecated for event in contract.own_events)
    return {
        "form": colour,
        **bases(contract, colour.prefix),
        "typing": [
            *([f"from typing import {', '.join(typing)}"] if typing else []),
            *(["from typing_extensions import deprecated"] if deprecated else []),
        ],
        "models": sorted(names - OPAQUE - {"Literal"}),
        "wire": [f"from {contract.runtime}.wire import {', '.join(opaque)}"] if opaque else [],
        "session_type": next(annotation(f.type, contract) for f in contract.envelope.fields if f.name == "session_id"),
        "bound": bound,
        "bound_keywords": ["*", *(parameter.declared for parameter in bound)] if bound else [],
        "bound_arguments": "".join(f", {parameter.name}={parameter.name}" for parameter in bound),
        "run": run,
        "beside_run": [parameter for parameter in bound if parameter is not run],
        "unbound": unbound,
        "in_session": in_session,
        "in_run": in_run,
        "session_page": "session_run.jinja" if run else "session.jinja",
        "run_page": "run.jinja" if run else "nothing.jinja",
    }


def _used(contract: Contract, methods: list[Method]) -> set[str]:
    """The names that the text of the methods needs."""
    classes = {method.event_class for method in methods}
    fields = [parameter.field for method in methods for parameter in method.parameters]
    return classes.union(*(names_in(field.type, contract) for field in fields))
