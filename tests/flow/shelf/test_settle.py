"""What only adds to papers joins the right one, and never makes, parts or names one."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.empty_store import empty_store
from tests.flow.shelf.test_keep import AUTHORS, IDS, TITLES, OneTransaction, tellings
from tests.papers import AT, house_around, record, shown

from broadsheet.flow.shelf.keep import Kept, keep
from broadsheet.flow.shelf.merge import merges, undo_merge
from broadsheet.model.paper import Paper
from broadsheet.model.record import ENRICHERS, Author, Daily, Record, Signal
from broadsheet.store import papers
from broadsheet.store.connect import Store, open_store

LATER = AT + timedelta(days=1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store."""
    opened = open_store(empty_store(tmp_path / "papers.db"), clock=lambda: AT)
    yield opened
    opened.close()


def addition(source: str = "openalex", *, ids: tuple[str, ...], **told: Any) -> Record:
    """Give what an enricher tells; it brings a title and authors of its own."""
    made = record(0, ids=ids, source=source, key=ids[0], abstract="", published="", observed=LATER)
    return replace(made, **{"title": "Told otherwise", "authors": (Author("A. Lee"), Author("B. Chen")), **told})


def own(paper: Paper) -> tuple[object, ...]:
    """Give what no addition may change."""
    return paper.slug, paper.title, paper.abstract, paper.authors, paper.author_count, paper.days, paper.versions


def test_an_addition_fills_what_is_missing_and_changes_nothing_else(store: Store) -> None:
    first = record(1, daily=(Daily(AT.date()),), signals=(Signal("upvotes", 3, AT),), comment="12 pages")
    keep(store, [first], at=AT)
    [before] = shown(store)
    told = addition(
        ids=("arxiv:2401.00001", "doi:10.1000/x"),
        venue="Journal of Napkins",
        organisations=("Linen Lab",),
        published="2025-09-09",
        signals=(Signal("citations", 7, LATER),),
    )
    assert keep(store, [told], at=LATER) == Kept(total=1, changed=1)
    [after] = shown(store)
    assert own(after) == own(before)
    assert (after.venue, after.organisations, after.citations, after.upvotes) == (
        "Journal of Napkins",
        ("Linen Lab",),
        7,
        3,
    )
    assert (after.published, after.comment) == (before.published, "12 pages")
    assert [str(i) for i in after.ids] == ["arxiv:2401.00001", "doi:10.1000/x"]
    assert after.sources == ("test", "openalex")
    assert merges(house_around(store)) == ()


def test_an_addition_to_a_paper_that_is_not_here_makes_none(store: Store) -> None:
    told = addition(ids=("arxiv:2401.00001",), signals=(Signal("citations", 7, LATER),))
    assert keep(store, [told], at=LATER) == Kept(total=1)
    assert shown(store) == []
    keep(store, [record(1)], at=LATER)
    again = replace(told, signals=(Signal("citations", 8, LATER + timedelta(1)),))
    keep(store, [again], at=LATER + timedelta(1))
    assert [paper.citations for paper in shown(store)] == [8]
    with store.reading() as connection:
        assert papers.faults(connection) == ()


def test_a_better_id_than_its_own_does_not_rename_a_paper(store: Store) -> None:
    keep(store, [record(1, ids=("doi:10.1000/x",))], at=AT)
    keep(store, [addition("crossref", ids=("doi:10.1000/x", "arxiv:2401.00001"))], at=LATER)
    [paper] = shown(store)
    assert paper.slug == "doi/10.1000/x"
    assert [str(i) for i in paper.ids] == ["doi:10.1000/x", "arxiv:2401.00001"]


def test_a_publisher_brings_a_preprint_and_its_article_together(store: Store) -> None:
    preprint = record(1, title="How to fold", published="2018")
    article = record(2, ids=("doi:10.1000/x",), title="How to Fold", abstract="")
    keep(store, [preprint, article], at=AT)
    assert len(shown(store)) == 2
    bridge = addition("crossref", ids=("doi:10.1000/x", "arxiv:2401.00001"), title=article.title, venue="Napkins")
    assert keep(store, [bridge], at=LATER).merged == 1
    [paper] = shown(store)
    assert (paper.slug, paper.title, paper.venue) == ("2401.00001", "How to fold", "Napkins")
    [merge] = merges(house_around(store))
    assert merge.reason == "id"
    undo_merge(house_around(store), merge.id)
    assert [paper.title for paper in shown(store)] == ["How to fold", "How to Fold"]


