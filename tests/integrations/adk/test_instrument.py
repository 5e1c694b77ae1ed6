"""`instrument` and the plugin's options: where it goes, where events go, and what else hosts do with plugins."""

import asyncio
from typing import Any

import pytest
from google.adk.apps.app import App
from google.adk.plugins.base_plugin import BasePlugin
from google.genai import types
from lockstep_events import EventDispatcher, StateSnapshotEvent
from lockstep_events.testing import RecordingPublisher
from lockstep_integrations.adk import LockstepPlugin, instrument
from support.adk import Stage, Turn, agent
from support.balanced import faults


class Answers(BasePlugin):
    """Answers in place of whatever ADK asks it about: no plugin after it is asked."""

    def __init__(self) -> None:
        super().__init__(name="answers")

    async def before_tool_callback(self, **_: Any) -> dict[str, Any]:
        return {"from": "plugin"}

    async def after_tool_callback(self, **_: Any) -> dict[str, Any]:
        return {"changed": True}


def tool() -> str:
    """Never runs."""
    raise AssertionError


async def test_a_runner_is_observed_ahead_of_plugins_that_answer() -> None:
    stage = Stage(agent("root", Turn(calls=[("c1", "tool", {})]), Turn(["Hi."]), tools=[tool]), False)
    stage.runner.plugin_manager.register_plugin(Answers())
    plugin = instrument(stage.runner, stage.dispatcher)
    assert stage.runner.plugin_manager.plugins[0] is plugin
    await stage.play()
    assert [event.type for event in stage.events].count("tool_call_result") == 1
    assert not faults(stage.events)


async def test_twice_is_once() -> None:
    stage = Stage(agent("root", Turn(["Hi."])), False)
    assert instrument(stage.runner, stage.dispatcher) is instrument(stage.runner, stage.dispatcher)
    await stage.play()
    assert [event.type for event in stage.events].count("run_started") == 1


def test_an_app_is_instrumented_before_its_runner_is_made() -> None:
    app = App(name="stage", root_agent=agent("root", Turn(["Hi."])), plugins=[Answers()])
    plugin = instrument(app, EventDispatcher(RecordingPublisher()))
    assert app.plugins[0] is plugin


def test_something_else_is_refused_in_one_line() -> None:
    with pytest.raises(TypeError, match=r"takes a google\.adk Runner or App, not a 'LlmAgent'"):
        instrument(agent("root"), EventDispatcher(RecordingPublisher()))


async def test_events_may_go_to_a_session_of_another_name() -> None:
    stage = Stage(agent("root", Turn(["Hi."])), False)
    instrument(stage.runner, stage.dispatcher, session_id="room-1")
    await stage.play()
    assert {event.session_id for event in stage.events} == {"room-1"}


async def test_two_runners_of_one_plugin_keep_their_sessions_apart() -> None:
    publisher = RecordingPublisher()
    plugin = LockstepPlugin(EventDispatcher(publisher))
    stages = [Stage(agent("root", Turn(["Hi."])), False, session_id=each, publisher=publisher) for each in "ab"]
    for stage in stages:
        stage.runner.plugin_manager.register_plugin(plugin)
        await stage.play()
    assert not faults(publisher.events)
    assert [event.session_id for event in publisher.events if event.type == "run_started"] == ["a", "b"]


async def test_runs_on_loops_of_other_threads_are_whole() -> None:
    publisher = RecordingPublisher()
    plugin = LockstepPlugin(EventDispatcher(publisher))
    stages = [Stage(agent("root", Turn(["Hi."])), False, session_id=f"s{n}", publisher=publisher) for n in range(4)]
    said = types.Content(role="user", parts=[types.Part(text="hello")])

    def run(stage: Stage) -> int:
        stage.runner.plugin_manager.register_plugin(plugin)
        return len(list(stage.runner.run(user_id="u1", session_id=stage.session_id, new_message=said)))

    assert await asyncio.gather(*(asyncio.to_thread(run, stage) for stage in stages)) == [1, 1, 1, 1]
    assert await stages[0].outbox.flush()
    assert not faults(publisher.events)
    assert [event.type for event in publisher.events].count("run_completed") == 4


async def test_closing_the_runner_waits_until_everything_is_stored() -> None:
    stage = Stage(agent("root", Turn(["Hi."])))
    async for _ in stage.runner.run_async(
        user_id="u1", session_id="s1", new_message=types.Content(role="user", parts=[types.Part(text="hello")])
    ):
        pass
    await stage.runner.close()
    assert stage.publisher.types[-1] == "run_completed"


async def test_state_that_was_there_before_is_shown_once() -> None:
    stage = Stage(agent("root", Turn(["Hi."]), output_key="said"), True)
    await stage.runner.session_service.create_session(
        app_name="stage", user_id="u1", session_id="s1", state={"mood": "good", "temp:x": 1}
    )
    await stage.play()
    await stage.play()
    assert [event.type for event in stage.events].count("state_snapshot") == 1
    stage.publisher.assert_published(StateSnapshotEvent, snapshot={"mood": "good"})
