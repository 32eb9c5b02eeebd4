"""How a paper stands with a reader: on which labels it is, to be read later, read, or hidden."""

from collections.abc import Collection
from dataclasses import dataclass

from broadsheet.errors import Invalid, Refused
from broadsheet.flow.house import House
from broadsheet.flow.lists import labels as flow
from broadsheet.flow.paper import find
from broadsheet.model.label import MAX_PAPERS, STATES, KeptPaper, Label, State
from broadsheet.model.paper import Paper
from broadsheet.model.reader import Reader
from broadsheet.store import labels, readings
from broadsheet.store.connect import Connection

PER_PAGE = flow.PER_PAGE


@dataclass(frozen=True, slots=True)
class Keeping:
    """All labels of a reader, the slugs of those that hold the paper, and how it stands."""

    labels: tuple[Label, ...]
    holding: frozenset[str]
    state: State | None


@dataclass(frozen=True, slots=True)
class Wish:
    """On which labels a paper shall be, by slug, also on one called ``also_on``; ``state`` is empty for none."""

    on: Collection[str] = ()
    state: str = ""
    also_on: str = ""


def keeping(house: House, reader: Reader, paper: Paper) -> Keeping:
    """Tell how a paper stands with a reader; three statements, however many labels there are."""
    with house.store.reading() as connection:
        own = labels.of_reader(connection, reader.id, viewer_id=reader.id)
        return Keeping(
            own, labels.holding(connection, reader.id, paper.id), readings.state_of(connection, reader.id, paper.id)
        )


def keep(house: House, reader: Reader, paper: str, wish: Wish) -> Paper:
    """Let a paper stand with a reader as wished, and on no other labels.

    Raises NotFound for a paper or label, Invalid for a state, and what making a label raises; then nothing is changed.
    """
    state = _state(wish.state)
    with house.store.writing() as connection:
        found = find(connection, paper)
        chosen = [flow.own(connection, reader, slug) for slug in dict.fromkeys(wish.on)]
        if wish.also_on.strip():
            chosen.append(flow.named(house, connection, reader, flow.Wanted(wish.also_on)))
        _put(house, connection, reader, found, chosen)
        _stand(house, connection, reader, found, state)
    return found


def mark(house: House, reader: Reader, paper: str, state: str) -> Paper:
    """Let a paper stand as ``state``, or as any other where that is empty; raises NotFound and Invalid."""
    wanted = _state(state)
    with house.store.writing() as connection:
        found = find(connection, paper)
        _stand(house, connection, reader, found, wanted)
    return found


def reading_list(
    house: House, reader: Reader, state: State, *, page: int = 1, limit: int = PER_PAGE
) -> tuple[KeptPaper, ...]:
    """Give a page of so many of the papers in a state, newest first."""
    with house.store.reading() as connection:
        return readings.page(connection, reader.id, state, limit=limit, offset=limit * (max(page, 1) - 1))


def counts(house: House, reader: Reader) -> dict[str, int]:
    """Count the papers in each state that has any."""
    with house.store.reading() as connection:
        return readings.counts(connection, reader.id)


def hidden(house: House, reader: Reader | None) -> frozenset[int]:
    """Give the numbers of the papers that a reader does not want to see; none for nobody."""
    if reader is None:
        return frozenset()
    with house.store.reading() as connection:
        return readings.hidden(connection, reader.id)


def _put(house: House, connection: Connection, reader: Reader, paper: Paper, chosen: Collection[Label]) -> None:
    holding = labels.holding(connection, reader.id, paper.id)
    wanted = {label.slug: label for label in chosen}
    for slug in holding - wanted.keys():
        labels.take_off(connection, flow.own(connection, reader, slug).id, paper.id)
    for slug in wanted.keys() - holding:
        if wanted[slug].papers >= MAX_PAPERS:
            raise Refused(f"A label takes at most {MAX_PAPERS:,} papers. Begin another one.")
        labels.put(connection, wanted[slug].id, paper.id, "", at=house.clock())


def _stand(house: House, connection: Connection, reader: Reader, paper: Paper, state: State | None) -> None:
    if state is None:
        readings.forget(connection, reader.id, paper.id)
    elif state != readings.state_of(connection, reader.id, paper.id):
        readings.set_state(connection, reader.id, paper.id, state, at=house.clock())


def _state(state: str) -> State | None:
    if state and state not in STATES:
        raise Invalid("A paper is put off for later, read or hidden.", field="state")
    return next((one for one in STATES if one == state), None)
