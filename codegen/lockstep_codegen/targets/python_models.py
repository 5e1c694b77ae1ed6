"""The Pydantic models, by datamodel-code-generator as a library: options pinned here, its text never touched."""

from typing import Any, Final

from datamodel_code_generator import InputFileType, generate
from datamodel_code_generator.enums import DataModelType
from datamodel_code_generator.format import Formatter, PythonVersion
from datamodel_code_generator.parser import LiteralType

from lockstep_codegen.files import SourceFile
from lockstep_codegen.model import Contract
from lockstep_codegen.targets.python_view import Order, models_file, order

OPTIONS: Final[dict[str, Any]] = {
    "input_file_type": InputFileType.JsonSchema,
    "output_model_type": DataModelType.PydanticV2BaseModel,
    "target_python_version": PythonVersion.PY_311,  # the oldest that we support
    "disable_future_imports": True,  # evaluated annotations import faster than strings that Pydantic evaluates later
    "use_standard_collections": True,  # list[str]
    "use_union_operator": True,  # str | None
    "use_annotated": True,  # constraints beside the type, where every type checker reads the plain type
    "field_constraints": True,  # Field(ge=0), not conint(ge=0)
    "use_type_alias": True,  # unions and scalars are aliases by name, not RootModels to unwrap
    "enum_field_as_literal": LiteralType.All,  # an enum is the strings that it is on the wire
    "use_default_kwarg": True,
    "strict_nullable": True,  # only what is optional gets None
    "use_schema_description": True,  # docstrings of classes
    "use_field_description": True,  # and of fields, where editors look for them
    "use_single_line_docstring": True,
    "strict_refs": True,  # a reference to nothing is an error
    "allow_remote_refs": False,  # nothing is fetched
    "use_double_quotes": True,
    "formatters": [Formatter.BUILTIN],  # the same text wherever it runs
    "builtin_format_line_length": 120,  # whatever pyproject.toml is near
    "disable_timestamp": True,
}


def render(contract: Contract) -> list[SourceFile]:
    """The one file models.py."""
    return [models_file(contract, models(order(contract)))]


def models(order: Order) -> str:
    """The text of models.py: a class per object and event, an alias per union and scalar."""
    text = generate(order.document, base_class=order.base_class, custom_file_header=order.header, **OPTIONS)
    if not isinstance(text, str):
        raise TypeError(f"datamodel-code-generator made {type(text).__name__}, not the text of one module")
    return text
