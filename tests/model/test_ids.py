"""One spelling for every way to write an id."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.model.ids import SCHEMES, ExternalId, acl_id, arxiv_id, doi, expand, parse_id


@pytest.mark.parametrize(
    ("said", "id_", "version"),
    [
        ("2401.00001", "2401.00001", 0),
        (" arXiv:2401.00001v12 ", "2401.00001", 12),
        ("0704.0001v1", "0704.0001", 1),
        ("hep-th/9901001", "hep-th/9901001", 0),
        ("math.GT/0309136v2", "math/0309136", 2),
        ("q-bio/0703001", "q-bio/0703001", 0),
        ("cond-mat.mtrl-sci/0703001", None, 0),
        ("2413.00001", None, 0),
        ("2401.001", None, 0),
        ("2401.000001", None, 0),
        ("2401.00001v0", None, 0),
        ("words", None, 0),
        ("", None, 0),
    ],
)
def test_arxiv_ids_of_every_age_are_read(said: str, id_: str | None, version: int) -> None:
    assert arxiv_id(said) == (None if id_ is None else (ExternalId("arxiv", id_), version))


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("10.1000/XYZ", "doi:10.1000/xyz"),
        ("https://doi.org/10.1000/xyz.", "doi:10.1000/xyz"),
        ("doi: 10.1000/a(b)", "doi:10.1000/a(b)"),
        ("10.1000/a),", "doi:10.1000/a"),
        ("http://dx.doi.org/10.1002/(SICI)1097-4571(199806)49:8%3C693::AID-ASI4%3E3.0.CO;2-O", None),
        ("10.48550/arXiv.2401.00001", "arxiv:2401.00001"),
        ("10.48550/arXiv.words", "doi:10.48550/arxiv.words"),
        ("10.10/x", ""),
        ("10.1000/", ""),
        ("10.1000/a b", ""),
    ],
)
def test_dois_are_read_without_what_follows_them(said: str, value: str | None) -> None:
    expected = "doi:10.1002/(sici)1097-4571(199806)49:8<693::aid-asi4>3.0.co;2-o" if value is None else value
    assert str(doi(said) or "") == expected


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("P90-1001", "P90-1001"),
        ("acl:p90-1001v2", "P90-1001"),
        ("2022.ACL-long.1", "2022.acl-long.1"),
        ("https://aclanthology.org/2022.acl-long.1/", "2022.acl-long.1"),
        ("https://www.aclweb.org/anthology/P/P90/P90-1001.pdf", "P90-1001"),
        ("https://aclanthology.org/2022.acl-long.1v2.pdf", "2022.acl-long.1"),
        ("2022.acl-long", None),
        (f"2022.{'a' * 100}-b.1", None),
    ],
)
def test_anthology_ids_are_read(said: str, value: str | None) -> None:
    found = acl_id(said)
    assert (found.value if found else None) == value


@pytest.mark.parametrize(
    ("said", "slug"),
    [
        ("2401.00001v3", "2401.00001"),
        ("https://arxiv.org/abs/2401.00001v2", "2401.00001"),
        ("arxiv.org/pdf/2401.00001v2.pdf", "2401.00001"),
        ("https://arxiv.org/html/2401.00001v2#S3", "2401.00001"),
        ("https://export.arxiv.org/abs/hep-th/9901001", "hep-th/9901001"),
        ("https://huggingface.co/papers/2401.00001?x=1", "2401.00001"),
        ("https://hf.co/papers/2401.00001.md", "2401.00001"),
        ("https://www.alphaxiv.org/overview/2401.00001", "2401.00001"),
        ("https://doi.org/10.1000/xyz", "doi/10.1000/xyz"),
        ("doi/10.1000/xyz", "doi/10.1000/xyz"),
        ("https://aclanthology.org/P90-1001/", "acl/P90-1001"),
        ("acl/P90-1001", "acl/P90-1001"),
        ("https://openreview.net/forum?id=AbC-123_x&noteId=7", "openreview/AbC-123_x"),
        ("https://openreview.net/pdf?id=AbC-123_x", "openreview/AbC-123_x"),
        ("openreview/AbC-123_x", "openreview/AbC-123_x"),
        ("local/0123456789abcdef", "local/0123456789abcdef"),
        ("https://arxiv.org/list/cs.GR/new", None),
        ("https://huggingface.co/papers", None),
        ("folding napkins", None),
        ("", None),
        ("2401.00001" * 100, None),
    ],
)
def test_whatever_a_reader_may_paste_is_read(said: str, slug: str | None) -> None:
    found = parse_id(said)
    assert (found.slug if found else None) == slug


IDS = st.one_of(
    st.builds("{:02}{:02}.{:05}".format, st.integers(7, 40), st.integers(1, 12), st.integers(0, 99_999)).map(
        lambda value: ExternalId("arxiv", value)
    ),
    st.builds("{}/{:07}".format, st.sampled_from(["hep-th", "math", "q-bio"]), st.integers(0, 9_999_999)).map(
        lambda value: ExternalId("arxiv", value)
    ),
    st.from_regex(r"10\.[0-9]{4,9}/[a-z0-9][a-z0-9()./-]{0,20}[a-z0-9]", fullmatch=True)
    .filter(lambda value: "arxiv." not in value)
    .map(lambda value: ExternalId("doi", value)),
    st.from_regex(r"[0-9]{4}\.[a-z0-9]{2,8}-[a-z0-9]{1,6}\.[0-9]{1,4}", fullmatch=True).map(
        lambda value: ExternalId("acl", value)
    ),
    st.from_regex(r"[A-Z][0-9]{2}-[0-9]{4}", fullmatch=True).map(lambda value: ExternalId("acl", value)),
    st.from_regex(r"[A-Za-z0-9_-]{6,20}", fullmatch=True).map(lambda value: ExternalId("openreview", value)),
    st.from_regex(r"[0-9a-f]{16}", fullmatch=True).map(lambda value: ExternalId("local", value)),
)


@given(IDS)
def test_an_id_is_read_back_from_its_name_and_its_path(made: ExternalId) -> None:
    assert parse_id(str(made)) == made
    assert parse_id(made.slug) == made


@given(st.text(max_size=60))
def test_any_text_is_an_id_in_one_spelling_or_none(text: str) -> None:
    found = parse_id(text)
    assert found is None or (found.scheme in SCHEMES and parse_id(str(found)) == found)


def test_ids_imply_others_and_the_best_comes_first() -> None:
    given_ids = (ExternalId("doi", "10.18653/v1/p90-1001"), ExternalId("arxiv", "2401.00001"))
    assert [str(one) for one in expand(given_ids)] == ["arxiv:2401.00001", "acl:P90-1001", "doi:10.18653/v1/p90-1001"]
    assert expand((ExternalId("url", "https://example.org/1"),)) == (ExternalId("url", "https://example.org/1"),)
