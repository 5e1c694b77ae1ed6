"""The contract that another one extends: found among the installed packages, and never imported."""

import hashlib
import importlib.util
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from lockstep_codegen.errors import UnreadableError
from lockstep_codegen.source import is_object, load

OURS: Final = {"lockstep_events": "@agui-lockstep/events"}
"""The npm names of packages that do not just swap `_` for `-`."""
_VERSION: Final = re.compile(r'^SCHEMA_VERSION: Final = "([^"\\]+)"$', re.MULTILINE)


@dataclass(frozen=True)
class Base:
    """A generated package as a contract that extends it needs to know it."""

    package: str
    """The Python import package: `lockstep_events`."""
    version: str
    digest: str
    """`sha256:<hex>` of its schema.json."""
    schema: Mapping[str, Any]
    """Its schema, whole: what it extends itself stands in it."""

    @cached_property
    def npm(self) -> str:
        """The npm package: `@agui-lockstep/events`."""
        return str(self.schema.get("x-npm") or npm_of(self.package))

    @cached_property
    def owners(self) -> Mapping[str, frozenset[str]]:
        """Whose the definitions are: `$id` of each contract in the chain, the oldest first -> names."""
        older = {str(each["$id"]): frozenset(each["definitions"]) for each in self.schema.get("x-bases", ())}
        taken = frozenset[str]().union(*older.values())
        return {**older, str(self.schema["$id"]): frozenset(self.schema["$defs"]) - taken}

    @property
    def definitions(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.schema["$defs"]
        return found

    @cached_property
    def types(self) -> frozenset[str]:
        """Its event types."""
        return frozenset(event["properties"]["type"]["const"] for event in self._events)

    @property
    def speaks_ag_ui(self) -> bool:
        """Whether it says how its events travel as AG-UI, and so has a codec."""
        return any(event.get("x-ag-ui") and event.get("x-logged", True) for event in self._events)

    @property
    def _events(self) -> Iterator[Mapping[str, Any]]:
        for member in self.schema["oneOf"]:
            yield self.definitions[str(member["$ref"]).rpartition("/")[2]]

    @cached_property
    def line(self) -> list[dict[str, Any]]:
        """What a contract that extends this one says of the contracts that it is made of (`x-bases`), oldest first."""
        own = {
            "$id": self.schema["$id"],
            "package": self.package,
            "npm": self.npm,
            "version": self.version,
            "digest": self.digest,
            "definitions": sorted(self.owners[self.schema["$id"]]),
        }
        return [*self.schema.get("x-bases", ()), own]


def npm_of(package: str) -> str:
    """The npm name of a contract that does not say another one."""
    return OURS.get(package, package.replace("_", "-"))


def find_base(package: str) -> Base:
    """The base of this import name. Raises UnreadableError when there is no such package, or it holds no contract."""
    folder = _folder(package)
    path = folder / "schema.json"
    if not path.is_file():
        raise UnreadableError(f"extends {package!r}: {folder} holds no schema.json: name a package that Lockstep made")
    source = load(path)
    if not is_object(source.document) or not is_object(source.document.get("$defs")) or "$id" not in source.document:
        raise UnreadableError(f"extends {package!r}: {path} is no contract: generate it again")
    digest = f"sha256:{hashlib.sha256(source.text.encode()).hexdigest()}"
    return Base(package, _version(folder, package), digest, source.document)


def _folder(package: str) -> Path:
    if not package.isidentifier():
        raise UnreadableError(f"extends {package!r}: name an import package, like lockstep_events")
    importlib.invalidate_caches()  # it may have been made a moment ago
    found = importlib.util.find_spec(package)
    places = list(found.submodule_search_locations or ()) if found else []
    if not places:
        raise UnreadableError(
            f"extends {package!r}: no such package is installed here: install it, or correct extends in [tool.lockstep]"
        )
    return Path(places[0])


def _version(folder: Path, package: str) -> str:
    try:
        found = _VERSION.search((folder / "contract.py").read_text(encoding="utf-8"))
    except OSError:
        found = None
    if not found:
        raise UnreadableError(f"extends {package!r}: {folder}/contract.py says no version: generate it again")
    return found[1]
