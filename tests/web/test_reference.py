"""The page that tells programs' authors what can be asked: true to the document, whole, and of this house alone."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from tests.web.conftest import NOW, PUBLIC, SECRET_KEY

from broadsheet.settings import Settings
from broadsheet.site import create_app
from broadsheet.web.reference import Piece, pieces
from broadsheet.wiring import open_house


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    home: Path = tmp_path_factory.mktemp("reference")
    with (
        open_house(
            Settings(home=home, public_url=PUBLIC, secret_key=SECRET_KEY, mail_from="post@papers.example"),
            clock=lambda: NOW,
        ) as house,
        TestClient(create_app(house), base_url=PUBLIC) as opened,
    ):
        yield opened


@pytest.mark.parametrize(("page", "place"), [("/docs/api", "/api/v1"), ("/docs/api/hugging-face", "/api")])
def test_every_address_and_object_of_the_document_stands_on_the_page(client: TestClient, page: str, place: str) -> None:
    document = client.get(f"{place}/openapi.json").json()
    text = client.get(page).text
    for path, methods in document["paths"].items():
        for method in methods:
            assert f"<code>{method.upper()} {path}</code></h3>" in text
    for name, schema in document["components"]["schemas"].items():
        assert f'<h3 id="object-{name}">' in text
        for field in schema.get("properties", {}):
            assert f"<dt><code>{field}</code></dt>" in text


@pytest.mark.parametrize("page", ["/docs/api", "/docs/api/hugging-face"])
def test_what_the_page_leads_to_is_there_and_here(client: TestClient, page: str) -> None:
    main = re.search("<main.*</main>", client.get(page).text, re.DOTALL)
    assert main
    anchors = re.findall(r' id="([^"]+)"', main[0])
    assert len(anchors) == len(set(anchors))
    links = set(re.findall(r' href="([^"]+)"', main[0]))
    assert {link[1:] for link in links if link.startswith("#")} <= set(anchors)
    for link in links - {link for link in links if link.startswith("#")}:
        assert link.startswith("/")
        assert client.get(link).status_code == 200
    assert "<script" not in main[0]


def test_every_kind_of_problem_leads_to_what_is_said_of_it(client: TestClient) -> None:
    text = client.get("/docs/api").text
    told = client.get("/api/v1/lists/day?limit=x").json()
    assert f'id="{told["type"].partition("#")[2]}"' in text
    assert {"invalid", "no-token", "refused", "not-found", "conflict", "too-many", "unavailable"} <= set(
        re.findall(r' id="([^"]+)"', text)
    )


def test_another_api_is_not_told_of(client: TestClient) -> None:
    assert client.get("/docs/api/v2").status_code == 404


def test_the_same_page_is_not_sent_twice(client: TestClient) -> None:
    tag = client.get("/docs/api").headers["etag"]
    assert client.get("/docs/api", headers={"If-None-Match": tag}).status_code == 304


def test_text_is_taken_apart_at_its_marks_for_code() -> None:
    assert pieces("Ask `next`, or ``none``.") == (
        Piece("Ask "),
        Piece("next", code=True),
        Piece(", or "),
        Piece("none", code=True),
        Piece("."),
    )
