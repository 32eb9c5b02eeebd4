"""arXiv's query API (info.arxiv.org/help/api/user-manual): single papers and gaps, by their ids.

An id that it does not know is simply absent from its answer, and now and then it answers with nothing although it
knows better. So every request asks for one paper more that is certainly there.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from urllib.parse import parse_qs, urlencode, urlsplit

from broadsheet.errors import Invalid, Unavailable
from broadsheet.model.ids import arxiv_id
from broadsheet.model.record import Problem
from broadsheet.sources import atom
from broadsheet.sources.adapter import Answer, Ask, Mark, Page, Service, Want
from broadsheet.sources.live.answered import told_by
from broadsheet.sources.live.xml_answer import whole_xml
from broadsheet.sources.services import ARXIV_API

MOST_IDS = 100
# The paper that arXiv's own documentation asks for.
_WITNESS = "0804.2273"
_SHOWN = 300


@dataclass(frozen=True, slots=True)
class ArxivQuery:
    """Papers by id: a target is one id or several, with commas or spaces between; 100 are asked for at a time."""

    service: Service = ARXIV_API

    def begin(self, want: Want, mark: Mark, at: datetime) -> Ask:  # noqa: ARG002 - there is nothing to go on from
        """Ask for the first hundred; raises Invalid for a target without an id or with something else in it."""
        return self.ask(_ids(want.target)[:MOST_IDS])

    def ask(self, ids: Iterable[str]) -> Ask:
        """Ask for at most 100 papers by their bare ids."""
        asked = list(dict.fromkeys((*ids, _WITNESS)))
        query = urlencode({"id_list": ",".join(asked), "max_results": len(asked)}, safe=",/")
        return Ask(url=f"{self.service.base}?{query}", accept="application/atom+xml")

    def read(self, want: Want, mark: Mark, ask: Ask, answer: Answer) -> Page:
        """Read the papers asked for and ask for the next hundred; Unavailable where not one of them is told."""
        raw = whole_xml(answer, "feed", self.service)
        told, _ = told_by(atom.parse(BytesIO(raw), name=ask.url[:_SHOWN], observed=answer.at), answer)
        if not told:
            raise Unavailable("arXiv told none of the papers asked for, not even one that is there.")
        wanted = _ids(want.target)
        asked = [one for one in _asked(ask) if one in wanted]
        later = wanted[wanted.index(asked[-1]) + 1 :][:MOST_IDS] if asked else []
        return Page(
            told=[one for one in told if isinstance(one, Problem) or one.key in wanted],
            mark=mark,
            next=self.ask(later) if later else None,
            expected=len(wanted),
        )


def _asked(ask: Ask) -> list[str]:
    return parse_qs(urlsplit(ask.url).query).get("id_list", [""])[0].split(",")


def _ids(target: str) -> list[str]:
    found = [(text, arxiv_id(text)) for text in target.replace(",", " ").split()]
    bad = next((text for text, one in found if one is None), "" if found else target)
    if bad or not found:
        raise Invalid(f"{bad!r} is no arXiv id. One is like 2401.00001 or hep-th/9901001.", field="target")
    return list(dict.fromkeys(one[0].value for _, one in found if one))
