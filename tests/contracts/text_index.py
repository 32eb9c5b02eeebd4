"""What every word index must do, whatever engine is behind it; ``tests/index`` runs this against each."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.contracts.text_index_papers import FIRST, MANY, MATCHES, PAPERS, paper
from tests.hostile import HOSTILE, TERRIBLE

from broadsheet.index.port import FACETS, TextIndex, TextResult
from broadsheet.model.paper import Paper
from broadsheet.model.query import MAX_LIMIT, MAX_OFFSET, Query

Ask = Callable[..., TextResult]
QUERIES = st.builds(
    Query,
    text=st.sampled_from(["", "napkin", "kettle spoon", "teapot OR spoon", "-kettle", '"kettle napkin"', "kett*"]),
    categories=st.sampled_from([(), ("c1.x",), ("C1.X", "c2.x"), ("none",)]),
    sources=st.sampled_from([(), ("arxiv",), ("acl", "hf")]),
    venues=st.sampled_from([(), ("TeaConf",), ("teaconf", "Journal of Cups")]),
    organisations=st.sampled_from([(), ("Lab 1",), ("lab 2", "Lab 3", "Lab 4")]),
    years=st.sampled_from([(), (2020,), (2019, 2021, 2023), (0, -5, 10**30)]),
    since=st.none() | st.dates(date(2014, 1, 1), date(2025, 1, 1)),
    until=st.none() | st.dates(date(2014, 1, 1), date(2025, 1, 1)),
    has_code=st.none() | st.booleans(),
    sort=st.sampled_from(["relevance", "date", "upvotes"]),
)


def day(found: Paper) -> str:
    """Give the first day a paper may be of, as text."""
    return (found.published + "-01-01")[:10] if found.published else ""


def backwards(text: str) -> tuple[int, ...]:
    return tuple(-ord(character) for character in text)


def passes(query: Query, found: Paper) -> bool:
    """Tell whether a paper passes the filters of a query."""
    chosen = (
        (query.categories, found.categories),
        (query.sources, found.sources),
        (query.venues, (found.venue,)),
        (query.organisations, found.organisations),
    )
    return (
        all(
            not asked or {value.lower() for value in asked} & {value.lower() for value in told}
            for asked, told in chosen
        )
        and (not query.years or found.year in query.years)
        and (query.since is None or query.since.isoformat() <= day(found) != "")
        and (query.until is None or "" < day(found) <= query.until.isoformat())
        and query.has_code in {None, found.has_code}
    )


def counted(papers: list[Paper]) -> dict[str, Counter[str]]:
    """Count what the facets count."""
    return {
        "year": Counter(str(each.year) for each in papers if each.year),
        "category": Counter(value for each in papers for value in each.categories),
        "source": Counter(value for each in papers for value in each.sources),
        "venue": Counter(each.venue for each in papers if each.venue),
        "organisation": Counter(value for each in papers for value in each.organisations),
        "code": Counter("yes" for each in papers if each.has_code),
    }


def ids(result: TextResult) -> list[int]:
    return [paper_id for paper_id, _ in result.hits]


class TextIndexContract:
    """Each test gets an empty index as ``index``; ``filled`` and ``full`` hold PAPERS and MANY for a whole class."""

    @pytest.fixture
    def ask(self, filled: TextIndex) -> Ask:
        return lambda text="", **told: filled.search(Query(text=text, **told), deadline_ms=60_000)

    def pages(self, index: TextIndex, query: Query, size: int) -> Iterator[int]:
        offset = 0
        while found := ids(index.search(replace(query, limit=size, offset=offset), deadline_ms=60_000)):
            yield from found
            offset += size

    # What matches

    @pytest.mark.parametrize("text", MATCHES)
    def test_a_text_matches(self, ask: Ask, text: str) -> None:
        found = ask(text, limit=100)
        strict = not any("some of them" in notice for notice in found.notices)
        assert set(ids(found)) == MATCHES[text] if strict else MATCHES[text] <= set(ids(found))
        assert found.total == len(found.hits)

    @pytest.mark.parametrize("text", FIRST)
    def test_the_best_come_first(self, ask: Ask, text: str) -> None:
        found = ask(text)
        assert ids(found)[: len(FIRST[text])] == FIRST[text]
        assert all(better >= worse for (_, better), (_, worse) in pairwise(found.hits))

    def test_papers_with_some_of_the_words_follow_those_with_all(self, ask: Ask) -> None:
        found = ask("graph teapots verbs")
        assert set(ids(found)) == {2, 3, 4, 10}
        assert found.notices == ("No paper has all of these words; these have some of them.",)
        found = ask("graph teapots")
        assert ids(found)[0] == 3
        assert found.notices == ("Few papers have all of these words; papers with some of them follow.",)

    def test_a_common_word_is_found_beside_one_that_no_paper_has(self, full: TextIndex) -> None:
        for text in ("napkin quokka", "quokka napkin"):
            found = full.search(Query(text=text), deadline_ms=60_000)
            assert found.total == full.search(Query(text="napkin"), deadline_ms=60_000).total > len(MANY) / 2

    def test_in_an_order_by_date_all_words_must_be_there(self, ask: Ask) -> None:
        assert ids(ask("graph teapots", sort="date")) == [3]
        found = ask("graph verbs", sort="date")
        assert ids(found) == []
        assert found.notices == (
            "No paper has all of these words; sorted by relevance, papers with some of them follow.",
        )

    def test_a_word_in_the_title_counts_more(self, ask: Ask) -> None:
        assert ids(ask("kettle")) == [1, 2]

    def test_nothing_asked_is_everything_newest_first(self, ask: Ask) -> None:
        assert ids(ask()) == ids(ask("  ")) == ids(ask(sort="date")) == [8, 10, 7, 6, 5, 2, 3, 1, 4, 9]
        assert ids(ask("-kettle"))[:2] == [8, 10]

    @pytest.mark.parametrize("text", ["?!", '"', "***", "()", "\0", "\ud800", "💥💥", "date:soon", "x" * 5_000])
    def test_a_text_without_a_word_is_answered_with_a_notice(self, ask: Ask, text: str) -> None:
        found = ask(text)
        assert (found.hits, found.total) == ((), 0)
        assert found.notices

    def test_a_whole_abstract_finds_its_paper(self, ask: Ask) -> None:
        found = ask(f"{PAPERS[1].abstract} {PAPERS[3].abstract}" + " Other words, unheard of, follow here. " * 9)
        assert set(ids(found)[:2]) == {2, 4}

    def test_a_long_text_is_cut_to_its_rarest_words(self, index: TextIndex) -> None:
        words = [f"w{number}" for number in range(60)]
        index.write([paper(n + 1, "Title", " ".join(words[n:])) for n in range(60)], (), 1)
        found = index.search(Query(text=" ".join(words)), deadline_ms=60_000)
        assert found.notices == ("The text is long; it was searched by its 48 rarest words.",)
        assert ids(found)[0] == 1
        assert found.total == 48
        found = index.search(Query(text=" ".join(words), sort="date"), deadline_ms=60_000)
        assert found.notices[1:] == ("A long text is always sorted by relevance.",)

    def test_a_long_text_of_unknown_words_is_answered_with_a_notice(self, ask: Ask) -> None:
        assert ask("quokka wombat " * 20).notices == ("No paper has a telling word of this text.",)
        assert ask("the of " * 20).notices == ("No paper has a telling word of this text.",)

    def test_what_was_asked_is_highlighted(self, ask: Ask) -> None:
        marks = ask('"graph attention" netw* -teapots').highlighter
        marked = [span.text for span in marks.shown(PAPERS[2]).title if span.matched]
        assert marked == ["Graph", "Attention", "Networks"]

    def test_small_words_are_highlighted_only_when_they_are_all(self, ask: Ask) -> None:
        assert not any(span.matched for span in ask("attention is to be").highlighter.shown(PAPERS[3]).title)
        marked = [span.text for span in ask("to be").highlighter.shown(PAPERS[3]).title if span.matched]
        assert marked == ["To", "Be", "to", "Be"]

    def test_too_much_is_left_out_with_a_notice(self, ask: Ask) -> None:
        assert "stars" in " ".join(ask("kett* teap* netw* atte* verb* mode* writ* graph* poincar*").notices)
        assert ids(ask("kett* OR teap* OR netw* OR atte* OR verb* OR mode* OR writ* OR graph* OR notes*"))

    def test_without_time_only_the_first_step_is_taken(self, filled: TextIndex) -> None:
        found = filled.search(Query(text="graph teapots", facets=True), deadline_ms=-1)
        assert ids(found) == [3]
        assert found.at_least
        assert found.facets == {}
        assert len(found.notices) == 2

    # Filters, facets, orders

    def test_filters_leave_exactly_what_passes_them(self, full: TextIndex) -> None:
        @settings(max_examples=150, deadline=None)
        @given(asked=QUERIES)
        def holds(asked: Query) -> None:
            whole = set(self.pages(full, Query(text=asked.text, sort=asked.sort), 100))
            expected = {each.id for each in MANY if each.id in whole and passes(asked, each)}
            found = set(self.pages(full, asked, 100))
            # With fewer matches the search widens, so more may match than without the filters.
            assert expected <= found
            assert all(passes(asked, MANY[paper_id - 1]) for paper_id in found)
            if " " not in asked.text or asked.sort != "relevance":
                assert found == expected

        holds()

    def test_facets_count_what_matches(self, full: TextIndex) -> None:
        @settings(max_examples=100, deadline=None)
        @given(asked=QUERIES)
        def holds(asked: Query) -> None:
            matching = [MANY[paper_id - 1] for paper_id in self.pages(full, asked, 100)]
            found = full.search(replace(asked, facets=True), deadline_ms=60_000)
            assert tuple(found.facets) == FACETS
            chosen = {
                "year": set(map(str, asked.years)),
                "category": set(asked.categories),
                "source": set(asked.sources),
                "venue": set(asked.venues),
                "organisation": set(asked.organisations),
                "code": {"yes"} if asked.has_code else set(),
            }
            for name, counts in counted(matching).items():
                values = found.facets[name]
                assert all(counts[value.value] == value.count for value in values)
                most = sorted(counts.values(), reverse=True)[:12]
                assert [value.count for value in values] == most
                picked = {value.casefold() for value in chosen[name]}
                assert all(value.chosen == (value.value.casefold() in picked) for value in values)

        holds()

    def test_pages_join_without_gaps_or_repeats(self, full: TextIndex) -> None:
        @settings(max_examples=100, deadline=None)
        @given(asked=QUERIES, size=st.integers(1, 30))
        def holds(asked: Query, size: int) -> None:
            whole = list(self.pages(full, asked, 100))
            assert len(set(whole)) == len(whole)
            assert list(self.pages(full, asked, size)) == whole
            assert full.search(asked, deadline_ms=60_000).total == len(whole)

        holds()

    def test_every_order_is_total_and_ends_with_the_id(self, full: TextIndex) -> None:
        @settings(max_examples=50, deadline=None)
        @given(asked=QUERIES)
        def holds(asked: Query) -> None:
            whole = [MANY[paper_id - 1] for paper_id in self.pages(full, asked, 100)]
            ranked = asked.sort == "relevance" and asked.text not in {"", "-kettle"}
            if asked.sort == "date" or (asked.sort == "relevance" and not ranked):
                assert whole == sorted(whole, key=lambda each: (day(each) == "", backwards(day(each)), each.id))
            elif asked.sort == "upvotes":
                assert whole == sorted(whole, key=lambda each: (-each.upvotes, each.id))
            else:
                hits = full.search(replace(asked, limit=100), deadline_ms=60_000).hits
                assert list(hits) == sorted(hits, key=lambda hit: (-hit[1], hit[0]))

        holds()

    @pytest.mark.parametrize(
        ("limit", "offset", "count"), [(-5, 0, 1), (0, 0, 1), (MAX_LIMIT, 0, MAX_LIMIT), (10, -1, 10), (10, 10**9, 0)]
    )
    def test_limit_and_offset_are_clamped(self, full: TextIndex, limit: int, offset: int, count: int) -> None:
        for query in (Query(), Query(text="napkin"), Query(text="napkin", sort="date"), Query(text="napkin quokka")):
            found = full.search(replace(query, limit=limit, offset=offset), deadline_ms=60_000)
            assert len(found.hits) == count
            assert found.total > MAX_LIMIT

    def test_the_last_page_is_as_far_as_the_offset_goes(self, full: TextIndex) -> None:
        assert len(MANY) <= MAX_OFFSET
        assert ids(full.search(Query(offset=len(MANY)), deadline_ms=60_000)) == []

    # Keeping

    def test_an_empty_index_answers_nothing(self, index: TextIndex) -> None:
        assert (index.seen(), index.count(), list(index.stamps())) == (0, 0, [])
        for text in ("", "kettle", "kettle graph", "-kettle", "word " * 50, "kett*", '"a b"'):
            found = index.search(Query(text=text, facets=True), deadline_ms=60_000)
            assert (found.hits, found.total) == ((), 0)

    def test_writing_again_changes_nothing(self, index: TextIndex) -> None:
        for _ in range(3):
            index.write(iter(PAPERS), (), 5)
            assert (index.seen(), index.count()) == (5, len(PAPERS))
            assert list(index.stamps()) == [(each.id, each.stamp) for each in PAPERS]

    def test_a_paper_is_replaced_by_its_next_version(self, index: TextIndex) -> None:
        index.write(PAPERS, (), 1)
        index.write([paper(1, "Quokkas", stamp=99)], (), 2)
        assert ids(index.search(Query(text="quokka"), deadline_ms=60_000)) == [1]
        assert ids(index.search(Query(text="kettle"), deadline_ms=60_000)) == [2]
        assert (index.count(), index.seen(), dict(index.stamps())[1]) == (len(PAPERS), 2, 99)

    def test_the_last_telling_of_a_paper_in_one_write_holds(self, index: TextIndex) -> None:
        index.write([paper(1, "Quokkas"), paper(2, "Wombats"), paper(1, "Kettles")], (), 1)
        assert index.count() == 2
        assert ids(index.search(Query(text="quokka"), deadline_ms=60_000)) == []
        assert ids(index.search(Query(text="kettle"), deadline_ms=60_000)) == [1]

    def test_a_removed_paper_is_gone(self, index: TextIndex) -> None:
        index.write(PAPERS, (), 1)
        index.write((), [1, 404], 2)
        assert ids(index.search(Query(text="kettle"), deadline_ms=60_000)) == [2]
        assert index.count() == len(PAPERS) - 1
        assert 1 not in dict(index.stamps())
        index.write([PAPERS[0]], [1], 3)
        assert ids(index.search(Query(text="kettle"), deadline_ms=60_000)) == [1, 2]

    def test_papers_may_come_in_any_order(self, index: TextIndex) -> None:
        index.write(reversed(PAPERS), (), 1)
        index.write(PAPERS[3:6], (), 2)
        assert list(index.stamps()) == [(each.id, each.stamp) for each in PAPERS]

    def test_a_write_that_fails_leaves_all_as_it_was(self, index: TextIndex) -> None:
        index.write(PAPERS[:3], (), 1)

        def broken() -> Iterator[Paper]:
            yield from PAPERS[3:]
            message = "the store is gone"
            raise LookupError(message)

        with pytest.raises(LookupError):
            index.write(broken(), [1], 2)
        assert (index.seen(), index.count()) == (1, 3)
        index.write(PAPERS, (), 2)
        assert (index.seen(), index.count()) == (2, len(PAPERS))

    def test_the_greatest_ids_and_numbers_are_kept(self, index: TextIndex) -> None:
        great = paper(2**36 - 1, "Great", stamp=2**63 - 1, upvotes=10**12, published="9999-12-31")
        index.write([great, paper(1, "Small", stamp=0, upvotes=-4, published="0001")], (), 2**62)
        assert index.seen() == 2**62
        assert list(index.stamps()) == [(1, 0), (great.id, great.stamp)]
        assert ids(index.search(Query(sort="upvotes"), deadline_ms=60_000)) == [great.id, 1]
        assert ids(index.search(Query(sort="date"), deadline_ms=60_000)) == [great.id, 1]

    def test_searching_goes_on_while_another_thread_writes(self, index: TextIndex) -> None:
        index.write(PAPERS, (), 1)

        def look(number: int) -> int:
            return index.search(Query(text="kettle" if number % 2 else ""), deadline_ms=60_000).total

        with ThreadPoolExecutor(4) as pool:
            looks = [pool.submit(look, number) for number in range(200)]
            for upto in range(2, 12):
                index.write(PAPERS, (), upto)
            assert {each.result() for each in looks} == {2, len(PAPERS)}

    # Built beside and swapped

    def test_another_index_is_built_beside_and_takes_over(self, index: TextIndex) -> None:
        index.write(PAPERS, (), 1)
        fresh = index.beside()
        assert (fresh.seen(), fresh.count()) == (0, 0)
        fresh.write([paper(77, "Quokkas")], (), 9)
        assert (index.seen(), index.count()) == (1, len(PAPERS))
        index.become(fresh)
        fresh.close()
        assert (index.seen(), index.count()) == (9, 1)
        assert ids(index.search(Query(text="quokka"), deadline_ms=60_000)) == [77]

    def test_one_that_never_takes_over_leaves_nothing(self, index: TextIndex) -> None:
        index.write(PAPERS, (), 1)
        fresh = index.beside()
        fresh.write([paper(77, "Quokkas")], (), 9)
        fresh.close()
        fresh.close()
        assert (index.seen(), index.count()) == (1, len(PAPERS))

    def test_searching_goes_on_while_generations_are_swapped(self, index: TextIndex) -> None:
        index.write(PAPERS, (), 1)
        with ThreadPoolExecutor(3) as pool:
            looks = [pool.submit(index.search, Query(text="kettle"), deadline_ms=60_000) for _ in range(300)]
            for upto in range(2, 8):
                fresh = index.beside()
                fresh.write(PAPERS, (), upto)
                index.become(fresh)
                fresh.close()
            assert {tuple(ids(each.result())) for each in looks} == {(1, 2)}
        assert index.seen() == 7

    def test_it_is_not_damaged(self, index: TextIndex) -> None:
        assert index.damage() == ()
        index.write(PAPERS, (), 1)
        index.write(PAPERS, [1], 2)
        assert index.damage() == ()

    # Anything at all

    def test_any_question_has_an_answer(self, filled: TextIndex) -> None:
        @settings(max_examples=300, deadline=None)
        @given(
            text=st.text() | st.lists(st.sampled_from(HOSTILE) | st.text(max_size=5), max_size=40).map(" ".join),
            values=st.lists(st.text(), max_size=3).map(tuple),
            facets=st.booleans(),
        )
        def holds(text: str, values: tuple[str, ...], *, facets: bool) -> None:
            query = Query(text=text, categories=values, organisations=values, facets=facets)
            found = filled.search(query, deadline_ms=60_000)
            assert 0 <= len(found.hits) <= found.total
            for each in PAPERS:
                assert found.highlighter.shown(each).title

        holds()

    @pytest.mark.parametrize("name", TERRIBLE)
    def test_a_terrible_text_has_an_answer(self, filled: TextIndex, name: str) -> None:
        found = filled.search(Query(text=TERRIBLE[name], facets=True), deadline_ms=60_000)
        assert found.hits or found.notices or found.total == 0
        assert all(len(notice) < 400 for notice in found.notices)
