"""Slugs: what of a name stands in an address."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.model.saved_search import MAX_SLUG, is_slug, slug_of


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Graph networks", "graph-networks"),
        ("  C++ & C#  ", "c-c"),
        ("折り紙 の 研究", "折り紙-の-研究"),
        ("हिन्दी शोध", "हिन्दी-शोध"),
        ("GPT-4 / ﬁne-tuning", "gpt-4-fine-tuning"),
        (r"$\mathcal{O}(n)$", "mathcal-o-n"),
        ("../../etc/passwd", "etc-passwd"),
        ("☃ → ☂", "search"),
        ("", "search"),
        ("x" * 10_000, "x" * MAX_SLUG),
    ],
)
def test_a_name_becomes_a_slug(name: str, slug: str) -> None:
    assert slug_of(name) == slug


@given(st.text(st.characters()))
def test_every_name_has_a_slug_that_is_one_and_has_itself_as_slug(name: str) -> None:
    slug = slug_of(name)
    assert is_slug(slug)
    assert is_slug(f"{slug}-1000")
    assert slug_of(slug) == slug
