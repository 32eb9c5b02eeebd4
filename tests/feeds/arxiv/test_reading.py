"""arXiv's query syntax is read as its manual has it, and said again in ours."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.hostile import HOSTILE, TERRIBLE

from broadsheet.feeds.arxiv import asking, grammar
from broadsheet.feeds.arxiv.translate import MOST_WORDS, Wanted, translate
from broadsheet.feeds.arxiv.tree import Unanswerable
from broadsheet.index.grammar import MAX_TYPED_WORDS, parse
from broadsheet.model.query import Query


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("electron", "(electron)"),
        ("all:electron proton", "(electron proton)"),
        ("ti:electron", "(title:electron)"),
        ("ti:electron AND abs:proton", "(title:electron abstract:proton)"),
        ("ti:electron OR au:bo_chen", "((title:electron | author:(bo chen)))"),
        ("ti:a1 ANDNOT (abs:b1 OR jr:c1)", "(title:a1 -(abstract:b1 | venue:c1))"),
        ("a1 AND b1 OR c1", "(((a1 b1) | c1))"),
        ("a1 AND (b1 OR c1)", "(a1 (b1 | c1))"),
        ('ti:"deep learning"', '(title:"deep learning")'),
        ('ti:("deep learning" OR kettle)', '((title:"deep learning" | title:kettle))'),
        ("au:lecun_y", "(author:lecun)"),
        ('au:"Yann LeCun"', '(author:"Yann LeCun")'),
        ('au:"LeCun, Y"', "(author:LeCun)"),
        ("abs:network*", "(abstract:network*)"),
        ("abs:ne*", "(abstract:ne)"),
        ("fine-tuning", "(fine-tuning)"),
        ("ti:OR", "(title:or)"),
        ("DEEP NETS", "(deep nets)"),
        ("DEEP OR NETS", "((deep | nets))"),
        ("(ti:a1 OR cat:cs.CL) AND ti:b1", '((title:a1 | cat:"cs.CL") title:b1)'),
        ("ANDNOT ti:a1", "(-title:a1)"),
        ("foo:bar", "((foo bar))"),
        ("ti: kettle", "(kettle)"),
        ("((((", ""),
        (") kettle )", "(kettle)"),
        ("AND OR", ""),
    ],
)
def test_a_query_is_said_in_our_words(theirs: str, ours: str) -> None:
    wanted = translate(grammar.parse(theirs))
    assert wanted == Wanted(Query(text=ours) if ours else None)
    assert parse(ours).notices == ()


def test_what_filters_can_say_is_said_by_filters() -> None:
    many = " OR ".join(f"cat:cs.{a}{b}" for a in "ABCDE" for b in "ABCDEF")
    wanted = translate(grammar.parse(f"({many}) AND submittedDate:[202401010600 TO 202402010600] AND kettle"))
    assert wanted.query is not None
    assert len(wanted.query.categories) == 30
    assert (wanted.query.since, wanted.query.until) == (date(2024, 1, 1), date(2024, 2, 1))
    assert wanted.query.text == "(kettle)"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("cat:cs.L*", {"cs.LG", "cs.LO"}),
        ("cat:STAT.m*", {"stat.ME", "stat.ML"}),
        ("cat:cs.CL*", {"cs.CL"}),
        ("cat:cs.*", {"cs"}),
        ("cat:q-bio*", {"q-bio"}),
        ("cat:none.such*", {"none.such"}),
    ],
)
def test_a_beginning_of_a_category_stands_for_all_that_begin_so(text: str, names: set[str]) -> None:
    query = translate(grammar.parse(text)).query
    assert query is not None
    assert set(query.categories) == names


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("submittedDate:[20240101 TO 20240131]", date(2024, 1, 1), date(2024, 1, 31)),
        ("submittedDate:[202401010000 TO 202401020000]", date(2024, 1, 1), date(2024, 1, 1)),
        ("submittedDate:[20240101000000 TO 20240101235959]", date(2024, 1, 1), date(2024, 1, 1)),
        ("submitteddate: [ * TO 20240131 ]", None, date(2024, 1, 31)),
        ("submittedDate:[20240101 TO *]", date(2024, 1, 1), None),
    ],
)
def test_a_range_of_dates_is_read_by_the_day(text: str, since: date | None, until: date | None) -> None:
    query = translate(grammar.parse(text)).query
    assert query is not None
    assert (query.since, query.until) == (since, until)


@pytest.mark.parametrize(
    "text",
    [
        "co:pages",
        "rn:CERN*",
        "lastUpdatedDate:[20240101 TO 20240102]",
        "submittedDate:[20241301 TO 20241401]",
        "submittedDate:[a TO b]",
        "submittedDate:20240101",
        "id:nothing",
        "id:2401.00001 OR kettle",
        "(" * 20 + "kettle",
        "kettle " * (MOST_WORDS + 1),
        "a" * 4_001,
    ],
)
def test_what_cannot_be_answered_is_refused(text: str) -> None:
    with pytest.raises(Unanswerable):
        translate(grammar.parse(text))


def test_ids_are_asked_for_by_themselves_or_beside_words() -> None:
    assert translate(grammar.parse("id:2401.00001v2 OR id:cs/0101001")) == Wanted(None, ("2401.00001", "cs/0101001"))
    wanted = asking.read({"search_query": "id:2401.00001 AND kettle", "id_list": "2401.00002, 2401.00001v3"})
    assert wanted.ids == ("2401.00001",)
    assert wanted.query == Query(text="(kettle)")


@pytest.mark.parametrize(
    ("params", "sentence"),
    [
        ({"start": "-1"}, "start must be non-negative"),
        ({"start": "x"}, "start must be an integer"),
        ({"start": "1" * 10}, "start must be an integer"),
        ({"max_results": "-5"}, "max_results must be non-negative"),
        ({"max_results": "1.5"}, "max_results must be an integer"),
        ({"sortBy": "x"}, "sortBy must be in: relevance, lastUpdatedDate, submittedDate"),
        ({"sortOrder": "x"}, "sortOrder must be in: ascending, descending"),
        ({"id_list": "1706.03762,x"}, "incorrect id format for x"),
        ({"id_list": ",".join(["1706.03762v1"] * 20_000)}, "id_list takes at most 2,000 ids"),
    ],
)
def test_a_parameter_that_cannot_be_read_is_told_as_arxiv_does(params: dict[str, str], sentence: str) -> None:
    with pytest.raises(Unanswerable, match=sentence):
        asking.read(params)


def test_more_than_arxiv_gives_at_once_is_as_much_as_it_gives() -> None:
    assert asking.read({"max_results": "999999"}).line.limit == 2_000
    assert asking.read({}).line.limit == 10


def test_the_words_that_fit_are_those_that_our_search_takes() -> None:
    assert MOST_WORDS == MAX_TYPED_WORDS


@given(st.lists(st.sampled_from([*HOSTILE, "ti:", "AND", "OR", "ANDNOT", "(", ")", '"', "cat:", "submittedDate:["])))
def test_any_text_is_understood_or_refused(pieces: list[str]) -> None:
    check(" ".join(pieces))
    check("".join(pieces))


@pytest.mark.parametrize("name", sorted(TERRIBLE))
def test_terrible_texts_are_understood_or_refused(name: str) -> None:
    check(TERRIBLE[name])
    check(TERRIBLE[name][:4_000])


def check(text: str) -> None:
    with suppress(Unanswerable):
        wanted = translate(grammar.parse(text))
        said = wanted.query.text if wanted.query else ""
        # It is never taken for a pasted text, whose signs mean nothing.
        assert parse(said).bag == "" or not text.isascii()
