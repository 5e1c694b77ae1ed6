"""The independent judge in tests: the `jsonschema` package, as one function."""

from collections.abc import Callable
from typing import Any, cast

from jsonschema import Draft202012Validator


def judge(schema: dict[str, Any]) -> Callable[[Any], bool]:
    """A function that tells whether a value is valid under `schema`."""
    validator = cast(Any, Draft202012Validator(schema))
    return lambda value: next(validator.iter_errors(value), None) is None
