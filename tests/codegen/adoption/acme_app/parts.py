"""What the events of this package share."""

from pydantic import BaseModel


class Place(BaseModel):
    city: str
