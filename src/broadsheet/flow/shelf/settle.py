"""Settle which records make which papers, and compose those that something changed for."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from operator import itemgetter
from typing import Final

from broadsheet.flow.scoring import rescore
from broadsheet.model.compose import compose
from broadsheet.model.identity import Facts, cluster, spare_id
from broadsheet.model.ids import ExternalId
from broadsheet.model.paper import Paper
from broadsheet.store import changes, daily, following, ids, merges, papers, records, signals
from broadsheet.store.connect import Connection
from broadsheet.store.merges import Merge
from broadsheet.store.papers import Standing
from broadsheet.store.payload import PaperRow, paper_row
from broadsheet.store.records import Telling

_STAMP: Final = 11  # where a row of the papers table has it


@dataclass(frozen=True, slots=True)
class Settled:
    """How many papers are new, how many show something else, and how many joins were noted."""

    new: int = 0
    changed: int = 0
    merged: int = 0


@dataclass(slots=True)
class _Work:
    """One work: its tellings, in the parts that hang together by ids alone, and the number its paper keeps.

    ``denied`` are ids that its additions name and that are not its own.
    """

    tellings: Sequence[Telling]
    cores: Sequence[Sequence[Telling]] = ()
    denied: Collection[ExternalId] = ()
    paper_id: int = 0
    is_new: bool = False


@dataclass(slots=True)
class _Outcome:
    """The rows that settling leads to."""

    new: list[PaperRow] = field(default_factory=list)
    changed: list[PaperRow] = field(default_factory=list)
    merged_away: list[tuple[int, int]] = field(default_factory=list)
    new_ids: list[ids.Row] = field(default_factory=list)
    lost_ids: list[ids.Row] = field(default_factory=list)
    entries: set[daily.Entry] = field(default_factory=set)
    joins: list[Merge] = field(default_factory=list)
    slugs: set[str] = field(default_factory=set)


def settle(connection: Connection, touched: Sequence[Telling], news: Sequence[signals.Row], at: datetime) -> Settled:
    """Settle the papers of tellings that are new, say something else or have new signals, and of all they touch.

    Which records make one paper is a function of the set of records, so everything that a touched telling could be
    one with is looked at anew, and the outcome does not depend on what was kept first.
    """
    around = _neighbourhood(connection, touched)
    grouped = _works(connection, around)
    works = [work for work in grouped if any(not t.record.adds for t in work.tellings)]
    _number(connection, works)
    counts = _latest_signals(connection, around, news)
    standing = papers.standing(connection, {p for t in around for p in (t.paper_id, t.founded) if p and not t.fresh})
    outcome = _Outcome()
    if len(works) < len(grouped):
        _set_aside([t for work in grouped if all(t.record.adds for t in work.tellings) for t in work.tellings], outcome)
    for work in works:
        _place(work, standing, outcome)
        _write_up(work, counts, standing, outcome)
    _write(connection, around, news, standing, outcome)
    _let_follow(connection, standing, outcome, at)
    gone = [loser for _, loser in outcome.merged_away if standing[loser].is_live]
    changes.note(connection, [*(row[0] for row in (*outcome.new, *outcome.changed)), *gone], at)
    merges.note(connection, outcome.joins, at)
    return Settled(len(outcome.new), len(outcome.changed), len(outcome.joins))


def _let_follow(connection: Connection, standing: Mapping[int, Standing], outcome: _Outcome, at: datetime) -> None:
    """Let what readers gave follow the papers that are part of another from now on, or not any more."""
    was_part_of = {number: each.merged_into for number, each in standing.items() if each.merged_into is not None}
    ended = {loser: winner for winner, loser in outcome.merged_away}
    risen = {row[0] for row in outcome.changed}
    parted = [(was, number) for number, was in was_part_of.items() if number in risen or ended.get(number, was) != was]
    if outcome.merged_away or parted:
        rescore(connection, following.follow(connection, outcome.merged_away, parted), at)


def _neighbourhood(connection: Connection, touched: Sequence[Telling]) -> list[Telling]:
    """Gather the touched tellings and all that could share a work with them, near and far."""
    around = {telling.id: telling for telling in touched}
    seen_ids: set[ExternalId] = set()
    seen_keys: set[int] = {0}
    seen_papers: set[int] = set()
    frontier: Sequence[Telling] = touched
    while frontier:
        new_ids = {i for t in frontier for i in t.ids} - seen_ids
        new_keys = {t.title_key for t in frontier} - seen_keys
        found = {t.paper_id for t in frontier if t.paper_id}
        found |= ids.papers_with(connection, new_ids) | records.papers_titled(connection, new_keys)
        fresh = found - seen_papers
        seen_ids |= new_ids
        seen_keys |= new_keys
        seen_papers |= fresh
        frontier = [t for t in records.of_papers(connection, fresh) if t.id not in around]
        around.update((t.id, t) for t in frontier)
    return list(around.values())


def _works(connection: Connection, around: Sequence[Telling]) -> list[_Work]:
    """Group tellings into works; one that shares nothing with any other is a work without further thought."""
    bearers: Counter[ExternalId] = Counter()
    titled: Counter[int] = Counter()
    for telling in around:
        bearers.update(telling.ids)
        titled[telling.title_key] += 1
    titled[0] = 0
    works: list[_Work] = []
    close: list[Telling] = []
    for telling in around:
        if titled[telling.title_key] > 1 or any(bearers[i] > 1 for i in telling.ids):
            close.append(telling)
        else:
            works.append(_Work((telling,)))
    return works + _clustered(connection, close) if close else works


def _clustered(connection: Connection, close: list[Telling]) -> list[_Work]:
    # Their own names give the order, so that nothing below depends on the order of arrival.
    close.sort(key=lambda t: (t.record.source, t.record.key, t.record.version))
    place = {telling.id: position for position, telling in enumerate(close)}
    parted = merges.parted(connection, [t.id for t in close if not t.fresh])
    found = cluster([Facts(t.record, t.ids, t.title_key) for t in close], {(place[a], place[b]) for a, b in parted})
    return [
        _Work([close[i] for i in group.members], [[close[i] for i in core] for core in group.cores], group.denied)
        for group in found
    ]


def _number(connection: Connection, works: Iterable[_Work]) -> None:
    """Give each work its paper: the oldest that one of its records founded, else a new one, in order of arrival."""
    homeless = []
    for work in works:
        work.paper_id = min([t.founded for t in work.tellings if t.founded], default=0)
        if not work.paper_id:
            homeless.append((min([t.id for t in work.tellings if not t.record.adds]), work))
    homeless.sort(key=itemgetter(0))
    for number, (first, work) in enumerate(homeless, papers.next_number(connection)):
        work.paper_id, work.is_new = number, True
        founder = next(t for t in work.tellings if t.id == first)
        founder.founded, founder.dirty = number, True


def _latest_signals(
    connection: Connection, around: Iterable[Telling], news: Iterable[signals.Row]
) -> dict[int, list[signals.Latest]]:
    """Gather each telling's latest signals, those kept and those about to be."""
    found: dict[int, list[signals.Latest]] = {}
    for number, told in signals.latest(connection, [t.id for t in around if not t.fresh]).items():
        found.setdefault(number, []).append(told)
    for number, kind, when, value in news:
        found.setdefault(number, []).append({kind: (when, value)})
    return found


