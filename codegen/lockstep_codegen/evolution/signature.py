"""How a place looks in the generated code: enough of Python and TypeScript to show what changed."""

from lockstep_codegen.evolution.change import Signature
from lockstep_codegen.evolution.document import Document, Spot
from lockstep_codegen.evolution.shape import OBJECT, Fields, Map, Shape, Tagged, shape

MOST_VALUES = 12
PYTHON = {"null": "None", "boolean": "bool", "string": "str"}
TYPESCRIPT = {"null": "null", "boolean": "boolean", "string": "string", "number": "number"}
OPAQUE = ("Json", "JsonNotNull", "JsonObject")
GONE = "(gone)"
ABSENT = "(absent)"


def member(document: Document, name: str, spot: Spot, *, required: bool) -> tuple[str, str]:
    """A member as a keyword argument of the dispatcher and as a property of an interface."""
    python, typescript = annotation(document, spot)
    ending = "" if required else " | None = None"
    return f"{name}: {python}{ending}", f"{name}{'' if required else '?'}: {typescript}"


def annotation(document: Document, spot: Spot) -> tuple[str, str]:
    """The type of a place in Python and in TypeScript."""
    name = document.reference(spot)
    found = shape(document, spot)
    named = isinstance(found.objects, Fields | Tagged) and found.types == OBJECT
    if name is not None and (named or found.strange or name in OPAQUE):
        return name, name
    return _python(document, found), _typescript(document, found)


def both(before: tuple[str, str], after: tuple[str, str]) -> Signature:
    return Signature(python=(before[0], after[0]), typescript=(before[1], after[1]))


def _python(document: Document, found: Shape) -> str:
    if found.values is not None:
        return f"Literal[{_values(found)}]"
    if found.strange or len(found.types) >= 5:
        return "Any"
    names = dict(PYTHON, number="int" if found.whole else "float", object=_mapping(document, found, 0))
    names["array"] = f"list[{annotation(document, found.items)[0]}]" if "array" in found.types else ""
    return " | ".join(names[kind] for kind in sorted(found.types, reverse=True))


def _typescript(document: Document, found: Shape) -> str:
    if found.values is not None:
        return _values(found).replace(", ", " | ")
    if found.strange or len(found.types) >= 5:
        return "Json"
    names = dict(TYPESCRIPT, object=_mapping(document, found, 1))
    names["array"] = f"{annotation(document, found.items)[1]}[]" if "array" in found.types else ""
    return " | ".join(names[kind] for kind in sorted(found.types, reverse=True))


def _values(found: Shape) -> str:
    texts = list(found.values or {})
    return ", ".join(texts[:MOST_VALUES]) + (", ..." if len(texts) > MOST_VALUES else "")


def _mapping(document: Document, found: Shape, language: int) -> str:
    if not isinstance(found.objects, Map):
        return ("object", "object")[language]
    values = annotation(document, found.objects.values) if found.objects.values.node else ("Any", "Json")
    return (f"dict[str, {values[0]}]", f"Record<string, {values[1]}>")[language]
