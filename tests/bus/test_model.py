"""Any story of publishing, trimming, killing, restarting, deleting, resuming: contiguous or announced."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from lockstep_bus import BusSettings, EventBus, Frame, Gap, Subscription
from support.events import Note, NoteContract
from support.valkey import ValkeyServer
from support.viewing import numbers, take_until

T = TypeVar("T")
KEPT = 40
SLACK = 16  # trimming works in chunks of so many


class Viewer:
    """A viewer, connected or not, with what it has seen."""

    def __init__(self) -> None:
        self.subscription: Subscription | None = None
        self.cursor: str | None = None
        self.last: int | None = None
        """The number of the last event seen, or of the newest when it came; None before any."""


class Story(RuleBasedStateMachine):
    """The oracle is a list: what a correct log holds, in order, since its life began."""

    viewers = Bundle("viewers")

    @initialize()
    def begin(self) -> None:
        self.runner = asyncio.Runner()
        self.server = ValkeyServer().start()
        self.bus = EventBus(
            NoteContract(),
            BusSettings(
                redis_url=self.server.url, retention_events=KEPT, heartbeat_seconds=0.2, publish_timeout_seconds=10
            ),
        )
        self.log: list[int] = []
        self.saved: list[int] = []
        self.server.command("SAVE")
        self.count = 0

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(work)

    @rule(amount=st.integers(1, 30))
    def publish(self, amount: int) -> None:
        self.run(self._publish(amount))

    async def _publish(self, amount: int) -> int:
        notes = [Note("s", self.count + number + 1) for number in range(amount)]
        await self.bus.publish_many(notes)
        self.count += amount
        self.log += [note.number for note in notes]
        return self.count

    @rule()
    def kill_subscriptions(self) -> None:
        self.server.command("CLIENT", "KILL", "TYPE", "pubsub")

    @rule()
    def kill_commands(self) -> None:
        self.server.command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "no")

    @rule()
    def save(self) -> None:
        assert self.server.command("SAVE").startswith(b"+OK")
        self.saved = list(self.log)

    @rule()
    def restart_from_the_last_save(self) -> None:
        self.server.stop()
        self.server.start()
        self.log = list(self.saved)

    @rule()
    def delete(self) -> None:
        self.run(self.bus.delete("s"))
        self.log = []

    @rule(target=viewers, start=st.sampled_from(["earliest", "now"]))
    def arrive(self, start: Any) -> Viewer:
        viewer = Viewer()

        async def work() -> None:
            await self._publish(1)  # so that "now" is a known place
            viewer.subscription = await self.bus.subscribe("s", start=start).__aenter__()
            if start == "now":
                viewer.last = self.log[-1]
            viewer.cursor = viewer.subscription.opening.cursor

        self.run(work())
        return viewer

    @rule(viewer=viewers)
    def leave(self, viewer: Viewer) -> None:
        if viewer.subscription is not None:
            viewer.subscription.close()
            viewer.subscription = None

    @rule(viewer=viewers)
    def come_back(self, viewer: Viewer) -> None:
        if viewer.subscription is None:
            self.run(self._come_back(viewer))

    async def _come_back(self, viewer: Viewer) -> None:
        viewer.subscription = await self.bus.subscribe("s", after=viewer.cursor).__aenter__()
        opening = viewer.subscription.opening
        assert opening.recovered == (opening.gap is None)
        self._check(viewer, await self._catch_up(viewer, [opening.gap] if opening.gap else []))

    @rule(viewer=viewers)
    def look(self, viewer: Viewer) -> None:
        if viewer.subscription is not None:

            async def work() -> None:
                self._check(viewer, await self._catch_up(viewer, []))

            self.run(work())

    async def _catch_up(self, viewer: Viewer, items: list[Frame | Gap]) -> list[Frame | Gap]:
        assert viewer.subscription is not None
        marker = await self._publish(1)
        return items + await take_until(viewer.subscription, lambda seen: numbers(seen)[-1:] == [marker])

    def _check(self, viewer: Viewer, items: list[Frame | Gap]) -> None:
        """Compare what came, gaps and events, with what the oracle says should have come."""
        last_gap = max((place for place, item in enumerate(items) if isinstance(item, Gap)), default=-1)
        before, after = numbers(items[: last_gap + 1]), numbers(items[last_gap + 1 :])
        assert before == sorted(set(before)), "what was queued before the gap is in order"
        assert after == self.log[len(self.log) - len(after) :], "the end of the log, without holes"
        last = before[-1] if before else viewer.last
        if last is not None:
            held = last in self.log
            place = self.log.index(last) + 1 if held else 0
            if last_gap < 0:
                assert held, "what it saw last is gone, and nobody told it"
                assert after == self.log[place:], "it missed something, and nobody told it"
            elif held:
                assert len(self.log) - place > KEPT - SLACK, "a gap was announced without need"
        frames = [item for item in items if isinstance(item, Frame)]
        viewer.last, viewer.cursor = after[-1], frames[-1].cursor

    def teardown(self) -> None:
        if hasattr(self, "runner"):
            self.run(self.bus.close())
            self.runner.close()
            self.server.close()


def test_every_story_is_contiguous_or_announced() -> None:
    run_state_machine_as_test(
        Story,
        settings=settings(
            max_examples=20,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
        ),
    )
