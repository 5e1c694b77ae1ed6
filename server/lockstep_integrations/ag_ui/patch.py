"""JSON Patch (RFC 6902) on plain JSON values, without changing the value that is given."""

from collections.abc import Mapping, Sequence

from lockstep_integrations.ag_ui.values import Json, is_array, is_object, same


class PatchError(ValueError):
    """An operation does not fit the value; nothing of the patch is applied."""


def apply_patch(value: Json, operations: Sequence[Mapping[str, Json]]) -> Json:
    """The value after every operation. Only the containers on the way to a change are copied. Raises PatchError."""
    for operation in operations:
        value = _apply(value, operation)
    return value


def _apply(value: Json, operation: Mapping[str, Json]) -> Json:
    path = _steps(operation["path"])
    match operation["op"]:
        case "add":
            return _put(value, path, operation["value"], insert=True)
        case "remove":
            return _remove(value, path)
        case "replace":
            _get(value, path)
            return _put(value, path, operation["value"], insert=False)
        case "move":
            source = _steps(operation["from"])
            moved = _get(value, source)
            return _put(_remove(value, source) if source else value, path, moved, insert=True)
        case "copy":
            return _put(value, path, _get(value, _steps(operation["from"])), insert=True)
        case "test":
            if not same(_get(value, path), operation["value"]):
                raise PatchError(f'test failed at "{operation["path"]}"')
            return value
        case other:
            raise PatchError(f'"{other}" is not an operation')


def _steps(pointer: str) -> list[str]:
    steps = [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]
    if "__proto__" in steps:
        # The official JavaScript client refuses such a patch, and both sides have to end with the same state.
        raise PatchError('"__proto__" cannot be patched')
    return steps


def _get(value: Json, steps: Sequence[str]) -> Json:
    for step in steps:
        if is_object(value) and step in value:
            value = value[step]
        elif is_array(value):
            value = value[_index(step, len(value) - 1)]
        else:
            raise PatchError(f'there is no "{step}"')
    return value


def _put(value: Json, steps: Sequence[str], item: Json, *, insert: bool) -> Json:
    if not steps:
        return item
    step, rest = steps[0], steps[1:]
    if is_object(value):
        if rest and step not in value:
            raise PatchError(f'there is no "{step}"')
        return {**value, step: _put(value.get(step), rest, item, insert=insert)}
    if is_array(value):
        changed = list(value)
        if insert and not rest:
            changed.insert(len(value) if step == "-" else _index(step, len(value)), item)
        else:
            index = _index(step, len(value) - 1)
            changed[index] = _put(value[index], rest, item, insert=insert)
        return changed
    raise PatchError(f'there is no "{step}"')


def _remove(value: Json, steps: Sequence[str]) -> Json:
    if not steps:
        return None
    step, rest = steps[0], steps[1:]
    if is_object(value) and step in value:
        if rest:
            return {**value, step: _remove(value[step], rest)}
        return {key: each for key, each in value.items() if key != step}
    if is_array(value):
        index = _index(step, len(value) - 1)
        return [*value[:index], *([_remove(value[index], rest)] if rest else []), *value[index + 1 :]]
    raise PatchError(f'there is no "{step}"')


def _index(step: str, most: int) -> int:
    if not (step.isascii() and step.isdigit()) or int(step) > most or (len(step) > 1 and step[0] == "0"):
        raise PatchError(f'"{step}" is no place in the array')
    return int(step)
