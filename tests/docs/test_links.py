"""No page points to a file, or to a heading, that is not there."""

import re
from pathlib import Path

import pytest
from support.documents import ROOT, documents

LINK = re.compile(r"\]\(([^)#:\s]*)(?:#([^)\s]+))?\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


@pytest.mark.parametrize("page", documents(), ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    for target, fragment in LINK.findall(text):
        file = (page.parent / target).resolve() if target else page
        assert file.exists(), f"{page.name} points to {target}, which is not there"
        if fragment:
            anchors = {_anchor(heading) for heading in HEADING.findall(file.read_text(encoding="utf-8"))}
            assert fragment in anchors or f'id="{fragment}"' in file.read_text(encoding="utf-8"), f"{target}#{fragment}"


def _anchor(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
