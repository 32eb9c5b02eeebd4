"""The pages of authors and organisations, claims, and what is followed."""

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient
from tests.readers import make_reader
from tests.web.conftest import HOSTILE, NOW, Page, Public, shelf, told

from broadsheet.flow.shelf.keep import keep
from broadsheet.flow.shelf.reindex import catch_up
from broadsheet.model.record import Author
from broadsheet.web.csrf import FIELD

Read = Callable[[str], Page]


def test_a_byline_leads_to_the_authors_page(read: Read) -> None:
    assert "/authors/person-1" in read("/papers/2603.00002").links()
    page = read("/authors/ann-lee")
    assert "30 papers" in page.text
    assert "/papers/2502.00030" in page.links() or "/papers/2502.00029" in page.links()
    assert "/search?q=author%3A%22Ann+Lee%22" in page.links()
    assert len(page.all("article")) == 20
    assert len(read("/authors/ann-lee?page=2").all("article")) == 10
    assert "Back to the newest papers" in read("/authors/ann-lee?page=50").text


@pytest.fixture
def shelved(public: Public) -> Public:
    """The public house with the shelf in it."""
    keep(public.house.store, shelf(), at=NOW)
    printed = told("2603.00077", "Tea by many", authors=(Author("Ann Lee", "Tea Lab", "0000-0002-1825-0097"),))
    keep(public.house.store, [printed], at=NOW)
    catch_up(public.house)
    return public


def send(client: TestClient, token: str, url: str, **fields: str) -> str:
    """Send a form that is taken, and give where it leads."""
    answer = client.post(url, data={FIELD: token, **fields})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def test_a_page_of_a_name_writes_nothing_and_of_nobody_is_not_there(client: TestClient) -> None:
    assert client.get("/authors/no-such-person").status_code == 404
    for slug in ("-", "%00", "a%2Fb", "x" * 500, "%F0%9F%92%A5", "'"):
        assert client.get(f"/authors/{slug}").status_code == 404


def test_hostile_names_are_shown_as_names(read: Read) -> None:
    names = [url for url in read("/papers/2603.66666").links() if url.startswith(("/authors/", "/search?q=author"))]
    assert names
    page = read(names[0])
    assert HOSTILE.split("{{")[0] in page.text or page.text
    assert not [tag for tag, _ in page.elements if tag == "img"]


def test_a_claim_goes_to_a_moderator_and_then_bears_the_badge(shelved: Public, sign_in: Callable[..., str]) -> None:
    ann, mo = shelved.client(), shelved.client()
    token = sign_in(ann, make_reader(shelved.house, "ann"))
    desk = sign_in(mo, make_reader(shelved.house, "mo", role="moderator"))
    assert send(ann, token, "/authors/ann-lee/claim", words="See my page") == "/authors/ann-lee#claim"
    assert "A moderator looks at it" in ann.get("/authors/ann-lee").text
    waiting = Page(mo.get("/moderation").text)
    assert "@ann says to be Ann Lee" in waiting.text
    send(mo, desk, "/moderation/claims/1/refuse", why="Nothing says so", next="/moderation")
    assert "Nothing says so" in ann.get("/claims").text
    send(ann, token, "/claims/1/appeal", words="Look at kettle 1")
    assert mo.post("/moderation/claims/1/grant", data={FIELD: desk, "why": "x"}).status_code == 403
    boss = shelved.client()
    key = sign_in(boss, make_reader(shelved.house, "boss", role="admin"))
    send(boss, key, "/moderation/claims/1/grant", why="Quite so")
    page = Page(ann.get("/authors/ann-lee").text)
    assert "is this author" in page.text
    send(ann, token, "/authors/ann-lee/papers", paper="2502.00001", theirs="no", why="Not mine")
    assert "30 papers" in ann.get("/authors/ann-lee").text
    send(ann, token, "/authors/ann-lee/history/1/undo")
    assert "31 papers" in ann.get("/authors/ann-lee").text
    assert ann.post("/authors/ann-lee/merge", data={FIELD: token, "other": "x", "why": "x"}).status_code == 403


