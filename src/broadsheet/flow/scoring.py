"""Keep the order of papers up to what speaks for them; in the transaction that changed it, or soon after."""

from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime, timedelta
from threading import Event

from broadsheet.errors import Invalid
from broadsheet.flow.house import House
from broadsheet.model.weeks import home_day
from broadsheet.rank.trending import FORMULAS, Evidence, Formula
from broadsheet.rank.velocity import WINDOW, per_day
from broadsheet.store import changes, evidence_log, scores, upvotes
from broadsheet.store.connect import Connection
from broadsheet.store.evidence_log import Entry
from broadsheet.store.payload import moment
from broadsheet.store.scores import Score, Told

# So few that who upvotes meanwhile waits no longer than for another's upvote.
_AT_ONCE = 200
_CHANGES_AT_ONCE = 5_000
_PLAIN = "broadsheet"
_LOGGED = ("upvotes", "comments", "hf_upvotes", "stars_per_day")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
# The first zone is so far ahead of UTC.
_AHEAD = timedelta(hours=14)
_NOTHING = Score(0, 0, 0, 0, 0, 0, "", 0)


def chosen(name: str) -> Formula:
    """Give the formula of a name; raises Invalid for one that is not known."""
    if name not in FORMULAS:
        raise Invalid(
            f"There is no formula {name!r}; known are {', '.join(sorted(FORMULAS))}.", field="trending_formula"
        )
    return FORMULAS[name]


def stored(name: str) -> str:
    """Name the formula whose keys are stored where ``name`` is chosen: one that ages by itself."""
    return name if chosen(name).static else _PLAIN


def evidence_of(score: Score) -> Evidence:
    """Tell what speaks for a paper by its score."""
    return Evidence(score.upvotes, score.comments, score.hf_upvotes, score.stars_per_day / 1000)


def count(connection: Connection, paper_id: int, *, upvotes: int = 0, waiting: int = 0, at: datetime) -> None:
    """Count so many upvotes more or fewer, in the transaction that keeps or drops them."""
    score, formula = scores.one(connection, paper_id)
    if score is None:
        rescore(connection, [paper_id], at)
        return
    now = score._replace(upvotes=score.upvotes + upvotes, waiting=score.waiting + waiting)
    if now.upvotes != score.upvotes:
        now = now._replace(key=_key(now, formula))
        evidence_log.append(connection, [(paper_id, "upvotes", now.upvotes)], at)
    scores.count(connection, now)


def rescore(connection: Connection, paper_ids: Collection[int], at: datetime) -> None:
    """Count anew all that speaks for papers, and log what is not as it was; doing so twice changes nothing.

    A paper that nothing speaks for, or that is part of another now, is in no order.
    """
    known = scores.by_ids(connection, paper_ids)
    given = upvotes.counts(connection, paper_ids)
    said = scores.comment_counts(connection, paper_ids)
    told = scores.told(connection, paper_ids)
    stars = _stars(connection, [each.paper_id for each in told if each.stars], at)
    formula = scores.formula(connection)
    written: list[Score] = []
    dropped: list[int] = []
    entries: list[Entry] = []
    for each in told:
        number, before = each.paper_id, known.get(each.paper_id)
        counting, waiting = given.get(number, (0, 0))
        counts = counting, waiting, said.get(number, 0), each.upvotes, stars.get(number, 0)
        if each.merged_into is not None or not any(counts):
            if before:
                dropped.append(number)
                entries += _differing(before, None)
            continue
        now = Score(number, *counts, moment(_born(each, before, at)), 0)
        now = now._replace(key=_key(now, formula))
        if now != before:
            written.append(now)
            entries += _differing(before, now)
    scores.write(connection, written)
    scores.drop(connection, dropped)
    evidence_log.append(connection, entries, at)


def follow(house: House, *, stop: Event | None = None) -> int:
    """Count anew for papers that changed since this was last looked at; gives how many changes that were.

    Also takes up another formula once it is chosen in the settings.
    """
    adopt(house)
    done = 0
    while not (stop and stop.is_set()) and (taken := _take(house)):
        done += taken
    return done


