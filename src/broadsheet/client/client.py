"""A house elsewhere, from a program."""

import os
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Self, Unpack
from urllib.parse import quote_plus

from broadsheet.client.asked import Words, in_address, in_words, names
from broadsheet.client.asking import Asking
from broadsheet.client.keeping import Labels, Marks
from broadsheet.client.kept import Me, Status, Submission
from broadsheet.client.lists import Lists
from broadsheet.client.paging import Papers
from broadsheet.client.returning import Follows, Searches, Submissions
from broadsheet.client.shapes import Facets, Paper, Suggestions, WholePaper
from broadsheet.client.talking import Talking
from broadsheet.clock import Wait
from broadsheet.errors import NotFound

HOME = "http://127.0.0.1:8000"
# So much is looked up at once: the address must fit through what stands before a house.
_MOST_LOOKED_UP, _LONGEST = 100, 6_000


class Client(Lists, Talking):
    """Speaks to a Broadsheet at ``url`` by its JSON API, as the reader whose ``token`` it is, or as anybody.

    ``url`` is BROADSHEET_URL or this machine's if not given, ``token`` BROADSHEET_TOKEN or none. ``timeout_s`` bounds
    connecting and each step of an answer. What is safe to ask again is asked ``tries`` times in all, waiting between as
    the house asks; ``wait`` takes seconds. Threads may share a client; ``with`` closes its connections.

    ``labels``, ``marks``, ``searches``, ``follows`` and ``submissions`` hold what is the reader's own. Whatever goes
    wrong is of ``broadsheet.errors``: NotFound, Refused, Conflict, Invalid with the ``field``, TooMany and Unavailable
    with ``retry_after_s``, InDoubt for what was sent, may not be sent again, and was not answered.
    """

    def __init__(
        self,
        url: str | None = None,
        token: str | None = None,
        *,
        timeout_s: float = 30.0,
        tries: int = 3,
        wait: Wait = time.sleep,
    ) -> None:
        url = (url or os.environ.get("BROADSHEET_URL", "") or HOME).strip()
        token = (os.environ.get("BROADSHEET_TOKEN", "") if token is None else token).strip()
        self._asking = Asking(url, token, timeout_s=timeout_s, tries=tries, wait=wait)
        self.labels = Labels(self._asking)
        self.marks = Marks(self._asking)
        self.searches = Searches(self._asking)
        self.follows = Follows(self._asking)
        self.submissions = Submissions(self._asking)

    def __repr__(self) -> str:
        return f"Client({self._asking.place!r})"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections; nothing can be asked any more."""
        self._asking.close()

    def paper(self, paper_id: str) -> WholePaper:
        """Give one paper whole, by any id or address of it; raises NotFound."""
        return self._asking.ask(WholePaper, "GET", f"/papers/{names(paper_id)}")

    def papers_by_ids(self, ids: Iterable[str]) -> dict[str, Paper | None]:
        """Look any number of papers up by any of their ids; None stands for what is not there."""
        wanted = list(dict.fromkeys(name for each in ids if (name := each.strip())))
        found: dict[str, Paper | None] = dict.fromkeys(wanted)
        # Some DOIs hold a comma, which parts ids from each other.
        for each in (name for name in wanted if "," in name):
            with suppress(NotFound):
                found[each] = self.paper(each)
        for together in _together(name for name in wanted if "," not in name):
            answer = self._asking.ask(_Looked, "GET", in_address("/papers", {"ids": ",".join(together)}))
            found |= {each.asked: each.paper for each in answer.papers}
        return found

    def bulk(self, papers: Papers) -> Iterator[Paper]:
        """Stream a list of any length: ``client.bulk(client.month("2026-03"))``.

        Papers come line by line as they are written and are held one at a time. Raises Unavailable where the stream
        breaks off; the papers given before stand.
        """
        return papers.streamed()

    def suggest(self, text: str, limit: int = 8) -> Suggestions:
        """Suggest titles, authors, organisations and venues that go on from what is being typed."""
        return self._asking.ask(Suggestions, "GET", in_address("/suggest", {"q": text, "limit": limit}))

    def facets(self, text: str = "", **words: Unpack[Words]) -> Facets:
        """Count what the papers of a search are: their categories, years, sources, venues, organisations."""
        return self._asking.ask(Facets, "GET", in_address("/facets", in_words({"text": text, **words})))

    def me(self) -> Me:
        """Tell whose token it is."""
        return self._asking.ask(Me, "GET", "/me")

    def status(self) -> Status:
        """Tell how the house stands."""
        return self._asking.ask(Status, "GET", "/status")

    def submit(self, asked: str, note: str = "", *, media: str = "", put_on_page: bool = True) -> Submission:
        """Bring a paper in by an id or an address, with a note and a picture or video; raises as ``comment`` does."""
        body = {"asked": asked, "note": note, "media": media, "put_on_page": put_on_page}
        return self._asking.ask(Submission, "POST", "/submissions", body)


def _together(ids: Iterable[str]) -> Iterator[list[str]]:
    """Part ids into as many as fit into one address."""
    some: list[str] = []
    length = 0
    for each in ids:
        length += len(quote_plus(each, errors="replace")) + len("%2C")
        if some and (len(some) == _MOST_LOOKED_UP or length > _LONGEST):
            yield some
            some, length = [], len(quote_plus(each, errors="replace")) + len("%2C")
        some.append(each)
    if some:
        yield some


@dataclass(frozen=True, slots=True)
class _LookedUp:
    asked: str
    paper: Paper | None


@dataclass(frozen=True, slots=True)
class _Looked:
    papers: tuple[_LookedUp, ...]
