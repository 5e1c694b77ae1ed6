"""A team's own events on ours, and a second team's on those: what is made works, and type-checks strictly."""

import json
import os
import re
import sys
from pathlib import Path

import pytest
from support.extension import NODE, ROOT, TEAMS, Teams, node_modules, teams

PRINTED = {
    "acme": [
        "['r1', 'billing', 'agent_message_delta', 'deployment_finished', 'deployment_finished', 'unknown run_paused']"
        " ['production', 'took 7', 'took None']",
        "['/event_id', '/payload/targets/0/environment', '/session_id', '/timestamp']",
        "['run_started', 'deployment_finished'] acme_events 0.1.0 42",
    ],
    "ops": [
        "['run_started', 'billing', 'deployment_finished', 'high'] t1 deployment_finished 1.2.0"
        " ('deployment_requested', 'deployment_finished', 'alert_raised')"
    ],
}
LOGGED = {
    "acme": [
        '["r1","billing","agent_message_delta","deployment_finished","deployment_finished"] true',
        "unknown 42 0.1.0",
        "/event_id,/payload/targets/0/environment,/session_id,/timestamp",
    ],
    "ops": ['["r1","billing","deployment_finished","t1"] 43 alert_raised'],
}
STRICT = {
    "target": "ES2022", "lib": ["ES2023", "DOM"], "module": "NodeNext", "types": ["node"],
    "typeRoots": [str(ROOT / "node_modules/@types")], "strict": True, "noUncheckedIndexedAccess": True,
    "exactOptionalPropertyTypes": True, "noImplicitOverride": True, "noPropertyAccessFromIndexSignature": True,
    "noUnusedLocals": True, "noUnusedParameters": True, "verbatimModuleSyntax": True, "erasableSyntaxOnly": True,
    "isolatedModules": True, "allowImportingTsExtensions": True, "noEmit": True, "skipLibCheck": False,
}  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Teams:
    """Both contracts' packages, with nothing else of this repository but what is installed."""
    both = teams(tmp_path_factory.mktemp("teams"))
    both.generate()
    node_modules(both)
    return both


@pytest.mark.parametrize("team", TEAMS)
def test_python_speaks_every_contract_of_the_chain(made: Teams, team: str) -> None:
    done = made.run(sys.executable, "-W", "error", made.folder / team / "use.py")
    assert done.stdout.splitlines() == PRINTED[team], done.stderr


def test_own_events_come_in_and_go_out_as_custom_frames_of_ag_ui(made: Teams) -> None:
    done = made.run(sys.executable, "-W", "error", made.folder / "acme" / "stream.py")
    assert done.stdout.splitlines() == [
        "['run_started', 'deployment_requested', 'custom_emitted', 'run_completed'] production",
        "RUN_STARTED  ",
        "CUSTOM lockstep/deployment_requested {'targets': [{'service': 'billing', 'environment': 'production'}]}",
        "CUSTOM lockstep/deployment_requested {'targets': []}",
        "RUN_FINISHED  ",
    ], done.stderr


@pytest.mark.parametrize("team", TEAMS)
def test_only_own_classes_are_made(made: Teams, team: str) -> None:
    package = made.folder / team / "generated" / "python" / f"{team}_events"
    assert not (package / "runtime").exists()
    classes = [line for line in (package / "models.py").read_text().splitlines() if line.startswith("class ")]
    assert len(classes) == {"acme": 7, "ops": 3}[team], classes
    assert not (made.folder / team / "generated" / "typescript" / "src" / "runtime").exists()


@pytest.mark.parametrize("team", TEAMS)
def test_mypy_is_content(made: Teams, team: str) -> None:
    done = made.run(sys.executable, "-m", "mypy", "--strict", made.folder / team / "use.py", MYPYPATH=made.path)
    assert done.returncode == 0, done.stdout


def test_pyright_is_content(made: Teams) -> None:
    settings = {
        "typeCheckingMode": "strict", "venvPath": str(ROOT), "venv": ".venv", "include": list(TEAMS),
        "extraPaths": made.path.split(os.pathsep),
    }  # fmt: skip
    (made.folder / "pyrightconfig.json").write_text(json.dumps(settings))
    done = made.run(NODE / "pyright", "-p", made.folder)
    assert done.returncode == 0, done.stdout


def test_typescript_is_content(made: Teams) -> None:
    sources = [place for team in TEAMS for place in (f"{team}/use.ts", f"{team}/generated/typescript/src")]
    (made.folder / "tsconfig.json").write_text(json.dumps({"compilerOptions": STRICT, "include": sources}))
    (made.folder / "package.json").write_text('{"type": "module"}')
    done = made.run(NODE / "tsc", "-p", ".")
    assert done.stdout == ""


@pytest.mark.parametrize("team", TEAMS)
def test_javascript_speaks_every_contract_of_the_chain(made: Teams, team: str) -> None:
    bundle = made.folder / f"{team}.mjs"
    options = ["--bundle", "--format=esm", "--platform=node", "--log-level=warning", f"--outfile={bundle}"]
    built = made.run(NODE / "esbuild", made.folder / team / "use.ts", *options)
    assert built.returncode == 0, built.stderr
    done = made.run("node", bundle)
    assert done.stdout.splitlines() == LOGGED[team], done.stderr


def test_one_runtime_is_in_a_bundle_of_both(made: Teams) -> None:
    (made.folder / "both.ts").write_text('export * from "@acme/events";\nexport * as ops from "@ops/events";\n')
    done = made.run(NODE / "esbuild", "both.ts", "--bundle", "--format=esm")
    assert done.stdout.count("var InvalidEventError = class") == 1


def test_the_reference_tells_what_is_new_and_whose_the_rest_is(made: Teams) -> None:
    page = (made.folder / "ops" / "generated" / "docs" / "events.md").read_text()
    assert "1 event in 1 family" in page
    assert "It extends `acme_events` 0.1.0, whose 42 events" in page
    assert "| `target` | `Target` | required |" in page
    assert "### Tenancy" in page
    assert "run_started" not in page
    html = (made.folder / "ops" / "generated" / "python" / "ops_events" / "reference.html").read_text()
    assert '<a href="?of=acme_events"><code>acme_events</code></a> 0.1.0' in html


@pytest.mark.parametrize("team", TEAMS)
def test_the_schema_in_the_package_needs_no_other(made: Teams, team: str) -> None:
    schema = json.loads((made.folder / team / f"generated/python/{team}_events/schema.json").read_text())
    references = set(re.findall(r'"\$ref": "([^"]*)"', json.dumps(schema)))
    assert {reference.removeprefix("#/$defs/") for reference in references} <= schema["$defs"].keys()
    bases = [base["package"] for base in schema["x-bases"]]
    assert bases == ["lockstep_events", "acme_events"][: TEAMS.index(team) + 1]


def test_the_teams_folders_hold_no_other_files(made: Teams) -> None:
    for team in TEAMS:
        folder = made.folder / team / "generated"
        listed = set(json.loads((folder / "manifest.json").read_text())["files"]) | {"manifest.json"}
        found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
        assert {name for name in found if "__pycache__" not in Path(name).parts} == listed
