"""The Lua scripts, each one atomic step on a session, read from the files beside this module."""

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Script:
    """A script and the name under which a server remembers it."""

    source: bytes
    sha: bytes

    @classmethod
    def load(cls, name: str) -> "Script":
        """Read `lua/<name>.lua` with the shared head in front."""
        folder = files("lockstep_bus") / "lua"
        source = (folder / "session.lua").read_bytes() + b"\n" + (folder / f"{name}.lua").read_bytes()
        return cls(source, hashlib.sha1(source, usedforsecurity=False).hexdigest().encode())


@cache
def script(name: str) -> Script:
    """One of `publish`, `read`, `delete`."""
    return Script.load(name)


SETUP = ("publish", "read", "delete")
