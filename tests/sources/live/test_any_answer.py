"""Whatever bytes a service answers with, an adapter gives a page that can be read to its end, or asks again."""

import contextlib
import gzip
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.sources.live.driving import answer
from tests.sources.test_any_bytes import damaged, whole
from tests.sources.test_detect import SAMPLES

from broadsheet.errors import Unavailable
from broadsheet.model.record import Record
from broadsheet.sources.adapter import Adapter, Want
from broadsheet.sources.live.acl import Anthology
from broadsheet.sources.live.biorxiv import Biorxiv
from broadsheet.sources.live.hf import HuggingFace
from broadsheet.sources.live.openreview import OpenReview

AT = datetime(2024, 6, 20, 12, tzinfo=UTC)
BIB = b'@inproceedings{a, title = "On Napkins",\n url = "https://aclanthology.org/P90-1001/"\n}\n'
SOURCES: dict[str, tuple[Adapter, str, bytes]] = {
    "days": (HuggingFace(), "", SAMPLES["hf"].encode()),
    "trending": (HuggingFace(), "trending", SAMPLES["hf"].encode()),
    "biorxiv": (Biorxiv(), "biorxiv", SAMPLES["biorxiv"].encode()),
    "openreview": (OpenReview(), "Fold.cc/2024/Conference", SAMPLES["openreview"].encode()),
    "acl": (Anthology(), "", BIB),
    "acl, packed": (Anthology(), "", gzip.compress(BIB)),
}
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["messages", "collection", "notes", "count", "total", "content", "paper", "id", "title", "value"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


def read(source: str, body: bytes) -> None:
    """Read one answer, and what the same answer leads to next."""
    adapter, target, _ = SOURCES[source]
    want = Want(target=target)
    mark: Any = {}
    ask = adapter.begin(want, mark, AT)
    for _ in range(4):
        if ask is not None:
            page = adapter.read(want, mark, ask, answer(body, AT))
            assert all(whole(one) for one in page.told if isinstance(one, Record))
            mark, ask = json.loads(json.dumps(page.mark)), page.next


def test_a_good_answer_is_read() -> None:
    for source, (_, _, good) in SOURCES.items():
        read(source, good)


@pytest.mark.parametrize("source", SOURCES)
@given(body=st.binary(max_size=100))
def test_any_bytes_are_survived(source: str, body: bytes) -> None:
    with contextlib.suppress(Unavailable):
        read(source, body)


@pytest.mark.parametrize("source", SOURCES)
@given(told=anything)
def test_any_json_is_survived(source: str, told: Any) -> None:
    with contextlib.suppress(Unavailable):
        read(source, json.dumps(told).encode())


@pytest.mark.parametrize("source", SOURCES)
@settings(max_examples=200)
@given(seed=st.integers(0, 2**32))
def test_damaged_answers_are_survived(source: str, seed: int) -> None:
    with contextlib.suppress(Unavailable):
        read(source, damaged(SOURCES[source][2], seed))


def test_what_trends_under_a_strange_id_has_a_key_all_the_same() -> None:
    read("trending", b'[{"paper": {"id": "@2401.00001", "title": "On Napkins"}, "numComments": 1}]')
