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
from broadsheet.sources.live.answered import told_by
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
        return _ask(wanted.url(since, until))

    def read(self, want: Want, mark: Mark, ask: Ask, answer: Answer) -> Page:
        """Read one page of the list.

        Raises Unavailable for a page that is not whole, or empty and should not be, for an error that leaves nothing to
        go on with, and for a list that cannot be read to its end; so the source counts as failing.
        """
        wanted, resumed = self._list(want.target), _token_in(ask.url)
        run = ListRun.of(mark, ask.url, resumed=bool(resumed))
        if run.stuck:
            raise Unavailable(run.stuck)
        told, envelope = _parsed(self.service, ask, answer, wanted.prefix)
        if not run.began and not resumed and envelope.response_date:
            # Whichever clock is behind: asking from too early costs a page, from too late a paper.
            run = replace(run, began=min(envelope.response_date, answer.at).isoformat())
        match envelope.error_code:
            case "badResumptionToken" if resumed:
                return self._begun_again(mark, run)
            case "noRecordsMatch" if not resumed:
                return Page(told=(), mark=_stopped(mark), days=run.days(want.until))
            case "noRecordsMatch":
                return self._ended(want, mark, run, _Told(wanted, ask, (), envelope))
            case "":
                return self._page(want, mark, run, _Told(wanted, ask, told, envelope))
        if not any(isinstance(one, Record) for one in told):
            raise Unavailable(f"The repository answers {envelope.error_code}: {envelope.error_message}"[:_SHOWN])
        return Page(told=told, mark=_stopped(mark))

    def _page(self, want: Want, mark: Mark, run: ListRun, page: "_Told") -> Page:
        token, expected = page.envelope.resumption_token, page.envelope.complete_list_size
        if page.is_hollow:
            raise Unavailable("The repository's list has no records here, and should have.")
        run = run.with_page(page.names, page.envelope)
        if not token:
            return self._ended(want, mark, run, page)
        later = run.past(token, page.names) if token != _token_in(page.ask.url) else None
        if later is None:
            # What the page told is kept, and the next try says that the list has failed.
            circle = problem("oai", page.wanted.name, "circle", "The list goes in circles; it was left.", token)
            stuck = replace(run, stuck=circle.message).to_mark()
            return Page(told=(*page.told, circle), mark={**mark, "run": stuck}, next=page.ask, expected=expected)
        onward = _ask(page.wanted.resumed(token))
        return Page(told=page.told, mark={**mark, "run": later.to_mark()}, next=onward, expected=expected)

    def _ended(self, want: Want, mark: Mark, run: ListRun, page: "_Told") -> Page:
        """Make an end of a list, unless it is much shorter than it says: then it is read anew.

        One that is as short each time has a wrong size: a source must not stop at that for good, so the mark moves and
        the problem stands.
        """
        told, days = page.told, run.days(want.until)
        if not run.is_short:
            return Page(told=told, mark=self._done(want, mark, page.wanted, run), days=days, expected=run.size)
        again = run.read_anew()
        if again is not None:
            return Page(told=told, mark={**mark, "run": again.to_mark()}, next=_ask(run.first))
        message = f"The repository says that its list has {run.size} records, and told {run.seen}."
        if not run.is_of_wrong_size:
            raise Unavailable(message)
        short = problem("oai", page.wanted.name, "short-list", message)
        return Page(told=(*told, short), mark=self._done(want, mark, page.wanted, run), days=days, expected=run.size)

    def _begun_again(self, mark: Mark, run: ListRun) -> Page:
        """Begin a list again whose token is not known any more; what it told once more is known by then."""
        url = _from(run.first, run.sorted_to[:10]) if self.sorts and run.sorted_to and run.first else run.first
        again = run.again(url)
        if again is None:
            raise Unavailable("The repository does not know its own tokens, however often its list is begun.")
        return Page(told=(), mark={**mark, "run": again.to_mark()}, next=_ask(url))

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
    """A page of a list: what it is of, how it was asked for, and what it told."""

    wanted: _List
    ask: Ask
    told: tuple[Record | Problem, ...]
    envelope: Envelope

    @property
    def names(self) -> list[str]:
        return [f"{one.key} {one.updated}" if isinstance(one, Record) else one.raw for one in self.told]

    @property
    def is_hollow(self) -> bool:
        """Tell a list without records from one that has come to its end, which says so with an empty token."""
        token = self.envelope.resumption_token
        return not self.told and not token and (token is None or not _token_in(self.ask.url))


def _ask(url: str) -> Ask:
    return Ask(url=url, accept=_ACCEPT, explains=True)


def _parsed(service: Service, ask: Ask, answer: Answer, prefix: str) -> tuple[tuple[Record | Problem, ...], Envelope]:
    try:
        raw = whole_xml(answer, "OAI-PMH", service)
    except Unavailable as error:
        raise answer.denied or error from None
    found = oai.parse(BytesIO(raw), name=ask.url[:_SHOWN], observed=answer.at, prefix=prefix)
    told, envelope = told_by(found, answer)
    if answer.denied and not envelope.error_code:
        raise answer.denied
    if envelope.resumption_token is None and not envelope.error_code and _TOKEN.search(raw):
        raise Unavailable("The repository's answer is damaged where it says how its list goes on.")
    return tuple(told), envelope


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
