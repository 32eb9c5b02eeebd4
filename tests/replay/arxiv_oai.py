"""arXiv by OAI-PMH 2.0 (info.arxiv.org/help/oa, openarchives.org/OAI/openarchivesprotocol.html), from a world."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC as UTC_ZONE
from datetime import date, datetime, time, timedelta
from html import escape
from urllib.parse import parse_qsl, urlencode

from tests.replay.site import Reply, Request
from tests.replay.world import Paper, Telling, World

EARLIEST = date(2005, 9, 16)
_XML = "text/xml; charset=utf-8"
_ARGUMENTS = {"verb", "metadataPrefix", "set", "from", "until", "resumptionToken", "identifier"}


class _RefusedError(Exception):
    """An OAI-PMH error: its code and message."""


@dataclass(frozen=True, slots=True)
class ArxivOai:
    """The repository: pages of ``page`` records; tokens hold until midnight, day granularity, no list size."""

    world: World
    page: int = 40

    def answer(self, request: Request, at: datetime, twist: str = "") -> Reply:
        """Answer Identify, ListRecords, ListIdentifiers and GetRecord."""
        try:
            said = self._said(request.query, at, twist)
        except _RefusedError as error:
            code, message = error.args
            said = f'<error code="{code}">{escape(message)}</error>'
        told = "".join(f' {name}="{escape(value)}"' for name, value in request.query.items())
        return Reply(
            (
                '<?xml version="1.0" encoding="UTF-8"?>\n<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">\n'
                f"<responseDate>{at:%Y-%m-%dT%H:%M:%SZ}</responseDate>\n"
                f"<request{told}>{escape(request.base)}</request>\n{said}\n</OAI-PMH>\n"
            ).encode(),
            _XML,
        )

    def _said(self, query: Mapping[str, str], at: datetime, twist: str) -> str:
        if query.keys() - _ARGUMENTS:
            raise _RefusedError("badArgument", "Unknown argument.")
        match query.get("verb"):
            case "Identify":
                return _IDENTIFY
            case "ListRecords" | "ListIdentifiers" as verb:
                return self._list(verb, query, at, twist)
            case "GetRecord":
                return self._one(query, at)
        raise _RefusedError("badVerb", "Unknown verb.")

    def _one(self, query: Mapping[str, str], at: datetime) -> str:
        own = query.get("identifier", "").removeprefix("oai:arXiv.org:")
        found = self.world.papers_at(at).get(own)
        if found is None:
            raise _RefusedError("idDoesNotExist", own)
        return f"<GetRecord>{_record(found, query.get('metadataPrefix', ''))}</GetRecord>"

    def _list(self, verb: str, query: Mapping[str, str], at: datetime, twist: str) -> str:
        wanted = self._resumed(query, at, twist) if "resumptionToken" in query else dict(query)
        prefix = wanted.get("metadataPrefix", "")
        if prefix not in _METADATA:
            raise _RefusedError("cannotDisseminateFormat" if prefix else "badArgument", f"No such format: {prefix!r}.")
        first, last = _day(wanted, "from", EARLIEST), _day(wanted, "until", date.max)
        after = (wanted.get("day", ""), wanted.get("after", ""))
        items = sorted((t.stamp.isoformat(), t.paper.id, t) for t in self.world.papers_at(at).values())
        found = [
            (*key, telling)
            for *key, telling in items
            if first <= telling.stamp <= last and _in_set(telling.paper, wanted.get("set", "")) and tuple(key) > after
        ]
        if twist == "empty":
            return f"<{verb}></{verb}>"
        if not found:
            raise _RefusedError("noRecordsMatch", "No records match.")
        page = found[: self.page]
        rest = {} if len(found) <= self.page else {**wanted, "day": page[-1][0], "after": page[-1][1]}
        said = "".join(_record(t, prefix, header_only=verb == "ListIdentifiers") for _, _, t in page)
        token = self._token(rest, at, resumed="resumptionToken" in query)
        return f"<{verb}>{said}{token}</{verb}>"

    @staticmethod
    def _token(rest: Mapping[str, str], at: datetime, *, resumed: bool) -> str:
        if not rest:
            return "<resumptionToken/>" if resumed else ""
        kept = {name: value for name, value in rest.items() if name not in {"verb", "resumptionToken"}}
        midnight = datetime.combine(at.date() + timedelta(days=1), time(), UTC_ZONE)
        token = escape(urlencode({**kept, "issued": at.date().isoformat()}))
        return f'<resumptionToken expirationDate="{midnight:%Y-%m-%dT%H:%M:%SZ}">{token}</resumptionToken>'

    @staticmethod
    def _resumed(query: Mapping[str, str], at: datetime, twist: str) -> dict[str, str]:
        if query.keys() != {"verb", "resumptionToken"}:
            raise _RefusedError("badArgument", "A token is an exclusive argument.")
        wanted = dict(parse_qsl(query["resumptionToken"]))
        if twist == "expired" or wanted.pop("issued", "") != at.date().isoformat():
            raise _RefusedError("badResumptionToken", "The token is unknown or has expired.")
        return wanted


def _day(wanted: Mapping[str, str], name: str, default: date) -> date:
    try:
        return date.fromisoformat(wanted[name]) if name in wanted else default
    except ValueError:
        raise _RefusedError("badArgument", f"{name} is no day.") from None


def _sets(paper: Paper) -> list[str]:
    """Name the sets: ``cs:cs:CL`` since 2025, where the archive stands between its group and the category."""
    return [_set(*one.partition(".")) if "." in one else f"physics:{one}" for one in paper.categories]


def _set(archive: str, _: str, category: str) -> str:
    return f"{archive}:{archive}:{category}"


def _in_set(paper: Paper, wanted: str) -> bool:
    return not wanted or any(f"{one}:".startswith(f"{wanted}:") for one in _sets(paper))


def _record(telling: Telling, prefix: str, *, header_only: bool = False) -> str:
    paper = telling.paper
    sets = "".join(f"<setSpec>{one}</setSpec>" for one in _sets(paper))
    gone = ' status="deleted"' if paper.deleted else ""
    header = (
        f"<header{gone}><identifier>oai:arXiv.org:{paper.id}</identifier>"
        f"<datestamp>{telling.stamp}</datestamp>{sets}</header>"
    )
    if header_only:
        return header
    told = "" if paper.deleted else f"<metadata>{_METADATA[prefix](paper)}</metadata>"
    return f"<record>{header}{told}</record>\n"


def _alike(paper: Paper) -> str:
    doi = f"<doi>{paper.doi}</doi>" if paper.doi else ""
    comment = f"<comments>{escape(paper.comment)}</comments>" if paper.comment else ""
    return (
        f"<title>{escape(paper.title)}</title><categories>{' '.join(paper.categories)}</categories>{comment}{doi}"
        "<license>http://arxiv.org/licenses/nonexclusive-distrib/1.0/</license>"
        f"<abstract>  {escape(paper.abstract)}\n</abstract>"
    )


def _arxiv(paper: Paper) -> str:
    authors = "".join(
        f"<author><keyname>{escape(last)}</keyname><forenames>{escape(first)}</forenames></author>"
        for first, last in paper.authors
    )
    updated = f"<updated>{paper.versions[-1]:%Y-%m-%d}</updated>" if len(paper.versions) > 1 else ""
    return (
        f'<arXiv xmlns="http://arxiv.org/OAI/arXiv/"><id>{paper.id}</id><created>{paper.versions[0]:%Y-%m-%d}</created>'
        f"{updated}<authors>{authors}</authors>{_alike(paper)}</arXiv>"
    )


def _raw(paper: Paper) -> str:
    versions = "".join(
        f'<version version="v{number}"><date>{at:%a, %d %b %Y %H:%M:%S GMT}</date><size>9kb</size></version>'
        for number, at in enumerate(paper.versions, 1)
    )
    authors = escape(", ".join(f"{first} {last}" for first, last in paper.authors))
    return (
        f'<arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/"><id>{paper.id}</id><submitter>{authors.partition(",")[0]}'
        f"</submitter>{versions}<authors>{authors}</authors>{_alike(paper)}</arXivRaw>"
    )


def _dublin_core(paper: Paper) -> str:
    said = [("title", paper.title), *(("creator", f"{last}, {first}") for first, last in paper.authors)]
    said += [("description", paper.abstract)]
    said += [("description", f"Comment: {paper.comment}")] if paper.comment else []
    said += [("date", f"{at:%Y-%m-%d}") for at in paper.versions]
    said += [("identifier", f"http://arxiv.org/abs/{paper.id}")]
    inside = "".join(f"<dc:{tag}>{escape(text)}</dc:{tag}>" for tag, text in said)
    return (
        '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/">{inside}</oai_dc:dc>'
    )


_METADATA = {"arXiv": _arxiv, "arXivRaw": _raw, "oai_dc": _dublin_core}
_IDENTIFY = (
    "<Identify><repositoryName>Replay</repositoryName><protocolVersion>2.0</protocolVersion>"
    f"<earliestDatestamp>{EARLIEST}</earliestDatestamp><deletedRecord>persistent</deletedRecord>"
    "<granularity>YYYY-MM-DD</granularity></Identify>"
)
