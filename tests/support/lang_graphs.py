"""LangGraph graphs for tests: offline, small, each with one thing to see. Every node works sync and async."""

# LangGraph's own types are partly unknown, and it ships no stubs.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownArgumentType=false
# pyright: reportUnknownLambdaType=false, reportUnknownVariableType=false, reportUnknownParameterType=false

import asyncio
import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any

from langchain_core.messages import AIMessage, HumanMessage
from langchain_core.runnables import RunnableLambda
from langchain_core.tools import BaseTool, StructuredTool, tool
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.func import entrypoint, task
from langgraph.graph import END, START, MessagesState, StateGraph
from langgraph.prebuilt import ToolNode, tools_condition
from langgraph.types import Command, RetryPolicy, Send, interrupt
from support.scripted_chat import ScriptedChat, Turn

Graph = Any
PARIS = ("c1", "weather", ('{"city":', ' "Paris"}'))
ROME = ("c2", "weather", ('{"city": "Rome"}',))


class State(MessagesState):
    cities: Annotated[list[str], operator.add]


@dataclass(frozen=True)
class Scenario:
    """A graph, and the inputs it is given, one after the other."""

    make: Callable[[], Graph]
    inputs: tuple[Any, ...] = field(default_factory=lambda: ({"messages": [HumanMessage("Hello", id="h1")]},))
    only_async: bool = False


def asks(model: ScriptedChat) -> Any:
    """A node that asks a model about the messages so far."""

    def node(state: State) -> dict[str, Any]:
        return {"messages": [model.invoke(state["messages"])]}

    async def anode(state: State) -> dict[str, Any]:
        return {"messages": [await model.ainvoke(state["messages"])]}

    return RunnableLambda(node, anode)


def does(work: Callable[[Any], Any]) -> Any:
    """A node of plain code."""

    async def awork(state: Any) -> Any:
        return work(state)

    return RunnableLambda(work, awork)


def _weather(city: str) -> str:
    return f"{city}: sunny"


async def _aweather(city: str) -> str:
    await asyncio.sleep(0)  # several calls at once are seen to overlap
    return _weather(city)


weather = StructuredTool.from_function(_weather, _aweather, name="weather", description="The weather of a city.")


@tool
def broken(city: str) -> str:
    """Fails."""
    raise ValueError(f"no station in {city}")


@tool
def confirmed(city: str) -> str:
    """Asks before it answers."""
    return f"{city}: {interrupt({'question': f'Look at {city}?', 'reason': 'confirmation'})}"


@tool
async def patient(city: str) -> str:
    """Takes longer than the tools beside it."""
    await asyncio.sleep(0.05)
    return city


@tool
async def hasty(city: str) -> str:
    """Fails at once."""
    raise ValueError(f"no time for {city}")


@tool
async def curious(city: str) -> str:
    """Asks at once."""
    return str(interrupt(f"Look at {city}?"))


def single(node: Any) -> Graph:
    """A graph of one node."""
    graph = StateGraph(State)
    graph.add_node("agent", node)
    graph.add_edge(START, "agent")
    return graph.compile()


def chat(*turns: Turn) -> Graph:
    """One node, one model."""
    return single(asks(ScriptedChat(turns=list(turns))))


def agent(*tools_and_turns: BaseTool | Turn, handle: bool = True) -> Graph:
    """A model that uses tools until it has an answer."""
    tools = [each for each in tools_and_turns if isinstance(each, BaseTool)]
    turns = [each for each in tools_and_turns if isinstance(each, Turn)]
    graph = StateGraph(State)
    graph.add_node("agent", asks(ScriptedChat(turns=turns)))
    graph.add_node("tools", ToolNode(tools, handle_tool_errors=handle))
    graph.add_edge(START, "agent")
    graph.add_conditional_edges("agent", tools_condition)
    graph.add_edge("tools", "agent")
    return graph.compile(checkpointer=InMemorySaver())


