"""The base of every generated class: strict, closed, frozen, and optional means absent."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler
from pydantic_core import CoreSchema

from .event import Timed


def _refuse_null(schema: CoreSchema) -> CoreSchema:
    """An optional field keeps its default None, and a null from the wire is a fault."""
    model: Any = schema
    while model["type"] in ("definitions", "model"):
        model = model["schema"]
    if model["type"] == "model-fields":
        for field in model["fields"].values():
            default = field["schema"]
            if default["type"] == "default" and default["schema"]["type"] == "nullable":
                default["schema"] = default["schema"]["schema"]
    return schema


class Model(BaseModel):
    """A JSON object of the contract. `None` for an optional field is the same as leaving it out, on the wire too."""

    model_config = ConfigDict(
        strict=True,
        extra="forbid",
        frozen=True,
        allow_inf_nan=False,
        serialize_by_alias=True,
        protected_namespaces=(),
    )

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler, /) -> CoreSchema:
        return _refuse_null(handler(source))

    if not TYPE_CHECKING:  # the signatures stay those of the fields, and Pydantic's

        def __init__(self, /, **given: Any) -> None:
            if None in given.values():
                fields = type(self).__pydantic_fields__
                given = {
                    name: value
                    for name, value in given.items()
                    if value is not None or name not in fields or fields[name].is_required()
                }
            # Only the constructor takes from_; a document says from.
            self.__pydantic_validator__.validate_python(given, self_instance=self, by_alias=True, by_name=True)

        # Without this mark Pydantic would call __init__ for every nested object of a parsed document.
        __init__.__pydantic_base_init__ = True

        def __repr_args__(self) -> Any:
            """What is there; a person who reads a failed test has no use for a list of what is not."""
            return ((name, value) for name, value in super().__repr_args__() if name in self.__pydantic_fields_set__)

        def model_dump(self, **options: Any) -> dict[str, Any]:
            """As Pydantic's, but absent stays absent."""
            return super().model_dump(**{"exclude_unset": True, **options})

        def model_dump_json(self, **options: Any) -> str:
            """As Pydantic's, but absent stays absent."""
            return super().model_dump_json(**{"exclude_unset": True, **options})


class EventModel(Model):
    """The base of the envelope."""

    @property
    def time(self: Timed) -> datetime:
        """`timestamp` as an aware datetime."""
        return datetime.fromisoformat(self.timestamp)
