"""Ask again for what is missing: ids at arXiv's query API, days at the source that should have told of them."""

from datetime import date
from threading import Event

from broadsheet.errors import BroadsheetError
from broadsheet.flow.harvesting import gaps
from broadsheet.flow.harvesting.harvest import Watch, harvest
from broadsheet.flow.harvesting.kinds import services_of
from broadsheet.flow.house import House
from broadsheet.flow.shelf.keep import keep_in
from broadsheet.model.record import Problem, Record
from broadsheet.sources.adapter import Want
from broadsheet.sources.live.arxiv_query import MOST_IDS, ArxivQuery
from broadsheet.sources.services import ARXIV_API
from broadsheet.store import problems, sources

# A few requests a time; what is left comes next time.
_MOST_ASKS = 5
_MOST_DAYS = 10


def fill(house: House, stop: Event) -> gaps.Settled:
    """Ask for the gaps that are due and close those that are filled; what cannot be asked now is asked later."""
    _fill_ids(house, stop)
    _fill_days(house, stop)
    return gaps.settle(house)


def _fill_ids(house: House, stop: Event) -> None:
    with house.store.reading() as connection:
        wanted = any(s.kind.partition("-")[0] == "arxiv" and not s.paused for s in sources.everything(connection))
    if not wanted:
        return  # whoever only imported papers has asked for nothing more
    for _ in range(_MOST_ASKS):
        if stop.is_set():
            return
        due = gaps.due(house, "id", limit=MOST_IDS)
        if not due:
            return
        try:
            _ask_for(house, [gap.name for gap in due])
        except BroadsheetError:
            return  # whoever keeps turns at the service has noted why
        gaps.settle(house, due)


def _ask_for(house: House, ids: list[str]) -> None:
    adapter = ArxivQuery(services_of(house)(ARXIV_API))
    ask = adapter.ask(ids)
    with house.fetcher.get(adapter.service, ask) as answer:
        told = list(adapter.read(Want(target=" ".join(ids)), {}, ask, answer).told)
    at = house.clock()
    with house.store.writing() as connection:
        keep_in(connection, [one for one in told if isinstance(one, Record)], at=at)
        problems.note(connection, [one for one in told if isinstance(one, Problem)], at=at)


def _fill_days(house: House, stop: Event) -> None:
    with house.store.reading() as connection:
        known = [source for source in sources.everything(connection) if gaps.is_looked_after(source)]
    watch = Watch(stop=stop)
    for source in known:
        if source.paused or source.failures or source.ask is not None:
            continue
        for gap in gaps.due(house, "day", source.name, limit=_MOST_DAYS):
            if stop.is_set():
                return
            day = date.fromisoformat(gap.name)
            try:
                run = harvest(house, source.name, Want(target=source.target, since=day, until=day), watch, beside=True)
            except BroadsheetError:
                break  # somebody is running it
            if run.outcome != "done":
                break
            gaps.settle(house, [gap])
