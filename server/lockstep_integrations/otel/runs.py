"""Runs and the runs of subagents as `invoke_agent` spans."""

from lockstep_integrations.otel.inferences import Inferences
from lockstep_integrations.otel.moment import Moment
from lockstep_integrations.otel.spans import OpenSpan
from lockstep_integrations.otel.tree import Tree


class Runs:
    """The roots of what a publisher tells; below what its caller was in."""

    def __init__(self, tree: Tree, inferences: Inferences) -> None:
        self._tree = tree
        self._inferences = inferences

    def start(self, moment: Moment) -> OpenSpan | None:
        """A run: below the one that it names, if that is under way, else below the caller's own span."""
        known = self._run(moment)
        if known is not None:
            return known
        parent = moment.value("parent_run_id")
        above = self._tree.open.get(("run", moment.place[0], parent, parent)) if parent else None
        attributes, name = self._tree.attributes(moment), moment.agent or ""
        return self._tree.start(moment, "run", _id(moment), name, parent=above, attributes=attributes)

    def complete(self, moment: Moment) -> OpenSpan | None:
        """The run is over."""
        return self._close(moment, self._run(moment), failed=False)

    def fail(self, moment: Moment) -> OpenSpan | None:
        """The run is over, and went wrong."""
        return self._close(moment, self._run(moment), failed=True)

    def start_subagent(self, moment: Moment) -> OpenSpan | None:
        """A subagent: below the call that asked for it, below the subagent above it, or below the run."""
        id = moment.place[2]
        call, above = moment.value("parent_tool_call_id"), moment.value("parent_subagent_run_id")
        parent = self._tree.open.get(moment.key("tool", call)) if call else None
        if parent is None and above:
            parent = self._tree.open.get(moment.key("subagent", above))
        if parent is None:
            parent = self._tree.enclosing(moment)
        if id is None or (parent is not None and parent.key == moment.key("subagent", id)):
            return parent
        attributes = self._tree.attributes(moment)
        return self._tree.start(moment, "subagent", id, moment.payload.name, parent=parent, attributes=attributes)

    def complete_subagent(self, moment: Moment) -> OpenSpan | None:
        """The subagent is done."""
        return self._close(moment, self._subagent(moment), failed=False)

    def fail_subagent(self, moment: Moment) -> OpenSpan | None:
        """The subagent is done, and something went wrong."""
        return self._close(moment, self._subagent(moment), failed=True)

    def _run(self, moment: Moment) -> OpenSpan | None:
        return self._tree.open.get(moment.key("run", _id(moment)))

    def _subagent(self, moment: Moment) -> OpenSpan | None:
        id = moment.place[2]
        return self._tree.open.get(moment.key("subagent", id)) if id else None

    def _close(self, moment: Moment, span: OpenSpan | None, *, failed: bool) -> OpenSpan | None:
        if span is None:
            return self._tree.enclosing(moment)
        attributes = self._tree.attributes(moment)
        if failed:
            self._tree.fail(span, attributes, moment.value("code"))
        else:
            self._tree.describe(span, attributes)
        if not span.counted:  # else the tokens of its inferences would count twice
            self._inferences.count(moment, span)
        self._tree.close(span, moment.time, whole=True)
        return span


def _id(moment: Moment) -> str:
    return str(moment.place[1])
