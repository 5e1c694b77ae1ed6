"""docs/migrating.md, followed to the letter by a reader who has the wheel: both ways carry the same."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.documents import ROOT
from support.reader import BLOCK, Reader
from support.release import Machine

pytestmark = pytest.mark.timeout(300)  # a release is built, and a page of commands followed

PAGE = ROOT / "docs" / "migrating.md"


@pytest.fixture(scope="module")
def reader(release: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    """One who has read the whole page."""
    reader = Reader(Machine(tmp_path_factory.mktemp("m"), release))
    try:
        reader.follow(PAGE)
        yield reader
    finally:
        reader.leave()


def test_the_terminal_says_what_the_page_shows(reader: Reader) -> None:
    (shown,) = [block["text"] for block in BLOCK.finditer(PAGE.read_text()) if block["language"] == "text"]
    answer = reader.said["lockstep init acme --from shop/events.py"].splitlines()
    assert [line for line in answer if line in shown.splitlines()] == shown.splitlines()
    assert "  Address.city, Address.zip, order_placed.order_source" in answer


def test_both_ways_carry_the_same(reader: Reader) -> None:
    old = [json.loads(line) for line in (reader.machine.folder / "old.jsonl").read_text().splitlines()]
    lines = reader.run("lockstep history order-7 --limit 0 --json").splitlines()
    new = [json.loads(line) for line in lines]
    assert [event["type"].replace("_", ".") for event in new] == [event["type"] for event in old]
    assert new[0]["payload"]["ship_to"] == {"city": "Bern"}
    assert new[0]["payload"]["order_source"] == old[0]["source"] == "web"
    assert new[1]["payload"]["carrier"] == old[1]["carrier"]
    assert [reader.said[command] for command in reader.said if "grep -c" in command] == ["1\n", "1\n"]


def test_a_forgotten_field_is_a_type_error(reader: Reader) -> None:
    path = reader.machine.folder / "shop" / "wrong.py"
    path.write_text((reader.machine.folder / "shop/publish.py").read_text().replace(", ship_to=address", ""))
    assert 'Missing named argument "ship_to"' in reader.run("mypy --strict -m shop.wrong", expected=1)