def calling(tool: BaseTool) -> Graph:
    """The tools of the last message, and nothing else."""
    graph = StateGraph(State)
    graph.add_node("tools", ToolNode([tool]))
    graph.add_edge(START, "tools")
    return graph.compile()


def retried(failures: int) -> Graph:
    """A node that fails so many times, and may be tried three times."""
    seen: list[int] = []

    def fetch(_state: State) -> dict[str, Any]:
        seen.append(len(seen))
        if len(seen) <= failures:
            raise ConnectionError(f"no answer {len(seen)}")
        return {"cities": ["Paris"]}

    graph = StateGraph(State)
    policy = RetryPolicy(max_attempts=3, initial_interval=0.001, jitter=False)
    graph.add_node("fetch", does(fetch), retry_policy=policy)
    graph.add_node("done", does(lambda _state: {"cities": []}))
    graph.add_edge(START, "fetch")
    graph.add_edge("fetch", "done")
    return graph.compile()


def asking() -> Graph:
    """A node that asks the user, and says the answer."""

    def ask(_state: State) -> dict[str, Any]:
        return {"messages": [AIMessage(f"You said {interrupt('Delete three files?')}", id="a1")]}

    graph = StateGraph(State)
    graph.add_node("ask", does(ask))
    graph.add_edge(START, "ask")
    return graph.compile(checkpointer=InMemorySaver())


def stopped(*, before: Sequence[str] = (), after: Sequence[str] = (), deep: bool = False) -> Graph:
    """A graph that uses a tool, with breakpoints; `deep`: it is a node of another graph."""
    graph = StateGraph(State)
    graph.add_node("agent", asks(ScriptedChat(turns=[Turn(calls=(PARIS,)), FINE])))
    graph.add_node("tools", ToolNode([weather]))
    graph.add_edge(START, "agent")
    graph.add_conditional_edges("agent", tools_condition)
    graph.add_edge("tools", "agent")
    if not deep:
        return graph.compile(InMemorySaver(), interrupt_before=[*before], interrupt_after=[*after])
    outer = StateGraph(State)
    outer.add_node("worker", graph.compile(interrupt_before=[*before], interrupt_after=[*after]))
    outer.add_edge(START, "worker")
    return outer.compile(InMemorySaver())


def nested(*turns: Turn) -> Graph:
    """A graph with a graph as one of its nodes."""
    inner = StateGraph(State)
    inner.add_node("look", does(lambda _state: {"cities": ["Paris"]}))
    inner.add_node("say", asks(ScriptedChat(turns=list(turns))))
    inner.add_edge(START, "look")
    inner.add_edge("look", "say")
    outer = StateGraph(State)
    outer.add_node("plan", does(lambda _state: {"cities": []}))
    outer.add_node("worker", inner.compile())
    outer.add_edge(START, "plan")
    outer.add_edge("plan", "worker")
    return outer.compile()


def branches() -> Graph:
    """The same node for three cities at once, each with a model of its own; then one that waits for all."""
    models = {
        city: ScriptedChat(turns=[Turn(f"{city} ", "is sunny")], label=city) for city in ("Oslo", "Paris", "Rome")
    }

    def visit(state: Any) -> dict[str, Any]:
        return {"messages": [models[state["city"]].invoke("weather?")], "cities": [state["city"]]}

    async def avisit(state: Any) -> dict[str, Any]:
        return {"messages": [await models[state["city"]].ainvoke("weather?")], "cities": [state["city"]]}

    graph = StateGraph(State)
    graph.add_node("plan", does(lambda _state: {"cities": []}))
    graph.add_node("visit", RunnableLambda(visit, avisit))
    graph.add_node("sum", does(lambda _state: {"cities": []}))
    graph.add_edge(START, "plan")
    graph.add_conditional_edges("plan", lambda _state: [Send("visit", {"city": city}) for city in models], ["visit"])
    graph.add_edge("visit", "sum")
    graph.add_edge("sum", END)
    return graph.compile()


