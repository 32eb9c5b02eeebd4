"""arXiv's announcements, and how they stand beside what its repository tells."""

from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest
from tests.sources.reading import AT, Read, parse
from tests.sources.test_atom import ENTRY
from tests.sources.test_feed import SPACES, atom

from broadsheet.model.compose import compose, trust
from broadsheet.model.ids import ExternalId
from broadsheet.model.record import Author, Link, Record

ITEM = """<item><title>Mass of napkins</title><link>https://arxiv.org/abs/2203.01250</link>
<description>arXiv:2203.01250v{version} Announce Type: {kind} 
Abstract: We weigh $a&lt;b$ napkins.</description>
<guid isPermaLink="false">oai:arXiv.org:2203.01250v{version}</guid><category>math.AP</category>
<category>math.OC</category><pubDate>Fri, 23 Aug 2024 00:00:00 -0400</pubDate>
<arxiv:announce_type>{kind}</arxiv:announce_type><dc:rights>http://creativecommons.org/licenses/by/4.0/</dc:rights>
<arxiv:DOI>10.5802/jep.257</arxiv:DOI><arxiv:journal_reference>J. Folds 11 (2024)</arxiv:journal_reference>
<dc:creator>Ann Lee, Bo Chen (Fold Institute)</dc:creator></item>"""  # noqa: W291 - as arXiv writes it


def announced(kind: str, version: int = 1) -> Read:
    item = ITEM.replace("{kind}", kind).replace("{version}", str(version))
    return parse("feed", f'<rss version="2.0" {SPACES}><channel><title>math.OC</title>{item}</channel></rss>')


def test_a_new_paper_is_told_with_all_that_the_feed_knows() -> None:
    record = announced("new").record
    assert (record.source, record.key, record.version) == ("arxiv-rss", "2203.01250", 1)
    assert (record.title, record.abstract) == ("Mass of napkins", "We weigh $a<b$ napkins.")
    assert record.authors == (Author("Ann Lee"), Author("Bo Chen"))
    assert record.ids == (ExternalId("arxiv", "2203.01250"), ExternalId("doi", "10.5802/jep.257"))
    assert (record.published, record.updated) == ("2024-08-23T04:00:00Z", "")
    assert record.categories == ("math.AP", "math.OC")
    assert (record.venue, record.licence) == ("J. Folds 11 (2024)", "http://creativecommons.org/licenses/by/4.0/")
    assert record.links == (Link("page", "https://arxiv.org/abs/2203.01250"),)


@pytest.mark.parametrize(
    ("kind", "version", "key", "published", "updated"),
    [
        ("new", 1, "2203.01250", "2024-08-23T04:00:00Z", ""),
        ("replace", 3, "2203.01250", "", "2024-08-23T04:00:00Z"),
        ("cross", 1, "2203.01250#cross", "", ""),
        ("replace-cross", 3, "2203.01250#cross", "", ""),
    ],
)
def test_only_what_is_new_has_a_date_of_its_own(
    kind: str, version: int, key: str, published: str, updated: str
) -> None:
    record = announced(kind, version).record
    assert (record.key, record.version) == (key, version)
    assert (record.published, record.updated) == (published, updated)


def test_its_atom_tells_the_same() -> None:
    entry = (
        "<id>oai:arXiv.org:2203.01250v1</id><title>Mass of napkins</title><updated>2024-08-23T04:00:07+00:00</updated>"
        '<link href="https://arxiv.org/abs/2203.01250" rel="alternate" type="text/html"/>'
        "<summary>arXiv:2203.01250v1 Announce Type: new \nAbstract: We weigh $a&lt;b$ napkins.</summary>"
        '<category term="math.AP"/><category term="math.OC"/><published>2024-08-23T00:00:00-04:00</published>'
        "<arxiv:announce_type>new</arxiv:announce_type><arxiv:DOI>10.5802/jep.257</arxiv:DOI>"
        "<dc:rights>http://creativecommons.org/licenses/by/4.0/</dc:rights>"
        "<arxiv:journal_reference>J. Folds 11 (2024)</arxiv:journal_reference>"
        "<dc:creator>Ann Lee, Bo Chen (Fold Institute)</dc:creator>"
    )
    assert atom(entry).record == announced("new").record


def test_it_counts_less_than_what_arxiv_itself_says_in_whatever_order_they_come() -> None:
    assert trust("arxiv") < trust("hf") < trust("arxiv-rss")
    [own] = parse("atom", f'<feed xmlns="http://www.w3.org/2005/Atom">{ENTRY}</feed>').records
    own = replace(own, ids=(ExternalId("arxiv", "2203.01250"),), key="2203.01250", observed=AT - timedelta(days=1))
    records: list[Record] = [own, announced("new").record, announced("replace", 3).record, announced("cross").record]
    papers = {compose(list(order)) for order in permutations(records)}
    [paper] = papers
    assert (paper.title, paper.published, paper.abstract) == (own.title, own.published, own.abstract)
    assert [version.number for version in paper.versions] == [1, 2, 3]
    assert set(paper.categories) == {"cs.GR", "cs.LG", "math.AP", "math.OC"}
