"""Tool calls: from the model's request, which only begins to be known, to the answer."""

from collections import OrderedDict
from dataclasses import dataclass, field

from lockstep_integrations.otel.moment import Key, Moment, member
from lockstep_integrations.otel.spans import OpenSpan
from lockstep_integrations.otel.tree import Tree
from lockstep_integrations.otel.vocabulary import LONGEST, Value

ARGUMENTS = "gen_ai.tool.call.arguments"


@dataclass(slots=True)
class Request:
    """A call that the model asks for, and that nobody works on yet."""

    attributes: dict[str, Value]
    complete: int
    """When its arguments were complete, as far as is known."""
    texts: list[str] = field(default_factory=list[str])
    length: int = 0


class Tools:
    """The `execute_tool` spans of a tree: they begin with the execution, not with the model's words about it."""

    def __init__(self, tree: Tree, most: int) -> None:
        self._tree = tree
        self._most = most
        self._requests: OrderedDict[Key, Request] = OrderedDict()

    def ask(self, moment: Moment) -> OpenSpan | None:
        """The model asks for a call."""
        self._requests[moment.key("tool", moment.payload.tool_call_id)] = Request(
            self._tree.attributes(moment), moment.time
        )
        if len(self._requests) > self._most:
            self._requests.popitem(last=False)
        return self._tree.enclosing(moment)

    def spell(self, key: Key, text: str) -> None:
        """A piece of the arguments; kept only where content may be sent."""
        request = self._requests.get(key)
        if self._tree.content and request is not None and request.length < LONGEST:
            request.texts.append(text)
            request.length += len(text)

    def spelled(self, moment: Moment) -> OpenSpan | None:
        """The arguments are complete."""
        request = self._requests.get(moment.key("tool", moment.payload.tool_call_id))
        if request is not None:
            request.complete = moment.time
        return self._tree.enclosing(moment)

    def execute(self, moment: Moment) -> OpenSpan | None:
        """The tool begins to work; again for a call that is under way is nothing new."""
        known = self._tree.open.get(moment.key("tool", moment.payload.tool_call_id))
        return known or self._begin(moment, self._tree.attributes(moment), moment.time)

    def finish(self, moment: Moment) -> OpenSpan | None:
        """The answer is there."""
        attributes, key = self._tree.attributes(moment), moment.key("tool", moment.payload.tool_call_id)
        span = self._tree.open.get(key)
        if span is None:
            duration, request = moment.value("duration_ms"), self._requests.get(key)
            if request is None:  # of a call of an earlier run, such as one that a person had to answer
                return self._tree.enclosing(moment)
            started = request.complete
            span = self._begin(moment, attributes, started if duration is None else moment.time - round(duration * 1e6))
        else:
            self._tree.describe(span, attributes)
        error = moment.value("error")
        if error is not None or moment.value("status") == "error":
            self._tree.fail(span, attributes, member(error, "code"))
        elif moment.value("status") == "cancelled":
            self._tree.describe(span, {"error.type": "cancelled"})
        self._tree.close(span, moment.time)
        return span

    def _begin(self, moment: Moment, attributes: dict[str, Value], started: int) -> OpenSpan:
        id: str = moment.payload.tool_call_id
        request = self._requests.pop(moment.key("tool", id), None)
        named = (request.attributes if request else {}) | attributes
        if request is not None and request.texts:
            named.setdefault(ARGUMENTS, "".join(request.texts)[:LONGEST])
        title = str(named.get("gen_ai.tool.name", ""))
        return self._tree.start(
            moment, "tool", id, title, parent=self._tree.enclosing(moment), attributes=named, time=started
        )
