"""arXiv as a repository (info.arxiv.org/help/oa): every paper, the night it is announced and whenever it changes.

Two formats, each a source of its own. ``arXiv`` has the authors one by one, with their organisations, and the date of
the first version and the last: it is what a night needs. ``arXivRaw`` has one line of authors but the whole history,
each version with its moment: a second list as long as the first, which can follow at leisure.
"""

import re
from dataclasses import replace
from datetime import date

from broadsheet.errors import Invalid
from broadsheet.sources.adapter import Service
from broadsheet.sources.live.oai import OaiSource
from broadsheet.sources.services import ARXIV_OAI

# The repository refuses days before (info.arxiv.org/help/oa, Chronology).
_EARLIEST = date(2005, 9, 16)
_PHYSICS = (
    "astro-ph", "cond-mat", "gr-qc", "hep-ex", "hep-lat", "hep-ph", "hep-th", "math-ph", "nlin", "nucl-ex", "nucl-th",
    "physics", "quant-ph",
)  # fmt: skip
# Groups of one archive, which has the group's name (arxiv.org/category_taxonomy).
_ALONE = ("cs", "econ", "eess", "math", "q-bio", "q-fin", "stat")
_GROUPS = dict.fromkeys(_PHYSICS, "physics") | {name: name for name in _ALONE}
_SMALL = frozenset({"cond-mat", "physics"})
_PART = re.compile(r"[A-Za-z]{2,3}|[A-Za-z]+(?:-[A-Za-z]+)?")


def arxiv(service: Service = ARXIV_OAI) -> OaiSource:
    """Give arXiv's nightly list; a target is whatever ``set_of`` reads."""
    return OaiSource(service=service, prefix="arXiv", set_of=set_of, earliest=_EARLIEST, sorts=True)


def arxiv_history(service: Service = ARXIV_OAI) -> OaiSource:
    """Give the same list with the history of each paper."""
    return replace(arxiv(service), prefix="arXivRaw")


def set_of(target: str) -> str:
    """Name a set as arXiv does since 2025: ``group``, ``group:archive`` or ``group:archive:CATEGORY``.

    Reads also the sets from before (``cs``, ``physics:hep-th``), ``cs:CL``, and categories as on a paper (``cs.CL``,
    ``hep-th``, ``astro-ph.GA``); empty for all of arXiv. Raises Invalid for what is none of these.
    """
    steps = [step for step in re.split(r"[:.]", target.strip()) if step]
    if not steps:
        return ""
    first, rest = steps[0].lower(), steps[1:]
    if first == "physics" and rest and rest[0].lower() in _PHYSICS:
        first, rest = rest[0].lower(), rest[1:]
    elif first in _ALONE and rest and rest[0].lower() == first:
        rest = rest[1:]
    elif len(steps) == 1 and (first == "physics" or first in _ALONE):
        return first
    group = _GROUPS.get(first)
    if group is None or len(rest) > 1 or not all(map(_PART.fullmatch, rest)):
        raise Invalid(f"{target!r} is no set of arXiv's. One is like cs, cs.CL, cs:cs:CL or hep-th.", field="target")
    category = [part.lower() if first in _SMALL else part.upper() for part in rest]
    return ":".join((group, first, *category))
