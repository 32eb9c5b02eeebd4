"""Whatever JSON says, it becomes a shape or is refused."""

import json
from contextlib import suppress
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.client.kept import Followed, Label, Status
from broadsheet.client.reading import MisshapenError, read_as
from broadsheet.client.shapes import Evidence, Facets, Paper, Version, WholePaper

NAMES = sorted({each.name for kind in (WholePaper, Evidence, Label, Version) for each in fields(kind)})
PLAIN = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.just(10**400)
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["2026-03-06", "2026-03-06T03:55:12Z", "2026-03-06T03:55:12"])
)
JSON = st.recursive(
    PLAIN, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=8)
)


@given(told=st.dictionaries(st.sampled_from(NAMES), JSON, max_size=12) | JSON)
def test_any_json_is_a_shape_or_refused(told: Any) -> None:
    if isinstance(told, dict):
        told = {"id": "1", **told}
    for kind in (WholePaper, Facets, Followed):
        with suppress(MisshapenError):
            assert isinstance(read_as(kind, told), kind)


def test_a_shape_is_read_field_by_field() -> None:
    told = {
        "id": "1",
        "published": "2026-03-06T03:55:12Z",
        "updated": "2026-03-06T05:55:12+02:00",
        "days": ["2026-03-06"],
        "evidence": {
            "rank": 1,
            "score": 2,
            "matched": None,
            "guess": False,
            "title": [{"text": "tea", "matched": True}],
            "sentence": [],
            "parts": [],
        },
    }
    paper = read_as(Paper, json.loads(json.dumps(told)))
    assert paper.published == paper.updated == datetime(2026, 3, 6, 3, 55, 12, tzinfo=UTC)
    assert paper.updated.tzinfo == timezone(timedelta(hours=2))
    assert paper.days == (date(2026, 3, 6),)
    assert paper.evidence
    assert (paper.evidence.score, paper.evidence.title[0].matched) == (2.0, True)
    assert hash(paper) == hash(read_as(Paper, told))


def test_what_is_wrong_is_told_by_where_it_stands() -> None:
    with pytest.raises(MisshapenError, match=r"^evidence: parts: it is no list$"):
        read_as(Paper, {"id": "1", "evidence": dict.fromkeys(("rank", "score", "matched")) | PARTS})
    with pytest.raises(MisshapenError, match=r"^site is missing$"):
        read_as(Status, {})


PARTS = {"guess": False, "title": [], "sentence": [], "parts": {}}
