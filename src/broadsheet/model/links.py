"""Links: which of the addresses around a paper are code, data, a project page or something else."""

import re

from broadsheet.model.ids import ExternalId, parse_id
from broadsheet.model.record import Link
from broadsheet.model.text import urls

_CODE = frozenset(
    {
        "anonymous.4open.science", "bitbucket.org", "code.google.com", "codeberg.org", "codeocean.com",
        "colab.research.google.com", "colab.google", "crates.io", "cran.r-project.org", "gist.github.com",
        "gitee.com", "github.com", "gitlab.com", "gitlab.inria.fr", "hf.co", "hub.docker.com", "huggingface.co",
        "modelscope.cn", "npmjs.com", "pypi.org", "raw.githubusercontent.com", "sourceforge.net", "sr.ht",
    }
)  # fmt: skip
_DATA = frozenset(
    {
        "archive.ics.uci.edu", "catalog.ldc.upenn.edu", "data.mendeley.com", "datadryad.org", "dataverse.harvard.edu",
        "doi.pangaea.de", "drive.google.com", "figshare.com", "ieee-dataport.org", "openml.org", "openslr.org",
        "osf.io", "paperswithcode.com", "physionet.org", "zenodo.org",
    }
)  # fmt: skip
_PAGE = frozenset(
    {
        "aclanthology.org", "arxiv.org", "biorxiv.org", "dl.acm.org", "doi.org", "dx.doi.org", "ieeexplore.ieee.org",
        "openreview.net", "semanticscholar.org",
    }
)  # fmt: skip
_VIDEO = frozenset({"bilibili.com", "vimeo.com", "youtu.be", "youtube.com"})
_KINDS = {
    **dict.fromkeys(_CODE, "code"),
    **dict.fromkeys(_DATA, "data"),
    **dict.fromkeys(_PAGE, "page"),
} | dict.fromkeys(_VIDEO, "video")
# Parts of a site that say something else than the site: (host, first step of the path) -> kind.
_PARTS = {
    ("huggingface.co", "blog"): "project",
    ("huggingface.co", "collections"): "project",
    ("huggingface.co", "datasets"): "data",
    ("huggingface.co", "papers"): "page",
    ("modelscope.cn", "datasets"): "data",
    ("kaggle.com", "c"): "data",
    ("kaggle.com", "code"): "code",
    ("kaggle.com", "competitions"): "data",
    ("kaggle.com", "datasets"): "data",
}
# What the addresses that hold an id have in common; all others need not be tried.
_KNOWN_HOST = re.compile(r"arxiv|doi|acl|openreview|huggingface|hf\.co", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://(?:www\.|m\.)?([^/?#:]+)(?::\d+)?/?([^/?#]*)", re.IGNORECASE)
# Longer addresses are kept as links, but fit no index.
_LANDING = re.compile(r"https?://([^/?#\s]{3,255})(/[^#\s]{0,300})(?:#\S*)?", re.IGNORECASE)


def links_in(text: str) -> tuple[Link, ...]:
    """Turn the URLs in prose into links, in order and once each; the kind is read off the address."""
    return tuple(Link(kind_of(url), url) for url in urls(text))


def kind_of(url: str) -> str:
    """Name what an address most likely leads to: code, data, video, page (a publisher's) or else project."""
    match = _ADDRESS.match(url)
    if match is None:
        return "other"
    host, step = match[1].lower(), match[2].lower()
    host = "huggingface.co" if host == "hf.co" else host
    if (host, step) in _PARTS:
        return _PARTS[host, step]
    return _KINDS.get(host, "project")


def page_id(url: str) -> ExternalId | None:
    """Read the address of a paper's own page as an external id: the scheme's own id, else the URL in one spelling.

    https, host in lower case, without fragment and trailing slash. None for a bare host and for what is no URL.
    """
    known = parse_id(url) if _KNOWN_HOST.search(url) else None
    if known is not None:
        return known
    match = _LANDING.fullmatch(url.strip())
    if match is None or match[2] == "/":
        return None
    return ExternalId("url", f"https://{match[1].lower()}{match[2].rstrip('/')}")
