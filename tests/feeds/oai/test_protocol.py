"""OAI-PMH 2.0 to the letter: verbs, arguments, errors, moments, tokens."""

import base64
import json
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient
from tests.feeds.oai.conftest import HIDDEN, OAI, Ticking, code
from tests.web.conftest import told

from broadsheet.feeds.oai import asking, naming, sets, token
from broadsheet.feeds.oai.refusal import OaiError
from broadsheet.feeds.oai.token import Place
from broadsheet.flow.house import House
from broadsheet.flow.paper import show
from broadsheet.flow.shelf.keep import keep
from broadsheet.flow.shelf.merge import merges, undo_merge
from broadsheet.model.ids import ExternalId
from broadsheet.model.provided import Among
from broadsheet.model.record import Author, Record

Ask = Callable[..., ET.Element]
SPACE = "oai:broadsheet.localhost:"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
DC = {"metadataPrefix": "oai_dc"}


def texts(answer: ET.Element, name: str) -> list[str]:
    return [one.text or "" for one in answer.iter(f"{OAI}{name}")]


def test_the_repository_says_who_it_is(ask: Ask) -> None:
    answer = ask(verb="Identify")
    told_ = {one.tag.removeprefix(OAI): one.text for one in answer.find(f"{OAI}Identify") or ()}
    assert told_ | {"description": None} == {
        "repositoryName": "Broadsheet",
        "baseURL": "http://127.0.0.1/oai",
        "protocolVersion": "2.0",
        "adminEmail": "broadsheet@broadsheet.localhost",
        "earliestDatestamp": "2026-11-20T12:00:00Z",
        "deletedRecord": "persistent",
        "granularity": "YYYY-MM-DDThh:mm:ssZ",
        "description": None,
    }
    request = answer.find(f"{OAI}request")
    assert request is not None
    assert (request.text, request.attrib) == ("http://127.0.0.1/oai", {"verb": "Identify"})


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", "badVerb"),
        ("verb=Harvest", "badVerb"),
        ("verb=", "badVerb"),
        ("verb=identify", "badVerb"),
        ("verb=Identify&verb=Identify", "badVerb"),
        ("verb=Identify&set=a", "badArgument"),
        ("verb=Identify&resumptionToken=a", "badArgument"),
        ("verb=ListRecords", "badArgument"),
        ("verb=ListRecords&metadataPrefix=", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&metadataPrefix=oai_dc", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&identifier=a", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&resumptionToken=a", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=2026", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=2026-02-30", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=2026-01-01T00:00Z", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=2026-01-01T24:00:00Z", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=%D9%A2026-01-01", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=2026-01-01&until=2026-01-02T00:00:00Z", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=2026-01-02&until=2026-01-01", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&set=a%20b", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&set=a::b", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&set=%00", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&set=nothing", "noRecordsMatch"),
        ("verb=ListRecords&metadataPrefix=oai_dc&set=category:cs:XX", "noRecordsMatch"),
        ("verb=ListRecords&metadataPrefix=oai_dc&set=category:cs.CL", "noRecordsMatch"),
        ("verb=ListRecords&metadataPrefix=oai_dc&set=source:nobody", "noRecordsMatch"),
        ("verb=ListRecords&metadataPrefix=oai_dc&until=1999-12-31", "noRecordsMatch"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=9999-12-31&until=9999-12-31", "noRecordsMatch"),
        ("verb=ListRecords&metadataPrefix=marc", "cannotDisseminateFormat"),
        ("verb=ListIdentifiers&metadataPrefix=marc", "cannotDisseminateFormat"),
        ("verb=ListRecords&resumptionToken=a", "badResumptionToken"),
        ("verb=ListSets&resumptionToken=a", "badResumptionToken"),
        ("verb=GetRecord&metadataPrefix=oai_dc", "badArgument"),
        (f"verb=GetRecord&metadataPrefix=marc&identifier={SPACE}1", "cannotDisseminateFormat"),
        (f"verb=GetRecord&metadataPrefix=oai_dc&identifier={SPACE}999", "idDoesNotExist"),
        (f"verb=GetRecord&metadataPrefix=oai_dc&identifier={SPACE}01", "idDoesNotExist"),
        (f"verb=GetRecord&metadataPrefix=oai_dc&identifier={SPACE}{'9' * 30}", "idDoesNotExist"),
        ("verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:elsewhere.example:1", "idDoesNotExist"),
        ("verb=ListMetadataFormats&identifier=nothing", "idDoesNotExist"),
    ],
)
def test_what_is_wrong_is_told_by_its_code(lasting: TestClient, query: str, expected: str) -> None:
    got, sent = lasting.get(f"/oai?{query}"), lasting.post("/oai", content=query, headers=FORM)
    assert [code(ET.fromstring(answer.content)) for answer in (got, sent)] == [expected] * 2  # noqa: S314
    request = ET.fromstring(got.content).find(f"{OAI}request")  # noqa: S314
    assert request is not None
    assert bool(request.attrib) == (expected not in {"badVerb", "badArgument"})


