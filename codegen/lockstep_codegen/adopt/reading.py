"""Runs in a process of its own: imports somebody's module and tells its Pydantic models as JSON.

Whatever that module prints goes to standard error, and whatever it breaks, breaks here.
"""

import importlib
import json
import os
import sys
import traceback
import warnings
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from pydantic import BaseModel, RootModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue, models_json_schema
from typing_extensions import override


class Reader(GenerateJsonSchema):
    """Pydantic's own generator, which goes on where a type has no JSON form."""

    @override
    def handle_invalid_for_json_schema(self, schema: Any, error_info: str) -> JsonSchemaValue:
        return {"x-unreadable": error_info}

    @override
    def decimal_schema(self, schema: Any) -> JsonSchemaValue:
        """Text without a mark of what it is, otherwise."""
        return {"type": "string", "format": "decimal"}


def main(target: str) -> dict[str, Any]:
    """What `models.py` needs to know of the module: a file, or a dotted name."""
    try:
        module = _import(target)
    except BaseException as error:  # SystemExit too: a module may call a program's main
        return {"error": _said(error, target)}
    classes = dict(_models(module))
    try:
        wanted: list[Any] = [(model, "serialization") for model in classes.values()]
        keys, shared = models_json_schema(
            wanted, by_alias=False, ref_template="#/$defs/{model}", schema_generator=Reader
        )
    except Exception as error:
        return {"error": _said(error, target)}
    rows = [
        {
            "name": name,
            "definition": keys[model, "serialization"]["$ref"].rpartition("/")[2],
            "bases": [other for other, base in classes.items() if base is not model and issubclass(model, base)],
            "tag": _class_tag(model),
            "aliases": _aliases(model),
            "own": model.__module__ == module.__name__,
        }
        for name, model in classes.items()
    ]
    return {"models": rows, "definitions": shared.get("$defs", {})}


def _import(target: str) -> ModuleType:
    sys.path.insert(0, os.getcwd())
    path = Path(target)
    if not target.endswith(".py"):
        return importlib.import_module(target)
    path = path.resolve()
    parts = [] if path.stem == "__init__" else [path.stem]
    folder = path.parent
    while (folder / "__init__.py").is_file():  # inside a package: its relative imports need the whole name
        parts.insert(0, folder.name)
        folder = folder.parent
    sys.path.insert(0, str(folder))
    return importlib.import_module(".".join(parts))


def _models(module: ModuleType) -> Iterator[tuple[str, type[BaseModel]]]:
    """The models that the module offers: what it defines, its package does, or its `__all__` names."""
    home = module.__name__.partition(".")[0]
    named: list[str] = list(getattr(module, "__all__", ()))
    offered = {**vars(module), **{name: getattr(module, name, None) for name in named}}
    seen: set[type[BaseModel]] = {BaseModel, RootModel}
    for name, value in offered.items():
        if not isinstance(value, type) or not issubclass(value, BaseModel) or value in seen:
            continue
        if value.__module__.partition(".")[0] != home and name not in named:
            continue  # imported from elsewhere
        if issubclass(value, RootModel) or value.__pydantic_generic_metadata__["parameters"]:
            continue  # a union of events, or a form that others fill in
        seen.add(value)
        yield name, value


def _class_tag(model: type[BaseModel]) -> dict[str, str]:
    """Texts that are class variables: `event_type: ClassVar[str] = "order_placed"`."""
    found = {name: getattr(model, name, None) for name in model.__class_vars__}
    return {name: value for name, value in found.items() if isinstance(value, str)}


def _aliases(model: type[BaseModel]) -> dict[str, str]:
    """Names on the wire that are not the names in Python."""
    found = {name: field.serialization_alias or field.alias for name, field in model.model_fields.items()}
    return {name: alias for name, alias in found.items() if alias and alias != name}


def _said(error: BaseException, target: str) -> str:
    """The error in one line, with the line of the user's file that it comes from."""
    words = str(error).strip().splitlines()
    said = f"{type(error).__name__}: {words[0]}" if words else type(error).__name__
    if isinstance(error, SyntaxError) and error.filename:
        return f"{_short(error.filename)}:{error.lineno}: {type(error).__name__}: {error.msg}"
    here = Path(__file__).resolve()
    lines = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if not frame.filename.startswith("<") and Path(frame.filename).resolve() != here
    ]
    own = [frame for frame in lines if "site-packages" not in frame.filename and sys.base_prefix not in frame.filename]
    return f"{_short(own[-1].filename)}:{own[-1].lineno}: {said}" if own else f"{target}: {said}"


def _short(path: str) -> str:
    shorter = os.path.relpath(path)
    return path if shorter.startswith("..") else shorter


if __name__ == "__main__":
    answers = os.dup(1)
    os.dup2(2, 1)  # what the module prints is no answer
    warnings.simplefilter("ignore")  # a default without a JSON form is no concern of the contract
    with os.fdopen(answers, "w", encoding="utf-8") as pipe:
        json.dump(main(sys.argv[1]), pipe)
        pipe.flush()
    os._exit(0)  # threads that the module started are nobody's concern either
