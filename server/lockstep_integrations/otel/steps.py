"""The steps of a workflow as spans."""

from lockstep_integrations.otel.moment import Moment, member
from lockstep_integrations.otel.spans import OpenSpan
from lockstep_integrations.otel.tree import Tree


class Steps:
    """A step is known by its id, or by its name when it has none."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree

    def start(self, moment: Moment) -> OpenSpan | None:
        """Below the step that it names, or that the code around is in; another that is open may go on beside it."""
        known = self._find(moment)
        if known is not None:
            return known
        above = moment.value("parent_step_id")
        parent = self._tree.open.get(moment.key("step", above)) if above else None
        return self._tree.start(
            moment,
            "step",
            _id(moment),
            moment.payload.step_name,
            parent=parent or self._tree.scoped(moment) or self._tree.acting(moment),
            attributes=self._tree.attributes(moment),
        )

    def complete(self, moment: Moment) -> OpenSpan | None:
        """The step is over."""
        return self._close(moment, failed=False)

    def fail(self, moment: Moment) -> OpenSpan | None:
        """The step is over, and went wrong."""
        return self._close(moment, failed=True)

    def _find(self, moment: Moment) -> OpenSpan | None:
        return self._tree.open.get(moment.key("step", _id(moment)))

    def _close(self, moment: Moment, *, failed: bool) -> OpenSpan | None:
        span = self._find(moment)
        if span is None:
            return self._tree.enclosing(moment)
        attributes = self._tree.attributes(moment)
        if failed:
            self._tree.fail(span, attributes, member(moment.value("error"), "code"))
        else:
            self._tree.describe(span, attributes)
        self._tree.close(span, moment.time)
        return span


def _id(moment: Moment) -> str:
    id: str = moment.value("step_id") or moment.payload.step_name
    return id
