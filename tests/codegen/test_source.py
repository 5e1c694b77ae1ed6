"""Reading a schema: every value has a place, and whatever is not JSON gets one line that says where."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lockstep_codegen.errors import UnreadableError
from lockstep_codegen.source import is_array, load, parse

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(JSON, st.sampled_from([None, 0, 2]))
def test_it_reads_what_json_reads(document: object, indent: int | None) -> None:
    text = json.dumps(document, indent=indent, ensure_ascii=False)
    assert parse("x.json", text).document == json.loads(text)


@given(JSON)
def test_every_place_is_where_the_value_begins(document: object) -> None:
    text = json.dumps(document, indent=1)
    source = parse("x.json", text)
    for pointer, offset in source.offsets.items():
        value: Any = source.document
        for token in pointer.split("/")[1:]:
            name = token.replace("~1", "/").replace("~0", "~")
            value = value[int(name) if is_array(value) else name]
        assert text[offset:].startswith(json.dumps(value)[:1])


def test_a_place_counts_from_one() -> None:
    source = parse("x.json", '{\n  "a": [\n    true\n  ]\n}')
    assert str(source.place("/a/0")) == "x.json:3:5"
    assert str(source.place("/a/0/deeper/still")) == "x.json:3:5"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"a": 1,}', 'x.json:1:9: a string in double quotes is expected; found "}"'),
        ('{"a": 1, "a": 2}', 'x.json:1:10: the member "a" stands twice in one object; found "\\"a\\": 2}"'),
        ("{'a': 1}", "x.json:1:2: a string in double quotes is expected; found \"'a': 1}\""),
        ('{"a": nul}', 'x.json:1:7: a JSON value is expected; found "nul}"'),
        ('{"a": 01}', "x.json:1:8: ',' or '}' is expected; found \"1}\""),
        ("[1\n 2]", "x.json:2:2: ',' or ']' is expected; found \"2]\""),
        ("{}\n{}", 'x.json:2:1: nothing may follow the document; found "{}"'),
        ("", "x.json:1:1: a JSON value is expected; the file ends here"),
        ("[" * 10_000, 'x.json:1:102: values are nested more than 100 deep; found "[[[[[[[[[[[["'),
    ],
)
def test_what_is_not_json_gets_one_line_with_its_place(text: str, message: str) -> None:
    with pytest.raises(UnreadableError) as raised:
        parse("x.json", text)
    assert str(raised.value) == message
    assert raised.value.exit_code == 2


def test_bytes_that_are_not_utf8_are_named(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(b'{"a": "\xff"}')
    with pytest.raises(UnreadableError, match="byte 7 is not UTF-8"):
        load(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match=r"none\.json: cannot be read: No such file"):
        load(tmp_path / "none.json")
