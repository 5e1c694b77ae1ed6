"""What the model says: one `chat` span for an answer with its reasoning, and the tokens that it took."""

import json
from collections.abc import Mapping

from lockstep_integrations.otel.moment import Moment, member
from lockstep_integrations.otel.spans import OpenSpan, Speaker
from lockstep_integrations.otel.tree import Tree
from lockstep_integrations.otel.vocabulary import LONGEST, Value

MODEL_OPERATIONS = frozenset({"chat", "generate_content", "text_completion"})


class Inferences:
    """The `chat` spans of a tree.

    A span is open from the first sign of an answer to its end, and then waits for `metrics_updated`: until that
    comes, the speaker's next answer begins, or what encloses it ends.
    """

    def __init__(self, tree: Tree) -> None:
        self._tree = tree

    def find(self, moment: Moment, id: str | None) -> OpenSpan | None:
        """The span of a message, or of the speaker's answer that it must be part of."""
        known = self._tree.open.get(moment.key("chat", id)) if id else None
        return known or self._tree.speaking.get(self._speaker(moment))

    def think(self, moment: Moment) -> OpenSpan | None:
        """Reasoning begins: of an answer under way, or of a new one."""
        newest = self._tree.speaking.get(self._speaker(moment))
        if newest is not None and newest.ended is None:
            return newest
        return self._begin(moment)

    def answer(self, moment: Moment) -> OpenSpan | None:
        """A message begins. What a user or a tool says is no inference."""
        if moment.value("role") not in (None, "assistant"):
            return self._tree.enclosing(moment)
        known = self._tree.open.get(moment.key("chat", moment.payload.message_id))
        newest = known or self._tree.speaking.get(self._speaker(moment))
        if newest is None or (newest.answered and newest is not known):
            newest = self._begin(moment)
        elif newest is not known:
            self._tree.open.rename(newest, moment.key("chat", moment.payload.message_id))
        newest.answered, newest.ended = True, None
        return newest

    def pause(self, moment: Moment) -> OpenSpan | None:
        """A message or a thought is complete."""
        span = self.find(moment, moment.value("message_id"))
        if span is not None:
            span.ended = moment.time
            self._tell(span)
            if span.measured:
                self._tree.close(span, moment.time)
        return span

    def hear(self, span: OpenSpan, text: str) -> None:
        """A piece of the answer; kept only where content may be sent."""
        if self._tree.content and sum(map(len, span.texts)) < LONGEST:
            span.texts.append(text)

    def act(self, moment: Moment) -> None:
        """A tool works: what the speaker says next is another answer."""
        newest = self._tree.speaking.get(self._speaker(moment))
        if newest is not None:
            newest.answered = True

    def measure(self, moment: Moment) -> OpenSpan | None:
        """Tokens and times of an inference, or of something larger."""
        attributes = self._tree.attributes(moment)
        if str(attributes.get("gen_ai.operation.name", "chat")) not in MODEL_OPERATIONS:
            around = self._tree.enclosing(moment)
            if around is not None:
                del attributes["gen_ai.operation.name"]
                self._tree.describe(around, attributes)
            return around
        span = self._measured(moment) or self._late(moment, attributes)
        self._tree.describe(span, attributes)
        if not span.over:
            span.span.update_name(f"chat {attributes.get('gen_ai.response.model', '')}".rstrip())
        self.count(moment, span)
        first, latency = moment.value("time_to_first_token_ms"), moment.value("latency_ms")
        span.first_chunk = first / 1000 if first is not None else span.first_chunk
        span.seconds = latency / 1000 if latency is not None else span.seconds
        span.measured = True
        if span.ended is not None:
            self._tree.close(span, span.ended)
        return span

    def count(self, moment: Moment, span: OpenSpan) -> None:
        """Tokens, by provider and model. Every span around knows that its tokens are counted."""
        for usage in moment.value("usage") or ():
            labels = span.labels | _labels(usage)
            for kind in ("input", "output"):
                tokens = member(usage, f"{kind}_tokens")
                if tokens is not None:
                    self._tree.instruments.tokens(kind, tokens, labels)
            outer: OpenSpan | None = span
            while outer is not None:
                outer.counted, outer = True, outer.parent

    def _begin(self, moment: Moment) -> OpenSpan:
        before = self._tree.speaking.get(self._speaker(moment))
        if before is not None and before.ended is not None:
            self._tree.close(before, before.ended)
        span = self._tree.start(
            moment,
            "chat",
            moment.payload.message_id,
            "",
            parent=self._tree.enclosing(moment),
            attributes=self._tree.attributes(moment),
        )
        if self._tree.open.get(span.key) is span:
            span.speaker = self._speaker(moment)
            self._tree.speaking[span.speaker] = span
        return span

    def _speaker(self, moment: Moment) -> Speaker:
        around = self._tree.enclosing(moment)
        return (moment.place, moment.agent, around.key if around else None)

    def _measured(self, moment: Moment) -> OpenSpan | None:
        id = moment.value("message_id")
        known = self._tree.open.get(moment.key("chat", id)) if id else None
        newest = self._tree.speaking.get(self._speaker(moment))
        if known is not None or newest is None or newest.measured:
            return known
        return newest if id is None or not newest.answered else None

    def _late(self, moment: Moment, attributes: Mapping[str, Value]) -> OpenSpan:
        """An inference of which nothing was seen but its measure, such as one that only asked for tools."""
        started = moment.time - round((moment.value("latency_ms") or 0) * 1e6)
        id = moment.value("message_id") or moment.event.event_id
        parent = self._tree.enclosing(moment)
        span = self._tree.start(moment, "chat", id, "", parent=parent, attributes=attributes, time=started)
        span.ended = moment.time
        return span

    def _tell(self, span: OpenSpan) -> None:
        if span.texts:
            part = {"type": "text", "content": "".join(span.texts)[:LONGEST]}
            message = json.dumps([{"role": "assistant", "parts": [part]}], ensure_ascii=False)
            span.span.set_attribute("gen_ai.output.messages", message)


def _labels(usage: object) -> dict[str, Value]:
    named = {"gen_ai.provider.name": member(usage, "provider"), "gen_ai.response.model": member(usage, "model")}
    return {name: value for name, value in named.items() if value is not None}
