"""Where each thing stands."""

from dataclasses import replace
from datetime import date

import pytest

from broadsheet.model import places
from broadsheet.model.ids import ExternalId
from broadsheet.model.paper import Paper
from broadsheet.model.query import Query
from broadsheet.model.record import Link
from broadsheet.model.selection import KINDS, Kind, Selection

PATHS: dict[Kind, tuple[Selection, str]] = {
    "day": (Selection("day", "2026-03-06"), "/papers/date/2026-03-06"),
    "week": (Selection("week", "2026-W10"), "/papers/week/2026-W10"),
    "month": (Selection("month", "2026-03"), "/papers/month/2026-03"),
    "trending": (Selection("trending", "week"), "/trending?of=week"),
    "search": (Selection("search", query=Query(text="a&b")), "/search?q=a%26b"),
    "similar": (Selection("similar", "arxiv/2603.1"), "/search?like=arxiv%2F2603.1"),
    "author": (Selection("author", "ada lovelace"), "/authors/ada%20lovelace"),
    "organisation": (Selection("organisation", "mit"), "/organisations/mit"),
    "category": (Selection("category", "cs.CL"), "/search?cat=cs.CL&sort=date"),
    "label": (Selection("label", "ada/tea"), "/readers/ada/labels/tea"),
    "saved": (Selection("saved", "tea"), "/searches/tea"),
    "following": (Selection("following"), "/following"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_list_has_a_page(kind: Kind) -> None:
    selection, path = PATHS[kind]
    assert places.list_url(selection) == path


def test_the_latest_day_is_the_first_page_and_all_that_trends_needs_no_word() -> None:
    assert places.list_url(Selection("day")) == "/"
    assert places.list_url(Selection("trending", "all")) == "/trending"
    assert places.day_url(date(2026, 3, 6)) == "/papers/date/2026-03-06"


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "//evil.example/",
        "/local",
        "https://",
        "http:///x",
        "https://a b",
        "https://a/\n",
        "https://a/\u202e",
        'https://a/"x',
        "https://[::1",
        "ftp://a/",
        "https://a/" + "x" * 3000,
        "",
    ],
)
def test_only_web_addresses_are_linked(url: str) -> None:
    assert places.outside(url) == ""


def test_a_web_address_is_linked_as_it_is() -> None:
    assert places.outside("https://a.example/?b=1&c=(2)") == "https://a.example/?b=1&c=(2)"


def test_ids_lead_to_their_homes() -> None:
    assert places.id_url(ExternalId("arxiv", "hep-th/9901001")) == "https://arxiv.org/abs/hep-th/9901001"
    assert places.id_url(ExternalId("doi", "10.1000/a<b>")) == "https://doi.org/10.1000/a%3Cb%3E"
    assert places.id_url(ExternalId("url", "javascript:x")) == ""
    assert places.id_url(ExternalId("local", "abcdef12")) == ""


def test_a_slug_with_marks_of_a_url_is_quoted() -> None:
    assert places.paper_url(Paper(slug="doi/10.1/a?b#c d", title="")) == "/papers/doi/10.1/a%3Fb%23c%20d"


def test_a_pdf_is_known_from_the_id_when_nobody_gave_one() -> None:
    paper = Paper(slug="x", title="", ids=(ExternalId("arxiv", "2603.00001"),))
    assert places.pdf_url(paper) == "https://arxiv.org/pdf/2603.00001"
    given_one = replace(paper, links=(Link("pdf", "https://a.example/p.pdf"),))
    assert places.pdf_url(given_one) == "https://a.example/p.pdf"
