"""How the house and its sources stand, for Prometheus: its text format 0.0.4.

https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
"""

from collections.abc import Callable, Iterable, Iterator

from starlette.requests import Request
from starlette.responses import Response

from broadsheet.entrance.asked import house_of
from broadsheet.flow.harvesting.standing import Standing, gaps_open, standings
from broadsheet.flow.house import House
from broadsheet.flow.sending.overview import Overview, overview
from broadsheet.flow.upkeep.status import status

_KIND = "text/plain; version=0.0.4; charset=utf-8"
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n"})

Sample = tuple[dict[str, str], float]
_HEALTHY = frozenset({"on time", "running", "new", "only when asked", "paused"})

# What is told of every source. Sums over remembered runs are gauges: they fall when a year-old run is forgotten, which
# Prometheus would take for a counter that began anew.
_OF_SOURCES: tuple[tuple[str, str, Callable[[Standing], float | None]], ...] = (
    (
        "last_success_timestamp_seconds",
        "When a run last came to its end.",
        lambda s: s.source.succeeded_at.timestamp() if s.source.succeeded_at else None,
    ),
    (
        "lag_seconds",
        "How long ago that was, or since the source was added.",
        lambda s: s.age_s if s.lag_s is None else s.lag_s,
    ),
    ("healthy", "1 while nobody needs to look at the source, else 0.", lambda s: float(s.state in _HEALTHY)),
    ("paused", "1 while the source is paused or was refused.", lambda s: float(s.source.paused)),
    ("failures", "Failures in a row.", lambda s: s.source.failures),
    ("runs", "Runs of the last 365 days.", lambda s: s.totals.runs),
    ("records", "Records told by those runs.", lambda s: s.totals.records),
    ("new_papers", "New papers of those runs.", lambda s: s.totals.new),
    ("changed_papers", "Papers that those runs changed.", lambda s: s.totals.changed),
    ("problems_open", "Records that could not be read and are not settled.", lambda s: s.problems),
    ("gaps_open", "What should be on the shelf and is not.", lambda s: s.gaps),
)


def metrics(request: Request) -> Response:
    """Tell how the house and its sources stand, in the text format of Prometheus."""
    house = house_of(request)
    body = "".join(_lines(house))
    return Response(body, media_type=None, headers={"Content-Type": _KIND, "Cache-Control": "no-store"})


def _lines(house: House) -> Iterator[str]:
    facts = status(house)
    found = standings(house)
    meaning = facts.meaning.embedded if facts.meaning else 0
    for name, help_, value in (
        ("papers", "Papers on the shelf.", facts.papers),
        ("records", "Records that sources told.", facts.records),
        ("indexed_papers", "Papers found by words.", facts.indexed),
        ("index_behind_changes", "Changes that the word index has not taken in.", facts.behind),
        ("embedded_papers", "Papers found by meaning.", meaning),
        ("problems_open", "Records that could not be read and are not settled.", facts.problems),
        ("gaps_open", "What should be on the shelf and is not.", gaps_open(house)),
        ("sources", "Sources that are harvested.", len(found)),
    ):
        yield from _metric(name, help_, [({}, value)])
    for name, help_, read in _OF_SOURCES:
        yield from _metric(f"source_{name}", help_, _samples(found, read))
    for name, help_, samples in _of_digests(overview(house)):
        yield from _metric(name, help_, samples)


def _of_digests(found: Overview) -> Iterator[tuple[str, str, list[Sample]]]:
    """Give what is told of digests; counts of rows are gauges, for old rows are forgotten."""
    ways: list[Sample] = [
        ({"way": way, "state": state}, float(count))
        for way, states in found.subscribers.items()
        for state, count in states.items()
    ]
    yield "subscribers", "Who gets digests, by way and state.", ways
    states: list[Sample] = [({"state": state}, float(count)) for state, count in found.states.items()]
    yield "digests", "Digests by state.", states
    came: list[Sample] = [({"kind": kind}, float(count)) for kind, count in found.returned.items()]
    yield "digests_returned", "What came back by mail in seven days, by kind.", came
    if found.last_sent:
        at = found.last_sent.timestamp()
        yield "digests_last_sent_timestamp_seconds", "When a digest was sent last.", [({}, at)]
    held = float(bool(found.held or found.guarded))
    yield "digests_held", "1 while digests wait for the operator, else 0.", [({}, held)]


def _samples(found: Iterable[Standing], read: Callable[[Standing], float | None]) -> Iterator[Sample]:
    for standing in found:
        value = read(standing)
        if value is not None:
            yield {"source": standing.source.name, "kind": standing.source.kind}, value


def _metric(name: str, help_: str, samples: Iterable[Sample]) -> Iterator[str]:
    told = [f"broadsheet_{name}{_labels(labels)} {_number(value)}\n" for labels, value in samples]
    if told:
        yield f"# HELP broadsheet_{name} {help_}\n# TYPE broadsheet_{name} gauge\n"
        yield from told


def _labels(labels: dict[str, str]) -> str:
    pairs = ",".join(f'{name}="{value.translate(_ESCAPES)}"' for name, value in labels.items())
    return f"{{{pairs}}}" if pairs else ""


def _number(value: float) -> str:
    return str(int(value)) if float(value).is_integer() else repr(float(value))
