"""What became of digests in one run."""

from dataclasses import dataclass, field

from broadsheet.model.digest import ENDS, State


@dataclass(slots=True)
class Counts:
    """How many digests ended in each state, and how many wait again; ``held`` says why none were sent, if so."""

    ends: dict[State, int] = field(default_factory=dict)
    later: int = 0
    held: str = ""

    def add(self, state: State, number: int = 1) -> None:
        """Count some that ended in a state, or that wait again."""
        if state == "waiting":
            self.later += number
        elif number:
            self.ends[state] = self.ends.get(state, 0) + number

    @property
    def sent(self) -> int:
        """How many were sent."""
        return self.ends.get("sent", 0)

    @property
    def recipients(self) -> int:
        """How many subscribers there was something for, and it is certain what became of it or that nobody can say."""
        return sum(self.ends.get(state, 0) for state in ENDS)


class Lost(Exception):  # noqa: N818 - it is no fault: somebody else has it, or it was called back
    """A digest is its holder's no longer."""
