"""The files of a team's folder, as text."""

import json
from importlib.metadata import version
from typing import Any, Final

from lockstep_codegen.canonical_form import canonical_form
from lockstep_codegen.scaffold.names import Names
from lockstep_codegen.source import Source
from lockstep_codegen.targets.templates import environment

SCHEMA: Final = "schema/events.schema.json"
SETTINGS: Final = "pyproject.toml"
FIRST_VERSION: Final = "0.1.0"
_TEMPLATES: Final = {
    SETTINGS: "pyproject.toml",
    "README.md": "README.md",
    ".pre-commit-config.yaml": "pre-commit-config.yaml",
    ".github/workflows/events.yml": "workflow.yml",
    "tests/test_events.py": "test_events.py",
}


def scaffold(names: Names, schema: dict[str, Any] | None = None) -> dict[str, str]:
    """Path in the folder -> text. Without a schema it is one with an example, `deployment_requested`."""
    given: dict[str, Any] = {
        "names": names,
        "title": title_of(names),
        "lockstep": version("agui-lockstep"),
        "example": schema is None,
    }
    templates = environment("scaffold")
    contract: dict[str, Any] = schema or json.loads(templates.get_template("events.schema.json.jinja").render(given))
    # The union begins with the base; the event after it is the first of the team's own.
    first = str(contract["oneOf"][1]["$ref"]).rpartition("/")[2]
    given["type"] = contract["$defs"][first]["properties"]["type"]["const"]
    text = canonical_form(Source(SCHEMA, "", contract, {}))
    files = {SCHEMA: text, "schema/VERSION": f"{FIRST_VERSION}\n"}
    return files | {
        path: templates.get_template(f"{template}.jinja").render(given) for path, template in _TEMPLATES.items()
    }


def title_of(names: Names) -> str:
    """What the union of all events is called: `AcmeEvent`."""
    return "".join(word.capitalize() for word in names.team.split("_")) + "Event"


def settings_of(names: Names) -> str:
    """The table that a pyproject.toml needs which was there before."""
    text = environment("scaffold").get_template("pyproject.toml.jinja").render(names=names, lockstep="")
    return "[tool.lockstep]" + text.partition("[tool.lockstep]")[2].partition("\n\n")[0]