def _set_aside(strays: Iterable[Telling], outcome: _Outcome) -> None:
    """Let what adds to a paper that is not here, or not any more, wait out of sight until it is told again."""
    for telling in strays:
        if telling.paper_id:
            outcome.lost_ids += [(i.scheme, i.value, telling.paper_id) for i in telling.ids]
            telling.paper_id, telling.dirty = 0, True


def _place(work: _Work, standing: Mapping[int, Standing], outcome: _Outcome) -> None:
    """Move the work's tellings into its paper, noting who joined whom and which papers end there."""
    paper_id = work.paper_id
    if work.cores:
        outcome.joins += _joins(work)
    for telling in work.tellings:
        founded = telling.founded
        if founded and founded != paper_id and standing[founded].merged_into != paper_id:
            outcome.merged_away.append((paper_id, founded))
        if telling.paper_id != paper_id:
            if telling.paper_id:
                outcome.lost_ids += [(i.scheme, i.value, telling.paper_id) for i in telling.ids]
            telling.paper_id, telling.dirty = paper_id, True
        if telling.fresh or telling.dirty:
            outcome.new_ids += [(i.scheme, i.value, paper_id) for i in telling.ids]


def _joins(work: _Work) -> Iterator[Merge]:
    """Say who joins the paper now: others by title, and papers that a record with ids of both bridges."""
    for core in work.cores:
        is_home = any(t.founded == work.paper_id for t in core)
        losers = {t.founded for t in core if t.founded and t.founded == t.paper_id != work.paper_id}
        if not is_home and any(t.paper_id != work.paper_id for t in core):
            moved = tuple(t.id for t in core)
            kept = tuple(t.id for t in work.tellings if t.id not in moved)
            yield Merge(work.paper_id, min(losers, default=None), kept, moved, "title")
        elif is_home:
            kept = tuple(t.id for t in core if t.paper_id == work.paper_id)
            for loser in sorted(losers):
                yield Merge(work.paper_id, loser, kept, tuple(t.id for t in core if t.paper_id == loser), "id")


