"""Where one goes on after signing in is always a path of ours."""

import pytest
from starlette.testclient import TestClient
from tests.web.conftest import PUBLIC, Page, Public
from tests.web.test_sign_in import form, links, open_link, with_address

from broadsheet.web.next import local_path

OURS = [
    "/",
    "/account",
    "/search?q=tea",
    "/search?q=a%2F%2Fb&x=1",
    "/papers/2603.00001",
    "/papers/doi/10.1000/a(b)c",
    "/papers/date/2026-03-06#top",
    "/a/../b",
    "/?next=https://evil.example",
    "/@evil.example",
]
# From PayloadsAllTheThings (Open Redirect), the OWASP cheat sheet, and what browsers make of odd letters.
FOREIGN = [
    "",
    "evil.example",
    "https://evil.example",
    "http://evil.example",
    "HTTPS://evil.example",
    "//evil.example",
    "///evil.example",
    "////evil.example",
    "//evil.example/%2f..",
    "/\\evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "/\\/evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r\n/evil.example",
    "\t//evil.example",
    " //evil.example",
    "/ /evil.example",
    "\x00//evil.example",
    "/\x0b/evil.example",
    "https:evil.example",
    "https:/evil.example",
    "https:\\evil.example",
    "http:///evil.example",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\nscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    "file:///etc/passwd",
    "blob:https://evil.example/x",
    "mailto:eve@evil.example",
    "ftp://evil.example",
    "//user:pass@evil.example",
    "https://papers.example@evil.example",
    "https://papers.example.evil.example",
    "https://papers.example",
    "//papers.example",
    "//evil.example:443",
    "//[::1]/",
    "//[::1",
    "//0x7f000001",
    "//google%E3%80%82com",
    "//evil\u3002example",
    "/\u2044evil.example",
    "\uff0f\uff0fevil.example",
    "/\u202e/evil.example",
    "/.//evil.example",
    "/..//evil.example",
    "/x/..//evil.example",
    "/;//evil.example",
    ".evil.example",
    "?next=//evil.example",
    "#//evil.example",
    "%2f%2fevil.example",
    "%5cevil.example",
    "/" + "a" * 2_000,
    "/search?q=a b",
    "/é",
    "/sign-in",
    "/sign-in?next=/sign-in",
]


def test_there_are_sixty_cases_and_more() -> None:
    assert len(set(FOREIGN)) == len(FOREIGN) >= 60


@pytest.mark.parametrize("told", OURS)
def test_a_path_of_ours_stays(told: str) -> None:
    assert local_path(told) == told


@pytest.mark.parametrize("told", FOREIGN, ids=range(len(FOREIGN)))
def test_whatever_else_it_may_be_leads_home(told: str) -> None:
    assert local_path(told) == "/"


def test_no_address_leads_elsewhere_from_the_form_to_the_end(public: Public) -> None:
    with_address(public.house)
    for told in [*FOREIGN[:3], "/\\evil.example"]:
        page = Page(public.client().get("/sign-in", params={"next": told}).text)
        assert {field["value"] for field in page.all("input", name="next")} == {"/"}
    client: TestClient = public.client()
    sent = form(client, "/sign-in", "/sign-in") | {"email": "ada@example.org", "next": "//evil.example"}
    assert client.post("/sign-in", data=sent).status_code == 303
    assert open_link(client, links(public.house)[0]) == "/"


@pytest.mark.parametrize(
    "host", ["evil.example", "papers.example.evil.example", "papers.example:8443", "", "papers.example@evil.example"]
)
def test_another_host_gets_no_page(public: Public, host: str) -> None:
    for url in ("/", "/sign-in", "/static/account.css", "/nope"):
        answer = public.client().get(url, headers={"Host": host})
        assert (answer.status_code, answer.headers["cache-control"]) == (421, "no-store")
    assert public.client().get("/health", headers={"Host": host}).status_code == 200


def test_no_header_moves_what_pages_and_mails_say_our_address_is(public: Public) -> None:
    with_address(public.house)
    client = public.client(
        **{"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example", "X-Host": "evil.example"}
    )
    sent = form(client, "/sign-in", "/sign-in") | {"email": "ada@example.org"}
    answer = client.post("/sign-in", data=sent)
    assert answer.headers["location"] == "/sign-in/sent"
    [link] = links(public.house)
    for url in ("/", "/sign-in", link, "/nope"):
        assert "evil.example" not in client.get(url).text
    assert PUBLIC not in link
