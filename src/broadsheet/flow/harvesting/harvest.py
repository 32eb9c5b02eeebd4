"""Harvest one source: ask, read, keep, and remember where it stands, page after page."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from io import BytesIO
from itertools import islice
from threading import Event
from typing import Any
from uuid import uuid4

from broadsheet.errors import BroadsheetError, Conflict, Invalid, NotFound, Refused, Unavailable
from broadsheet.flow import events
from broadsheet.flow.harvesting.kinds import adapter_of
from broadsheet.flow.house import House
from broadsheet.flow.shelf.keep import Kept, keep_in
from broadsheet.model.harvest import Outcome, Run, Source
from broadsheet.model.record import Problem, Record
from broadsheet.sources.adapter import Adapter, Answer, Ask, Page, Want
from broadsheet.store import leases, problems, runs, source_days, sources
from broadsheet.store.connect import Connection

BATCH = 2_000
# RecordManager, a harvester of libraries, gives up after as many tries; this one then looks once a day.
MOST_FAILURES = 20
PARKED_S = 24 * 3600.0
# After so many failures of one request the run begins anew: what it goes on from may not be known any more.
_FAILURES_OF_ONE = 12
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 30.0, 6 * 3600.0
# A page is fetched and kept in minutes; whoever holds a source longer without a word is gone.
LEASE_S = 30 * 60.0
_SLICE_S = 1.0


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is; ``expected`` records in all, where the source says."""

    source: str
    pages: int
    records: int
    expected: int | None


