"""How deep documents of a contract can be nested, opaque values aside."""

from lockstep_codegen.model import Contract, Event, ListOf, MapOf, ObjectType, Reference, TextOrList, Type, Union


def deepest(contract: Contract) -> int | None:
    """Containers within containers of the deepest event, itself the first; None when a type is made of itself."""
    known: dict[str, int | None] = {}
    return _most([_fields(event, contract, known) for event in contract.events])


def _fields(made: Event | ObjectType, contract: Contract, known: dict[str, int | None]) -> int | None:
    inner = _most([_type(field.type, contract, known) for field in made.fields])
    return None if inner is None else inner + 1


def _type(type: Type, contract: Contract, known: dict[str, int | None]) -> int | None:
    match type:
        case ListOf(inner) | MapOf(inner) | TextOrList(_, ListOf(inner)):
            depth = _type(inner, contract, known)
            return None if depth is None else depth + 1
        case Reference(name):
            if name not in known:
                known[name] = None  # whoever meets it again on the way down has found a circle
                known[name] = _named(name, contract, known)
            return known[name]
        case _:
            return 0


def _named(name: str, contract: Contract, known: dict[str, int | None]) -> int | None:
    target = contract.resolve(Reference(name))
    if isinstance(target, ObjectType):
        return _fields(target, contract, known)
    if isinstance(target, Union):
        return _most([_type(Reference(variant.name), contract, known) for variant in target.variants])
    return _type(target, contract, known)


def _most(depths: list[int | None]) -> int | None:
    if None in depths:
        return None
    return max((depth for depth in depths if depth is not None), default=0)
