"""`lockstep fmt`: one form for every schema that says the same."""

import json
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lockstep_cli.__main__ import main
from lockstep_codegen.canonical_form import canonical_form
from lockstep_codegen.pipeline import contract_of
from lockstep_codegen.source import is_array, is_object, parse
from support.contracts import REAL, real, save, small


def formatted(schema: object) -> str:
    return canonical_form(parse("x.json", json.dumps(schema)))


def test_the_committed_schema_is_in_its_form() -> None:
    assert REAL.read_text(encoding="utf-8") == formatted(real())


def shuffled(value: Any, chance: random.Random, *, inside: str = "") -> Any:
    """The same schema with the keywords of every node in another order."""
    if is_array(value):
        return [shuffled(item, chance, inside=inside) for item in value]
    if not is_object(value) or inside in ("examples", "x-ag-ui"):
        return value
    names = list(value)
    if inside not in ("$defs", "properties"):
        chance.shuffle(names)
    return {name: shuffled(value[name], chance, inside="" if inside == "properties" else name) for name in names}


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32))
def test_the_order_of_keywords_makes_no_difference(seed: int) -> None:
    assert formatted(shuffled(real(), random.Random(seed))) == formatted(real())


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(st.sampled_from(["$defs", "properties", "oneOf", "items", "x-a", "é"]), inner, max_size=4),
    max_leaves=20,
)  # fmt: skip


@settings(deadline=None)
@given(json_values)
def test_any_json_keeps_its_value_and_is_formatted_once(value: Any) -> None:
    text = formatted(value)
    assert json.loads(text) == value
    assert canonical_form(parse("x.json", text)) == text


def test_fmt_writes_and_check_tells(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = save(small(), tmp_path)
    text = path.read_text()
    path.write_text(text.replace('"title": "AgentEvent",\n', '"title":"AgentEvent",\n') + "\n")
    before = contract_of(path)
    assert main(["fmt", "--check", "--schema", str(path)]) == 1
    assert capsys.readouterr().out == f"{path}:4: not in its form. Run: lockstep fmt\n"
    assert main(["fmt", "--schema", str(path)]) == 0
    assert path.read_text() == formatted(small())
    assert contract_of(path).events == before.events
    capsys.readouterr()
    assert main(["fmt", "--check", "--schema", str(path)]) == 0


def test_a_byte_order_mark_and_windows_lines_go(tmp_path: Path) -> None:
    path = save(small(), tmp_path)
    path.write_bytes(b"\xef\xbb\xbf" + formatted(small()).replace("\n", "\r\n").encode())
    assert main(["fmt", "--check", "--schema", str(path)]) == 1
    assert main(["fmt", "--schema", str(path)]) == 0
    assert path.read_bytes() == formatted(small()).encode()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"a": 1e400}', "beyond what a double holds"),
        (f'{{"a": {"1" * 5000}}}', ":1:7: a number has at most 400 characters"),
        ('{"a": "\\ud800"}', ":1:7: the string holds half a surrogate pair"),
        ("{", "the file ends here"),
    ],
)
def test_what_cannot_be_written_is_one_line(
    text: str, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "x.json"
    path.write_text(text)
    assert main(["fmt", "--schema", str(path)]) == 2
    assert message in capsys.readouterr().err
    assert path.read_text() == text
