"""Types that contain themselves, unions with and without a tag."""

from typing import Literal, Optional

from pydantic import BaseModel


class And(BaseModel):
    op: Literal["and"]
    left: "And | Leaf"
    right: "And | Leaf"


class Leaf(BaseModel):
    op: Literal["leaf"]
    name: str


class Folder(BaseModel):
    folders: dict[str, "Folder"] = {}
    parent: Optional["Folder"] = None


class Cat(BaseModel):
    lives: int


class Dog(BaseModel):
    tricks: list[str]


class FilterChanged(BaseModel):
    type: Literal["filter_changed"]
    filter: And | Leaf
    where: Folder
    pet: Cat | Dog | None = None
