"""What a conversion could not decide: collected where it happens, read by a person at the end."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Notes:
    """The list."""

    decisions: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    """Where in the contract, and what a person must look at."""
    unwritten: list[str] = field(default_factory=list[str])
    """Where a description is to be written."""
    left_out: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    """Class of the module, and why it is no event."""

    def decide(self, where: str, said: str) -> None:
        """Each thing once."""
        if (where, said) not in self.decisions:
            self.decisions.append((where, said))

    def unwritten_at(self, where: str) -> None:
        """A description that nobody has written yet."""
        self.unwritten.append(where)