def _write_up(
    work: _Work,
    counts: Mapping[int, list[signals.Latest]],
    standing: Mapping[int, Standing],
    outcome: _Outcome,
) -> None:
    """Compose the work's paper, and note it when it is new or shows something else."""
    told = [latest for t in work.tellings if t.id in counts for latest in counts[t.id]]
    counted = signals.together(told) if told else {}
    paper = compose([t.record for t in work.tellings], signals=counted, denied=work.denied)
    if work.cores:
        paper = _with_own_slug(paper, work, outcome)
    row = paper_row(paper, work.paper_id)
    if work.is_new:
        outcome.new.append(row)
    elif standing[work.paper_id] != Standing(row[_STAMP], None):
        outcome.changed.append(row)
    if paper.days:
        # Shown again on a later day it is no news, so it stays on the page it was first on.
        outcome.entries.add((paper.days[0].isoformat(), work.paper_id))


def _with_own_slug(paper: Paper, work: _Work, outcome: _Outcome) -> Paper:
    """Let the next id name the page where another paper bears the best one too, at last an id of the paper's own."""
    borne = {i for t in work.tellings if not t.record.adds for i in t.ids}
    own = next((i for i in paper.ids if i in borne and i.slug not in outcome.slugs), None)
    if own is None:
        own = spare_id(next(t.record for t in work.tellings if not t.record.adds))
        outcome.new_ids.append((own.scheme, own.value, work.paper_id))
    outcome.slugs.add(own.slug)
    return paper if own.slug == paper.slug else replace(paper, slug=own.slug)


def _write(
    connection: Connection,
    around: Sequence[Telling],
    news: Sequence[signals.Row],
    standing: Mapping[int, Standing],
    outcome: _Outcome,
) -> None:
    papers.insert(connection, outcome.new)
    papers.rewrite(connection, outcome.changed)
    papers.merge_away(connection, outcome.merged_away)
    records.insert(connection, [t for t in around if t.fresh])
    records.rewrite(connection, [t for t in around if t.dirty and not t.fresh])
    ended = {loser for _, loser in outcome.merged_away}
    borne = {(i.scheme, i.value, t.paper_id) for t in around for i in t.ids} if outcome.lost_ids else set()
    ids.drop(connection, [row for row in outcome.lost_ids if row not in borne and row[2] not in ended])
    ids.add(connection, outcome.new_ids)
    signals.keep(connection, news)
    before = daily.entries(connection, standing)
    daily.drop(connection, before - outcome.entries)
    daily.add(connection, outcome.entries - before)
