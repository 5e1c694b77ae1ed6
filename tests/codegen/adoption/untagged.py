"""Events without any type: the class says it."""

from collections.abc import Callable
from typing import Any

from pydantic import BaseModel, ConfigDict


class Point(BaseModel):
    x: float
    y: float


class RobotMoved(BaseModel):
    path: list[Point]
    carrying: list[Any] = []


class HTTPCallFailed(BaseModel):
    model_config = ConfigDict(extra="allow")

    status: int
    schema_version: int
    parse: str | list[str]
    retry: Callable[[], None] | None = None
    headers: dict[str, list[str]] = {}


class BatteryLowEvent(BaseModel):
    pass