WRONG = ("doi:10.1000/a", "arxiv:2401.00007", "doi:10.18653/v1/2024.acl-long.7")


@pytest.mark.parametrize("authors", [("Ann Wang", "Bo Li"), ()])
def test_a_wrong_relation_joins_no_papers_and_withdraws_only_the_one_asked_about(
    store: Store, authors: tuple[str, ...]
) -> None:
    asked = record(1, ids=WRONG[:1], title="Graphs", authors=("Ann Wang", "Bo Li"))
    others = [
        record(2, ids=WRONG[1:2], title="Sparse", authors=("Cy Wang",)),
        record(3, ids=("acl:2024.acl-long.7",), title="Soups", authors=("Di Wang", "Ed Li")),
    ]
    names = tuple(Author(name) for name in authors)
    told = addition("crossref", ids=WRONG, title="Graphs", authors=names, withdrawn=True, comment="Retracted")
    expected = [(paper, paper == WRONG[0]) for paper in (WRONG[1], "acl:2024.acl-long.7", WRONG[0])]
    for order in ((asked, *others, told), (told, *others, asked, replace(told, observed=LATER + timedelta(1)))):
        keep(store, list(order), at=LATER)
        assert [(str(paper.ids[0]), paper.withdrawn) for paper in shown(store)] == expected
        assert all(len(paper.ids) == 1 for paper in shown(store))
    assert merges(house_around(store)) == ()


def test_one_shared_surname_is_not_enough_to_follow_a_doi(store: Store) -> None:
    keep(store, [record(1, ids=("doi:10.1000/x",), authors=("Ann Wang", "Bo Li"))], at=AT)
    told = addition(ids=("doi:10.1000/x",), authors=(Author("X Wang"),), withdrawn=True, venue="Another")
    keep(store, [told], at=LATER)
    assert [(paper.withdrawn, paper.venue) for paper in shown(store)] == [(False, "")]


def test_an_id_that_one_addition_brings_leads_another_home(store: Store) -> None:
    keep(store, [record(1)], at=AT)
    bridge = addition("openalex", ids=("arxiv:2401.00001", "doi:10.1000/x"))
    keep(store, [addition("crossref", ids=("doi:10.1000/x",), venue="Napkins"), bridge], at=LATER)
    [paper] = shown(store)
    assert (paper.venue, paper.sources) == ("Napkins", ("crossref", "test", "openalex"))


def test_a_volume_that_bears_the_doi_of_many_papers_joins_none_of_them(store: Store) -> None:
    volume = [record(n, ids=("doi:10.1000/volume",), authors=(f"Ann Author{n}",)) for n in range(1, 6)]
    keep(store, volume, at=AT)
    before = [own(paper) for paper in shown(store)]
    told = addition("crossref", ids=("doi:10.1000/volume",), title="Proceedings", authors=(), withdrawn=True)
    keep(store, [told], at=LATER)
    after = shown(store)
    assert [own(paper) for paper in after] == before
    assert not any(paper.withdrawn or "crossref" in paper.sources for paper in after)


def test_a_doi_that_two_papers_bear_leads_to_the_one_of_that_title(store: Store) -> None:
    volume = [record(n, ids=("doi:10.1000/volume",), authors=(f"Ann Author{n}",)) for n in range(1, 6)]
    keep(store, volume, at=AT)
    told = addition("crossref", ids=("doi:10.1000/volume",), title=volume[3].title, venue="Napkins")
    keep(store, [told], at=LATER)
    assert [paper.title for paper in shown(store) if paper.venue] == [volume[3].title]


