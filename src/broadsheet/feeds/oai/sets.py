"""The sets: papers by source, and by arXiv category (arxiv.org/category_taxonomy), each below its archive."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from broadsheet.feeds.oai.refusal import OaiError
from broadsheet.model.paper import Paper
from broadsheet.model.provided import Among

_ARCHIVES: Final = """
astro-ph: CO EP GA HE IM SR
cond-mat: dis-nn mes-hall mtrl-sci other quant-gas soft stat-mech str-el supr-con
cs: AI AR CC CE CG CL CR CV CY DB DC DL DM DS ET FL GL GR GT HC IR IT LG LO MA MM MS NA NE NI OH OS PF PL RO SC SD SE
  SI SY
econ: EM GN TH
eess: AS IV SP SY
gr-qc: hep-ex: hep-lat: hep-ph: hep-th: math-ph: nucl-ex: nucl-th: quant-ph:
math: AC AG AP AT CA CO CT CV DG DS FA GM GN GR GT HO IT KT LO MG MP NA NT OA OC PR QA RA RT SG SP ST
nlin: AO CD CG PS SI
physics: acc-ph ao-ph app-ph atm-clus atom-ph bio-ph chem-ph class-ph comp-ph data-an ed-ph flu-dyn gen-ph geo-ph
  hist-ph ins-det med-ph optics plasm-ph pop-ph soc-ph space-ph
q-bio: BM CB GN MN NC OT PE QM SC TO
q-fin: CP EC GN MF PM PR RM ST TR
stat: AP CO ME ML OT TH
"""
# What a part of a setSpec is made of (section 2.6).
_PART: Final = re.compile(r"[A-Za-z0-9\-_.!~*'()]+")
_LONGEST: Final = 200


def _categories() -> Iterator[str]:
    archive = ""
    for word in _ARCHIVES.split():
        if word.endswith(":"):
            archive = word[:-1]
            yield archive
        else:
            yield f"{archive}.{word}"


CATEGORIES: Final = tuple(_categories())
_KNOWN: Final = frozenset(CATEGORIES)


def listed(sources: Iterable[str]) -> Iterator[tuple[str, str]]:
    """List every set with its name, those above others first."""
    yield "source", "Papers by who told of them"
    for source in sources:
        if _PART.fullmatch(source):
            yield f"source:{source}", f"Papers that {source} told of"
    yield "category", "Papers by category, those of arXiv below"
    for category in CATEGORIES:
        yield f"category:{category.replace('.', ':')}", f"Papers of {category}"


def of(paper: Paper) -> Iterator[str]:
    """Name the sets that a paper is in, the lowest of each branch."""
    for source in paper.sources:
        if _PART.fullmatch(source):
            yield f"source:{source}"
    yield from dict.fromkeys(map(_lowest, paper.categories))


def _lowest(category: str) -> str:
    """Name the set of a category; of one that arXiv does not know that of its archive, else of all."""
    known = next((one for one in (category, category.partition(".")[0]) if one in _KNOWN), "")
    return f"category:{known.replace('.', ':')}" if known else "category"


def read(spec: str) -> Among:
    """Read a setSpec, empty for everything, as the papers that are in it.

    Raises OaiError: badArgument for what is no setSpec, noRecordsMatch for a set that nothing is in.
    """
    if not spec:
        return Among()
    kind, _, rest = spec.partition(":")
    if len(spec) > _LONGEST or not all(_PART.fullmatch(part) for part in spec.split(":")):
        raise OaiError("badArgument", "A set is written as ListSets has it, such as category:cs:CL.")
    if kind == "source":
        return Among(source=rest)
    if spec == "category":
        return Among(categorised=True)
    if kind == "category" and "." not in rest and rest.replace(":", ".") in _KNOWN:
        return Among(category=rest.replace(":", "."))
    raise OaiError("noRecordsMatch", "There is no such set; ListSets has all.")
