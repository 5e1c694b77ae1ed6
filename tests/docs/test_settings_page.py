"""docs/settings.md names every setting, with the default that it has."""

import re

import pytest
from lockstep_bus import BusSettings
from lockstep_server import ServerSettings
from support.documents import ROOT

ROW = re.compile(r"^\| `(?:LOCKSTEP_)?([A-Z_]+)` \| (?:`([^`]*)`)? *\| [^|]{10,} \|$", re.MULTILINE)
FOLDER = "~/.local/state/lockstep"


@pytest.mark.parametrize(("heading", "settings"), [("The bus", BusSettings), ("The server", ServerSettings)])
def test_the_page_says_what_the_code_does(heading: str, settings: type[BusSettings | ServerSettings]) -> None:
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    section = page.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    said = {name.lower(): default for name, default in ROW.findall(section)}
    true = {name: FOLDER if name == "data_dir" else field.default for name, field in settings.model_fields.items()}
    assert said == {name: "" if default in (None, "", ()) else str(default) for name, default in true.items()}
