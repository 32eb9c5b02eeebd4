"""How tests run an adapter without a network: every request is answered by a function from address to bytes."""

import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from broadsheet.errors import Unavailable
from broadsheet.model.record import Problem, Record
from broadsheet.sources.adapter import Adapter, Answer, Ask, DayTold, Want

Serve = Callable[[str], bytes]


@dataclass
class Driven:
    """All that came of one run; ``pages`` holds every mark."""

    mark: Mapping[str, Any]
    asks: list[str] = field(default_factory=list)
    told: list[Record | Problem] = field(default_factory=list)
    days: list[DayTold] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    expected: list[int | None] = field(default_factory=list)

    @property
    def records(self) -> list[Record]:
        return [one for one in self.told if isinstance(one, Record)]

    @property
    def problems(self) -> list[Problem]:
        return [one for one in self.told if isinstance(one, Problem)]

    @property
    def kinds(self) -> list[str]:
        return [one.kind for one in self.problems]


def answer(body: bytes, at: datetime, **more: Any) -> Answer:
    """Make an answer of bytes."""
    return Answer(url="https://example.org/", body=io.BytesIO(body), at=at, **more)


def drive(  # noqa: PLR0913 - what a run is made of
    adapter: Adapter, serve: Serve, at: datetime, *, want: Want | None = None, mark: Any = None, tries: int = 50
) -> Driven:
    """Run an adapter to its end; what is Unavailable is asked for again, ``tries`` times in all.

    The mark becomes JSON between requests, as the store keeps it.
    """
    want = want or Want()
    run = Driven(dict(mark or {}))
    ask: Ask | None = adapter.begin(want, run.mark, at)
    while ask is not None:
        assert len(run.asks) < 20_000, "The run does not end."
        run.asks.append(ask.url)
        try:
            page = adapter.read(want, run.mark, ask, answer(serve(ask.url), at))
            run.told.extend(page.told)
        except Unavailable as error:
            run.refused.append(str(error))
            if len(run.refused) >= tries:
                break
            continue
        run.mark, ask = json.loads(json.dumps(page.mark)), page.next
        run.days.extend(page.days)
        run.expected.append(page.expected)
    return run
