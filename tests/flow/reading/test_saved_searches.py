"""Saved searches: kept, found, changed, made again."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from broadsheet.errors import Conflict, Invalid, NotFound, Refused
from broadsheet.flow.house import House
from broadsheet.flow.reading import saved_searches as flow
from broadsheet.flow.shelf.import_files import import_files
from broadsheet.model.query import MAX_LIKE, MAX_TEXT, Query
from broadsheet.store.schema import saved_searches as table

TEA = Query(text="tea kettles")


def names(house: House) -> list[tuple[str, str]]:
    return [(saved.slug, saved.name) for saved in flow.list_saved(house)]


def test_a_search_is_saved_under_its_name(house: House) -> None:
    asked = Query(text="tea", categories=("cs.LG",), since=date(2024, 1, 2), sort="date")
    saved = flow.save(house, " Tea\u202e  kettles\0 ", replace(asked, limit=3, offset=40, facets=True))
    assert (saved.slug, saved.name, saved.query, saved.at) == ("tea-kettles", "Tea kettles", asked, house.clock())
    assert flow.show(house, "tea-kettles") == saved
    assert flow.list_saved(house) == (saved,)


def test_searches_are_listed_by_name(house: House) -> None:
    for name in ("b", "C", "a", "Ä"):
        flow.save(house, name, TEA)
    assert [name for _, name in names(house)] == ["a", "b", "C", "Ä"]


@pytest.mark.parametrize("name", ["", " ", "\u202e\u200b\0", "\u200d", "x" * 101, "<b>" * 10_000])
def test_a_name_has_one_to_a_hundred_characters(house: House, name: str) -> None:
    with pytest.raises(Invalid) as refused:
        flow.save(house, name, TEA)
    assert refused.value.field == "name"
    assert names(house) == []


@pytest.mark.parametrize(
    "query",
    [
        Query(),
        Query(text=" \0 \n"),
        Query(sort="date", way="words", limit=3, facets=True),
        Query(text="x" * (MAX_TEXT + 1)),
        Query(like=("1706.03762",) * (MAX_LIKE + 1)),
        Query(venues=("x" * 1_001,)),
        Query(sources=("\u200b",)),
        Query(unlike=("1706.03762",)),
        Query(unlike=("1706.03762",), like=("\u200b",), text=" \0", categories=("cs.LG",)),
        Query(years=(10**30,)),
        Query(years=tuple(range(1900, 2000))),
    ],
)
def test_nothing_and_too_much_cannot_be_saved(house: House, query: Query) -> None:
    with pytest.raises(Invalid):
        flow.save(house, "Tea", query)
    assert names(house) == []


@pytest.mark.parametrize("query", [Query(has_code=False), Query(years=(2024,)), Query(like=("1706.03762",))])
def test_a_filter_alone_can_be_saved(house: House, query: Query) -> None:
    assert flow.save(house, "Tea", query).query == query


def test_what_cannot_be_written_on_a_page_is_not_kept(house: House) -> None:
    saved = flow.save(house, "Tea", Query(text="a\0b\ud800c\nd", venues=("\ud800V&amp;W",)))
    assert (saved.query.text, saved.query.venues) == ("a b c\nd", ("V&W",))


@pytest.mark.parametrize("again", ["Tea", "tea", "\uff34\uff25\uff21", " T\u200bea "])
def test_a_name_is_given_once(house: House, again: str) -> None:
    flow.save(house, "Tea", TEA)
    with pytest.raises(Conflict, match="“Tea”"):
        flow.save(house, again, Query(text="other"))
    assert flow.show(house, "tea").query == TEA


def test_replacing_keeps_the_address(house: House) -> None:
    first = flow.save(house, "Tea", TEA)
    second = flow.save(house, "TEA", Query(text="other"), replace=True)
    assert (second.id, second.slug, second.name, second.query.text) == (first.id, "tea", "TEA", "other")
    assert len(names(house)) == 1


def test_names_that_look_alike_in_an_address_are_numbered(house: House) -> None:
    for name in ("C", "C++", "C#", "☃", "☂", "search", "c-2", "x" * 99, "x" * 100):
        flow.save(house, name, TEA)
    assert {slug for slug, _ in names(house)} == {
        *("c", "c-2", "c-3", "search", "search-2", "search-3", "c-2-2", "x" * 60, "x" * 60 + "-2")
    }


def test_a_name_is_looked_for_before_a_slug(house: House) -> None:
    for name in ("C", "C++", "c-2"):
        flow.save(house, name, TEA)
    assert [flow.slug_for(house, name) for name in ("c++", "c-2", "c", "c-2-2")] == ["c-2", "c-2-2", "c", "c-2-2"]
    with pytest.raises(NotFound):
        flow.slug_for(house, "D" * 10_000)


def test_a_renamed_search_keeps_its_address_and_frees_its_name(house: House) -> None:
    flow.save(house, "Tea", TEA)
    assert flow.rename(house, "tea", "Kettles").slug == "tea"
    assert flow.rename(house, "tea", "KETTLES").name == "KETTLES"
    assert flow.save(house, "Tea", TEA).slug == "tea-2"
    with pytest.raises(Conflict):
        flow.rename(house, "tea", "tea")
    with pytest.raises(Invalid):
        flow.rename(house, "tea", "")
    assert names(house) == [("tea", "KETTLES"), ("tea-2", "Tea")]


@pytest.mark.parametrize("slug", ["", "absent", "\0", "\ud800", "../tea", "x" * 100_000])
def test_what_is_not_there_is_not_found(house: House, slug: str) -> None:
    for verb in (flow.show, flow.remove, flow.run, lambda *told: flow.rename(*told, "New")):
        with pytest.raises(NotFound) as missed:
            verb(house, slug)
        assert len(str(missed.value)) < 200


def test_a_removed_search_is_gone(house: House) -> None:
    flow.save(house, "Tea", TEA)
    flow.remove(house, "tea")
    assert names(house) == []


def test_a_saved_search_is_made_again(house: House, write_papers: Callable[..., Path]) -> None:
    import_files(house, [write_papers()])
    flow.save(house, "Tea", TEA)
    flow.save(house, "All", Query(since=date(2024, 1, 1), sort="upvotes"))
    assert [hit.paper.slug for hit in flow.run(house, "tea").hits] == ["2402.00003"]
    assert [hit.paper.slug for hit in flow.run(house, "all", limit=1).hits] == ["2401.00002"]
    assert [hit.paper.slug for hit in flow.run(house, "all", limit=1, newest_first=True).hits] == ["2402.00003"]
    assert flow.run(house, "all", offset=1).hits[0].rank == 2


def test_a_house_keeps_a_thousand(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flow, "MAX_SAVED", 2)
    for name in ("a", "b"):
        flow.save(house, name, TEA)
    with pytest.raises(Refused):
        flow.save(house, "c", TEA)
    assert flow.save(house, "a", Query(text="other"), replace=True).query.text == "other"


def test_two_who_save_the_same_name_at_once_get_one_search(house: House) -> None:
    def one(number: int) -> bool:
        try:
            return bool(flow.save(house, "Tea", Query(text=f"tea {number}")))
        except Conflict:
            return False

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(one, range(8))) == 1
    assert names(house) == [("tea", "Tea")]


def test_machines_are_shown_what_is_set(house: House) -> None:
    saved = flow.save(house, "Tea", Query(text="tea", years=(2024,)))
    at = house.clock().isoformat()
    assert flow.as_dict(saved) == {
        "slug": "tea",
        "name": "Tea",
        "query": {"text": "tea", "years": [2024]},
        "at": at,
        "changed_at": at,
    }


def test_one_of_a_newer_version_is_named_and_can_be_replaced_or_removed(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    for name in ("Newer", "Newest", "Tea"):
        flow.save(house, name, TEA)
    with house.store.writing() as connection:
        connection.execute(table.update().where(table.c.slug != "tea").values(query='{"mood": "calm"}'))
    for verb in (flow.show, flow.run, lambda *told: flow.rename(*told, "Other")):
        with pytest.raises(Conflict, match=r"“Newer”.*mood"):
            verb(house, "newer")
    assert names(house) == [("tea", "Tea")]
    assert ["“Newer”" in caplog.messages[0], "“Newest”" in caplog.messages[1]] == [True, True]
    assert flow.show(house, "tea").query == TEA
    assert flow.save(house, "Newer", TEA, replace=True).query == TEA
    flow.remove(house, "newest")
    assert names(house) == [("newer", "Newer"), ("tea", "Tea")]