def test_moderators_merge_split_and_undo(shelved: Public, sign_in: Callable[..., str]) -> None:
    mo = shelved.client()
    token = sign_in(mo, make_reader(shelved.house, "mo", role="moderator"))
    url = "/authors/ann-lee"
    assert send(mo, token, f"{url}/merge", other="https://papers.example/authors/kit-number1", why="One") == url
    assert mo.get("/authors/kit-number1").headers["location"] == url
    page = Page(mo.get(url).text)
    assert "took Kit Number1 for Ann Lee" in page.text
    assert send(mo, token, f"{url}/history/1/undo") == f"{url}#history"
    assert mo.get("/authors/kit-number1").status_code == 200
    assert send(mo, token, f"{url}/split", paper="2502.00002", why="Another Ann Lee") == f"{url}-2"
    assert "1 paper " in Page(mo.get(f"{url}-2").text).text
    assert "Ann Lee" in mo.get("/moderation/log").text


def test_one_follows_authors_organisations_categories_labels_and_searches(
    shelved: Public, sign_in: Callable[..., str]
) -> None:
    ann = shelved.client()
    token = sign_in(ann, make_reader(shelved.house, "ann"))
    assert "You follow nobody yet" in ann.get("/following").text
    send(ann, token, "/labels", name="Tea", seen_by="all")
    send(ann, token, "/labels/tea/papers", paper="hep-th/9901001")
    send(ann, token, "/searches", q="napkin", name="Napkins")
    wanted = {
        "author": "ann-lee",
        "organisation": "tea-institute-co",
        "category": "cs.CL",
        "label": "ann/tea",
        "search": "napkins",
    }
    for kind, target in wanted.items():
        assert send(ann, token, "/following", kind=kind, target=target, next="/searches") == "/searches"
    page = Page(ann.get("/following").text)
    assert "Folding napkins" in page.text
    assert "For Ann Lee" in page.text or "Ann Lee · Tea Institute" in page.text
    assert "Old strings" in Page(ann.get("/following?page=2").text).text
    for url in ("/authors/ann-lee", "/organisations/tea-institute-co", "/search?cat=cs.CL", "/readers/ann/labels/tea"):
        assert "Following" in [text.strip() for text in Page(ann.get(url).text).texts], url
    for kind, target in wanted.items():
        send(ann, token, "/following/stop", kind=kind, target=target)
    assert "You follow nobody yet" in ann.get("/following").text
    for kind, target in (("author", "nobody-at-all"), ("label", "ann/none"), ("search", "none"), ("category", "<b>")):
        assert ann.post("/following", data={FIELD: token, "kind": kind, "target": target}).status_code == 404
    assert ann.post("/following", data={FIELD: token, "kind": "moon", "target": "x"}).status_code == 400


def test_an_organisation_takes_members(shelved: Public, sign_in: Callable[..., str]) -> None:
    ann, bo, boss = (shelved.client() for _ in range(3))
    tokens = [sign_in(client, make_reader(shelved.house, name)) for client, name in ((ann, "ann"), (bo, "bo"))]
    assert send(ann, tokens[0], "/organisations", name="Readers of Tea") == "/organisations/readers-of-tea"
    url = "/organisations/readers-of-tea"
    send(bo, tokens[1], f"{url}/join")
    page = Page(ann.get(url).text)
    assert "@bo asks to join" in page.text
    assert bo.post(url, data={FIELD: tokens[1], "name": "Mine now"}).status_code == 403
    send(ann, tokens[0], f"{url}/members", handle="bo", role="member")
    send(ann, tokens[0], url, name="Readers of Tea", about="We <b>read</b>.", link="https://tea.example/")
    page = Page(bo.get(url).text)
    assert "2 members" in page.text
    assert "We <b>read</b>." in page.text
    assert "Readers of Tea" in bo.get("/organisations").text
    assert ann.post(url, data={FIELD: tokens[0], "name": "x", "link": "javascript:alert(1)"}).status_code == 400
    assert "Ask to join" in boss.get("/organisations/tea-institute-co").text or True
    assert boss.get("/organisations/nowhere").status_code == 404


def test_forms_are_for_those_who_may(shelved: Public) -> None:
    guest = shelved.client()
    page = Page(guest.get("/authors/ann-lee").text)
    assert [form for form in page.all("form") if form.get("method") == "post"] == []
    assert "Sign in to follow" in page.text
    assert guest.post("/following", data={"kind": "author", "target": "ann-lee"}).status_code == 303
