"""A paper's history: what all records told of it, from the first text to the last, and what changed between two."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cache
from operator import itemgetter

from broadsheet.errors import NotFound
from broadsheet.flow.house import House
from broadsheet.model.difference import Span, difference
from broadsheet.model.paper import Paper
from broadsheet.model.record import Record
from broadsheet.model.text import plain
from broadsheet.store import editions, records
from broadsheet.store.payload import moment

_FULL_DATE = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """One text of a paper: title, abstract and authors as they were told, and who told them.

    ``at`` is when this text came to be, ISO 8601: the date of the version, else when it was told first. ``versions``
    are the numbers it was told under. ``past`` says that who told it tells something else now.
    """

    at: str
    versions: tuple[int, ...]
    sources: tuple[str, ...]
    title: str
    abstract: str
    authors: tuple[str, ...]
    withdrawn: bool
    taken_back: bool
    past: bool


@dataclass(frozen=True, slots=True)
class History:
    """All texts of a paper, oldest first."""

    tellings: tuple[Telling, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """What changed from one text to another; ``authors`` are names that came and went."""

    title: tuple[Span, ...]
    abstract: tuple[Span, ...]
    authors_added: tuple[str, ...]
    authors_removed: tuple[str, ...]


def history(house: House, paper: Paper) -> History:
    """Give all texts that records told of a paper, each once, in the order of their dates, versions and telling."""
    with house.store.reading() as connection:
        standing = [telling.record for telling in records.of_papers(connection, [paper.id])]
        past = [edition.record for edition in editions.of_paper(connection, paper.id)]
    dates = {version.number: version.at for version in paper.versions if version.at}
    told = [(_key(each, dates), _telling(each, dates, past=False)) for each in standing if _says_something(each)]
    told += [(_key(each, dates), _telling(each, dates, past=True)) for each in past]
    return History(tuple(_united(telling for _, telling in sorted(told, key=itemgetter(0)))))


def has_history(house: House, paper: Paper) -> bool:
    """Tell whether a paper was told of more than once, which its history may have more to say about; one statement."""
    with house.store.reading() as connection:
        return editions.tellings(connection, paper.id) > 1


def change(found: History, before: int, after: int) -> Change:
    """Compare two texts by their numbers from 1 on; raises NotFound for a number that the history has not."""
    old, new = _numbered(found, before), _numbered(found, after)
    return Change(
        difference(plain(old.title), plain(new.title)),
        difference(plain(old.abstract), plain(new.abstract)),
        tuple(name for name in new.authors if name not in old.authors),
        tuple(name for name in old.authors if name not in new.authors),
    )


def _numbered(found: History, number: int) -> Telling:
    if not 1 <= number <= len(found.tellings):
        raise NotFound(f"The history of this paper has no text {number}.")
    return found.tellings[number - 1]


def _says_something(record: Record) -> bool:
    return bool(record.title) and not record.adds


def _key(record: Record, dates: dict[int, str]) -> tuple[str, int, str, str, str]:
    return _at(record, dates)[:_FULL_DATE], record.version, moment(record.observed), record.source, record.key


def _at(record: Record, dates: dict[int, str]) -> str:
    own = dates.get(record.version, "") if record.version else ""
    return own or record.updated or record.published or moment(record.observed)


def _telling(record: Record, dates: dict[int, str], *, past: bool) -> Telling:
    numbers = (record.version, *(version.number for version in record.versions))
    return Telling(
        at=_at(record, dates),
        versions=(max(numbers),) if max(numbers) else (),
        sources=(record.source,),
        title=record.title,
        abstract=record.abstract,
        authors=tuple(author.name for author in record.authors),
        withdrawn=record.withdrawn,
        taken_back=record.deleted and not past,
        past=past,
    )


def _united(told: Iterable[Telling]) -> list[Telling]:
    """Put together tellings of one text: who told it first comes first, and it stands while anybody tells it."""
    found: list[Telling] = []
    words = cache(_words)
    for one in told:
        place = next((place for place, known in enumerate(found) if _is_one_text(known, one, words)), None)
        if place is None:
            found.append(one)
        else:
            found[place] = _both(found[place], one)
    return found


def _is_one_text(known: Telling, other: Telling, words: Callable[[str], str]) -> bool:
    """Tell whether two say the same, TeX and spaces aside; who is silent about the abstract contradicts nobody."""
    if known.withdrawn != other.withdrawn or words(known.title) != words(other.title):
        return False
    is_again = not set(known.sources).isdisjoint(other.sources)
    if is_again and known.authors != other.authors:
        return False
    is_silent = not (known.abstract and other.abstract) and not is_again
    return is_silent or words(known.abstract) == words(other.abstract)


def _words(text: str) -> str:
    return " ".join(plain(text).split())


def _both(known: Telling, other: Telling) -> Telling:
    return replace(
        known,
        versions=tuple(sorted({*known.versions, *other.versions})),
        sources=tuple(dict.fromkeys((*known.sources, *other.sources))),
        abstract=known.abstract or other.abstract,
        authors=known.authors or other.authors,
        taken_back=known.taken_back and other.taken_back,
        past=known.past and other.past,
    )