def adopt(house: House) -> None:
    """Make all keys anew, at once, when the settings name another formula than they were made with.

    Raises Invalid when the settings name one that is not known.
    """
    wanted = stored(house.settings.trending_formula)
    with house.store.reading() as connection:
        if scores.formula(connection) == wanted:
            return
    with house.store.writing() as connection:
        known = scores.everything(connection)
        scores.write(connection, [score._replace(key=_key(score, wanted)) for score in known])
        scores.set_formula(connection, wanted)


def tell_index(house: House) -> int:
    """Let the index look anew at papers that were upvoted since this was done last, and tell how many those are.

    So an order by upvotes follows within a minute, and an upvote itself costs no indexing.
    """
    with house.store.reading() as connection:
        if scores.seen(connection, "upvotes") == evidence_log.head(connection):
            return 0
    with house.store.writing() as connection:
        upvoted = evidence_log.upvoted_after(connection, scores.seen(connection, "upvotes"))
        changes.note(connection, upvoted, house.clock())
        scores.set_seen(connection, "upvotes", evidence_log.head(connection))
    return len(upvoted)


def rescore_stars(house: House, stop: Event) -> None:
    """Count stars anew where some were gained: a paper that gains no more has no moment at which that is told."""
    with house.store.reading() as connection:
        gaining = scores.with_stars(connection)
    for some in _parts(gaining):
        if stop.is_set():
            return
        with house.store.writing() as connection:
            rescore(connection, some, house.clock())


def _take(house: House) -> int:
    with house.store.reading() as connection:
        begin = scores.seen(connection, "scores")
        news = changes.after(connection, begin, _CHANGES_AT_ONCE)
        worth = scores.worth_counting(connection, sorted({paper_id for _, paper_id in news}))
    if not news:
        return 0
    for some in _parts(worth):
        with house.store.writing() as connection:
            rescore(connection, some, house.clock())
    with house.store.writing() as connection:
        # Whoever counted the same beside us may be further by now.
        scores.set_seen(connection, "scores", max(news[-1][0], scores.seen(connection, "scores")))
    return len(news)


def _parts(paper_ids: list[int]) -> Iterator[list[int]]:
    return (paper_ids[start : start + _AT_ONCE] for start in range(0, len(paper_ids), _AT_ONCE))


def _key(score: Score, formula: str) -> int:
    born = datetime.fromisoformat(score.born)
    return FORMULAS[formula or _PLAIN].score(evidence_of(score), born, born)


def _stars(connection: Connection, paper_ids: list[int], at: datetime) -> dict[int, int]:
    """Give stars gained a day, in thousandths; of several that tell of one paper the one that tells of most."""
    told = scores.stars(connection, paper_ids, at - WINDOW)
    looks = {
        number: [[(datetime.fromisoformat(when), value) for when, value in points] for points in records]
        for number, records in told.items()
    }
    return {number: round(max(per_day(points, at) for points in records) * 1000) for number, records in looks.items()}


def _born(told: Told, before: Score | None, at: datetime) -> datetime:
    """Tell when a paper appeared: the day of its first daily page, else of its publication, as precise as is known.

    Publishers date issues ahead: what is of a day to come, in every zone, appeared when it was first heard of.
    """
    day = home_day([told.day] if told.day else [], told.published) or _begun(told.published)
    if day is not None and (born := datetime(day.year, day.month, day.day, tzinfo=UTC)) <= at + _AHEAD:
        return born
    return min(datetime.fromisoformat(before.born), at + _AHEAD) if before else at


def _begun(published: str) -> date | None:
    year, month = published[:4], published[5:7]
    try:
        return date(int(year), int(month) if month else 1, 1)
    except ValueError:
        return None


def _differing(before: Score | None, now: Score | None) -> Iterator[Entry]:
    """Tell what the log has to say of a score that came, changed or went, so that it says all there is to know.

    What is not in the log is 0.
    """
    number = (now or before or _NOTHING).paper_id
    if before is None or now is None:
        yield number, "gone", int(now is None)
    for kind in _LOGGED:
        value = getattr(now or _NOTHING, kind)
        if value != getattr(before or _NOTHING, kind):
            yield number, kind, value
    if now is not None and (before is None or before.born != now.born):
        yield number, "born", (datetime.fromisoformat(now.born) - _EPOCH) // _MICROSECOND
