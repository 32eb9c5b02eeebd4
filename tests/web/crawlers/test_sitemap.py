"""The sitemap: every page that is there, none that is not, in files that a crawler takes, for few statements."""

from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine
from starlette.testclient import TestClient
from tests.readers import make_reader
from tests.web.conftest import NOW, PUBLIC, Public, shelf, told
from tests.web.two_readers import read

from broadsheet.flow.house import House
from broadsheet.flow.moderating import papers as ruling
from broadsheet.flow.reading import sitemap
from broadsheet.flow.shelf.keep import keep

SPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def places(client: TestClient, url: str) -> dict[str, str]:
    """Read the addresses of a file, with the day on which each last changed."""
    answer = client.get(url)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/xml; charset=utf-8")
    return {each.findtext(f"{SPACE}loc", ""): each.findtext(f"{SPACE}lastmod", "") for each in read(answer.content)}


@pytest.fixture
def statements() -> Iterator[list[str]]:
    """Every statement but the begin of a look, that any engine of this process was given."""
    seen: list[str] = []

    def see(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith("BEGIN"):
            seen.append(statement)

    event.listen(Engine, "before_cursor_execute", see)
    yield seen
    event.remove(Engine, "before_cursor_execute", see)


@pytest.fixture
def filled(public: Public) -> House:
    """The shelf in a house that others reach, and an address that XML would have to escape."""
    keep(public.house.store, [*shelf(), told("W2", "Odd", ids=(), links=(), published="nonsense")], at=NOW)
    return public.house


def test_the_index_names_files_that_name_every_page(public: Public, filled: House) -> None:
    client = public.client()
    files = list(places(client, "/sitemap.xml"))
    assert files == [f"{PUBLIC}/sitemaps/days.xml", f"{PUBLIC}/sitemaps/1.xml"]
    found = [url for file in files for url in places(client, file)]
    assert len(found) == len(set(found)) == 4 + 3 + len(shelf()) + 1
    for url in found:
        assert client.get(urlsplit(url).path).status_code == 200, url


def test_a_paper_changed_when_a_source_last_said_so(public: Public, filled: House) -> None:
    found = places(public.client(), "/sitemaps/1.xml")
    assert found[f"{PUBLIC}/papers/2603.00002"] == "2026-03-05"
    assert found[f"{PUBLIC}/papers/2603.00001"] == "2026-03-04"
    # A year, or what is no day, says too little.
    assert found[f"{PUBLIC}/papers/openreview/AbC_dEf123"] == ""
    assert found[f"{PUBLIC}/papers/2603.66666"] == ""
    assert places(public.client(), "/sitemaps/days.xml")[f"{PUBLIC}/papers/date/2026-03-06"] == "2026-03-06"


def test_what_a_moderator_hid_is_not_there_and_what_was_withdrawn_is(public: Public, filled: House) -> None:
    keep(filled.store, [told("2604.00001", "Withdrawn", withdrawn=True), told("2604.00002", "Hidden")], at=NOW)
    ruling.hide(filled, make_reader(filled, "mod", role="moderator"), "2604.00002", "It is spam.")
    found = [unquote(url) for url in places(public.client(), "/sitemaps/1.xml")]
    assert f"{PUBLIC}/papers/2604.00001" in found
    assert f"{PUBLIC}/papers/2604.00002" not in found


def test_a_large_shelf_is_told_in_parts_for_one_statement_each(
    public: Public, filled: House, monkeypatch: pytest.MonkeyPatch, statements: list[str]
) -> None:
    client = public.client()
    whole = places(client, "/sitemaps/1.xml")
    monkeypatch.setattr(sitemap, "PART", 10)
    keep(filled.store, [told("2604.00009", "One more")], at=NOW)
    found: dict[str, str] = {}
    for url in list(places(client, "/sitemap.xml"))[1:]:
        statements.clear()
        part = places(client, url)
        assert 0 < len(part) <= 10
        assert sum(" papers" in statement for statement in statements) == 1
        found |= part
    assert found.keys() == {*whole, f"{PUBLIC}/papers/2604.00009"}


def test_a_file_is_remembered_until_something_is_written(public: Public, filled: House, statements: list[str]) -> None:
    client = public.client()
    first = client.get("/sitemaps/1.xml")
    statements.clear()
    assert client.get("/sitemaps/1.xml").content == first.content
    assert client.get("/sitemaps/1.xml", headers={"If-None-Match": first.headers["etag"]}).status_code == 304
    assert not [statement for statement in statements if " papers" in statement]
    keep(filled.store, [told("2604.00009", "One more")], at=NOW)
    assert len(client.get("/sitemaps/1.xml").content) > len(first.content)


@pytest.mark.parametrize("name", ["0", "2", "01", "-1", "x", "9" * 30, "999999999", "²", "%00"])
def test_a_file_that_is_not_there_is_not_found(public: Public, filled: House, name: str) -> None:
    assert public.client().get(f"/sitemaps/{name}.xml").status_code == 404


def test_an_empty_house_has_a_sitemap_too(empty_client: TestClient) -> None:
    assert len(places(empty_client, "/sitemap.xml")) == 1
    assert len(places(empty_client, "/sitemaps/days.xml")) == 4
