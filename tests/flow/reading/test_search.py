"""Words, ids, addresses and abstracts lead to papers."""

import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from tests.flow.conftest import PAPERS
from tests.hostile import HOSTILE, TERRIBLE
from tests.papers import record

from broadsheet.errors import Invalid
from broadsheet.flow.house import House
from broadsheet.flow.reading.search import search
from broadsheet.flow.shelf.import_files import import_files
from broadsheet.flow.shelf.keep import keep
from broadsheet.flow.shelf.reindex import catch_up
from broadsheet.model.query import MAX_LIMIT, MAX_TEXT, Query, Results
from broadsheet.settings import Settings
from broadsheet.wiring import open_house

FAMOUS = {
    "id": "1706.03762",
    "title": "Kettles Are All You Need",
    "doi": "10.1000/kettles.1",
    "authors": ["Ann Lee"],
    "abstract": "We replace every spoon by a kettle.",
    "published": "2017-06-12",
}
OLD = {"id": "cs/9301111", "title": "Spoons in Old Style", "authors": ["Bo Chen"], "abstract": "Old spoons."}
ANTHOLOGY = {"id": "2020.acl-main.1", "title": "Teapots at the Conference", "authors": ["Cy Young"]}
REVIEWED = {"id": "openreview:abcDEF_123", "title": "Reviewed Napkins", "authors": ["Di Ng"]}

