"""What every live source is: what to ask it, and what its answers lead to. Nothing here makes a request."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, BinaryIO, Protocol, Self, runtime_checkable

from broadsheet.errors import BroadsheetError
from broadsheet.model.record import Problem, Record

# What a source remembers between requests and between runs: a JSON object that is its own business.
Mark = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A public service and how it wants to be used; ``services.py`` has them all in one table.

    Requests go to ``hosts`` and nowhere else, redirects too; an empty tuple means the host of the address asked for.
    Between the end of one request and the beginning of the next are ``gap_s`` seconds, whoever asks. ``terms`` is
    where the service says so. Services of one ``queue`` take turns with each other, and have the same gap and timeout.
    ``busy_statuses`` are those by which it says “slow down” beside the usual ones.
    ``timeout_s`` is for a whole request, ``most_bytes`` for its answer, packed and unpacked.
    """

    name: str
    base: str = ""
    hosts: tuple[str, ...] = ()
    gap_s: float = 1.0
    timeout_s: float = 60.0
    most_bytes: int = 64 << 20
    terms: str = ""
    queue: str = ""
    busy_statuses: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One request. ``etag`` and ``modified`` are what the last answer bore, where this asks only for news.

    ``may_be_gone`` says that to be denied this one thing is an answer too: others can be asked for after it.
    ``explains`` says that a protocol's own error may come with a status of 400, 404 or 422, and is read.
    """

    url: str
    accept: str = ""
    etag: str = ""
    modified: str = ""
    may_be_gone: bool = False
    explains: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a service answered with 200, or 304 when nothing is new (``unchanged``, an empty body).

    ``url`` is where it came from in the end, ``body`` is decompressed and may be read more than once. ``at`` is the
    service's own time (the Date header), never past ours. ``gone`` when it denied what may be gone (an empty body).
    ``denied`` is what the status of an error means that may explain itself; to be raised where the body does not.
    """

    url: str
    body: BinaryIO
    at: datetime
    kind: str = ""
    etag: str = ""
    modified: str = ""
    unchanged: bool = False
    gone: bool = False
    denied: BroadsheetError | None = None
    headers: Mapping[str, str] = field(default_factory=dict)  # names in lower case

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.body.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class Want:
    """What somebody wants of a source: ``target`` is a set, a category, a venue, an address or a folder.

    ``since`` and ``until`` are days, both inclusive, and none where a run goes on from where the last one ended.
    """

    target: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class DayTold:
    """How many papers a source told for one of its days; ``final`` when it will not tell others any more."""

    day: date
    papers: int
    final: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What one answer led to: kept together with ``mark`` and ``next`` in one transaction.

    ``next`` is None at the end of a run. ``expected`` is how many records the whole run will bring, where that is
    known. ``told`` may be read only once and lazily.
    """

    told: Iterable[Record | Problem]
    mark: Mark
    next: Ask | None = None
    days: tuple[DayTold, ...] = ()
    expected: int | None = None


@runtime_checkable
class Adapter(Protocol):
    """One kind of source. Pure: the same mark and the same answer give the same page, so a run can go on anywhere."""

    @property
    def service(self) -> Service:
        """Say who is asked, and how."""

    def begin(self, want: Want, mark: Mark, at: datetime) -> Ask | None:
        """Give the first request of a run from what the last run left in ``mark``, empty before the first one.

        None when there is nothing to ask for now. Raises Invalid for a target that this source has not.
        """

    def read(self, want: Want, mark: Mark, ask: Ask, answer: Answer) -> Page:
        """Read an answer: never raises for what a service may answer, but Unavailable where asking again may help."""
