"""External ids: one spelling for every way people write an arXiv id, a DOI, an ACL or OpenReview id."""

import re
from dataclasses import dataclass
from urllib.parse import unquote

# Best first: the first id of a paper in this order names its page.
SCHEMES = ("arxiv", "acl", "openreview", "doi", "url", "local")

_ARXIV_NEW = r"\d{4}\.\d{4,5}"
_ARXIV_OLD = r"[a-z]{1,20}(?:-[a-z]{1,20})?(?:\.[A-Za-z]{2})?/\d{7}"
_ARXIV = re.compile(rf"(?:arxiv:\s*)?({_ARXIV_NEW}|{_ARXIV_OLD})(?:v([1-9]\d{{0,2}}))?", re.IGNORECASE)
_ARXIV_URL = re.compile(
    r"(?:https?://)?(?:www\.|export\.|[a-z]{2}\.)?(?:arxiv\.org/(?:abs|pdf|html|format|e-print|ps)/"
    r"|alphaxiv\.org/(?:abs|overview|pdf)/|(?:hf\.co|huggingface\.co)/papers/)(.+?)(?:\.pdf|\.md)?/?",
    re.IGNORECASE,
)
_DOI = re.compile(r"(?:doi:\s*|(?:https?://)?(?:dx\.)?doi\.org/)?(10\.\d{4,9}/\S{1,300})", re.IGNORECASE)
_ACL_NEW = r"\d{4}\.[a-z0-9_]{1,40}-[a-z0-9_]{1,40}\.\d{1,5}"
_ACL_OLD = r"[A-Z]\d{2}-\d{4,5}"
_ACL = re.compile(rf"(?:acl[:/]\s*)?({_ACL_NEW}|{_ACL_OLD})(?:v\d+)?", re.IGNORECASE)
_ACL_URL = re.compile(
    r"(?:https?://)?(?:www\.)?(?:aclanthology\.org|aclweb\.org/anthology|aclanthology\.info/papers)/"
    rf"(?:[A-Z]/[A-Z]\d{{2}}/)?({_ACL_NEW}|{_ACL_OLD})(?:v\d+)?(?:\.pdf|\.bib)?/?",
    re.IGNORECASE,
)
_OPENREVIEW = re.compile(
    r"(?:openreview[:/]\s*|(?:https?://)?(?:www\.)?openreview\.net/(?:forum|pdf)\?(?:[^#\s]*&)?id=)"
    r"([A-Za-z0-9_-]{6,20})(?:[&#].*)?",
    re.IGNORECASE,
)
_LOCAL = re.compile(r"local[:/]([0-9a-f]{8,40})")
_DOI_TAIL = ".,;:!?\"'"
_BRACKETS = {")": "(", "]": "[", "}": "{", ">": "<"}
_ACL_DOI = re.compile(rf"10\.(?:18653|3115)/v1/({_ACL_NEW}|{_ACL_OLD})", re.IGNORECASE)
_ARXIV_DOI = re.compile(r"10\.48550/arxiv\.(.+)", re.IGNORECASE)
_MAX_ID = 400
_MONTHS = frozenset(f"{month:02}" for month in range(1, 13))


@dataclass(frozen=True, slots=True, order=True)
class ExternalId:
    """A name for a paper in somebody's scheme, in canonical spelling (no version, DOI in lower case)."""

    scheme: str
    value: str

    @property
    def slug(self) -> str:
        """The path of the paper's page under ``/papers/``; arXiv ids stand bare as on Hugging Face."""
        return self.value if self.scheme == "arxiv" else f"{self.scheme}/{self.value}"

    def __str__(self) -> str:
        return f"{self.scheme}:{self.value}"


def arxiv_id(text: str) -> tuple[ExternalId, int] | None:
    """Read an arXiv id, old or new style, as ``(id, version)``; version 0 when none is written.

    The subject class of an old-style id is dropped as arXiv itself does: ``math.GT/0309136`` is ``math/0309136``.
    """
    match = _ARXIV.fullmatch(text.strip())
    if match is None:
        return None
    value = match[1].lower()
    if "/" in value:
        archive, _, number = value.partition("/")
        value = f"{archive.partition('.')[0]}/{number}"
    elif value[2:4] not in _MONTHS:
        return None
    return ExternalId("arxiv", value), int(match[2] or 0)


def doi(text: str) -> ExternalId | None:
    """Read a DOI, bare or as a URL; an arXiv DOI comes back as the arXiv id it stands for."""
    match = _DOI.fullmatch(text.strip())
    if match is None:
        return None
    value = _without_tail(unquote(match[1])).lower()
    arxiv = _ARXIV_DOI.fullmatch(value)
    if arxiv and (found := arxiv_id(arxiv[1])):
        return found[0]
    return ExternalId("doi", value)


def _without_tail(value: str) -> str:
    """Leave out the punctuation after a DOI, and brackets that it did not open itself."""
    value = value.rstrip(_DOI_TAIL)
    while value[-1:] in _BRACKETS and value.count(value[-1]) > value.count(_BRACKETS[value[-1]]):
        value = value[:-1].rstrip(_DOI_TAIL)
    return value


def acl_id(text: str) -> ExternalId | None:
    """Read an ACL Anthology id, old (``P90-1001``) or new (``2020.acl-main.1``) style."""
    match = _ACL.fullmatch(text.strip()) or _ACL_URL.fullmatch(text.strip())
    if match is None:
        return None
    value = match[1]
    return ExternalId("acl", value.upper() if value[0].isalpha() else value.lower())


def parse_id(text: str) -> ExternalId | None:
    """Read whatever a reader may paste: an id, a DOI, or an arXiv, Hugging Face, DOI, ACL or OpenReview URL.

    Returns None for anything else, also for plain words; never raises.
    """
    text = text.strip()
    if not text or len(text) > _MAX_ID:
        return None
    if url := _ARXIV_URL.fullmatch(text.partition("?")[0].partition("#")[0]):
        return parse_id(url[1])
    if arxiv := arxiv_id(text):
        return arxiv[0]
    if match := _OPENREVIEW.fullmatch(text):
        return ExternalId("openreview", match[1])
    if match := _LOCAL.fullmatch(text):
        return ExternalId("local", match[1])
    return acl_id(text) or doi(text.removeprefix("doi/"))


def expand(ids: tuple[ExternalId, ...]) -> tuple[ExternalId, ...]:
    """Add the ids that others imply (the ACL id inside an ACL DOI), best scheme first, without repeats."""
    if len(ids) == 1 and ids[0].scheme != "doi":
        return ids
    implied = [
        ExternalId("acl", m[1].upper() if m[1][0].isalpha() else m[1].lower())
        for i in ids
        if i.scheme == "doi" and (m := _ACL_DOI.fullmatch(i.value))
    ]
    return tuple(sorted({*ids, *implied}, key=lambda i: (SCHEMES.index(i.scheme), i.value)))