def functional() -> Graph:
    """The functional API: code that calls tasks, two at once."""
    model = ScriptedChat(turns=[Turn("One ", "city.")])

    @task
    async def visit(city: str) -> str:
        return f"{city}: sunny"

    @task
    async def tell(first: str, second: str) -> str:
        return str((await model.ainvoke(f"{first}, {second}")).content)

    @entrypoint()
    async def journey(_given: dict[str, Any]) -> str:
        return await tell(*await asyncio.gather(visit("Oslo"), visit("Rome")))

    return journey


FORKED = ("a", "b")


def forked() -> Graph:
    """Two nodes side by side, then one that waits for both by a joining edge."""
    graph = StateGraph(State)
    for name in ("plan", *FORKED, "join"):
        graph.add_node(name, does(lambda _state: {"cities": []}))
    graph.add_edge(START, "plan")
    for name in FORKED:
        graph.add_edge("plan", name)
    graph.add_edge(list(FORKED), "join")
    return graph.compile()


def both(name: str) -> tuple[str, str, tuple[str, ...]]:
    """A call of the tool `name`, of which several have a turn."""
    return f"c_{name}", name, ('{"city": "Paris"}',)


FINE = Turn("It is ", "sunny.", tokens=(20, 4))
HELLO = ({"messages": [HumanMessage("Hello", id="h1")]},)
SCENARIOS = {
    "text": Scenario(lambda: chat(Turn("It ", "is ", "sunny."))),
    "reasoning": Scenario(lambda: chat(Turn("42.", reasoning=("Let me ", "think.")))),
    "parallel_tools": Scenario(lambda: agent(weather, Turn("Let me see.", calls=(PARIS, ROME)), FINE)),
    "tool_error": Scenario(lambda: agent(broken, Turn(calls=(("c1", "broken", ('{"city": "Paris"}',)),)), FINE)),
    "tool_raises": Scenario(
        lambda: agent(broken, Turn(calls=(("c1", "broken", ('{"city": "Paris"}',)),)), FINE, handle=False)
    ),
    "tool_unknown": Scenario(lambda: agent(weather, Turn(calls=(("c1", "tides", ('{"city": "Paris"}',)),)), FINE)),
    "tool_raises_beside_another": Scenario(
        lambda: agent(patient, hasty, Turn(calls=(both("patient"), both("hasty"))), FINE, handle=False),
        only_async=True,
    ),
    "tool_interrupts_beside_another": Scenario(
        lambda: agent(patient, curious, Turn(calls=(both("patient"), both("curious"))), FINE),
        (*HELLO, Command(resume="yes")),
        only_async=True,
    ),
    "tool_interrupt": Scenario(
        lambda: agent(confirmed, Turn(calls=(("c1", "confirmed", ('{"city": "Paris"}',)),)), FINE),
        (*HELLO, Command(resume="sunny")),
    ),
    "node_retry": Scenario(lambda: retried(2)),
    "node_fails": Scenario(lambda: retried(3)),
    "interrupt": Scenario(asking, (*HELLO, Command(resume="yes"))),
    "breakpoint_before": Scenario(lambda: stopped(before=["tools"]), (*HELLO, None)),
    "breakpoint_after": Scenario(lambda: stopped(after=["tools"]), (*HELLO, None)),
    "breakpoint_in_a_subgraph": Scenario(lambda: stopped(before=["tools"], deep=True), (*HELLO, None)),
    "subgraph": Scenario(lambda: nested(Turn("From ", "inside."))),
    "subgraph_error": Scenario(lambda: nested(Turn("From ", error=RuntimeError("429 too many requests")))),
    "model_error": Scenario(lambda: chat(Turn("Partial ", "answer", error=RuntimeError("429 too many requests")))),
    "branches": Scenario(branches),
    "forked": Scenario(forked),
    "functional": Scenario(functional, only_async=True),
}
