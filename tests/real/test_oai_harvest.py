"""Real answers of OAI-PMH repositories, read as pages of a harvest."""

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest

from broadsheet.errors import Unavailable
from broadsheet.model.record import Record
from broadsheet.sources.adapter import Answer, Ask, Page, Service, Want
from broadsheet.sources.live.oai import OaiSource

AT = datetime(2025, 11, 21, tzinfo=UTC)
SOURCE = OaiSource(service=Service(name="real", base="https://repository.example/oai"))
FIRST = f"{SOURCE.service.base}?verb=ListRecords&metadataPrefix=oai_dc"


def read(shared_data: Path, name: str, url: str = FIRST) -> Page:
    body = (shared_data / "fixtures" / "oai_pmh" / f"{name}.xml").read_bytes()
    return SOURCE.read(Want(), {}, Ask(url=url), Answer(url=url, body=BytesIO(body), at=AT))


@pytest.mark.parametrize(
    ("name", "count", "token", "expected"),
    [
        ("sickle_ListRecords", 2, "ListRecords2.xml", 8),
        ("sickle_ListRecords3", 2, "ListRecords4.xml", 8),
        ("hepcrawl_arxiv-physics-hep-ex", 3, "", None),
    ],
)
def test_a_page_leads_to_the_next(shared_data: Path, name: str, count: int, token: str, expected: int | None) -> None:
    page = read(shared_data, name)
    assert sum(isinstance(one, Record) for one in page.told) == count
    assert page.expected == expected
    assert (page.next.url if page.next else "").endswith(f"={token}" if token else "")
    assert ("run" in page.mark) is bool(token)


@pytest.mark.parametrize("name", ["sickle_badArgument", "sickle_undefinedError"])
def test_an_error_makes_the_run_fail(shared_data: Path, name: str) -> None:
    with pytest.raises(Unavailable, match="The repository answers"):
        read(shared_data, name)


def test_nothing_new_ends_the_run(shared_data: Path) -> None:
    page = read(shared_data, "sickle_noRecordsMatch")
    assert (page.next, tuple(page.told), page.mark) == (None, (), {})


def test_a_broken_page_is_asked_for_again(shared_data: Path) -> None:
    with pytest.raises(Unavailable):
        read(shared_data, "sickle_ListRecordsBroken")
