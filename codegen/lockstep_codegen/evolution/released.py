"""Released schemas: frozen copies beside the schema, pinned by digest, that every later version is compared with."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from lockstep_codegen.errors import Place, UnreadableError
from lockstep_codegen.evolution.document import Document
from lockstep_codegen.evolution.finding import Finding
from lockstep_codegen.evolution.rules import RULES
from lockstep_codegen.evolution.version import Version
from lockstep_codegen.evolution.wellformed import demand_schema
from lockstep_codegen.source import Source, is_object, load

RELEASED = "released"
"""The folder beside the schema, and the word for all of it on the command line."""
DIGESTS = "digests.json"
SUFFIX = ".schema.json"


def releases(path: Path) -> list[Document]:
    """Every release of the contract at `path`, lowest version first. Raises UnreadableError."""
    found: list[Document] = []
    for version in sorted(_digests(path), key=Version.parse):
        file = _file(path, version)
        if file.is_file():
            source = load(file)
            demand_schema(source)
            found.append(Document(source, version))
    return found


def frozen(path: Path) -> Iterator[Finding]:
    """What is not as it was released."""
    for version, digest in _digests(path).items():
        file = _file(path, version)
        if not file.is_file():
            yield _finding(path, version, f"{file.name} is missing")
        elif digest_of(load(file).document) != digest:
            yield _finding(path, version, f"{file.name} is not the schema of {version}: its digest differs")


def freeze(current: Document, path: Path) -> Path:
    """Keep the contract as its version's release. Raises UnreadableError when that version is another contract."""
    digests = dict(_digests(path))
    digest = digest_of(current.source.document)
    if digests.get(current.version, digest) != digest:
        raise UnreadableError(f"{current.version!r} is released already, and is another contract: raise VERSION first")
    Version.parse(current.version)
    file = _file(path, current.version)
    file.parent.mkdir(exist_ok=True)
    file.write_text(_text(current.source), encoding="utf-8")
    digests[current.version] = digest
    ordered = {version: digests[version] for version in sorted(digests, key=Version.parse)}
    (file.parent / DIGESTS).write_text(json.dumps(ordered, indent=2) + "\n", encoding="utf-8")
    return file


def _text(source: Source) -> str:
    """As it stands; with its base in it when it extends one: the base of today may be gone tomorrow."""
    if "x-bases" not in source.document:
        return source.text
    return json.dumps(source.document, indent=2, ensure_ascii=False) + "\n"


def digest_of(schema: Mapping[str, Any]) -> str:
    """`sha256:<hex>` of a schema's meaning: white space and the order of members make no difference."""
    text = json.dumps(schema, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def _file(path: Path, version: str) -> Path:
    return path.parent / RELEASED / f"{version}{SUFFIX}"


def _digests(path: Path) -> dict[str, str]:
    file = path.parent / RELEASED / DIGESTS
    if not file.is_file():
        return {}
    found = load(file).document
    if not is_object(found) or not all(isinstance(digest, str) for digest in found.values()):
        raise UnreadableError(f"{file}: an object is expected: versions and their digests")
    for version in found:
        Version.parse(version)
    return found


def _finding(path: Path, version: str, detail: str) -> Finding:
    place = Place(str(_file(path, version)), 1, 1)
    return Finding(RULES["FROZEN_VERSION_EDITED"], version, detail, place, place)
