"""Which contract a session is of, and what is no table of contracts."""

import sys
from pathlib import Path

import pytest
from lockstep_bus import BusSettings, BusSettingsError, ContractTable, connect, get_event_dispatcher
from lockstep_events import CONTRACT, EventDispatcher
from support.events import NoteContract


def test_the_longest_prefix_counts() -> None:
    ops, audit = NoteContract(), NoteContract()
    table = ContractTable(CONTRACT, {"ops:": ops, "ops:audit:": audit, "ops:same": ops})
    said = {
        "ops:1": ops,
        "ops:audit:1": audit,
        "ops:same": ops,
        "ops": CONTRACT,
        "OPS:1": CONTRACT,
        "x-ops:1": CONTRACT,
    }
    assert {session: table.of(session) for session in said} == said
    assert list(table) == [CONTRACT, audit, ops], "each once"


def test_without_words_it_is_ours() -> None:
    for text in (None, "", "ops:=lockstep_events", " lockstep_events , ops:=lockstep_events "):
        table = ContractTable.read(text)
        assert list(table) == [CONTRACT]
        assert table.of("ops:1") is table.of("anything") is CONTRACT


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a,b", "two contracts for all other sessions"),
        ("ops:=a,ops:=b", "two contracts for the prefix 'ops:'"),
        ("=a", "'' does not begin any session id"),
        ("a b=c", "'a b' does not begin any session id"),
        ("ops:=", "'', which is not the name"),
        ("../events", "'../events', which is not the name"),
        ("nowhere.events", "'nowhere.events', which Python does not find"),
        ("json", "'json', which has no CONTRACT"),
        ("broken_events", "'broken_events', which fails to load: ZeroDivisionError: division by zero"),
        ("needy_events", "'needy_events', which fails to load: ModuleNotFoundError: No module named 'not_installed'"),
        ("odd_events", "'odd_events', whose contract stands alone: let it extend ours"),
    ],
)
def test_what_is_no_table_is_one_sentence(
    text: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    (tmp_path / "broken_events.py").write_text("1 / 0")
    (tmp_path / "needy_events.py").write_text("import not_installed")
    (tmp_path / "odd_events.py").write_text("CONTRACT = object()")
    with pytest.raises(BusSettingsError) as caught:
        ContractTable.read(text)
    assert said in str(caught.value)
    assert str(caught.value).startswith("LOCKSTEP_CONTRACT ")


def test_a_bus_takes_what_its_settings_name(monkeypatch: pytest.MonkeyPatch) -> None:
    assert connect(settings=BusSettings(contract="ops:=lockstep_events")).contract is CONTRACT
    monkeypatch.setenv("LOCKSTEP_CONTRACT", "json")
    with pytest.raises(BusSettingsError, match="LOCKSTEP_CONTRACT names 'json'"):
        connect()
    own = NoteContract()
    assert connect(contract=own).contract is own


def test_the_process_has_one_dispatcher_of_each_kind() -> None:
    class Own(EventDispatcher):
        pass

    own: Own = get_event_dispatcher(Own)
    assert own is get_event_dispatcher(Own)
    assert own.publisher is get_event_dispatcher().publisher, "one bus, one set of connections"