def test_a_form_is_answered_as_an_address_is_and_is_bounded(client: TestClient) -> None:
    query = "verb=ListIdentifiers&metadataPrefix=oai_dc"
    assert client.post("/oai", content=query, headers=FORM).text == client.get(f"/oai?{query}").text
    assert client.post("/oai", content="a" * 20_001, headers=FORM).status_code == 413
    assert client.post("/oai", content="a=b&" * 60, headers=FORM).status_code == 413
    assert client.post("/oai", json={"verb": "Identify"}).status_code == 415


def test_a_copy_that_is_still_good_is_not_sent_again(client: TestClient, ticking: Ticking) -> None:
    url = "/oai?verb=ListRecords&metadataPrefix=oai_dc"
    first = client.get(url)
    ticking.wait(60)
    again = client.get(url, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.head(url).status_code == 200
    assert "set-cookie" not in first.headers
    assert first.headers["content-type"] == "text/xml; charset=utf-8"


def test_sets_are_listed_and_all_that_papers_are_in_are_among_them(ask: Ask) -> None:
    listed = texts(ask(verb="ListSets"), "setSpec")
    assert {"source", "source:hf", "category", "category:cs", "category:cs:CL", "category:hep-th"} < set(listed)
    assert set(texts(ask(verb="ListIdentifiers", **DC), "setSpec")) < set(listed)
    assert len(listed) == len(set(listed))


def test_what_is_listed_of_a_set_says_that_it_is_in_it(lasting: TestClient) -> None:
    listed = ET.fromstring(lasting.get("/oai?verb=ListSets").content)  # noqa: S314
    found = 0
    for spec in texts(listed, "setSpec"):
        body = lasting.get("/oai", params={"verb": "ListIdentifiers", "set": spec, **DC}).content
        for header in ET.fromstring(body).iter(f"{OAI}header"):  # noqa: S314
            found += 1
            within = [f"{one.text}:".startswith(f"{spec}:") for one in header.iter(f"{OAI}setSpec")]
            assert any(within) or header.get("status") == "deleted", spec
    assert found > 100


def test_formats_are_told_of_all_and_of_one_paper(ask: Ask, source: House) -> None:
    numbers = {name: number_of(source, name) for name in ("2603.00001", "10.1000/a(b)c")}
    assert texts(ask(verb="ListMetadataFormats"), "metadataPrefix") == ["oai_dc", "arXiv"]
    formats = [
        texts(ask(verb="ListMetadataFormats", identifier=f"{SPACE}{n}"), "metadataPrefix") for n in numbers.values()
    ]
    assert formats == [["oai_dc", "arXiv"], ["oai_dc"]]
    gone = f"{SPACE}{number_of(source, HIDDEN)}"
    assert code(ask(verb="ListMetadataFormats", identifier=gone)) == "noMetadataFormats"
    other = f"{SPACE}{numbers['10.1000/a(b)c']}"
    assert code(ask(verb="GetRecord", identifier=other, metadataPrefix="arXiv")) == "cannotDisseminateFormat"


def test_a_paper_that_is_not_arxivs_any_more_is_told_as_gone_in_arxivs_format(ask: Ask, source: House) -> None:
    authors = (Author("Ann Lee"), Author("Bo Chen"))
    for key, name in (("a", ExternalId("doi", "10.1000/both")), ("b", ExternalId("arxiv", "2604.00009"))):
        record = Record(source="said", key=key, title="One title for both papers", authors=authors, ids=(name,))
        keep(source.store, [replace(record, published="2026-04-01")], at=source.clock())
    number = number_of(source, "10.1000/both")
    asked = {"verb": "GetRecord", "metadataPrefix": "arXiv", "identifier": f"{SPACE}{number}"}
    assert texts(ask(**asked), "setSpec")
    undo_merge(source, merges(source)[0].id)
    deleted = ask(**asked).find(f".//{OAI}header[@status='deleted']")
    assert deleted is not None
    assert deleted.findtext(f"{OAI}identifier") == f"{SPACE}{number}"
    assert texts(ask(verb="ListMetadataFormats", identifier=f"{SPACE}{number}"), "metadataPrefix") == ["oai_dc"]


def number_of(house: House, name: str) -> int:
    return show(house, name, hidden=True).id


def test_of_a_hidden_paper_nothing_is_told_but_that_it_is_gone(ask: Ask, client: TestClient, source: House) -> None:
    number = number_of(source, HIDDEN)
    answer = ask(verb="GetRecord", identifier=f"{SPACE}{number}", **DC)
    header = answer.find(f"{OAI}GetRecord/{OAI}record/{OAI}header")
    assert header is not None
    assert header.get("status") == "deleted"
    assert [one.tag.removeprefix(OAI) for one in header] == ["identifier", "datestamp"]
    assert answer.find(f".//{OAI}metadata") is None
    everything = client.get("/oai?verb=ListRecords&metadataPrefix=oai_dc&set=source:hf&from=2026-11-20").text
    while goes_on := re.search("<resumptionToken[^>]*>([^<]+)<", everything[everything.rindex("<?xml") :]):
        everything += client.get("/oai", params={"verb": "ListRecords", "resumptionToken": goes_on[1]}).text
    assert f">{SPACE}{number}<" in everything
    assert "kettle 30" not in everything
    assert HIDDEN not in everything


def test_moments_are_taken_by_day_and_by_second_both_ends_included(ask: Ask, source: House, ticking: Ticking) -> None:
    ticking.wait(86_400 + 5)
    keep(source.store, [told("2604.00001", "A later paper")], at=source.clock())
    stamp = "2026-11-21T12:00:05Z"

    def count(**among: str) -> int:
        return len(texts(ask(verb="ListIdentifiers", **DC, **among), "identifier"))

    assert [count(from_=stamp), count(from_=stamp, until=stamp), count(from_="2026-11-21")] == [1, 1, 1]
    assert code(ask(verb="ListIdentifiers", **DC, from_="2026-11-21T12:00:06Z")) == "noRecordsMatch"
    assert code(ask(verb="ListIdentifiers", **DC, from_="2026-11-22")) == "noRecordsMatch"
    assert count(until="2026-11-20") == 7
    assert code(ask(verb="ListIdentifiers", **DC, until="2026-11-20T11:59:59Z")) == "noRecordsMatch"


def test_a_list_goes_on_by_tokens_that_tell_how_far_it_is(ask: Ask) -> None:
    answer, seen, cursors, sizes = ask(verb="ListIdentifiers", **DC), [], [], set()
    while True:
        seen += texts(answer, "identifier")
        told_ = next(answer.iter(f"{OAI}resumptionToken"))
        cursors.append(int(told_.get("cursor", "")))
        sizes.add(told_.get("completeListSize"))
        if not told_.text:
            break
        answer = ask(verb="ListIdentifiers", resumptionToken=told_.text)
    assert cursors == list(range(0, len(seen), 7))
    assert sizes == {str(len(seen))} == {"35"}
    assert len(set(seen)) == 35


def test_a_token_is_for_its_own_verb_and_list(ask: Ask) -> None:
    found = next(ask(verb="ListIdentifiers", **DC).iter(f"{OAI}resumptionToken")).text or ""
    assert code(ask(verb="ListIdentifiers", resumptionToken=found)) == ""
    assert code(ask(verb="ListRecords", resumptionToken=found)) == "badResumptionToken"
    for other in (found[:-1], found + "A", found.swapcase(), "x" + found[1:], found * 2):
        assert code(ask(verb="ListIdentifiers", resumptionToken=other)) == "badResumptionToken"


@pytest.mark.parametrize(
    "told_",
    [
        [],
        {},
        None,
        ["ListRecords"],
        ["ListRecords", "oai_dc", "", "", "", "0", 0, 0],
        ["ListRecords", "oai_dc", 1, "", "", 0, 0, 0],
        ["ListRecords", "oai_dc", "", "", "", -1, 0, 0],
        ["ListRecords", "oai_dc", "", "", "", 2**70, 0, 0],
        ["ListRecords", "oai_dc", "", "", "", True, 0, 0],
        ["ListRecords", "oai_dc", "", "", "", 1.5, 0, 0],
    ],
)
def test_a_token_that_is_sealed_and_wrong_is_refused_too(told_: object) -> None:
    text = base64.urlsafe_b64encode(json.dumps(told_).encode()).decode().rstrip("=")
    with pytest.raises(OaiError):
        token.read(token._seal(text, b"key") + text, "ListRecords", b"key")


@given(st.text(max_size=60))
def test_any_text_is_a_token_of_ours_or_refused(text: str) -> None:
    with pytest.raises(OaiError):
        token.read(text, "ListRecords", b"key")


@given(st.builds(Place, st.just("ListRecords"), *[st.text(max_size=20)] * 4, *[st.integers(0, 2**40)] * 3))
def test_a_token_gives_back_what_was_put_into_it(place: Place) -> None:
    written = token.written(place, b"key")
    assert token.read(written, "ListRecords", b"key") == place
    assert written.replace("-", "").replace("_", "").isalnum()
    with pytest.raises(OaiError):
        token.read(written, "ListRecords", b"another key")


@given(st.lists(st.tuples(st.sampled_from(["verb", "from", "set", "metadataPrefix", "x"]), st.text(max_size=30))))
def test_any_arguments_are_read_or_refused(pairs: list[tuple[str, str]]) -> None:
    with suppress(OaiError):
        asked = asking.read(pairs)
        asking.between(asked.get("from"), asked.get("until"))


@pytest.mark.parametrize(
    ("public_url", "space"),
    [
        ("", "broadsheet.localhost"),
        ("https://Papers.example.org/x", "papers.example.org"),
        ("https://192.0.2.1:8000", "broadsheet.localhost"),
        ("https://papers", "broadsheet.localhost"),
    ],
)
def test_identifiers_bear_the_houses_domain(public_url: str, space: str) -> None:
    assert naming.namespace(public_url) == space
    assert naming.number_of(space, naming.identifier(space, 17)) == 17


def test_the_categories_are_all_of_arxivs() -> None:
    assert len(sets.CATEGORIES) == len(set(sets.CATEGORIES)) == 155 + 11  # and the archives that have some
    read = [sets.read(spec) for spec, _ in sets.listed(["hf"])]
    assert read[:4] == [Among(), Among(source="hf"), Among(categorised=True), Among(category="astro-ph")]


def test_what_changes_while_a_list_is_read_comes_at_its_end(ask: Ask, source: House, ticking: Ticking) -> None:
    found = next(ask(verb="ListIdentifiers", **DC).iter(f"{OAI}resumptionToken")).text or ""
    ticking.wait(timedelta(minutes=2).total_seconds())
    keep(source.store, [told("2502.00001", "Another title", observed=source.clock())], at=source.clock())
    seen: list[str] = []
    while found:
        answer = ask(verb="ListIdentifiers", resumptionToken=found)
        seen += texts(answer, "identifier")
        found = next(answer.iter(f"{OAI}resumptionToken")).text or ""
    assert seen[-1] == f"{SPACE}{number_of(source, '2502.00001')}"
