"""The spans of an ADK run nest as its agents do: an `AgentTool`'s agent in the call that asked for it."""

from google.adk.tools.agent_tool import AgentTool
from lockstep_events.testing import RecordingPublisher
from lockstep_integrations.otel import traced
from support.adk import Stage, Turn, agent
from support.adk_scenarios import CALL, weather
from support.traces import Telemetry

TREE = """\
invoke_agent root
  step root
    chat scripted-1
    execute_tool expert
      invoke_agent expert
        step expert
          chat scripted-1
          execute_tool weather
          chat scripted-1
    chat scripted-1
"""


async def test_a_subagent_is_within_the_call_that_asked_for_it() -> None:
    telemetry = Telemetry()
    publisher = traced(RecordingPublisher(), telemetry.tracer_provider, telemetry.meter_provider)
    expert = agent("expert", Turn(calls=[CALL]), Turn(["21."]), tools=[weather], description="knows")
    ask = Turn(["I ask."], calls=[("call_0", "expert", {"request": "Paris?"})])
    await Stage(agent("root", ask, Turn(["21."]), tools=[AgentTool(expert)]), publisher=publisher).play()
    assert telemetry.tree() == TREE.splitlines()
    assert telemetry.open == []