Report = Callable[[Progress], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """Who watches a run: ``stop`` ends it after the page in hand, ``progress`` hears of every page.

    What fails is tried again in the run when the wait is at most ``patience_s``, else when the source is due.
    """

    stop: Event | None = None
    progress: Report | None = None
    patience_s: float = 120.0


_UNWATCHED = Watch()


class _StoppedError(Exception):
    """The run was told to stop."""


class _LostError(Exception):
    """The run was so slow that another took over."""


def harvest(
    house: House, name: str, want: Want | None = None, watch: Watch = _UNWATCHED, *, beside: bool = False
) -> Run:
    """Run a source until its end: what is told, how far it is and what was kept are one transaction a page.

    A run that was cut off goes on where it was. One that ``want`` asks for goes ``beside`` the source's own where that
    is cut off or yet to begin, or when told to: it keeps papers, and the source stands as before. Raises NotFound for
    an unknown source, Conflict when somebody is running it, and Invalid for a target that it has not; whatever else
    goes wrong is told in the run.
    """
    with house.store.reading() as connection:
        source = sources.by_name(connection, name)
    if source is None:
        raise NotFound(f"There is no source “{name}”.")
    running = _Running(house, source, watch, beside=beside)
    try:
        with running:
            return running.run(want)
    except _LostError:
        raise Conflict(f"“{name}” was taken over by another process.") from None


class _Running:
    """One run, which holds its source's lease."""

    _adapter: Adapter

    def __init__(self, house: House, source: Source, watch: Watch, *, beside: bool) -> None:
        self._house, self._source, self._watch, self._beside = house, source, watch, beside
        self._holder = uuid4().hex
        self._lease = lease_of(source)
        self._expected: int | None = None
        self._run = Run(source_id=source.id, begun_at=house.clock())

    def __enter__(self) -> None:
        at = self._house.clock()
        with self._house.store.writing() as connection:
            if not leases.take(connection, self._lease, self._holder, at, LEASE_S):
                raise Conflict(f"“{self._source.name}” is being harvested by another process.")
            # Read again: its last holder may have moved it on since.
            self._source = sources.by_name(connection, self._source.name) or self._source
            self._run = runs.begin(connection, self._source.id, at)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if kind is _LostError:
            return  # another holds it now, and writes down how it stands
        if kind is not None and self._run.outcome == "running":
            told = str(error) if isinstance(error, BroadsheetError) else f"{kind.__name__}: {error}"
            try:
                # A fault of ours is no reason to ask again at once, and for ever.
                self._end("stopped", told, after_s=self._failed(error) if isinstance(error, Exception) else 0.0)
            finally:
                self._let_go()
        else:
            self._let_go()

    def _let_go(self) -> None:
        with self._house.store.writing() as connection:
            leases.drop(connection, self._lease, self._holder)

    def run(self, want: Want | None) -> Run:
        """Go from page to page until the end, a stop, or a failure that takes too long to wait for."""
        self._adapter = adapter_of(self._house, self._source)
        try:
            ask = self._first(want)
        except Unavailable as error:
            return self._end("waiting", str(error), after_s=self._failed(error))
        while ask is not None:
            if self._stopped:
                return self._end("stopped")
            try:
                ask = self._page(ask)
            except _StoppedError:
                return self._end("stopped")
            except Refused as error:
                return self._end("refused", str(error))
            except BroadsheetError as error:
                if (ended := self._ended_by(error)) is not None:
                    return ended
        return self._end("done", after_s=float(self._source.every_s) if self._is_own else 0.0)

    def _first(self, want: Want | None) -> Ask | None:
        """Go on where a run was cut off, or begin one."""
        source = self._source
        begun = _want_of(source.want) if source.want else None
        if source.ask is not None and want in {None, begun} and not self._beside:
            return Ask(**source.ask)
        own = Want(target=source.target, since=None if source.mark else source.since)
        chosen = want or own
        # Where the source goes on from is for its own run to say, of one that runs by itself at least.
        may_move = source.ask is None and (source.mark or not source.every_s)
        self._beside = self._beside or (chosen != own and not may_move)
        ask = self._adapter.begin(chosen, source.mark, self._house.clock())
        self._source = replace(source, ask=_written(ask), want=_want_written(chosen))
        if self._beside:
            self._source = replace(self._source, failures=0, trouble="")
        return ask

    @property
    def _is_own(self) -> bool:
        """Whether this is the run that a source is due for, and not one that somebody asked for besides."""
        want = _want_of(self._source.want or {})
        return not self._source.every_s or (want.until is None and want.since in {None, self._source.since})

    def _page(self, ask: Ask) -> Ask | None:
        with self._answer(ask) as answer:
            page = self._adapter.read(_want_of(self._source.want or {}), self._source.mark, ask, answer)
            self._keep(page)
        if self._watch.progress:
            self._watch.progress(Progress(self._source.name, self._run.pages, self._run.records, self._expected))
        return page.next

    def _answer(self, ask: Ask) -> Answer:
        if ask.url.startswith("file:"):
            return Answer(url=ask.url, body=BytesIO(), at=self._house.clock())  # on this machine: nobody to ask
        try:
            return self._house.fetcher.get(self._adapter.service, ask)
        except (NotFound, Invalid):
            if not ask.may_be_gone:
                raise
            return Answer(url=ask.url, body=BytesIO(), at=self._house.clock(), gone=True)

    def _keep(self, page: Page) -> None:
        """Keep a page; of a very long one all but the last batch before it is known how far it goes."""
        self._expected = page.expected if page.expected is not None else self._expected
        batches = _batches(page.told)
        last: Sequence[Record | Problem] = next(batches, [])
        for batch in batches:
            self._keep_batch(last)
            if self._stopped:
                raise _StoppedError
            last = batch
        self._keep_batch(last, page)

    def _keep_batch(self, told: Sequence[Record | Problem], page: Page | None = None) -> None:
        at = self._house.clock()
        found = [each for each in told if isinstance(each, Record)]
        # Under the name that an operator knows, so that a source's problems can be listed.
        bad = [replace(each, source=self._source.name) for each in told if isinstance(each, Problem)]
        with self._house.store.writing() as connection:
            if not leases.holds(connection, self._lease, self._holder):
                raise _LostError
            leases.take(connection, self._lease, self._holder, at, LEASE_S)
            kept = keep_in(connection, found, at=at) if found else Kept()
            run = _counted(self._run, kept, problems.note(connection, bad, at=at) if bad else 0, pages=page is not None)
            source = self._source if page is None else self._moved_on(connection, page, at)
            self._save(connection, source, run)
        self._run, self._source = run, source

    def _save(self, connection: Connection, source: Source, run: Run) -> None:
        """Write down how both stand; whoever lost the source to another writes nothing."""
        if not leases.holds(connection, self._lease, self._holder):
            raise _LostError
        runs.save(connection, run)
        if not self._beside:
            sources.save(connection, source)

    def _moved_on(self, connection: Connection, page: Page, at: datetime) -> Source:
        source_days.told(connection, self._source.id, page.days, at)
        return replace(
            self._source, mark=page.mark, ask=_written(page.next), failures=0, trouble="", tried_at=at, next_at=at
        )

    def _ended_by(self, error: BroadsheetError) -> Run | None:
        """Wait until it is time to try again, None; or end the run, where that takes too long."""
        wait_s = self._failed(error)
        if isinstance(error, Invalid | NotFound) or (
            self._source.failures % _FAILURES_OF_ONE == 0 and not _is_asked_to_wait(error)
        ):
            # What is denied for good, or too often, is not asked again: the next run begins anew.
            self._source = replace(self._source, ask=None, want=None)
            wait_s = max(wait_s, _FIRST_PAUSE_S)
            if self._source.failures < MOST_FAILURES:
                return self._end("waiting", str(error), after_s=wait_s)
        if self._source.failures >= MOST_FAILURES:
            return self._end("parked", str(error), after_s=max(wait_s, PARKED_S))
        if wait_s > self._watch.patience_s or not self._wait(wait_s):
            return self._end("waiting", str(error), after_s=wait_s)
        return None

    def _failed(self, error: Exception) -> float:
        """Note a failure; gives how many seconds to wait before the next try."""
        failures = self._source.failures + 1
        asked_s = error.retry_after_s if isinstance(error, Unavailable) else None
        pause_s = _pause_s(failures) if asked_s is None else asked_s
        at = self._house.clock()
        due_at = at + timedelta(seconds=pause_s)
        self._source = replace(self._source, failures=failures, trouble=str(error), tried_at=at, next_at=due_at)
        with self._house.store.writing() as connection:
            self._save(connection, self._source, self._run)
        events.try_failed(self._source, pause_s)
        return pause_s

    def _wait(self, seconds: float) -> bool:
        """Wait; False when told to stop meanwhile."""
        # By what was waited, not by the clock, which may be set meanwhile.
        while seconds > 0:
            if self._stopped:
                return False
            slice_s = min(seconds, _SLICE_S) if self._watch.stop else seconds
            self._house.wait(slice_s)
            seconds -= slice_s
        return True

    @property
    def _stopped(self) -> bool:
        return self._watch.stop is not None and self._watch.stop.is_set()

    def _end(self, outcome: Outcome, message: str = "", *, after_s: float = 0.0) -> Run:
        """Write down how the run ended and when the source is due again."""
        at = self._house.clock()
        done = outcome == "done"
        source = replace(
            self._source,
            ask=None if done else self._source.ask,
            want=None if done else self._source.want,
            trouble=message,
            tried_at=at,
            next_at=at + timedelta(seconds=after_s),
            succeeded_at=at if done and self._is_own else self._source.succeeded_at,
        )
        self._run = replace(self._run, ended_at=at, outcome=outcome, message=message)
        with self._house.store.writing() as connection:
            self._save(connection, source, self._run)
            if outcome == "refused":
                sources.pause(connection, source.id)
        events.run_ended(source, self._run)
        return self._run


def _is_asked_to_wait(error: BroadsheetError) -> bool:
    return isinstance(error, Unavailable) and error.retry_after_s is not None


def _pause_s(failures: int) -> float:
    return float(min(_FIRST_PAUSE_S * 2 ** min(failures - 1, 20), _LONGEST_PAUSE_S))


def lease_of(source: Source) -> str:
    """Name the lease that whoever runs a source holds."""
    return f"source:{source.id}"


def _batches(told: object) -> Iterator[list[Record | Problem]]:
    stream = iter(told)  # type: ignore[call-overload]
    while batch := list(islice(stream, BATCH)):
        yield batch


def _counted(run: Run, kept: Kept, bad: int, *, pages: bool) -> Run:
    return replace(
        run,
        pages=run.pages + pages,
        records=run.records + kept.total,
        new=run.new + kept.new,
        changed=run.changed + kept.changed,
        problems=run.problems + bad,
    )


def _written(ask: Ask | None) -> Mapping[str, Any] | None:
    return None if ask is None else asdict(ask)


def _want_written(want: Want) -> Mapping[str, Any]:
    days = {"since": want.since, "until": want.until}
    return {"target": want.target, **{name: day.isoformat() for name, day in days.items() if day}}


def _want_of(told: Mapping[str, Any]) -> Want:
    days = {name: date.fromisoformat(told[name]) for name in ("since", "until") if name in told}
    return Want(target=told.get("target", ""), **days)
