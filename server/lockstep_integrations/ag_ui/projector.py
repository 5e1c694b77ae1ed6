"""What one viewer of a thread is sent: legal AG-UI frames with ids that are the same on every replay."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from lockstep_integrations.ag_ui.legal import TERMINAL
from lockstep_integrations.ag_ui.profile import Profile, downgrade
from lockstep_integrations.ag_ui.thread import Thread

Json: TypeAlias = Any
Frame: TypeAlias = dict[str, Json]
Sent: TypeAlias = tuple[str, Frame]
"""An SSE id and the frame that goes with it."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a viewer is: after which frame of which event. Written as the SSE id that the frame had."""

    cursor: str
    part: str = ""
    """`3`: the third of several frames. `03`: the third of an opening. Empty: all of them."""

    @classmethod
    def parse(cls, text: str) -> "Place":
        """Raises ValueError for what no projector has sent."""
        epoch, *numbers = text.split(".")
        if not epoch or not 1 <= len(numbers) <= 2 or not all(each.isascii() and each.isdigit() for each in numbers):
            raise ValueError(f'"{text}" is not the id of an AG-UI frame')
        return cls(f"{epoch}.{numbers[0]}", numbers[1] if len(numbers) == 2 else "")

    @property
    def in_opening(self) -> bool:
        return self.part.startswith("0")


class Projector:
    """One viewer of a run, or of whatever run is on (`run_id` None), one after another."""

    def __init__(self, thread: Thread, run_id: str | None = None, *, profile: Profile = "1.0") -> None:
        self.thread = thread
        self.run_id = run_id
        self.ended = False
        """The run of this viewer has ended: nothing more will come."""
        self._downgrade = profile == "0.0"

    def take(self, cursor: str, event: Mapping[str, Json]) -> list[Sent]:
        """The frames of one event; ids `<cursor>.1`, `.2` and so on, and the plain cursor for the last one."""
        folded = self.thread.fold(cursor, event)
        if self.ended:
            return []
        if self.run_id is None:
            self.run_id = next((run for run, frames in folded.items() if frames), None)
        return self._sent(cursor, folded.get(self.run_id or "", []))

    def settle(self) -> None:
        """Take up a viewer who has seen all that was folded so far."""
        if self.run_id is None:
            self.run_id = next(reversed(self.thread.live), next(reversed(self.thread.ended), None))
        self.ended = self.run_id in self.thread.ended

    def open(self, cursor: str) -> list[Sent]:
        """What a viewer sees first who joins after the event at `cursor`; ids `<cursor>.01` and so on."""
        if self.run_id is None:
            self.run_id = next(reversed(self.thread.live), next(reversed(self.thread.ended), None))
        if self.run_id is None:
            return []
        return self._sent(cursor, self.thread.opening(self.run_id), opening=True)

    def _sent(self, cursor: str, frames: list[Frame], *, opening: bool = False) -> list[Sent]:
        if frames and frames[-1]["type"] in TERMINAL:
            self.ended = True
        if self._downgrade:
            frames = [downgrade(frame) for frame in frames]
        before = "0" if opening else ""
        last = len(frames)
        return [
            (cursor if number == last else f"{cursor}.{before}{number}", frame)
            for number, frame in enumerate(frames, 1)
        ]


def after(place: Place | None, sent: Iterable[Sent]) -> list[Sent]:
    """What of the frames of one event, or of an opening, a viewer at `place` has not seen yet."""
    if place is None:
        return list(sent)
    return [each for each in sent if _number(each[0]) > int(place.part or 1 << 62)]


def _number(id: str) -> int:
    part = Place.parse(id).part
    return int(part) if part else 1 << 62
