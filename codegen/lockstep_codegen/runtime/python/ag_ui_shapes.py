"""Objects inside AG-UI frames: declared names change with the direction, what is opaque stays as it is."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias, TypeGuard

Json: TypeAlias = Any


def is_object(value: Json) -> TypeGuard[dict[str, Json]]:
    return isinstance(value, dict)


def is_array(value: Json) -> TypeGuard[list[Json]]:
    return isinstance(value, list)


class Extras:
    """Members of a frame that the table does not declare, by JSON Pointer."""

    def __init__(self) -> None:
        self.kept: dict[str, Json] = {}
        self.refused: list[str] = []
        """Those that AG-UI allows nowhere: every object is closed but a patch operation."""

    def add(self, pointer: str, value: Json, *, allowed: bool = False) -> None:
        self.kept[pointer] = value
        if not allowed:
            self.refused.append(pointer)


class AgUiShapes:
    """Every object and union that can stand below an event, by name, in both directions."""

    def __init__(self, shapes: Mapping[str, Mapping[str, Json]]) -> None:
        self._shapes = shapes
        self._inward = {name: inverted(shape["fields"]) for name, shape in shapes.items() if "fields" in shape}

    def outward(self, value: Json, name: str | None) -> Json:
        """A value of the contract as AG-UI writes it; members that AG-UI does not have are left out."""
        if name is None:
            return value
        if is_array(value):
            return [self.outward(each, name) for each in value]
        shape = self._shape(value, name)
        if shape is None:
            return value
        fields: Mapping[str, Sequence[Any]] = self._shapes[shape]["fields"]
        return {fields[key][0]: self.outward(each, fields[key][1]) for key, each in value.items() if key in fields}

    def inward(self, value: Json, name: str | None, pointer: str, extras: Extras) -> Json:
        """An AG-UI value in the contract's names; what is not declared goes to `extras`."""
        if name is None:
            return value
        if is_array(value):
            return [self.inward(each, name, f"{pointer}/{index}", extras) for index, each in enumerate(value)]
        shape = self._shape(value, name)
        if shape is None:
            return value
        fields = self._inward[shape]
        result: dict[str, Json] = {}
        for key, each in value.items():
            place = below(pointer, key)
            if key in fields:
                snake, inner = fields[key]
                result[snake] = self.inward(each, inner, place, extras)
            else:
                extras.add(place, each, allowed=self._shapes[shape].get("open", False))
        return result

    def in_ag_ui(self, steps: list[str], value: Json, name: str | None) -> Iterator[str]:
        """The steps of a pointer into `value`, an object of the contract, in AG-UI's names."""
        for step in steps:
            if is_array(value):
                value = value[int(step)] if step.isdigit() and int(step) < len(value) else None
                yield step
                continue
            shape = self._shape(value, name)
            camel, name = self._shapes[shape]["fields"].get(step, (step, None)) if shape else (step, None)
            value = value.get(step) if is_object(value) else None
            yield camel

    def _shape(self, value: Json, name: str | None) -> str | None:
        """The object that `value` is meant to be: a union is decided by its tag; None for what is no object."""
        if name is None or not is_object(value):
            return None
        shape = self._shapes[name]
        if "tag" not in shape:
            return name
        members: Mapping[str, str] = shape["of"]
        tag: Json = value.get(shape["tag"])
        return members.get(tag) if isinstance(tag, str) else None


def inverted(fields: Mapping[str, Sequence[Any]]) -> dict[str, tuple[str, str | None]]:
    """From `snake: (camel, shape)` to `camel: (snake, shape)`."""
    return {camel: (snake, shape) for snake, (camel, shape) in fields.items()}


def below(pointer: str, step: str) -> str:
    """The pointer one step further down (RFC 6901)."""
    return f"{pointer}/{step.replace('~', '~0').replace('/', '~1')}"


def steps_of(pointer: str) -> list[str]:
    return [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]


def restore(frame: Json, pointer: str, value: Json) -> None:
    """Put a member back where it was; a place that is no longer there is left alone."""
    steps = steps_of(pointer)
    for step in steps[:-1]:
        if is_object(frame) and step in frame:
            frame = frame[step]
        elif is_array(frame) and step.isdigit() and int(step) < len(frame):
            frame = frame[int(step)]
        else:
            return
    if is_object(frame) and steps:
        frame[steps[-1]] = value
