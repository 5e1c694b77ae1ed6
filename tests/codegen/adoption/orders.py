"""A shop's events: types by default, money, enums, ids, durations."""

import enum
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from pydantic import BaseModel, Field


class Currency(enum.StrEnum):
    """What is paid in."""

    EUR = "EUR"
    USD = "USD"


class Priority(enum.IntEnum):
    LOW = 1
    HIGH = 2


class Money(BaseModel):
    amount: Decimal
    currency: Currency


class Line(BaseModel):
    sku: str = Field(pattern=r"^\d{3}-\w+$")
    count: int = Field(gt=0, le=1000)
    share: float = Field(ge=0, lt=1)


class OrderPlaced(BaseModel):
    type: str = "order.placed"
    order: UUID
    lines: list[Line]
    total: Money
    priority: Priority = Priority.LOW
    due: date
    packing: timedelta
    placed_at: datetime
    tags: set[str] = set()
    notes: dict[str, str | None] = {}


class OrderCancelled(BaseModel):
    type: str = "order.cancelled"
    order: UUID
    source: str
    coordinates: tuple[float, float]
    code: int | str
