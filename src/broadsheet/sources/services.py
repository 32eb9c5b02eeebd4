"""Every public service that is asked, its address and the pace it asks for, and where that is written: one table."""

from broadsheet.sources.adapter import Service

# One request every three seconds and one connection at a time for all of arXiv's interfaces together.
ARXIV_OAI = Service(
    name="arxiv-oai",
    base="https://oaipmh.arxiv.org/oai",
    hosts=("oaipmh.arxiv.org", "export.arxiv.org", "arxiv.org"),
    gap_s=3.0,
    timeout_s=120.0,
    terms="https://info.arxiv.org/help/oa/index.html",
    queue="arxiv",
)

ARXIV_API = Service(
    name="arxiv-api",
    base="https://export.arxiv.org/api/query",
    hosts=("export.arxiv.org", "arxiv.org"),
    gap_s=3.0,
    timeout_s=120.0,
    terms="https://info.arxiv.org/help/api/tou.html",
    queue="arxiv",
)

ARXIV_RSS = Service(
    name="arxiv-rss",
    base="https://rss.arxiv.org/rss",
    hosts=("rss.arxiv.org", "export.arxiv.org", "arxiv.org"),
    gap_s=3.0,
    timeout_s=120.0,
    terms="https://info.arxiv.org/help/api/tou.html",
    queue="arxiv",
)

# Repositories and feeds are asked at the address that an operator gives.
ANY_OAI = Service(
    name="oai",
    gap_s=2.0,
    timeout_s=180.0,
    terms="https://www.openarchives.org/OAI/2.0/guidelines-harvester.htm",
)

ANY_FEED = Service(
    name="feed",
    gap_s=1.0,
    most_bytes=16 << 20,
    terms="https://www.rfc-editor.org/rfc/rfc4287",
)

# Pages that readers submit: whoever serves one is asked for that page alone, briefly, and within the one host.
ANY_PAGE = Service(
    name="page",
    gap_s=1.0,
    timeout_s=5.0,
    most_bytes=5 << 20,
    terms="https://scholar.google.com/intl/en/scholar/inclusion.html",
)

# 500 requests in five minutes for those who do not sign in.
HUGGING_FACE = Service(
    name="huggingface",
    base="https://huggingface.co/api",
    hosts=("huggingface.co",),
    gap_s=1.0,
    terms="https://huggingface.co/docs/hub/rate-limits",
)

# States no limit; a second between requests is what its users keep to.
BIORXIV = Service(
    name="biorxiv",
    base="https://api.biorxiv.org",
    hosts=("api.biorxiv.org",),
    gap_s=1.0,
    timeout_s=120.0,
    terms="https://api.biorxiv.org/",
)

# One file of some 42 MB, four times that when unpacked.
ACL_ANTHOLOGY = Service(
    name="acl-anthology",
    base="https://aclanthology.org",
    hosts=("aclanthology.org",),
    gap_s=5.0,
    timeout_s=600.0,
    most_bytes=512 << 20,
    terms="https://aclanthology.org/faq/",
)

# ratelimit-policy of /notes: 500 requests an hour.
OPENREVIEW = Service(
    name="openreview",
    base="https://api2.openreview.net",
    hosts=("api2.openreview.net",),
    gap_s=7.5,
    timeout_s=120.0,
    terms="https://openreview.net/legal/terms",
)

# One request a second suits every pool; `mailto` in a request leads to the one that is served best.
CROSSREF = Service(
    name="crossref",
    base="https://api.crossref.org/works",
    hosts=("api.crossref.org",),
    gap_s=1.0,
    timeout_s=120.0,
    terms="https://www.crossref.org/documentation/retrieve-metadata/rest-api/access-and-authentication/",
)

# An allowance a day: at least 100 lists without a key, 10,000 with a free one. Its 403 says “rate limit exceeded; slow
# down” (https://developers.openalex.org/api-reference/errors).
OPENALEX = Service(
    name="openalex",
    base="https://api.openalex.org/works",
    hosts=("api.openalex.org",),
    gap_s=1.0,
    timeout_s=120.0,
    terms="https://developers.openalex.org/api-reference/authentication",
    busy_statuses=(403,),
)

# 60 requests an hour for those who do not sign in; with a token 5,000.
GITHUB = Service(
    name="github",
    base="https://api.github.com",
    hosts=("api.github.com",),
    gap_s=60.0,
    most_bytes=4 << 20,
    terms="https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api",
)

_ALL = tuple(value for value in tuple(globals().values()) if isinstance(value, Service))


def service_at(host: str) -> Service | None:
    """Give a service of the table that has a host; None for any other host."""
    return next((service for service in _ALL if host in service.hosts), None)
