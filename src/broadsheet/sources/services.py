"""Every public service that is asked, its address and the pace it asks for, and where that is written: one table."""

from broadsheet.sources.adapter import Service

ARXIV_OAI = Service(
    name="arxiv-oai",
    base="https://oaipmh.arxiv.org/oai",
    hosts=("oaipmh.arxiv.org", "export.arxiv.org"),
    gap_s=3.0,
    timeout_s=120.0,
    terms="https://info.arxiv.org/help/oa/index.html",
)
