"""Add an event to a copy of the schema, run one command, and use it in Python, typed. (TypeScript: tests/codegen.)"""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from support.contracts import ROOT, real, save

BIN = Path(sys.executable).parent

REF = "#/$defs/"
PAYLOAD: dict[str, Any] = {
    "description": "The payload of `deployment_requested`.",
    "type": "object",
    "properties": {
        "service": {"description": "What to deploy.", "type": "string"},
        "target": {"$ref": f"{REF}DeploymentTarget", "description": "Where to."},
        "urgency": {"description": "How soon.", "type": "string", "enum": ["now", "tonight"]},
        "reviewers": {"description": "Who agreed.", "type": "array", "items": {"$ref": f"{REF}Identifier"}},
    },
    "required": ["service", "target", "urgency"],
    "additionalProperties": False,
    "examples": [
        {"service": "api", "target": {"region": "eu", "replicas": 3}, "urgency": "now", "reviewers": ["ada"]},
    ],
}
TARGET: dict[str, Any] = {
    "description": "Where a service runs.",
    "type": "object",
    "properties": {
        "region": {"description": "The region.", "type": "string"},
        "replicas": {"$ref": f"{REF}Count", "description": "How many."},
    },
    "required": ["region"],
    "additionalProperties": False,
}
EVENT: dict[str, Any] = {
    "description": "Somebody asked for a deployment.",
    "type": "object",
    "allOf": [{"$ref": f"{REF}Envelope"}, {"$ref": f"{REF}Attributed"}],
    "properties": {
        "type": {"description": "The type of the event.", "const": "deployment_requested"},
        "payload": {"$ref": f"{REF}DeploymentRequestedPayload", "description": "What is asked for."},
    },
    "required": ["type", "payload"],
    "unevaluatedProperties": False,
    "x-family": "deployment",
    "x-since": "0.2.0",
    "x-ag-ui": {"custom": "lockstep/deployment_requested"},
}

USE = """
import asyncio
from typing import Literal, assert_type

from lockstep_events import DeploymentRequestedEvent, DeploymentTarget, EventDispatcher, Receipt, parse_event
from lockstep_events.testing import RecordingPublisher


async def main() -> None:
    publisher = RecordingPublisher()
    dispatcher = EventDispatcher(publisher)
    receipt = await dispatcher.deployment_requested(
        session_id="abc", service="api", target=DeploymentTarget(region="eu"), urgency="now", reviewers=["ada"]
    )
    assert_type(receipt, Receipt)
    (event,) = publisher.events
    assert isinstance(event, DeploymentRequestedEvent)
    assert_type(event.payload.urgency, Literal["now", "tonight"])
    assert_type(event.payload.reviewers, list[str] | None)
    assert event.payload.target.region == "eu"


asyncio.run(main())
"""


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a Python package whose contract has one event more."""
    folder = tmp_path_factory.mktemp("extended")
    schema = real()
    definitions = {"DeploymentTarget": TARGET, "DeploymentRequestedPayload": PAYLOAD, "DeploymentRequestedEvent": EVENT}
    schema["$defs"].update(definitions)
    schema["oneOf"].append({"$ref": f"{REF}DeploymentRequestedEvent"})
    path = save(schema, folder / "schema", version="0.2.0")
    done = subprocess.run(
        [BIN / "lockstep", "generate", "--schema", path, "--out", folder / "out"],
        cwd=ROOT, capture_output=True, text=True, timeout=100, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return folder / "out" / "python"


def mypy(code: str, folder: Path, package: Path) -> subprocess.CompletedProcess[str]:
    path = folder / "use.py"
    path.write_text(code)
    # An empty configuration: a user's project knows nothing of ours.
    (folder / "mypy.ini").write_text(f"[mypy]\nstrict = True\nmypy_path = {package}\n")
    command: list[str | Path] = [
        BIN / "mypy",
        "--config-file",
        folder / "mypy.ini",
        "--cache-dir",
        package / ".mypy_cache",
        path,
    ]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=110, check=False)


def test_the_new_event_is_typed_and_published(package: Path, tmp_path: Path) -> None:
    checked = mypy(USE, tmp_path, package)
    assert checked.returncode == 0, checked.stdout
    run = subprocess.run(
        [sys.executable, "-W", "error", tmp_path / "use.py"],
        env={**os.environ, "PYTHONPATH": str(package)}, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (('urgency="now"', 'urgency="soon"'), "incompatible type \"Literal['soon']\""),
        (('service="api"', 'sevice="api"'), 'Unexpected keyword argument "sevice"'),
        (('service="api", ', ""), 'Missing named argument "service"'),
        (('reviewers=["ada"]', "reviewers=[1]"), "List item 0 has incompatible type"),
    ],
)
def test_a_wrong_call_does_not_type_check(package: Path, tmp_path: Path, change: tuple[str, str], message: str) -> None:
    checked = mypy(USE.replace(*change), tmp_path, package)
    assert checked.returncode == 1
    assert message in checked.stdout
