"""Whatever an enricher is answered, it gives whole records and problems, or says that asking again may help."""

import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.sources.live import enriching
from tests.sources.test_any_bytes import damaged

from broadsheet.errors import Unavailable
from broadsheet.model.ids import parse_id
from broadsheet.model.record import ENRICHERS, Problem, Record
from broadsheet.model.text import clean
from broadsheet.sources.enricher import Enricher
from broadsheet.sources.live.crossref import Crossref
from broadsheet.sources.live.github import GitHub
from broadsheet.sources.live.openalex import OpenAlex

DOI = "10.1000/napkins.1"
SAMPLES: dict[str, tuple[Enricher, str, object]] = {
    "crossref": (
        Crossref(),
        DOI,
        enriching.crossref_list(
            enriching.crossref_work(
                DOI,
                relation={"has-preprint": [{"id-type": "doi", "id": "10.48550/arXiv.2401.00001"}]},
                **{"updated-by": [enriching.update("retraction", "10.1000/notice")]},
            )
        ),
    ),
    "openalex": (OpenAlex(), DOI, enriching.openalex_list(enriching.openalex_work(DOI, is_retracted=True))),
    "github": (GitHub(), "ex/nap", enriching.github_repository("ex/nap", 3)),
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=9,
)


def test_every_enricher_is_here() -> None:
    assert SAMPLES.keys() == ENRICHERS
    assert {enricher.source for enricher, _, _ in SAMPLES.values()} == ENRICHERS


def survived(name: str, body: bytes) -> None:
    enricher, key, _ = SAMPLES[name]
    try:
        told = enricher.read((key,), enriching.answered(body))
    except Unavailable:
        return
    assert all(isinstance(one, Problem) or whole(one, key) for one in told)


def whole(record: Record, key: str) -> bool:
    texts = (record.title, record.venue, record.comment, record.licence, *record.organisations)
    return (
        record.adds
        and record.key == key
        and all(clean(text) == text for text in texts)
        and all(parse_id(str(one)) == one for one in record.ids)
        and not (record.abstract or record.daily or record.deleted)
    )


@pytest.mark.parametrize("name", SAMPLES)
@given(data=st.binary(max_size=200))
def test_any_bytes_are_survived(name: str, data: bytes) -> None:
    survived(name, data)


@pytest.mark.parametrize("name", SAMPLES)
@settings(max_examples=300)
@given(seed=st.integers(0, 2**32))
def test_damaged_answers_are_survived(name: str, seed: int) -> None:
    survived(name, damaged(json.dumps(SAMPLES[name][2]).encode(), seed))


@pytest.mark.parametrize("name", SAMPLES)
@settings(max_examples=300)
@given(seed=st.integers(0, 2**32), value=JSON)
def test_a_field_of_another_shape_is_survived(name: str, seed: int, value: object) -> None:
    sample = json.loads(json.dumps(SAMPLES[name][2]))
    place, chance = sample, random.Random(seed)
    while True:
        key = chance.choice(list(place) if isinstance(place, dict) else range(len(place)))
        if not (isinstance(place[key], (dict, list)) and place[key] and chance.random() < 0.8):
            break
        place = place[key]
    place[key] = value
    survived(name, json.dumps(sample).encode())


@pytest.mark.parametrize("name", SAMPLES)
def test_an_answer_that_breaks_off_anywhere_is_survived(name: str) -> None:
    data = json.dumps(SAMPLES[name][2]).encode()
    for length in range(len(data)):
        survived(name, data[:length])


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.timeout(60)
def test_hostile_answers_come_to_an_end(name: str) -> None:
    for body in (
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'"' + b"x" * 5_000_000 + b'"',
        b"9" * 5_000,
        b'{"message":{"items":[' + b"0," * 500_000 + b"0]}}",
    ):
        survived(name, body)
