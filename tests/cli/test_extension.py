"""The commands about a contract, in the folder of a team that extends ours and of one that extends that."""

import json
from pathlib import Path

import pytest
from support.extension import BIN, TEAMS, Teams, teams


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Teams:
    """Both contracts, made, and released at the version that they have."""
    both = teams(tmp_path_factory.mktemp("teams"))
    both.generate()
    for team in TEAMS:
        assert both.lockstep(team, "next-version", "--freeze").returncode == 0
    return both


def edit(made: Teams, team: str, old: str, new: str) -> str:
    """Replace `old` in a team's schema; returns the text as it was."""
    schema = made.folder / team / "schema" / "events.schema.json"
    before = schema.read_text()
    assert old in before
    schema.write_text(before.replace(old, new))
    return before


def restore(made: Teams, team: str, before: str) -> None:
    (made.folder / team / "schema" / "events.schema.json").write_text(before)


@pytest.mark.parametrize("team", TEAMS)
def test_what_is_made_is_what_the_schema_says(made: Teams, team: str) -> None:
    for command, said in (
        (["lint"], "schema/events.schema.json keeps the dialect\n"),
        (["fmt", "--check"], "schema/events.schema.json is in its form\n"),
        (["check"], "generated is what schema/events.schema.json says\n"),
    ):
        done = made.lockstep(team, *command)
        assert (done.returncode, done.stdout) == (0, said), done.stderr


def test_settings_are_found_from_below(made: Teams) -> None:
    done = made.run(BIN / "lockstep", "lint", cwd=made.folder / "acme" / "generated" / "docs")
    assert done.stdout == "../../schema/events.schema.json keeps the dialect\n", done.stderr


def test_drift_names_the_command_that_mends_it(made: Teams) -> None:
    models = made.folder / "acme" / "generated" / "python" / "acme_events" / "models.py"
    before = models.read_text()
    models.write_text(before + "spoilt = True\n")
    done = made.lockstep("acme", "check")
    models.write_text(before)
    assert done.returncode == 1
    assert done.stdout.endswith("generated is stale: 1 files. Run: lockstep generate\n")


def test_examples_and_golden_events_are_valid(made: Teams) -> None:
    for team, type in (("acme", "deployment_finished"), ("ops", "alert_raised"), ("ops", "run_started")):
        done = made.lockstep(team, "examples", "--random", "20", "--type", type)
        events = made.folder / "events.jsonl"
        events.write_text(done.stdout)
        assert made.lockstep(team, "validate", str(events)).stdout.endswith("20 events: 20 known, 0 invalid\n")
    assert made.lockstep("ops", "golden", "--out", str(made.folder / "golden")).returncode == 0
    assert sorted(path.name for path in (made.folder / "golden" / "events").iterdir()) == ["alert_raised.1.json"]


def test_an_own_event_means_nothing_to_the_base(made: Teams) -> None:
    done = made.lockstep("ops", "examples", "--random", "1", "--type", "alert_raised")
    events = made.folder / "alert.jsonl"
    events.write_text(done.stdout)
    assert made.lockstep("acme", "validate", str(events)).returncode == 1
    assert made.lockstep("acme", "validate", "--tolerant", str(events)).returncode == 0


@pytest.mark.parametrize("team", TEAMS)
def test_nothing_broke_since_the_release(made: Teams, team: str) -> None:
    done = made.lockstep(team, "breaking", "--against", "released")
    assert done.returncode == 0, done.stdout
    release = json.loads(next((made.folder / team / "schema" / "released").glob("*.schema.json")).read_text())
    assert "RunStartedEvent" in release["$defs"], "a release holds its base"


def test_a_breaking_edit_is_found_where_it_stands(made: Teams) -> None:
    before = edit(made, "acme", '"production"\n      ]', '"live"\n      ]')
    done = made.lockstep("acme", "breaking", "--against", "released")
    needed = made.lockstep("acme", "next-version")
    restore(made, "acme", before)
    assert done.returncode == 1
    lines = [line for line in done.stdout.splitlines() if "ENUM_VALUE_REMOVED" in line]
    assert lines[0].startswith("schema/events.schema.json:"), lines
    assert '"environment": "production"' in done.stdout, "a witness is an own event"
    assert needed.stdout.splitlines()[0] == "0.2.0"


def test_an_event_of_ones_own_raises_the_version_a_little(made: Teams) -> None:
    schema = made.folder / "ops" / "schema" / "events.schema.json"
    before = schema.read_text()
    document = json.loads(before)
    text = json.dumps({name: document["$defs"][f"AlertRaised{name}"] for name in ("Event", "Payload")})
    more = json.loads(text.replace("AlertRaised", "AlertClosed").replace("alert_raised", "alert_closed"))
    document["$defs"] |= {f"AlertClosed{name}": node for name, node in more.items()}
    document["oneOf"].append({"$ref": "#/$defs/AlertClosedEvent"})
    schema.write_text(json.dumps(document, indent=2))
    done = made.lockstep("ops", "changelog")
    needed = made.lockstep("ops", "next-version")
    restore(made, "ops", before)
    assert "alert_closed" in done.stdout
    assert (needed.returncode, needed.stdout.splitlines()[0]) == (1, "1.3.0")


def test_a_base_that_breaks_is_found_by_who_extends_it(made: Teams) -> None:
    before = edit(made, "acme", '"minLength": 1', '"minLength": 3')
    assert made.lockstep("acme", "generate").returncode == 0
    stale = made.lockstep("ops", "check")
    done = made.lockstep("ops", "breaking", "--against", "released")
    restore(made, "acme", before)
    made.generate()
    assert stale.returncode == 1
    assert done.returncode == 1
    assert "Target.service" in done.stdout
    (finding,) = [line for line in done.stdout.splitlines() if "Target.service" in line and "breaking" in line]
    line = int(finding.split(":")[1])
    schema = (made.folder / "ops" / "schema" / "events.schema.json").read_text().splitlines()
    assert "urn:acme:events" in "".join(schema[line - 1 : line + 1]), "the place is where the base is taken in"


def test_the_same_bytes_from_anywhere(made: Teams, tmp_path: Path) -> None:
    first = (made.folder / "ops" / "generated" / "manifest.json").read_bytes()
    folder = made.folder / "ops"
    done = made.run(BIN / "lockstep", "generate", "--out", tmp_path, cwd=folder, PYTHONHASHSEED="7", TZ="Asia/Tokyo")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "manifest.json").read_bytes() == first
    for name in json.loads(first)["files"]:
        assert (tmp_path / name).read_bytes() == (made.folder / "ops" / "generated" / name).read_bytes()
