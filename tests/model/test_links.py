"""What an address leads to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.model.links import kind_of, links_in, page_id
from broadsheet.model.record import LINK_KINDS, Link


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("https://github.com/a/b", "code"),
        ("http://www.GitHub.com/a/b", "code"),
        ("https://anonymous.4open.science/r/x", "code"),
        ("https://huggingface.co/a/model", "code"),
        ("https://huggingface.co/datasets/a/b", "data"),
        ("https://hf.co/datasets/a/b", "data"),
        ("https://huggingface.co/papers/2401.00001", "page"),
        ("https://huggingface.co/blog/x", "project"),
        ("https://www.kaggle.com/c/x", "data"),
        ("https://zenodo.org/record/1", "data"),
        ("https://doi.org/10.1000/x", "page"),
        ("https://youtu.be/x", "video"),
        ("https://m.youtube.com/watch?v=x", "video"),
        ("https://ann.github.io/napkins", "project"),
        ("https://example.org:8080/x", "project"),
        ("mailto:ann@example.org", "other"),
        ("", "other"),
    ],
)
def test_a_link_is_named_by_where_it_leads(url: str, kind: str) -> None:
    assert kind_of(url) == kind


def test_addresses_in_prose_become_links() -> None:
    assert links_in("Code: https://github.com/a/b. Data at https://zenodo.org/1, page: https://ann.github.io/.") == (
        Link("code", "https://github.com/a/b"),
        Link("data", "https://zenodo.org/1"),
        Link("project", "https://ann.github.io/"),
    )


@given(st.text(max_size=60) | st.text(max_size=40).map("https://{}".format))
def test_any_text_leads_to_some_kind(url: str) -> None:
    assert kind_of(url) in LINK_KINDS


@pytest.mark.parametrize(
    ("url", "id_"),
    [
        ("https://arxiv.org/abs/2401.00001v2", "arxiv:2401.00001"),
        ("https://aclanthology.org/P90-1001", "acl:P90-1001"),
        ("https://doi.org/10.1000/X", "doi:10.1000/x"),
        ("doi:10.1000/x", "doi:10.1000/x"),
        ("http://Papers.example.org/1/#abstract", "url:https://papers.example.org/1"),
        ("https://example.org/paper?id=7", "url:https://example.org/paper?id=7"),
        ("https://example.org/", ""),
        ("https://example.org", ""),
        ("words", ""),
        ("", ""),
        ("https://example.org/" + "a" * 2_000, ""),
    ],
)
def test_a_papers_own_page_is_an_id_in_one_spelling(url: str, id_: str) -> None:
    assert str(page_id(url) or "") == id_
