"""Which list the address of a page means."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.entrance.lists import read_list, suffixed
from broadsheet.errors import Invalid
from broadsheet.model.places import list_url
from broadsheet.model.query import Query
from broadsheet.model.selection import Selection

SLUG = st.text("abcxyz0189-", min_size=1, max_size=12)
WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Z"]), min_size=1, max_size=12)
SELECTIONS = st.one_of(
    st.sampled_from([Selection("day"), Selection("trending"), Selection("trending", "week"), Selection("following")]),
    st.dates().map(lambda day: Selection("day", day.isoformat())),
    st.sampled_from([Selection("week", "2026-W47"), Selection("month", "2026-11")]),
    st.builds(Selection, st.sampled_from(["author", "organisation", "saved", "category", "similar"]), SLUG),
    st.tuples(SLUG, SLUG).map(lambda told: Selection("label", "/".join(told))),
    st.builds(Query, text=WORDS, sort=st.sampled_from(["relevance", "date"]), has_code=st.none() | st.booleans()).map(
        lambda query: Selection("search", query=query)
    ),
)


@given(SELECTIONS)
def test_the_address_of_a_list_is_read_back_as_that_list(selection: Selection) -> None:
    assert read_list(list_url(selection)) == selection
    assert read_list(f"https://papers.example{list_url(selection)}") == selection


@pytest.mark.parametrize(
    ("address", "selection"),
    [
        (" /trending?of=all ", Selection("trending")),
        ("https://papers.example", Selection("day")),
        ("/latest", Selection("day")),
        ("/authors/ada-lovelace/", Selection("author", "ada-lovelace")),
        ("/papers/hep-th/9901001/similar", Selection("similar", "hep-th/9901001")),
        ("/search?q=tea&page=7", Selection("search", query=Query(text="tea"))),
        ("/search?cat=cs.CL", Selection("search", query=Query(categories=("cs.CL",)))),
        ("/search?like=a&like=b", Selection("search", query=Query(like=("a", "b")))),
    ],
    ids=lambda told: told.kind if isinstance(told, Selection) else told[:20],
)
def test_what_people_copy_is_read(address: str, selection: Selection) -> None:
    assert read_list(address) == selection


@pytest.mark.parametrize(
    "address",
    ["", "   ", "/nope", "/papers/2611.00001", "//[", "/authors/a/b", "/trending?of=x", "/papers/date/x", "tea", "/\0"],
)
def test_what_is_no_list_is_refused_with_a_sentence(address: str) -> None:
    with pytest.raises(Invalid) as raised:
        read_list(address)
    assert str(raised.value)


def test_a_list_in_another_format_stands_beside_its_page() -> None:
    assert suffixed("/", "rss") == "/latest.rss"
    assert suffixed("/trending?of=week", "atom") == "/trending.atom?of=week"
