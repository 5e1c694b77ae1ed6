"""The small pieces: cursors, addresses, settings, blocks, names."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lockstep_bus import BusSettings, BusSettingsError, Cursor, CursorError, EventRejectedError, SessionIdError, connect
from lockstep_bus.address import Address, Endpoint
from lockstep_bus.cursor import new_epoch
from lockstep_bus.frame import Frame, encode_block, type_of
from lockstep_bus.keys import Namespace
from lockstep_bus.settings import read_settings
from lockstep_bus.wire import decode_message
from support.events import NoteContract


@given(st.from_regex(r"[0-9a-z]{1,16}", fullmatch=True), st.integers(0, 10**15))
def test_a_cursor_reads_what_it_writes(epoch: str, offset: int) -> None:
    assert Cursor.parse(str(Cursor(epoch, offset))) == Cursor(epoch, offset)


@pytest.mark.parametrize(
    "text",
    ["", "5", ".5", "e.", "e.-1", "e.01", "e.1.2", "E.1", "e.1\n", "e.٣", "x" * 17 + ".1", "e." + "9" * 17, "*.1"],
)
def test_what_is_no_cursor_is_said(text: str) -> None:
    with pytest.raises(CursorError, match="is not a cursor"):
        Cursor.parse(text)


def test_epochs_do_not_repeat() -> None:
    assert len({new_epoch() for _ in range(10_000)}) == 10_000
    Cursor.parse(f"{new_epoch()}.0")


@pytest.mark.parametrize("text", ["", "a b", "a*", "{a}", "-a", "a\r\n", "ä", "x" * 129, "../a", "a?"])
def test_what_is_no_session_id_never_becomes_a_key(text: str) -> None:
    with pytest.raises(SessionIdError, match="is not a session id"):
        Namespace("").session(text)


@pytest.mark.parametrize("name", ["", "a\nb", "a\rb", "a\0b"])
def test_a_hostile_event_type_forges_nothing(name: str) -> None:
    with pytest.raises(EventRejectedError):
        encode_block(name, b"{}")


def test_a_block_gives_back_its_parts() -> None:
    block = encode_block("note", b'{"data":"\\n\\ndata: "}')
    frame = Frame("e.1", type_of(block), block)
    assert (frame.type, frame.data) == ("note", b'{"data":"\\n\\ndata: "}')
    with pytest.raises(EventRejectedError, match="raw line break"):
        encode_block("note", b"{\n}")


@given(st.binary())
def test_no_message_breaks_the_reader(message: bytes) -> None:
    decode_message(message)
    decode_message(b"1 " + message)
    decode_message(b"1 e.1\n" + message)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("redis://h:1/2", ("single", (Endpoint("h", 1),), 2)),
        ("redis://", ("single", (Endpoint("127.0.0.1", 6379),), 0)),
        ("redis://[::1]:7", ("single", (Endpoint("::1", 7),), 0)),
        ("rediss://u:p%40@h/1?ssl_cert_reqs=none", ("single", (Endpoint("h", 6379),), 1)),
        ("unix:///run/redis.sock?db=3", ("single", (Endpoint(path="/run/redis.sock"),), 3)),
        ("redis+sentinel://a,b:5/main/4", ("sentinel", (Endpoint("a", 26379), Endpoint("b", 5)), 4)),
        ("redis+cluster://a:1,b:2", ("cluster", (Endpoint("a", 1), Endpoint("b", 2)), 0)),
    ],
)
def test_addresses(url: str, expected: tuple[str, tuple[Endpoint, ...], int]) -> None:
    address = Address.parse(url)
    assert (address.kind, address.endpoints, address.login.database) == expected
    assert (address.login.tls is not None) == url.startswith("rediss")
    assert "p@" not in str(address) + repr(address)


@pytest.mark.parametrize("url", ["http://h", "redis://h:port", "redis://h/x", "h:6379", ""])
def test_a_wrong_address_is_said_at_once(url: str) -> None:
    with pytest.raises(BusSettingsError, match="REDIS_URL"):
        Address.parse(url)


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("REDIS_URL", "redis://h")
    monkeypatch.setenv("LOCKSTEP_NAMESPACE", "n:")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    settings = read_settings()
    assert (settings.redis_url, settings.namespace, settings.data_dir) == ("redis://h", "n:", tmp_path / "lockstep")
    assert connect("redis://other", contract=NoteContract()).location == "other:6379"
    monkeypatch.setenv("LOCKSTEP_NAMESPACE", "{n}")
    with pytest.raises(BusSettingsError, match=r"LOCKSTEP_NAMESPACE is '\{n\}'"):
        read_settings()
    monkeypatch.delenv("LOCKSTEP_NAMESPACE")
    with pytest.raises(BusSettingsError, match="REDIS_URL"):
        connect("mysql://h", contract=NoteContract(), settings=BusSettings(redis_url=None))
