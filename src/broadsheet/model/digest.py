"""A digest: one mail or message, one subscriber, one day."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

from broadsheet.model.paper import Paper
from broadsheet.model.subscription import Rhythm

# ``waiting`` to be made and sent, for the first time or again; ``taken`` by a worker; ``staged``: whole, beside the
# spool; ``doubt``: it may have arrived, and nobody can say; ``empty``: there was nothing to send, and nobody to count.
State = Literal["waiting", "taken", "staged", "doubt", "sent", "bounced", "expired", "suppressed", "empty"]
STATES: tuple[State, ...] = get_args(State)
# What becomes of each recipient in the end.
ENDS: tuple[State, ...] = ("sent", "bounced", "expired", "doubt", "suppressed")


@dataclass(frozen=True, slots=True)
class Card:
    """One paper: ``telling`` are one or two sentences of its abstract in plain text, ``why`` says why it is here."""

    paper: Paper
    telling: tuple[str, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """What is new of one list: its title, the path of its page, its papers, and how many more there are."""

    title: str
    path: str
    cards: tuple[Card, ...]
    more: int = 0


@dataclass(frozen=True, slots=True)
class Digest:
    """What somebody gets: of a kind, for a day at their place, in sections; a paper stands in one of them only."""

    kind: Rhythm
    day: date
    sections: tuple[Section, ...]

    @property
    def papers(self) -> tuple[Paper, ...]:
        """Give all papers in their order."""
        return tuple(card.paper for card in self.cards())

    def cards(self) -> Iterator[Card]:
        """Give all cards in their order."""
        for section in self.sections:
            yield from section.cards