ADDRESSES = {
    "1706.03762": "1706.03762",
    "  1706.03762v5 ": "1706.03762",
    "arXiv:1706.03762": "1706.03762",
    "ARXIV: 1706.03762v1": "1706.03762",
    "\ufeff1706.03762\u200b": "1706.03762",
    "https://arxiv.org/abs/1706.03762": "1706.03762",
    "http://arxiv.org/abs/1706.03762v3": "1706.03762",
    "https://arxiv.org/pdf/1706.03762.pdf": "1706.03762",
    "arxiv.org/abs/1706.03762?context=cs": "1706.03762",
    "https://huggingface.co/papers/1706.03762": "1706.03762",
    "https://hf.co/papers/1706.03762": "1706.03762",
    "10.1000/kettles.1": "1706.03762",
    "doi:10.1000/KETTLES.1": "1706.03762",
    "https://doi.org/10.1000/kettles.1": "1706.03762",
    "10.48550/arXiv.1706.03762": "1706.03762",
    "cs/9301111": "cs/9301111",
    "cs.AI/9301111v2": "cs/9301111",
    "https://arxiv.org/abs/cs/9301111": "cs/9301111",
    "2020.acl-main.1": "acl/2020.acl-main.1",
    "https://aclanthology.org/2020.acl-main.1/": "acl/2020.acl-main.1",
    "https://aclanthology.org/2020.acl-main.1.pdf": "acl/2020.acl-main.1",
    "https://openreview.net/forum?id=abcDEF_123": "openreview/abcDEF_123",
    "https://openreview.net/pdf?id=abcDEF_123": "openreview/abcDEF_123",
}


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house with papers of every kind of id, only to be read."""
    folder = tmp_path_factory.mktemp("shelf")
    (folder / "papers.jsonl").write_text(
        "\n".join(map(json.dumps, [*PAPERS, FAMOUS, OLD, ANTHOLOGY, REVIEWED])) + "\n", "utf-8"
    )
    with open_house(Settings(home=folder / "home")) as house:
        import_files(house, [folder / "papers.jsonl"])
        yield house


def slugs(results: Results) -> list[str]:
    return [hit.paper.slug for hit in results.hits]


@pytest.mark.parametrize("text", ADDRESSES)
def test_an_id_or_address_goes_straight_to_its_paper(shelf: House, text: str) -> None:
    found = search(shelf, Query(text=text))
    assert found.exact is not None
    assert (found.exact.slug, found.total, found.hits) == (ADDRESSES[text], 1, ())


@pytest.mark.parametrize("text", ["1706.99999", "https://arxiv.org/abs/1706.99999", "10.1000/none", "10.1/\ud800\0"])
def test_an_id_that_nobody_bears_is_searched_as_words(shelf: House, text: str) -> None:
    found = search(shelf, Query(text=text))
    assert found.exact is None


def test_a_hit_tells_its_rank_score_paper_and_why(shelf: House) -> None:
    found = search(shelf, Query(text="napkins graph"))
    assert slugs(found)[0] == "2401.00001"
    hit = found.hits[0]
    assert (hit.rank, hit.paper.title) == (1, "Folding Napkins with Graph Networks")
    assert hit.score > 0
    assert [span.text for span in hit.title if span.matched] == ["Napkins", "Graph"]
    assert [span.text for span in hit.snippet][:4] == ["We fold ", "napkins", " with ", "graph"]
    assert [hit.rank for hit in found.hits] == list(range(1, len(found.hits) + 1))
    assert found.took_ms > 0


def test_a_later_page_goes_on_with_the_ranks(shelf: House) -> None:
    everything = search(shelf, Query())
    assert [hit.rank for hit in search(shelf, Query(offset=2, limit=2)).hits] == [3, 4]
    assert slugs(search(shelf, Query(offset=2, limit=2))) == slugs(everything)[2:4]
    assert everything.total == len(everything.hits) == 7


def test_a_whole_abstract_finds_its_paper(shelf: House) -> None:
    for told in PAPERS:
        text = f"{told['title']} {told['abstract']} " + "It is said in many other words as well. " * 5
        assert slugs(search(shelf, Query(text=text)))[0] == told["id"]


def test_filters_facets_and_orders_reach_the_index(shelf: House) -> None:
    assert slugs(search(shelf, Query(has_code=True))) == ["2401.00001"]
    assert slugs(search(shelf, Query(since=date(2024, 2, 1)))) == ["2402.00003"]
    assert slugs(search(shelf, Query(sort="upvotes")))[:2] == ["2401.00002", "2401.00001"]
    facets = search(shelf, Query(years=(2024,), facets=True)).facets
    assert [(value.value, value.count, value.chosen) for value in facets["year"]] == [("2024", 3, True)]


@pytest.mark.parametrize("length", [MAX_TEXT + 1, 1_000_000])
def test_a_text_too_long_is_refused_by_name(shelf: House, length: int) -> None:
    with pytest.raises(Invalid, match="at most 20,000 characters") as refused:
        search(shelf, Query(text="a" * length))
    assert refused.value.field == "q"


def test_a_text_as_long_as_may_be_is_answered(shelf: House) -> None:
    found = search(shelf, Query(text=("kettle " * MAX_TEXT)[:MAX_TEXT]))
    assert "1706.03762" in slugs(found)


@pytest.mark.parametrize(("limit", "offset"), [(0, 0), (-5, -1), (10**9, 0), (5, 10**9), (-(10**30), 10**30)], ids=str)
def test_limit_and_offset_are_clamped(shelf: House, limit: int, offset: int) -> None:
    found = search(shelf, Query(limit=limit, offset=offset))
    assert 1 <= found.query.limit <= MAX_LIMIT
    assert found.query.offset >= 0
    assert found.total == 7


@pytest.mark.parametrize("text", [*TERRIBLE.values(), *HOSTILE], ids=[*TERRIBLE, *map(ascii, HOSTILE)])
def test_hostile_texts_are_answered(shelf: House, text: str) -> None:
    found = search(shelf, Query(text=text, categories=(text[:300],), facets=True))
    assert found.exact is None
    found = search(shelf, Query(text=text, facets=True))
    assert found.hits or found.notices or not found.total


def test_ten_thousand_filters_are_answered(shelf: House) -> None:
    many = tuple(map(str, range(10_000)))
    query = Query(
        text="kettle", categories=many, sources=many, venues=many, organisations=many, years=tuple(range(10_000))
    )
    assert search(shelf, query).total == 0


def test_a_merged_paper_vanishes_even_before_the_index_knows(house: House, write_papers: Callable[..., Path]) -> None:
    one = PAPERS[0]
    other = {
        **one,
        "id": "2020.acl-main.7",
        "title": "Another Title Altogether",
        "abstract": "Of napkins.",
        "doi": None,
    }
    import_files(house, [write_papers(one, other)])
    assert len(search(house, Query(text="napkins")).hits) == 2

    told = {"title": one["title"], "authors": one["authors"], "published": "2024-01-02"}
    both = record(1, ids=("arxiv:2401.00001", "acl:2020.acl-main.7"), **told)
    keep(house.store, [both], at=house.clock())
    assert len(search(house, Query(text="napkins")).hits) == 1
    catch_up(house)
    found = search(house, Query(text="napkins"))
    assert (len(found.hits), found.total, house.text_index.count()) == (1, 1, 1)
