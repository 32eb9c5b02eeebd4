"""Any feed at an address, and arXiv's announcements (info.arxiv.org/help/rss): asked for only when they are new.

arXiv's feeds are made at midnight in New York and hold what is announced that night; on Fridays and Saturdays, and on
holidays, they are empty.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from urllib.parse import urlsplit

from broadsheet.errors import Invalid, Unavailable
from broadsheet.model.record import Problem, Record
from broadsheet.sources.adapter import Answer, Ask, Mark, Page, Service, Want
from broadsheet.sources.detect import FORMATS, detect
from broadsheet.sources.live.answered import told_by, whole_json
from broadsheet.sources.live.arxiv import set_of
from broadsheet.sources.live.xml_answer import whole_xml
from broadsheet.sources.services import ANY_FEED, ARXIV_RSS
from broadsheet.sources.streams import problem

_ACCEPT = "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, */*;q=0.1"
_FORMATS = ("feed", "atom")
_HEAD = 1 << 14
# Of several categories together arXiv lists no more (info.arxiv.org/help/rss).
_MOST_ITEMS = 2_000
_ALTERNATE = re.compile(r"<link\b[^>]{0,500}\btype=[\"']application/(?:rss\+xml|atom\+xml|feed\+json)[\"'][^>]{0,500}>")
_HREF = re.compile(r"\bhref=[\"']([^\"'\s>]{1,500})[\"']")


def _address(target: str) -> str:
    parts = urlsplit(target.strip())
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise Invalid(f"{target!r} is not the address of a feed.", field="target")
    return parts._replace(fragment="").geturl()


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedSource:
    """A feed; ``address_of`` reads a target as its address and raises Invalid for what is none.

    One that may hold no more than ``most_items`` says so with a problem once it does.
    """

    service: Service = ANY_FEED
    address_of: Callable[[str], str] = _address
    most_items: int | None = None

    def begin(self, want: Want, mark: Mark, at: datetime) -> Ask:  # noqa: ARG002 - a feed has no days
        """Ask for the feed, if it is another than last time; raises Invalid for a target that is no address."""
        url = self.address_of(want.target)
        if mark.get("url") != url:
            return Ask(url=url, accept=_ACCEPT)
        return Ask(url=url, accept=_ACCEPT, etag=mark.get("etag", ""), modified=mark.get("modified", ""))

    def read(self, want: Want, mark: Mark, ask: Ask, answer: Answer) -> Page:  # noqa: ARG002 - the ask says it all
        """Read a feed. What is none is a problem at an address that never was one, else Unavailable."""
        if answer.unchanged:
            return Page(told=(), mark=mark)
        answer.body.seek(0)
        head = answer.body.read(_HEAD)
        found = detect(head, "")
        if found not in _FORMATS:
            if mark.get("url") == ask.url or self.service.base:
                raise Unavailable(f"There is no feed at {ask.url} now: {_described(found)}.")
            return Page(told=(problem("feed", ask.url, "no-feed", _advice(found, head)),), mark=mark)
        told = self._told(found, ask, answer)
        # An empty feed may be a fault of the moment: it is asked for as if it had never been seen.
        seen = {"etag": answer.etag, "modified": answer.modified} if told else {}
        return Page(told=told, mark={"url": ask.url, **seen}, expected=len(told))

    def _told(self, found: str, ask: Ask, answer: Answer) -> list[Record | Problem]:
        answer.body.seek(0)
        if answer.body.read(_HEAD).lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{":
            whole_json(answer, self.service)
            answer.body.seek(0)
            raw = answer.body.read()
        else:
            raw = whole_xml(answer, "rss|RDF|feed", self.service)
        told, _ = told_by(FORMATS[found](BytesIO(raw), name=ask.url, observed=answer.at), answer)
        if self.most_items and len(told) >= self.most_items:
            told.append(problem("feed", ask.url, "cut-off", f"The feed ends at {self.most_items} items; ask for less."))
        return told


def arxiv_announcements(service: Service = ARXIV_RSS) -> FeedSource:
    """Give arXiv's announcements; a target is one category or several (``cs.CL+cs.LG``), in any spelling of ``set_of``.

    Their records are of the source ``arxiv-rss``.
    """

    def address(target: str) -> str:
        names = dict.fromkeys(_category(one) for one in re.split(r"[+,\s]+", target.strip()))
        return f"{service.base}/{'+'.join(names)}"

    return FeedSource(service=service, address_of=address, most_items=_MOST_ITEMS)


def _category(target: str) -> str:
    """Name a category or an archive as a feed does: ``cs.CL``, ``hep-th``, ``cs``."""
    spec = set_of(target)
    if not spec:
        raise Invalid("arXiv announces by category: say which, such as cs.CL or cs.CL+cs.LG.", field="target")
    _, *steps = spec.split(":")
    return ".".join(steps) or spec


def _described(found: str) -> str:
    return "a page for browsers" if found == "html" else "an empty answer" if found == "empty" else "something else"


def _advice(found: str, head: bytes) -> str:
    """Say what is there instead, and where a page says that its feed is."""
    link = _ALTERNATE.search(head.decode("utf-8", "replace"))
    href = _HREF.search(link[0]) if link else None
    hint = f" The page says that its feed is at {href[1]}." if href else ""
    return f"This is no feed, but {_described(found)}.{hint}"
