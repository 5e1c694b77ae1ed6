"""The reference as one page: complete, closed to the network, and proof against what a schema may say."""

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from lockstep_codegen.model import Contract
from lockstep_codegen.pipeline import contract_of
from lockstep_codegen.targets.docs import render
from lockstep_codegen.targets.docs_html import coloured, prose
from support.contracts import REAL, save, small

LARGEST = 400_000
HOSTILE = "</style><script>alert(1)</script> `<img src=x onerror=alert(1)>` **<b>** & \" '"


def page_of(contract: Contract) -> str:
    return next(file.text for file in render(contract) if file.path == "docs/events.html")


@pytest.fixture(scope="module")
def page() -> str:
    return page_of(contract_of(REAL))


class Outline(HTMLParser):
    """The ids, links and elements of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            self.attributes.append(name)
            if name == "id":
                self.ids.append(value or "")
            if name in ("href", "src", "for"):
                self.links.append(value or "" if name != "for" else f"#{value}")


def test_every_event_and_type_has_its_place_and_every_link_one(page: str) -> None:
    contract = contract_of(REAL)
    outline = Outline(page)
    assert len(outline.ids) == len(set(outline.ids))
    assert {event.type for event in contract.events} <= set(outline.ids)
    targets = {link.removeprefix("#") for link in outline.links if link.startswith("#")}
    assert targets <= set(outline.ids)
    assert all(link.startswith(("#", "data:,")) for link in outline.links)


def test_the_page_asks_nobody_and_allows_only_itself(page: str) -> None:
    style, script = (re.findall(f"<{tag}>(.*?)</{tag}>", page, re.DOTALL) for tag in ("style", "script"))
    assert (len(style), len(script)) == (1, 1)
    for kind, (text,) in (("style", style), ("script", script)):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in page
    assert "url(" not in style[0]
    assert "@import" not in style[0]
    outline = Outline(page)
    assert not {name for name in outline.attributes if name.startswith("on") or name == "style"}
    assert "http://" not in page.replace("http-equiv", "")
    assert len(page.encode()) < LARGEST


def test_what_a_schema_says_stays_text(tmp_path: Path) -> None:
    schema = small()
    payload = schema["$defs"]["NoteAddedPayload"]
    payload["properties"]["text"] |= {"description": HOSTILE, "x-otel": HOSTILE}
    payload["examples"] = [{"text": HOSTILE}]
    schema["description"] = schema["$defs"]["NoteAddedEvent"]["description"] = HOSTILE
    schema["title"] = "AgentEvent"
    schema["$defs"]["NoteAddedEvent"]["x-ag-ui"] = {"custom": HOSTILE}
    hostile = Outline(page_of(contract_of(save(schema, tmp_path))))
    assert hostile.tags.count("script") == 1
    assert hostile.tags.count("style") == 1
    assert "img" not in hostile.tags
    assert not {name for name in hostile.attributes if name.startswith("on")}


def test_what_is_deprecated_is_marked(tmp_path: Path) -> None:
    schema = small()
    schema["$defs"]["NoteAddedEvent"] |= {"deprecated": True, "x-replaced-by": "note_written"}
    page = page_of(contract_of(save(schema, tmp_path)))
    assert '<article id="note_added" class="deprecated">' in page
    assert "<strong>Deprecated.</strong> Use <code>note_written</code>" in page


@pytest.mark.parametrize(
    ("code", "html"),
    [
        ('{"a": "b", "c": 1}', '{<b>"a"</b>: <i>"b"</i>, <b>"c"</b>: 1}'),
        ('f(a="x<y")', 'f(<b>a</b>=<i>"x<y"</i>)'),
        ('{ a: "b: c" }', '{ <b>a</b>: <i>"b: c"</i> }'),
        ('"\\"<"', '<i>"\\"<"</i>'),
    ],
)
def test_code_is_coloured_and_escaped(code: str, html: str) -> None:
    said = str(coloured(code))
    assert said.replace("&#34;", '"').replace("&lt;", "<") == html
    assert re.sub("<[^>]*>", "", said).replace("&#34;", '"').replace("&lt;", "<") == code


def test_prose_knows_code_and_strong() -> None:
    assert str(prose("Use `a<b>`, **not** c.")) == "Use <code>a&lt;b&gt;</code>, <strong>not</strong> c."


def test_examples_stand_as_they_travel(page: str) -> None:
    text = re.sub("<[^>]*>", "", page).replace("&#34;", '"').replace("&#39;", "'").replace("&lt;", "<")
    for path in sorted((REAL.parents[1] / "tests/golden/events").glob("*.json")):
        document = json.loads(path.read_text())
        assert f'"event_id": "{document["event_id"]}"' in text
