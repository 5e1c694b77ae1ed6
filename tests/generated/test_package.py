"""The package as a whole: what it exports, what it brings along, and that it is finished when it is imported."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import lockstep_events
from lockstep_events import CONTRACT, SCHEMA_DIGEST, SCHEMA_VERSION, models
from pydantic import BaseModel

ROOT = Path(__file__).parents[2]
PACKAGE = Path(lockstep_events.__file__).parent
ALLOWED = {"pydantic", "pydantic_core", "annotated_types", "typing_extensions", "typing_inspection", "lockstep_events"}
FIXED = {
    *("CONTRACT", "EVENT_CLASSES", "EventType", "SCHEMA_DIGEST", "SCHEMA_VERSION", "AgentEvent"),
    *("encode_event", "parse_event", "schema"),
    *("EventDispatcher", "SessionDispatcher", "RunDispatcher", "EventHandler"),
    *("SyncEventDispatcher", "SyncSessionDispatcher", "SyncRunDispatcher", "SyncEventHandler"),
    *("Contract", "Event", "Fault", "InvalidEventError", "Json", "JsonNotNull", "JsonObject", "JsonValue", "Model"),
    *("Publisher", "Receipt", "SyncPublisher", "UnknownEvent", "Verdict"),
}


def test_exports() -> None:
    exported = lockstep_events.__all__
    assert exported == sorted(set(exported))
    assert set(exported) >= FIXED
    schema = json.loads((ROOT / "schema/events.schema.json").read_text("utf-8"))
    made = {name for name, node in schema["$defs"].items() if "properties" in node or "oneOf" in node or "enum" in node}
    assert set(exported) == FIXED | made
    assert all(hasattr(lockstep_events, name) for name in exported)


def test_it_brings_pydantic_alone() -> None:
    code = """
import sys
before = set(sys.modules)
import lockstep_events, lockstep_events.testing
tops = {name.partition(".")[0] for name in set(sys.modules) - before} - set(sys.stdlib_module_names)
print("\\n".join(name for name in tops if not name.startswith("_")))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert set(done.stdout.split()) <= ALLOWED


def test_classes_are_complete_at_import() -> None:
    code = """
import lockstep_events.models as models
from pydantic import BaseModel
kinds = [kind for kind in vars(models).values() if isinstance(kind, type) and issubclass(kind, BaseModel)]
assert len(kinds) > 100
assert all(kind.__pydantic_complete__ for kind in kinds)
"""
    subprocess.run([sys.executable, "-c", code], timeout=60, check=True)


def test_the_schema_comes_along() -> None:
    raw = CONTRACT.schema_bytes()
    assert json.loads(raw) == json.loads((ROOT / "schema/events.schema.json").read_text("utf-8"))
    assert f"sha256:{hashlib.sha256(raw).hexdigest()}" == SCHEMA_DIGEST == CONTRACT.digest
    assert (ROOT / "schema/VERSION").read_text("utf-8").strip() == SCHEMA_VERSION == CONTRACT.version
    assert lockstep_events.schema()["title"] == "AgentEvent"


def test_the_runtime_is_the_tested_one_verbatim() -> None:
    source = ROOT / "codegen/lockstep_codegen/runtime/python"
    texts = {path.name: path.read_bytes() for path in source.glob("*.py")}
    assert texts == {path.name: path.read_bytes() for path in (PACKAGE / "runtime").glob("*.py")}


def test_every_class_and_field_says_what_it_is() -> None:
    kinds = [kind for kind in vars(models).values() if isinstance(kind, type) and issubclass(kind, BaseModel)]
    assert all(kind.__doc__ for kind in kinds)
