"""The stated schema: one flat object a paper, in any of its words."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.sources.reading import AT

from broadsheet.model.record import Author, Daily, Link, Problem, Record, Signal, Version
from broadsheet.sources import schema
from broadsheet.sources.schema import Origin

ORIGIN = Origin("test", "f:1", AT)
NAMES = sorted(
    {name for line in (schema.__doc__ or "").splitlines() for name in line.split("``")[1::2] if name.isidentifier()}
)


def read(**told: Any) -> Record:
    found = schema.read({"title": "On Napkins"} | told, ORIGIN)
    assert isinstance(found, Record)
    return found


@pytest.mark.parametrize(
    ("told", "field", "value"),
    [
        ({"title": " On &amp;\n Cloth "}, "title", "On & Cloth"),
        ({"abstract": "A"}, "abstract", "A"),
        ({"summary": "A"}, "abstract", "A"),
        ({"text": "A"}, "abstract", "A"),
        ({"abstract": "A", "summary": "S"}, "summary", "S"),
        ({"abstract": "A", "summary": "S", "ai_summary": "T"}, "summary", "T"),
        ({"authors": ["Ann Lee", "Bo Chen"]}, "authors", (Author("Ann Lee"), Author("Bo Chen"))),
        ({"authors": [{"name": "Ann Lee"}, {"name": "Bo", "hidden": True}]}, "authors", (Author("Ann Lee"),)),
        ({"authors": ["Ann Lee, Bo Chen"]}, "authors", (Author("Ann Lee"), Author("Bo Chen"))),
        ({"author": "Lee, Ann and Chen, Bo"}, "authors", (Author("Ann Lee"), Author("Bo Chen"))),
        ({"published": "2024-06-05T01:02:03+02:00"}, "published", "2024-06-04T23:02:03Z"),
        ({"year": 2024}, "published", "2024"),
        ({"update_date": "2024-06-05"}, "updated", "2024-06-05"),
        ({"categories": "cs.GR cs.LG"}, "categories", ("cs.GR", "cs.LG")),
        ({"categories": ["cs.GR", "", "cs.GR"]}, "categories", ("cs.GR",)),
        ({"keywords": "folds; napkin rings"}, "keywords", ("folds", "napkin rings")),
        ({"ai_keywords": ["folds"]}, "keywords", ("folds",)),
        ({"journal-ref": "J. Folds 3"}, "venue", "J. Folds 3"),
        ({"organization": {"name": "fi", "fullname": "Fold Institute"}}, "organisations", ("Fold Institute",)),
        ({"organizations": ["A", {"name": "B"}]}, "organisations", ("A", "B")),
        ({"organization": "fi", "organization_fullname": "Fold Institute"}, "organisations", ("Fold Institute",)),
        ({"url": "https://example.org/1"}, "links", (Link("page", "https://example.org/1"),)),
        ({"project_page": "https://github.com/a/b"}, "links", (Link("code", "https://github.com/a/b"),)),
        ({"links": [{"kind": "data", "url": "https://d.org/1"}]}, "links", (Link("data", "https://d.org/1"),)),
        ({"links": [{"kind": "?", "url": "https://d.org/1"}]}, "links", (Link("other", "https://d.org/1"),)),
        ({"pdf": "javascript:alert(1)"}, "links", ()),
        ({"thumbnail": "https://example.org/t.png"}, "media", ("https://example.org/t.png",)),
        ({"mediaUrls": ["https://example.org/a.mp4", 7, "x"]}, "media", ("https://example.org/a.mp4",)),
        ({"comments": "12 pages"}, "comment", "12 pages"),
        ({"license": "CC0"}, "licence", "CC0"),
        ({"upvotes": 7, "comments": 2}, "signals", (Signal("upvotes", 7, AT), Signal("comments", 2, AT))),
        ({"upvotes": "7", "citations": -1, "githubStars": 2.5}, "signals", (Signal("upvotes", 7, AT),)),
        ({"versions": [{"version": "v1", "created": "2024"}, {"version": "x"}]}, "versions", (Version(1, "2024"),)),
        ({"daily_dates": ["2024-06-05", "2024-06-05"]}, "daily", (Daily(date(2024, 6, 5)),)),
        ({"withdrawnAt": "2024-06-05"}, "withdrawn", True),
        ({"withdrawn": "false"}, "withdrawn", False),
        ({"comment": "This paper has been withdrawn by the authors."}, "withdrawn", True),
        ({"deleted": True}, "deleted", True),
        ({"deleted": "no"}, "deleted", False),
    ],
)
def test_a_field_is_read_in_all_its_words(told: dict[str, Any], field: str, value: Any) -> None:
    assert getattr(read(**told), field) == value


def test_who_submitted_and_when_belongs_to_its_day() -> None:
    told = read(
        days=["2024-06-04", "2024-06-05"], submitted_on_daily_at="2024-06-05T01:02:03Z", submitted_by="reader-1"
    )
    assert told.daily == (Daily(date(2024, 6, 4)), Daily(date(2024, 6, 5), "2024-06-05T01:02:03Z", "reader-1"))


@pytest.mark.parametrize(
    ("told", "ids"),
    [
        ({"id": "2401.00001v2"}, ["arxiv:2401.00001"]),
        ({"id": "math.GT/0309136"}, ["arxiv:math/0309136"]),
        ({"doi": "10.1000/X", "arxiv": "2401.00001"}, ["arxiv:2401.00001", "doi:10.1000/x"]),
        (
            {"also": ["acl:2022.acl-long.1", "pl:acl2022:2022.acl-long.2"]},
            ["acl:2022.acl-long.1", "acl:2022.acl-long.2"],
        ),
        ({"url": "https://openreview.net/forum?id=AbCdEf123"}, ["openreview:AbCdEf123"]),
        ({"url": "https://Example.org/papers/1/#top"}, ["url:https://example.org/papers/1"]),
        ({"url": "https://example.org/" + "a" * 9_000}, []),
        ({"id": "17"}, []),
    ],
)
def test_ids_are_read_wherever_they_stand(told: dict[str, Any], ids: list[str]) -> None:
    assert [str(one) for one in read(**told).ids] == ids


def test_a_number_is_no_name_in_the_world_but_together_with_its_title_it_is() -> None:
    one, two = read(id=17), read(id=17, title="On Cloth")
    assert one.key != two.key
    assert one.key == read(id="17").key


def test_keys_and_ids_fit_a_databases_index() -> None:
    long = read(id="x:" + "9" * 100_000, url="https://example.org/" + "a" * 100_000, acl=f"2022.{'a' * 9_000}-b.1")
    assert len(long.key) < 300
    assert all(len(one.value) < 600 for one in long.ids)


@pytest.mark.parametrize("title", [None, "", " \n", 1.5, [], {}, [[]], "\0"])
def test_a_record_without_a_title_is_a_problem(title: Any) -> None:
    found = schema.read({"title": title, "id": "1"}, ORIGIN)
    assert isinstance(found, Problem)
    assert (found.kind, found.source, found.where) == ("no-title", "test", "f:1")


def test_a_record_that_is_too_large_is_a_problem() -> None:
    found = schema.read({"title": "T", "abstract": "x" * 2_000_001}, ORIGIN)
    assert isinstance(found, Problem)
    assert found.kind == "too-large"


def test_counts_without_a_moment_say_nothing() -> None:
    found = schema.read({"title": "T", "upvotes": 7}, Origin("test", "f:1", None))
    assert isinstance(found, Record)
    assert found.signals == ()


def test_the_moment_a_record_states_is_its_own() -> None:
    assert read(snapshot_at="2024-06-05").observed == datetime(2024, 6, 5, tzinfo=UTC)


ANYTHING: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9) | st.dates().map(str),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["name", "fullname", "hidden", "kind", "url", "version"]), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(NAMES), ANYTHING))
def test_no_object_whatsoever_raises(told: dict[str, Any]) -> None:
    found = schema.read(told, ORIGIN)
    assert isinstance(found, Problem) or (found.title and found.key)
