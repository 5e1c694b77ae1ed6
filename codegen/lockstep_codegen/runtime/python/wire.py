"""The wire's own scalars: integers as JSON Schema counts them, and JSON that nobody looks into."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextvars import ContextVar
from math import isfinite
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias, TypeGuard

from pydantic import GetPydanticSchema
from pydantic_core import CoreSchema, PydanticCustomError
from pydantic_core import core_schema as cs

DEPTH = 64
"""Containers within containers that the wire carries; the event itself is the first."""
SAFE = 2**53 - 1

if TYPE_CHECKING:
    JsonValue: TypeAlias = "bool | int | float | str | Sequence[JsonValue] | Mapping[str, JsonValue] | None"
    """What may be given where the contract says JSON; it is kept as a copy of plain lists and dicts."""
    NotNull: TypeAlias = bool | int | float | str | Sequence[JsonValue] | Mapping[str, JsonValue]
else:
    JsonValue = NotNull = Any  # what validates itself below is nothing for Pydantic to look into

ROOM = 32
"""Levels that an opaque value may have before a parsed document is looked at as a whole; see `Contract.parse`."""
LIFTED: ContextVar[bool] = ContextVar("lifted", default=False)
"""Set once a document is known not to be too deep."""
UNCARRIED = "holds a number that JSON cannot carry"


def is_object(value: Any) -> TypeGuard[dict[str, Any]]:
    """Whether a parsed JSON value is an object."""
    return isinstance(value, dict)


def is_array(value: Any) -> TypeGuard[list[Any]]:
    """Whether a parsed JSON value is an array."""
    return isinstance(value, list)


def finite(value: Any) -> bool:
    """Whether every number of a parsed JSON value fits a double: 1e400 and integers beyond it do not."""
    return _all_finite((value,), DEPTH + 1)


def _all_finite(values: Iterable[Any], room: int) -> bool:
    if room == 0:
        if not LIFTED.get():
            raise PydanticCustomError("deep", "perhaps nested too deeply")
        room = DEPTH
    for value in values:
        kind = value.__class__
        if kind is str or kind is bool or value is None:
            continue
        if kind is dict:
            if not _all_finite(value.values(), room - 1):
                return False
        elif kind is list:
            if not _all_finite(value, room - 1):
                return False
        elif not _is_carried(value):
            return False
    return True


def _is_carried(number: float) -> bool:
    try:
        return isfinite(number)
    except OverflowError:
        return False


def plain(value: Any, depth: int = 1) -> Any:
    """A copy of `value` in plain lists and dicts. Raises PydanticCustomError for what JSON cannot carry."""
    if value is None or value is True or value is False:
        return value
    if isinstance(value, str):
        return value if value.isascii() else _well_formed(value)
    if isinstance(value, (int, float)):
        return _checked(value)
    if depth > DEPTH:
        raise PydanticCustomError("too_deep", "nested deeper than {depth} levels", {"depth": DEPTH})
    if _is_mapping(value):
        return _members(value, depth + 1)
    if _is_sequence(value):
        return [plain(item, depth + 1) for item in value]
    raise PydanticCustomError("not_json", "holds a {kind}, which JSON cannot carry", {"kind": type(value).__name__})


def _members(value: Mapping[Any, Any], depth: int) -> dict[str, Any]:
    # Most members are short texts: what is in ASCII needs no question more.
    return {
        name if name.__class__ is str and name.isascii() else _name(name): member
        if member.__class__ is str and member.isascii()
        else plain(member, depth)
        for name, member in value.items()
    }


def _is_mapping(value: Any) -> TypeGuard[Mapping[Any, Any]]:
    return isinstance(value, (dict, Mapping))  # a dict, asked first, spares the slow question


def _is_sequence(value: Any) -> TypeGuard[Sequence[Any]]:
    return isinstance(value, (list, Sequence)) and not isinstance(value, (bytes, bytearray, memoryview))


def _well_formed(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise PydanticCustomError("surrogate", "a lone surrogate in a string") from None
    return text


def _name(name: Any) -> str:
    if not isinstance(name, str):
        raise PydanticCustomError("not_json", "holds a member name that is not a string")
    return _well_formed(name)


def _checked(value: Any) -> Any:
    kind = value.__class__
    if kind is dict:
        fits = _all_finite(value.values(), ROOM)
    elif kind is list:
        fits = _all_finite(value, ROOM)
    else:
        fits = value is None or kind is str or kind is bool or _is_carried(value)
    if not fits:
        raise PydanticCustomError("not_finite", UNCARRIED)
    return value


def _present(value: Any) -> Any:
    if value is None:
        raise PydanticCustomError("null", "null is not allowed here")
    return value


def _present_and_checked(value: Any) -> Any:
    return _checked(_present(value))


def _plain_and_present(value: Any) -> Any:
    return plain(_present(value))


def _plain_object(value: Any) -> Any:
    if not _is_mapping(value):
        raise PydanticCustomError("not_object", "not an object")
    return _members(value, 2)


def _checked_object(value: Any) -> Any:
    if not _all_finite(value.values(), ROOM):
        raise PydanticCustomError("not_finite", UNCARRIED)
    return value


after = cs.no_info_after_validator_function


def _opaque(parsed: CoreSchema, given: Callable[[Any], Any]) -> GetPydanticSchema:
    """JSON is taken as it was parsed; what Python hands in is checked and copied."""
    schema = cs.json_or_python_schema(parsed, cs.no_info_plain_validator_function(given))
    return GetPydanticSchema(lambda _source, _handler: schema)


def _whole(least: int, most: int) -> GetPydanticSchema:
    """3 and 3.0, never "3", true or 3.5. All in Rust, and exact to 2**53, which is as far as the dialect goes."""
    number = cs.float_schema(strict=True, allow_inf_nan=False, ge=least, le=most)
    schema = cs.chain_schema([number, cs.int_schema(strict=False)])
    return GetPydanticSchema(lambda _source, _handler: schema)


Integer = Annotated[int, _whole(-SAFE, SAFE)]
Count = Annotated[int, _whole(0, SAFE)]
Json = Annotated[JsonValue, _opaque(after(_checked, cs.any_schema()), plain)]
JsonNotNull = Annotated[NotNull, _opaque(after(_present_and_checked, cs.any_schema()), _plain_and_present)]
JsonObject = Annotated[
    Mapping[str, JsonValue], _opaque(after(_checked_object, cs.dict_schema(cs.str_schema())), _plain_object)
]
