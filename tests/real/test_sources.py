"""The parsers on all the real files: how much is in each, and that every address in an abstract is read right."""

import gzip
import json
import re
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.sources.reading import Read

from broadsheet.model.text import clean, urls
from broadsheet.sources.detect import read

AT = datetime(2025, 11, 21, tzinfo=UTC)
# Records and problems by folder or file.
FIXTURES = {
    "acl_xml": (4_002, ["unknown-format"]),
    "arxiv_atom": (221, ["api-error"]),
    "bibtex": (1_439, []),
    "hf_api": (127, []),
}
OAI = {
    "hepcrawl_arxiv-physics-hep-ex": (3, []),
    "hepcrawl_arxiv-physics-hep-th": (3, []),
    "hepcrawl_sample_arxiv_record": (12, []),
    "sickle_Identify": (0, []),
    "sickle_ListMetadataFormats": (0, []),
    "sickle_ListRecords": (2, []),
    "sickle_ListRecords2": (2, []),
    "sickle_ListRecords3": (2, []),
    "sickle_ListRecords4": (1, ["no-id"]),
    "sickle_ListRecordsBroken": (0, ["malformed"]),
    "sickle_ListSets": (0, []),
    "sickle_badArgument": (0, ["oai-badArgument"]),
    "sickle_badResumptionToken": (0, ["oai-badResumptionToken"]),
    "sickle_cannotDisseminateFormat": (0, ["oai-cannotDisseminateFormat"]),
    "sickle_idDoesNotExist": (0, ["oai-idDoesNotExist"]),
    "sickle_noRecordsMatch": (0, []),
    "sickle_noSetHierarchy": (0, ["oai-noSetHierarchy"]),
    "sickle_undefinedError": (0, ["oai-undefinedError"]),
}
CARDS = {"page_000.txt": 37, "page_001.txt": 54, "page_002.txt": 70, "page_003.txt": 445, "page_004.txt": 65}
# A line break fell into this address.
CUT = ("https://github.com/xo28/efficient-", "https://github.com/xo28/efficient-NLP-multistage-training")


def read_path(path: Path) -> Read:
    with path.open("rb") as stream:
        return Read(tuple(read(stream, name=path.name, observed=AT)))


@pytest.mark.parametrize("folder", FIXTURES)
def test_every_fixture_gives_its_records(shared_data: Path, folder: str) -> None:
    found = [read_path(path) for path in sorted((shared_data / "fixtures" / folder).iterdir())]
    records, kinds = FIXTURES[folder]
    assert sum(len(one.records) for one in found) == records
    assert [kind for one in found for kind in one.kinds] == kinds


def test_every_oai_answer_gives_its_records(shared_data: Path) -> None:
    for path in sorted((shared_data / "fixtures" / "oai_pmh").iterdir()):
        found = read_path(path)
        assert (path.stem, len(found.records), found.kinds) == (path.stem, *OAI.get(path.stem, (1, [])))


def test_tokens_of_a_list_lead_from_page_to_page(shared_data: Path) -> None:
    pages, name = [], "ListRecords.xml"
    while name:
        envelope = read_path(shared_data / "fixtures" / "oai_pmh" / f"sickle_{name}").envelope
        pages.append(name)
        name = envelope.resumption_token or ""
    assert pages == ["ListRecords.xml", "ListRecords2.xml", "ListRecords3.xml", "ListRecords4.xml"]


def test_what_is_no_source_says_what_it_is(shared_data: Path) -> None:
    said = {
        name: read_path(shared_data / "fixtures" / name).problems[0].message
        for name in ("MANIFEST.json", "acl_xml/schema.rnc", "oai_pmh/sickle_ListRecordsBroken.xml")
    }
    assert said == {
        "MANIFEST.json": "This is JSON, but nothing in its beginning tells of a paper.",
        "acl_xml/schema.rnc": "No known format. Name one with the format option if you know it.",
        "oai_pmh/sickle_ListRecordsBroken.xml": "The name says XML, but this is none.",
    }


def test_every_anthology_paper_is_read(shared_data: Path) -> None:
    for path in sorted((shared_data / "fixtures" / "acl_xml").glob("*.xml")):
        found = read_path(path)
        assert len(found.records) == path.read_bytes().count(b"<paper ")
        assert len({record.key for record in found.records}) == len(found.records)
        assert all(record.published and record.venue for record in found.records)


def test_every_daily_item_is_read(shared_data: Path) -> None:
    path = shared_data / "hf_daily" / "daily_raw.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        told = [(day["date"], item) for day in map(json.loads, lines) for item in day["items"]]
    found = read_path(path)
    assert found.problems == []
    assert [str(record.daily[0].day) for record in found.records] == [day for day, _ in told]
    assert [record.title for record in found.records] == [clean(item["paper"]["title"]) for _, item in told]
    assert [f"arxiv:{item['paper']['id']}" for _, item in told] == [str(record.ids[0]) for record in found.records]


def test_the_day_printed_by_python_is_the_day_in_the_dump(shared_data: Path) -> None:
    printed = read_path(shared_data / "fixtures" / "hf_api" / "daily_papers_2024-12-23.json").records
    dumped = read_path(shared_data / "hf_daily" / "daily_raw.jsonl.gz").records
    keys = [record.key for record in dumped if str(record.daily[0].day) == "2024-12-23"]
    assert sorted(record.key for record in printed) == sorted(keys)


def test_every_card_of_the_saved_pages_is_read(shared_data: Path) -> None:
    pages = {path.name: read_path(path) for path in sorted((shared_data / "saved_pages").iterdir())}
    assert {name: len(page.records) for name, page in pages.items()} == CARDS
    assert [page.problems for page in pages.values()] == [[]] * len(CARDS)
    on_pages = Counter(key for page in pages.values() for key in {record.ids[0] for record in page.records})
    assert (sum(CARDS.values()), len(on_pages)) == (671, 654)
    assert sum(count == 2 for count in on_pages.values()) == 17


def test_every_line_of_a_card_is_understood(shared_data: Path) -> None:
    text = "".join(path.read_text("utf-8") for path in sorted((shared_data / "saved_pages").iterdir()))
    records = [r for path in sorted((shared_data / "saved_pages").iterdir()) for r in read_path(path).records]
    counted = [int(n) for n in re.findall(r"^ *• (\d+) authors?$", text, re.MULTILINE)]
    assert [record.author_count for record in records if record.author_count] == counted
    dots = len(re.findall(r"^ *· *$", text, re.MULTILINE))
    assert sum(bool(record.published) for record in records) == dots
    assert sum(bool(record.organisations) for record in records) == dots - len(counted)
    assert not any("·" in (record.title, record.abstract) for record in records)


def test_every_address_in_the_saved_pages_is_right(shared_data: Path) -> None:
    followed = 0
    for path in sorted((shared_data / "saved_pages").iterdir()):
        for line in path.read_text("utf-8").splitlines():
            naive = re.findall(r"https?://\S+", line)
            followed += sum(token[-1] in ".,;:)]}" for token in naive)
            # On these pages an address ends before a brace, a bracket or a comma, and never in a stop.
            expected = [re.split(r"[{}\]),]", token)[0].rstrip(".,;:") for token in naive]
            expected = [CUT[1] if token == CUT[0] else token for token in expected]
            found = [url for url in urls(clean(line)) if url in expected or url.partition("//")[2] not in line]
            assert found == list(dict.fromkeys(expected)), line
    assert followed == 112
