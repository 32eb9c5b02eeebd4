"""Names as keys, slugs and spellings of people."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.model.author import Act, Change, author_slug, depends, is_author_slug, name_key, spoken, unslugged
from broadsheet.model.names import fold


@pytest.mark.parametrize(
    ("name", "slug", "key"),
    [
        ("Paul Erdős", "paul-erdős", "paulerdos"),
        ("Paul  ERDOS", "paul-erdos", "paulerdos"),
        (r"Paul Erd{\H o}s", "paul-erdős", "paulerdos"),
        ("O'Brien, Flann", "flann-o-brien", "flannobrien"),
        ("Jean-Luc Picard", "jean-luc-picard", "jeanlucpicard"),
        ("Bo Li, Jr.", "bo-li-jr", "bolijr"),
        ("A. Lee", "a-lee", "alee"),
        ("王伟", "王伟", "王伟"),
        ("💥", "", ""),
        ("", "", ""),
        ("x" * 121, "", "x" * 121),
        ("x" * 201, "", ""),
    ],
)
def test_a_name_has_a_slug_and_a_key(name: str, slug: str, key: str) -> None:
    assert (author_slug(name), name_key(name)) == (slug, key)


@given(st.text(max_size=130))
def test_a_slug_leads_to_the_key_of_its_name(name: str) -> None:
    slug = author_slug(name)
    if slug:
        assert is_author_slug(slug)
        assert name_key(slug) == name_key(unslugged(slug)) == name_key(name)
        assert "/" not in slug
        assert slug.isprintable()


@given(st.text(max_size=60))
def test_what_is_spoken_stays_as_it_is(name: str) -> None:
    assert fold(spoken(name)) == name_key(name)


@pytest.mark.parametrize("text", ["", "-", "a/b", "a b", "x" * 126, "<b>", "a\0"])
def test_what_can_be_no_slug(text: str) -> None:
    assert not is_author_slug(text)


def test_an_act_depends_on_what_it_looked_at() -> None:
    first = Act(1, 1, 1, "a", (Change("name", "k", None, (1, "K")), Change("into", "1", None, None)), "w")
    looked = Act(2, 1, 1, "b", (Change("name", "k", (1, "K"), (1, "K")),), "w")
    other = Act(3, 1, 1, "c", (Change("into", "1", None, None),), "w")
    assert depends(looked, first)
    assert not depends(other, first)
    assert not depends(first, looked)
