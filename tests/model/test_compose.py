"""What a paper shows when several sources tell of it."""

from dataclasses import replace
from datetime import date
from itertools import permutations

from hypothesis import given
from tests.papers import record
from tests.store.test_payload import RECORDS

from broadsheet.model.compose import compose, trust
from broadsheet.model.record import Author, Daily, Link, Record, Version


def test_the_more_trusted_source_speaks_first_for_each_single_thing() -> None:
    arxiv = record(1, source="arxiv", title="From arXiv", venue="", authors=("Ann Lee",))
    venue = record(
        2, source="acl", title="From the ACL", venue="ACL", ids=("acl:2024.a-b.1",), authors=("A. Lee", "B.")
    )
    paper = compose([venue, arxiv])
    assert (paper.title, paper.venue, paper.authors) == ("From arXiv", "ACL", (Author("Ann Lee"),))
    assert paper.sources == ("arxiv", "acl")
    assert [str(i) for i in paper.ids] == ["arxiv:2401.00001", "acl:2024.a-b.1"]


def test_lists_are_united_without_repeats() -> None:
    code, page = Link("code", "https://github.com/a/b"), Link("page", "https://example.org")
    a = record(1, source="arxiv", categories=("cs.CL", "cs.LG"), keywords=("x",), links=(code,))
    b = record(
        2, source="hf", categories=("cs.LG", "cs.AI"), keywords=("x", "y"), links=(Link("other", code.url), page)
    )
    paper = compose([b, a])
    assert (paper.categories, paper.keywords) == (("cs.CL", "cs.LG", "cs.AI"), ("x", "y"))
    assert paper.links == (code, page)


def test_every_order_of_records_composes_the_same_paper() -> None:
    made = [
        record(1, source="arxiv", key="a", version=1, updated="2024-01-01", title="First"),
        record(1, source="arxiv", key="a", version=2, updated="2024-02-01", title="Second"),
        record(1, source="arxiv-oai", key="a", updated="2024-01-15", title="Between"),
        record(1, source="hf", key="a", published="2023"),
        record(1, source="nobody-knows", key="a", published="2024-01-02T03:04:05Z"),
    ]
    papers = {compose(order) for order in permutations(made)}
    (paper,) = papers
    assert paper.title == "Second"


def test_a_telling_without_version_counts_as_new_as_its_date() -> None:
    made = [
        record(1, source="arxiv", version=1, updated="2024-01-01", title="First"),
        record(1, source="arxiv-oai", updated="2024-01-15", title="After the first"),
    ]
    assert compose(made).title == "After the first"


def test_the_first_version_does_not_hide_what_was_told_later_without_a_number() -> None:
    first = record(1, source="arxiv", key="1#arXivRaw", version=1, published="2024-11-01", title="First")
    told = replace(first, versions=(Version(1, "2024-11-01T10:00:00Z"),), published="")
    later = record(1, source="arxiv", key="1", updated="2024-12-24", title="Later", withdrawn=True)
    announced = record(1, source="arxiv-rss", key="1", version=1, title="First")
    for old in (first, told):
        papers = {compose(order) for order in permutations((old, later, announced))}
        assert [(paper.title, paper.withdrawn) for paper in papers] == [("Later", True)]


def test_a_paper_is_withdrawn_when_arxiv_announces_it_whoever_speaks_first() -> None:
    shown = record(1, source="hf", title="Shown", abstract="As it was.")
    first = record(1, source="arxiv-rss", key="1", version=1)
    gone = record(1, source="arxiv-rss", key="1", version=2, withdrawn=True)
    before = record(1, source="arxiv", key="1", published="2024-01-01")
    again = record(1, source="arxiv", key="1", published="2024-01-01", updated="2026-12-24")
    for told, withdrawn in (
        ((shown, first), False),
        ((shown, first, gone), True),
        ((shown, gone, before), True),
        ((shown, gone, again), False),
    ):
        assert {compose(order).withdrawn for order in permutations(told)} == {withdrawn}


def test_the_date_is_the_trusted_source_s_in_the_finest_precision() -> None:
    a = record(1, source="acl", published="2024-05")
    b = record(2, source="bibtex", published="2024-05-17")
    c = record(3, source="bibtex", published="2023")
    assert compose([a, b, c]).published == "2024-05-17"


def test_versions_of_all_tellings_make_one_history() -> None:
    raw = record(1, source="arxiv-raw", versions=(Version(1, "2024-01-01"), Version(2, "2024-02-01", "fixed")))
    third = record(1, source="arxiv", version=3, updated="2024-03-01", comment="final")
    other = record(2, source="acl", ids=("acl:2024.a-b.1",), version=9)
    history = compose([third, other, raw]).versions
    assert history == (Version(1, "2024-01-01"), Version(2, "2024-02-01", "fixed"), Version(3, "2024-03-01", "final"))


def test_a_record_taken_back_speaks_no_more_but_its_id_still_leads_here() -> None:
    gone = record(1, source="arxiv", deleted=True)
    still = record(2, source="acl", ids=("acl:2024.a-b.1",), title="Still here")
    paper = compose([gone, still])
    assert (paper.title, paper.withdrawn, paper.slug) == ("Still here", False, "2401.00001")
    assert compose([gone]).withdrawn
    assert compose([gone]).title == gone.title


def test_the_count_of_authors_shows_only_without_names() -> None:
    counted = record(1, authors=(), author_count=4)
    assert compose([counted]).author_count == 4
    assert compose([counted, record(2)]).author_count == 0


def test_days_and_counts_are_of_all_records() -> None:
    a = record(1, daily=(Daily(date(2024, 1, 5)), Daily(date(2024, 1, 3))))
    b = record(2, daily=(Daily(date(2024, 1, 3)),))
    paper = compose([a, b], signals={"upvotes": 3, "citations": 5})
    assert paper.days == (date(2024, 1, 3), date(2024, 1, 5))
    assert (paper.upvotes, paper.comments, paper.stars, paper.citations) == (3, 0, 0, 5)


def test_relatives_of_a_source_rank_with_it_and_strangers_before_saved_pages() -> None:
    assert trust("arxiv-oai") == trust("arxiv") < trust("acl") < trust("hf") < trust("whoever") < trust("saved-page")


@given(RECORDS)
def test_the_short_way_for_one_record_is_the_long_way(made: Record) -> None:
    alone = replace(made, deleted=False)
    echo = replace(alone, source="zzz", title="", abstract="", key="2")
    empty = Record(source="zzz", key="1", title="", ids=alone.ids, deleted=True)
    assert compose([alone]) == compose([alone, empty])
    assert compose([alone, echo]).ids == compose([alone]).ids
