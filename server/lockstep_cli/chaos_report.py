"""What a chaos run counts: one tally for each viewer, one report for the run."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Tally:
    """One viewer's account of a session whose events carry the numbers 0, 1, 2, ..."""

    received: int = 0
    duplicated: int = 0
    reordered: int = 0
    gaps: int = 0
    """Losses that were announced."""
    missing: set[int] = field(default_factory=set[int])
    """Numbers that were jumped over and have not come since; what a gap announced is not among them."""
    next: int = 0
    _forgiven: bool = False

    def event(self, number: int) -> None:
        """An event came."""
        self.received += 1
        if number == self.next:
            self.next += 1
        elif number > self.next:
            if not self._forgiven:
                self.missing.update(range(self.next, number))
            self.next = number + 1
        elif number in self.missing:
            self.missing.discard(number)
            self.reordered += 1
        else:
            self.duplicated += 1
        self._forgiven = False

    def gap(self) -> None:
        """A gap was announced: the next event may have any number."""
        self.gaps += 1
        self._forgiven = True


@dataclass(slots=True)
class Report:
    """The figures of one run."""

    seed: int
    sent: int = 0
    """Events that were acknowledged."""
    refused: int = 0
    """Calls that ended in an error and were repeated."""
    cuts: int = 0
    """Subscription connections that were killed."""
    departures: int = 0
    """How often a viewer left and came back with its cursor."""
    seconds: float = 0.0
    tallies: list[Tally] = field(default_factory=list[Tally])

    @property
    def figures(self) -> dict[str, int | float]:
        """Everything, by name."""
        return {
            "seed": self.seed,
            "sent": self.sent,
            "viewers": len(self.tallies),
            "received": sum(tally.received for tally in self.tallies),
            "lost": sum(len(tally.missing) for tally in self.tallies),
            "duplicated": sum(tally.duplicated for tally in self.tallies),
            "reordered": sum(tally.reordered for tally in self.tallies),
            "gaps_announced": sum(tally.gaps for tally in self.tallies),
            "connections_killed": self.cuts,
            "viewers_disconnected": self.departures,
            "publishes_repeated": self.refused,
            "seconds": round(self.seconds, 1),
        }

    @property
    def clean(self) -> bool:
        """Nothing lost, doubled or out of order."""
        return not any(tally.missing or tally.duplicated or tally.reordered for tally in self.tallies)
