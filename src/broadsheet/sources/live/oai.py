"""Any OAI-PMH 2.0 repository (openarchives.org/OAI/openarchivesprotocol.html), so that no record is ever missed.

A mark holds, for each list, the repository's own moment of the first answer of the last run that came to its end; the
next run asks from a day before it, for records that are stamped late, and sets no end. Days are asked for, never
seconds: every repository must know days, and the day before makes up for the rest.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from io import BytesIO
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from broadsheet.errors import Invalid, Unavailable
from broadsheet.model.record import Problem, Record
from broadsheet.sources import fields, oai
from broadsheet.sources.adapter import Answer, Ask, Mark, Page, Service, Want
from broadsheet.sources.envelope import Envelope
from broadsheet.sources.live.oai_run import ListRun
from broadsheet.sources.live.xml_answer import whole_xml
from broadsheet.sources.streams import problem

_ACCEPT = "text/xml, application/xml"
_TOKEN = re.compile(rb"<(?:[\w.-]+:)?resumptionToken[\s/>]")
_DAY = timedelta(days=1)
_SHOWN = 300


@dataclass(frozen=True, slots=True)
class _List:
    """One list of a repository."""

    base: str
    spec: str
    prefix: str
    name: str  # in a mark; the same when the repository moves to another address

    def url(self, since: date | None, until: date | None) -> str:
        """Give the address that the list begins with."""
        asked = {"verb": "ListRecords", "metadataPrefix": self.prefix}
        asked |= {"set": self.spec} if self.spec else {}
        asked |= {"from": since.isoformat()} if since else {}
        asked |= {"until": until.isoformat()} if until else {}
        return f"{self.base}?{urlencode(asked)}"

    def resumed(self, token: str) -> str:
        """Give the address that it goes on with: a token stands alone."""
        return f"{self.base}?{urlencode({'verb': 'ListRecords', 'resumptionToken': token})}"


@dataclass(frozen=True, slots=True, kw_only=True)
class OaiSource:
    """A repository in one metadata format.

    ``set_of`` reads a target as a set and raises Invalid for what is none. Where the service has no address of its
    own a target is one: ``https://repository.example/oai?set=physics&metadataPrefix=oai_dc``. Nothing is older than
    ``earliest``. ``sorts`` says that the repository lists by datestamp, so that a list whose token expired goes on
    from the last day told; else it begins again.
    """

    service: Service
    prefix: str = "oai_dc"
    set_of: Callable[[str], str] = str.strip
    overlap: timedelta = _DAY
    earliest: date | None = None
    sorts: bool = False

    def begin(self, want: Want, mark: Mark, at: datetime) -> Ask:
        """Ask for what is new since the last run, or for the days wanted; raises Invalid for a target that is none."""
        wanted = self._list(want.target)
        since = want.since or self._since(mark, wanted)
        if since and self.earliest and since <= self.earliest:
            since = None
        # Some repositories end at the first second of a day, and refuse days to come.
        until = want.until + _DAY if want.until and want.until + _DAY < at.date() else None
        return Ask(url=wanted.url(since, until), accept=_ACCEPT)

    def read(self, want: Want, mark: Mark, ask: Ask, answer: Answer) -> Page:
        """Read one page of the list; raises Unavailable for a page that is not whole, or empty and should not be."""
        wanted = self._list(want.target)
        told, envelope = _parsed(self.service, ask, answer, wanted.prefix)
        resumed = _token_in(ask.url)
        run = ListRun.of(mark, ask.url, resumed=bool(resumed))
        if not run.began and not resumed and envelope.response_date:
            # Whichever clock is behind: asking from too early costs a page, from too late a paper.
            run = replace(run, began=min(envelope.response_date, answer.at).isoformat())
        match envelope.error_code:
            case "badResumptionToken" if resumed:
                return self._begun_again(mark, run, told)
            case "noRecordsMatch":
                done = self._done(want, mark, wanted, run) if resumed else _stopped(mark)
                return Page(told=(), mark=done, days=run.days(want.until))
            case "":
                return self._page(want, mark, run, _Told(wanted, resumed, told, envelope))
        return Page(told=told, mark=_stopped(mark))

    def _page(self, want: Want, mark: Mark, run: ListRun, page: "_Told") -> Page:
        token, expected = page.envelope.resumption_token, page.envelope.complete_list_size
        if page.is_hollow(run.seen):
            raise Unavailable("The repository's list has no records here, and should have.")
        run = run.with_page(page.names, page.envelope)
        if not token:
            done = self._done(want, mark, page.wanted, run)
            return Page(told=page.told, mark=done, days=run.days(want.until), expected=expected)
        later = run.past(token, page.names) if token != page.resumed else None
        if later is None:
            circle = problem("oai", page.wanted.name, "circle", "The list goes in circles; it was left.", token)
            return Page(told=(*page.told, circle), mark=_stopped(mark), expected=expected)
        onward = Ask(url=page.wanted.resumed(token), accept=_ACCEPT)
        return Page(told=page.told, mark={**mark, "run": later.to_mark()}, next=onward, expected=expected)

    def _begun_again(self, mark: Mark, run: ListRun, told: "tuple[Record | Problem, ...]") -> Page:
        """Begin a list again whose token is not known any more; what it told once more is known by then."""
        url = _from(run.first, run.sorted_to[:10]) if self.sorts and run.sorted_to and run.first else run.first
        again = run.again(url)
        if again is None:
            return Page(told=told, mark=_stopped(mark))
        return Page(told=(), mark={**mark, "run": again.to_mark()}, next=Ask(url=url, accept=_ACCEPT))

    def _done(self, want: Want, mark: Mark, wanted: _List, run: ListRun) -> Mark:
        """Give the mark after a whole list: the next run goes on from it, unless it left days out."""
        moments = dict(_moments(mark))
        before = self._since(mark, wanted)
        if run.began and want.until is None and (want.since is None or before is None or want.since <= before):
            moments[wanted.name] = run.began
        return {"from": moments} if moments else {}

    def _since(self, mark: Mark, wanted: _List) -> date | None:
        at = fields.instant(_moments(mark).get(wanted.name))
        return None if at is None else (at - max(self.overlap, _DAY)).date()

    def _list(self, target: str) -> _List:
        if self.service.base:
            spec = self.set_of(target)
            return _List(self.service.base, spec, self.prefix, f"{spec} {self.prefix}".strip())
        parts = urlsplit(target.strip())
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise Invalid(f"{target!r} is not the address of a repository.", field="target")
        asked = dict(parse_qsl(parts.query))
        base = parts._replace(query="", fragment="").geturl()
        spec, prefix = asked.get("set", ""), asked.get("metadataPrefix", self.prefix)
        return _List(base, spec, prefix, f"{base} {spec} {prefix}")


@dataclass(frozen=True, slots=True)
class _Told:
    """A page of a list: what it is of, the token it was asked with, and what it told."""

    wanted: _List
    resumed: str
    told: tuple[Record | Problem, ...]
    envelope: Envelope

    @property
    def names(self) -> list[str]:
        return [f"{one.key} {one.updated}" if isinstance(one, Record) else one.raw for one in self.told]

    def is_hollow(self, seen: int) -> bool:
        """Tell a list without records from one that has come to its end, which says so with an empty token."""
        token = self.envelope.resumption_token
        if self.told or token:
            return False
        return token is None or not self.resumed or seen < (self.envelope.complete_list_size or 0)


def _parsed(service: Service, ask: Ask, answer: Answer, prefix: str) -> tuple[tuple[Record | Problem, ...], Envelope]:
    raw = whole_xml(answer, "OAI-PMH", service)
    found = list(oai.parse(BytesIO(raw), name=ask.url[:_SHOWN], observed=answer.at, prefix=prefix))
    [envelope] = (one for one in found if isinstance(one, Envelope))
    if envelope.resumption_token is None and not envelope.error_code and _TOKEN.search(raw):
        raise Unavailable("The repository's answer is damaged where it says how its list goes on.")
    return tuple(one for one in found if not isinstance(one, Envelope)), envelope


def _stopped(mark: Mark) -> Mark:
    """Give a mark as before a run: the next one begins where this one did."""
    return {name: value for name, value in mark.items() if name != "run"}


def _moments(mark: Mark) -> Mapping[str, str]:
    told = mark.get("from")
    return told if isinstance(told, dict) else {}


def _token_in(url: str) -> str:
    return parse_qs(urlsplit(url).query).get("resumptionToken", [""])[0]


def _from(url: str, day: str) -> str:
    """Let a list begin on another day."""
    parts = urlsplit(url)
    asked = dict(parse_qsl(parts.query)) | {"from": day}
    return parts._replace(query=urlencode(asked)).geturl()
