"""Whatever stands in a title or an abstract, both parsers of XML read it back from both doors, sign by sign."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree as ET

import feedparser
import pytest
from lxml import etree
from starlette.testclient import TestClient
from tests.empty_store import empty_home
from tests.hostile import HOSTILE, TERRIBLE
from tests.web.conftest import HOSTILE as MARKUP
from tests.web.conftest import NOW

from broadsheet.entrance.xml import written
from broadsheet.flow.shelf.keep import keep
from broadsheet.flow.shelf.reindex import catch_up
from broadsheet.model.ids import ExternalId
from broadsheet.model.record import Author, Record
from broadsheet.model.text import clean
from broadsheet.settings import Settings
from broadsheet.site import create_app
from broadsheet.sources import atom, oai
from broadsheet.store import papers
from broadsheet.wiring import open_house

TEXTS = [
    *HOSTILE,
    *TERRIBLE.values(),
    MARKUP,
    "]]>",
    "<![CDATA[x]]>",
    "<!--",
    "<?xml version='1.0'?>",
    "&lt;&amp;amp;",
    "a\u00a0b\u2028c\x85d\re\tf",
    "\x00\x01\x0b\x1f\x7f\x9f\ufffe\uffff\ud800",
    "\U0001d518\U0001d52b \U0010fffd",
]


def records() -> Iterator[Record]:
    """Write a paper of each text as any source might keep it: cleaned, and as it is."""
    for number, text in enumerate(TEXTS, 1):
        for kind, told in enumerate((clean(text), text)):
            yield Record(
                source="test",
                key=f"{kind}/{number}",
                title=f"Title {number} {kind} {told[:3_000]}",
                abstract=told[:3_000],
                authors=(Author(f"Ann {told[:40]}", told[:40]), Author(told[:40])),
                ids=(ExternalId("arxiv", f"24{kind + 1:02}.{number:05d}"),),
                categories=("cs.CL", told[:40]),
                keywords=(told[:40],),
                comment=told[:200],
                venue=told[:200],
                published="2024-01-02",
                observed=NOW,
            )


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[TestClient, dict[str, tuple[str, str]]]]:
    home: Path = empty_home(tmp_path_factory.mktemp("hostile") / "home")
    with open_house(Settings(home=home), clock=lambda: NOW) as house:
        keep(house.store, list(records()), at=NOW)
        catch_up(house)
        with house.store.reading() as connection:
            told = {paper.slug: (paper.title, paper.abstract) for paper in papers.stream(connection, 0, 1_000)}
        assert len(told) == 2 * len(TEXTS)
        with TestClient(create_app(house), base_url="http://127.0.0.1") as opened:
            yield opened, told


def held(text: str) -> str:
    """Give a text as it must come back: itself, unless it holds what XML cannot or what no line does."""
    kept = written(text)
    assert kept == text or text != clean(text)
    return kept


@pytest.mark.parametrize("prefix", ["oai_dc", "arXiv"])
def test_h13_a_harvest_reads_back_as_it_was_written(client: tuple[TestClient, dict], prefix: str) -> None:
    opened, told = client
    body = opened.get("/oai", params={"verb": "ListRecords", "metadataPrefix": prefix}).content
    strict = etree.fromstring(body, etree.XMLParser(recover=False, resolve_entities=False))
    names = {"oai_dc": ("title", "description"), "arXiv": ("title", "abstract")}[prefix]
    for root in (ET.fromstring(body), strict):  # noqa: S314 - what we wrote ourselves
        found = []
        for metadata in root.iter("{http://www.openarchives.org/OAI/2.0/}metadata"):
            content = {one.tag.rpartition("}")[2]: one.text or "" for one in reversed(list(metadata[0]))}
            found.append((content["title"], content.get(names[1], "")))
        expected = [(held(title), held(abstract)) for title, abstract in told.values()]
        assert [title for title, _ in found] == [title for title, _ in expected]
        if prefix == "arXiv":
            assert found == expected
    read = list(oai.parse(BytesIO(body), name="page", observed=NOW))
    assert [one.title for one in read if isinstance(one, Record)] == [clean(held(title)) for title, _ in told.values()]


def test_h13_an_answer_of_the_query_api_reads_back_as_it_was_written(client: tuple[TestClient, dict]) -> None:
    opened, told = client
    ids = ",".join(told)
    body = opened.get("/arxiv/api/query", params={"id_list": ids, "max_results": "2000"}).content
    strict = etree.fromstring(body, etree.XMLParser(recover=False, resolve_entities=False))
    for root in (ET.fromstring(body), strict):  # noqa: S314 - what we wrote ourselves
        found = [
            (entry.findtext("{*}title") or "", entry.findtext("{*}summary") or "") for entry in root.iter("{*}entry")
        ]
        if not found:  # what the standard library iterates takes whole names
            space = "{http://www.w3.org/2005/Atom}"
            found = [
                (entry.findtext(f"{space}title") or "", entry.findtext(f"{space}summary") or "")
                for entry in root.iter(f"{space}entry")
            ]
        assert found == [(held(title), held(abstract)) for title, abstract in told.values()]
    assert feedparser.parse(body).bozo == 0
    read = [one for one in atom.parse(BytesIO(body), name="page") if isinstance(one, Record)]
    assert [one.title for one in read] == [clean(held(title)) for title, _ in told.values()]


@pytest.mark.parametrize("number", range(len(TEXTS)))
def test_any_text_is_answered_in_xml(client: tuple[TestClient, dict], number: int) -> None:
    opened, _ = client
    text = TEXTS[number].encode("utf-8", "replace").decode()[:1_000]
    for url, params in (
        ("/oai", {"verb": "ListRecords", "metadataPrefix": text}),
        ("/oai", {"verb": "GetRecord", "metadataPrefix": "oai_dc", "identifier": text}),
        ("/oai", {"verb": "ListRecords", "metadataPrefix": "oai_dc", "set": text}),
        ("/oai", {"verb": "ListRecords", "resumptionToken": text}),
        ("/oai", {text: text}),
        ("/arxiv/api/query", {"search_query": text, "max_results": "1"}),
        ("/arxiv/api/query", {"search_query": f"ti:{text} AND NOT cat:{text} OR ({text}"}),
        ("/arxiv/api/query", {"id_list": text}),
        ("/arxiv/api/query", {"start": text}),
    ):
        answer = opened.get(url, params=params)
        assert answer.status_code in {200, 400}, (url, answer.status_code)
        etree.fromstring(answer.content, etree.XMLParser(recover=False, resolve_entities=False))
