"""What in a paper shows that a reader wrote it, and what only speaks for that. Pure."""

from collections.abc import Collection, Iterable
from typing import NamedTuple
from urllib.parse import urlsplit

from broadsheet.model.author import Method, Person, name_key, spoken
from broadsheet.model.names import fold
from broadsheet.model.paper import Paper

_SHORTEST_NAME = 3
# The source of what readers bring in by an address alone.
_PAGE = "page"
# Where anybody may have a page or a mailbox: a host there shows nothing.
_SHARED = frozenset(
    """github.com gitlab.com huggingface.co arxiv.org doi.org youtube.com youtu.be twitter.com x.com google.com
    sites.google.com drive.google.com gmail.com googlemail.com outlook.com hotmail.com yahoo.com icloud.com qq.com
    163.com 126.com foxmail.com proton.me protonmail.com gmx.de web.de mail.ru orcid.org linkedin.com medium.com
    openreview.net aclanthology.org zenodo.org figshare.com wikipedia.org bitbucket.org""".split()
)


class Known(NamedTuple):
    """What is known of a reader: addresses that are theirs, their ORCID iDs, and a link they gave."""

    addresses: Collection[str] = ()
    orcids: Collection[str] = ()


class Proof(NamedTuple):
    """How a claim can be judged: ``certain`` when nobody needs to, else ``evidence`` is for a moderator."""

    method: Method
    certain: bool = False
    evidence: str = ""
    paper_id: int | None = None


def prove(person: Person, papers: Iterable[Paper], known: Known) -> Proof:
    """Judge by an author's papers whether a reader is that author.

    Certain is an ORCID iD that a paper prints beside the name, while no paper prints another one beside it; and a mail
    address of the reader's that a paper prints, if it can be nobody else's: the name is the only one on that paper, or
    the address has the family name in it and nobody else of that paper is called so. Another iD beside the same name
    means that several people share the page. A site at which a paper's project is, with the reader's address at the
    same host, only speaks for it; and so does whatever a paper says that a reader may have brought in from a page of
    their own.
    """
    found = list(papers)
    return _by_orcid(person, found, known) or _by_mail(person, found, known) or _by_site(found, known)


def _by_orcid(person: Person, papers: Collection[Paper], known: Known) -> Proof | None:
    printed: dict[str, Paper] = {}
    for paper in sorted(papers, key=_is_anybodys):
        for author in paper.authors:
            if author.orcid and name_key(author.name) in person.names:
                printed.setdefault(_bare(author.orcid), paper)
    own = next((orcid for orcid in printed if orcid in known.orcids), None)
    if own is None:
        return None
    where, told = printed[own], f"ORCID iD {own} stands beside the name"
    if len(printed) > 1:
        told = f"{told}, and {len(printed) - 1} more: several people share this page"
    return Proof("orcid", len(printed) == 1 and not _is_anybodys(where), _beware(where, told), where.id)


def _by_mail(person: Person, papers: Collection[Paper], known: Known) -> Proof | None:
    for paper in sorted(papers, key=_is_anybodys):
        words = _words(paper)
        for address in known.addresses:
            if address in words and _can_only_be(person, paper, address):
                told = _beware(paper, "A paper prints a mail address of theirs")
                return Proof("mail", not _is_anybodys(paper), told, paper.id)
    return None


def _by_site(papers: Collection[Paper], known: Known) -> Proof:
    hosts = {address.rpartition("@")[2] for address in known.addresses} - _SHARED
    for paper in papers:
        for link in paper.links:
            if link.kind in {"project", "code", "page"} and (host := _host(link.url)) in hosts:
                return Proof(
                    "listed", evidence=f"They have a mail address at {host}, to which a paper links", paper_id=paper.id
                )
    return Proof("moderator")


def _can_only_be(person: Person, paper: Paper, address: str) -> bool:
    others = [author.name for author in paper.authors if name_key(author.name) not in person.names]
    if not others:
        return True
    local = fold(address.partition("@")[0])
    families = {_family(name) for name in person.names.values()}
    mine = any(len(family) >= _SHORTEST_NAME and family in local for family in families)
    return mine and not any(_may_be_called(local, families, name) for name in others)


def _may_be_called(local: str, families: Collection[str], name: str) -> bool:
    """Tell whether an address may be somebody else's: any of their names may be in it, or be the family's."""
    family = _family(name)
    words = {word for part in spoken(name).split() if len(word := fold(part)) >= _SHORTEST_NAME}
    return bool(family) and (family in local or any(word in local or word in families for word in words))


def _is_anybodys(paper: Paper) -> bool:
    return _PAGE in paper.sources


def _beware(paper: Paper, evidence: str) -> str:
    return f"{evidence}, on a page that anybody may have written" if _is_anybodys(paper) else evidence


def _words(paper: Paper) -> frozenset[str]:
    told = f"{paper.comment} {paper.abstract}".lower()
    return frozenset(word.strip(".,;:()<>[]{}\"'") for word in told.split() if "@" in word)


def _family(name: str) -> str:
    return fold(spoken(name).split()[-1]) if spoken(name).split() else ""


def _bare(orcid: str) -> str:
    return orcid.rstrip("/").rpartition("/")[2].upper()


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
