"""The bytes of an event stream, read back by a parser that is not ours."""

import httpx
import pytest
from httpx_sse import EventSource, ServerSentEvent
from hypothesis import given
from hypothesis import strategies as st
from lockstep_bus.frame import Frame, encode_block
from lockstep_server import sse

LINE_SAFE = st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"]), min_size=1)


def parse(data: bytes) -> list[ServerSentEvent]:
    response = httpx.Response(200, headers={"content-type": sse.MEDIA_TYPE}, content=data)
    return list(EventSource(response).iter_sse())


def test_an_event_is_id_event_data() -> None:
    frame = Frame("e.7", "note", encode_block("note", b'{"a":1}'))
    assert sse.framed(frame) == b'id: e.7\nevent: note\ndata: {"a":1}\n\n'


def test_the_servers_own_event_may_set_the_retry() -> None:
    data = sse.made("session_stream_started", b"{}", cursor="e.0", retry=1500)
    assert data == b"id: e.0\nevent: session_stream_started\ndata: {}\nretry: 1500\n\n"
    (event,) = parse(data)
    assert (event.id, event.event, event.data, event.retry) == ("e.0", "session_stream_started", "{}", 1500)


def test_an_event_without_a_cursor_keeps_the_readers() -> None:
    assert b"id:" not in sse.made("session_stream_closing", b"{}")


def test_comments_and_retry_dispatch_nothing() -> None:
    (event,) = parse(sse.COMMENT + sse.made("a", b"1", cursor="e.1") + sse.COMMENT + sse.comment("one\ntwo"))
    assert (event.event, event.data) == ("a", "1")
    assert sse.comment("one\r\ntwo\rthree") == b": one\n: two\n: three\n"
    assert sse.retry(10) == b"retry: 10\n\n"


def test_a_bare_cursor_moves_the_reader_without_an_event() -> None:
    assert sse.cursor_only("e.9") == b"id: e.9\n\n"


@pytest.mark.parametrize("cursor", ["a\nb", "a\rb", "a\0b", "a\r\ndata: forged\n\n"])
def test_an_id_cannot_forge_a_line(cursor: str) -> None:
    with pytest.raises(ValueError, match="cannot be the id"):
        sse.cursor_only(cursor)
    with pytest.raises(ValueError, match="cannot be the id"):
        sse.framed(Frame(cursor, "a", b""))
    with pytest.raises(ValueError, match="cannot be the id"):
        sse.made("a", b"", cursor=cursor)


@pytest.mark.parametrize("name", ["", "a\nb", "a\rb", "a\0b", "a\ndata: forged"])
def test_a_type_cannot_forge_a_line(name: str) -> None:
    with pytest.raises(ValueError, match="cannot be a line"):
        sse.made(name, b"{}")


@given(LINE_SAFE, LINE_SAFE.filter(lambda text: "\0" not in text))
def test_any_text_without_a_line_break_goes_through(data: str, cursor: str) -> None:
    block = encode_block("note", data.encode())
    text = sse.framed(Frame(cursor, "note", block)).decode()
    lines = text.split("\n")
    assert lines == [f"id: {cursor}", "event: note", f"data: {data}", "", ""]
