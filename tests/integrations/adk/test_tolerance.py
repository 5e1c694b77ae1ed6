"""Whatever changes in ADK, or fails in us, costs events and one warning; the agent runs as if we were not there."""

import inspect
from collections.abc import Callable
from typing import Any

import pytest
from google.adk.plugins.base_plugin import BasePlugin
from lockstep_events import EventDispatcher
from lockstep_events.runtime.event import Event
from lockstep_events.runtime.publisher import Receipt
from lockstep_integrations.adk import LockstepPlugin, place
from support.adk import Stage, Turn, agent
from support.adk_scenarios import CALL, weather

CALLBACKS = [name for name in vars(BasePlugin) if name.endswith("_callback")]
OURS = [name for name in CALLBACKS if name in vars(LockstepPlugin)]


def stage(**options: Any) -> Stage:
    return Stage(agent("root", Turn(["Let me look."], calls=[CALL]), Turn(["21."]), tools=[weather]), **options)


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [each.getMessage() for each in caplog.records if each.name.startswith("lockstep")]


def final(played: Stage) -> str:
    return str(played.heard[-1].content.parts[0].text)


def test_every_callback_of_adk_is_known() -> None:
    assert set(CALLBACKS) == set(OURS), "ADK has a new callback: decide what it means, or name it here"
    assert all(inspect.iscoroutinefunction(getattr(LockstepPlugin, name)) for name in OURS)


@pytest.mark.parametrize("name", OURS)
async def test_a_callback_whose_arguments_are_others(
    name: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    original: Callable[..., Any] = getattr(LockstepPlugin, name)

    async def changed(self: LockstepPlugin, **_: Any) -> Any:
        return await original(self, renamed=1)

    monkeypatch.setattr(LockstepPlugin, name, changed)
    played = stage()
    await played.play()
    await played.play()
    assert final(played) == "21."
    assert played.raised is None
    called = name not in ("on_run_error_callback", "on_agent_error_callback", "on_model_error_callback")
    called = called and name != "on_tool_error_callback"
    assert len(warnings(caplog)) == called


@pytest.mark.parametrize("name", OURS)
async def test_a_callback_that_is_never_called(
    name: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.delattr(LockstepPlugin, name)
    played = stage()
    await played.play()
    assert final(played) == "21."
    assert warnings(caplog) == []
    assert [event.type for event in played.events].count("run_started") == 1


async def test_the_private_invocation_context_is_gone(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def itself(context: Any) -> Any:
        return context

    monkeypatch.setattr(place, "invocation_of", itself)
    played = stage()
    await played.play()
    assert final(played) == "21."
    assert warnings(caplog) == []
    assert [event.type for event in played.events].count("tool_call_result") == 1


class Refused(Exception):
    retryable = False


class Broken:
    """A publisher that refuses everything."""

    async def publish(self, event: Event, /) -> Receipt:
        raise Refused(event.type)


async def test_a_publisher_that_fails_is_not_heard_by_the_agent() -> None:
    played = Stage(agent("root", Turn(["Hi."])), publisher=Broken())
    await played.play()
    assert final(played) == "Hi."


async def test_a_session_id_that_no_session_may_have(caplog: pytest.LogCaptureFixture) -> None:
    played = stage(session_id="no/such id")
    await played.play()
    assert final(played) == "21."
    assert played.events == []
    assert all("session_id" in each for each in warnings(caplog))
    assert len(warnings(caplog)) == len(set(warnings(caplog)))


async def test_nothing_is_answered_in_adks_place() -> None:
    plugin = LockstepPlugin(EventDispatcher(stage().publisher))
    for name in OURS:
        assert await getattr(plugin, name)(unknown=1) is None
