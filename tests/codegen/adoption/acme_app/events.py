"""Events that import from their own package, relatively."""

from typing import Literal

from pydantic import BaseModel

from .parts import Place  # noqa: TID252 - what is adopted may do it

print("a module may print")  # noqa: T201 - and often does


class Moved(BaseModel):
    type: Literal["moved"]
    to: Place