def test_an_addition_does_not_part_what_the_title_had_joined(store: Store) -> None:
    talk = record(2, ids=("doi:10.1000/talk",), title=record(1).title)
    keep(store, [record(1), talk], at=AT)
    [before] = shown(store)
    keep(store, [addition(ids=("arxiv:2401.00001", "doi:10.1000/journal"), venue="Another")], at=LATER)
    [after] = shown(store)
    assert own(after) == own(before)
    assert after.venue == "Another"


@pytest.mark.parametrize("source", ["crossref", "openalex"])
def test_a_retraction_shows_before_what_the_paper_says_of_itself(store: Store, source: str) -> None:
    keep(store, [record(1, comment="12 pages")], at=AT)
    retracted = addition(source, ids=("arxiv:2401.00001",), withdrawn=True, comment="Retracted, says somebody")
    keep(store, [retracted], at=LATER)
    [paper] = shown(store)
    assert (paper.withdrawn, paper.comment, paper.abstract) == (True, "Retracted, says somebody", record(1).abstract)
    stands = replace(retracted, withdrawn=False, comment="", observed=LATER + timedelta(1))
    keep(store, [stands], at=LATER + timedelta(1))
    assert [(paper.withdrawn, paper.comment) for paper in shown(store)] == [(False, "12 pages")]


def test_counts_gather_over_time_and_telling_them_again_adds_none(store: Store) -> None:
    keep(store, [record(1)], at=AT)
    for day, count in enumerate((4, 9, 9)):
        told = addition(ids=("arxiv:2401.00001",), signals=(Signal("citations", count, LATER + timedelta(day)),))
        keep(store, [told], at=LATER)
        assert keep(store, [told], at=LATER).unchanged == 1
    with store.reading() as connection:
        assert papers.counts(connection)["signals"] == 3
    assert [paper.citations for paper in shown(store)] == [9]


def test_a_paper_that_takes_its_records_back_is_gone_whatever_was_added(store: Store) -> None:
    keep(store, [record(1)], at=AT)
    keep(store, [addition(ids=("arxiv:2401.00001",), venue="Napkins")], at=LATER)
    keep(store, [record(1, deleted=True, observed=LATER)], at=LATER)
    [paper] = shown(store)
    assert (paper.withdrawn, paper.title) == (True, record(1).title)


@st.composite
def additions(draw: st.DrawFn) -> list[Record]:
    """Draw what enrichers tell of an id or two each, rightly or wrongly."""
    return [
        addition(
            draw(st.sampled_from(sorted(ENRICHERS))),
            ids=tuple(draw(st.lists(st.sampled_from(IDS), min_size=1, max_size=2, unique=True))),
            key=str(number),
            title=draw(st.sampled_from((*TITLES, ""))),
            authors=tuple(Author(name) for name in draw(st.sampled_from(AUTHORS))),
            published=draw(st.sampled_from(("", "2019", "2025-01-02"))),
            venue=draw(st.sampled_from(("", "Napkins"))),
            signals=(Signal("stars", draw(st.integers(0, 3)), AT + timedelta(draw(st.integers(0, 2)))),),
            withdrawn=draw(st.booleans()),
        )
        for number in range(draw(st.integers(1, 4)))
    ]


def test_additions_of_any_kind_and_order_leave_papers_what_they_are(store: Store) -> None:
    @settings(max_examples=150, deadline=None)
    @given(made=tellings(), added=additions(), data=st.data())
    def check(made: list[Record], added: list[Record], data: st.DataObject) -> None:
        other = data.draw(st.permutations(added))
        with store.writing() as connection:
            once = OneTransaction(connection)
            with once.aside() as aside:
                keep(aside, made, at=AT)
                before = [own(paper) for paper in once.shown()]
                for one in added:
                    keep(aside, [one], at=LATER)
                assert [own(paper) for paper in once.shown()] == before
                assert papers.faults(connection) == ()
                # Those that came before what leads them home are told again.
                keep(aside, added, at=LATER)
                rows = once.rows()
                keep(aside, other, at=LATER)
                assert once.rows() == rows
                expected = once.shown()
            with once.aside() as aside:
                keep(aside, made, at=AT)
                keep(aside, other, at=LATER)
                assert once.shown() == expected

    check()
