"""What was said, as feeds: only what anybody may see, and nothing that runs."""

from collections.abc import Iterator
from pathlib import Path

import feedparser
import pytest
from starlette.testclient import TestClient
from tests.readers import make_reader
from tests.web.conftest import HOSTILE, NOW, PUBLIC, SECRET_KEY, shelf

from broadsheet.flow.house import House
from broadsheet.flow.moderating import comments as moderating
from broadsheet.flow.paper import show
from broadsheet.flow.shelf.keep import keep
from broadsheet.flow.talking.edit import edit, withdraw
from broadsheet.flow.talking.say import say
from broadsheet.model.comment import Comment
from broadsheet.settings import Settings
from broadsheet.site import create_app
from broadsheet.wiring import open_house

SUFFIXES = ["rss", "atom", "json"]
ONE, OTHER = "2502.00001", "2502.00002"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    home: Path = tmp_path_factory.mktemp("talk")
    settings = Settings(home=home, public_url=PUBLIC, secret_key=SECRET_KEY, mail_from="post@papers.example")
    with open_house(settings, clock=lambda: NOW) as opened:
        keep(opened.store, shelf(), at=NOW)
        yield opened


@pytest.fixture(scope="module")
def said(house: House) -> dict[str, Comment]:
    """What moderators, of whom nothing is held, said under two papers."""
    mo, bo = (make_reader(house, handle, role="moderator") for handle in ("mo", "bo"))
    one, other = show(house, ONE).id, show(house, OTHER).id
    told = {
        "first": say(house, mo, one, "A **bold** word.\n\nAnd $x<y$ more."),
        "hostile": say(house, bo, other, f"<script>alert(1)</script> {HOSTILE} [x](javascript:alert(1))"),
        "edited": say(house, mo, one, "Before."),
        "hidden": say(house, bo, one, "Hidden from all."),
        "withdrawn": say(house, bo, one, "Taken back."),
    }
    edit(house, mo, told["edited"].id, "After.")
    moderating.hide(house, mo, told["hidden"].id, "A reason.")
    withdraw(house, bo, told["withdrawn"].id)
    return told


@pytest.fixture(scope="module")
def client(house: House, said: dict[str, Comment]) -> Iterator[TestClient]:
    assert said
    with TestClient(create_app(house), base_url=PUBLIC, follow_redirects=False) as opened:
        yield opened


@pytest.mark.parametrize("suffix", ["rss", "atom"])
def test_the_latest_comments_are_a_feed(client: TestClient, said: dict[str, Comment], suffix: str) -> None:
    found = feedparser.parse(client.get(f"/comments.{suffix}").content, sanitize_html=False)
    assert (found.bozo, found.feed.link) == (False, f"{PUBLIC}/comments")
    numbers = [said[name].id for name in ("edited", "hostile", "first")]
    assert [entry.link for entry in found.entries] == [f"{PUBLIC}/comments/{number}" for number in numbers]
    assert [entry.id for entry in found.entries] == [f"tag:papers.example,2026:comment/{number}" for number in numbers]
    assert [entry.author for entry in found.entries] == ["Mo", "Bo", "Mo"]
    shown = found.entries[1].content[0].value if suffix == "atom" else found.entries[1].summary
    assert "<script" not in shown
    assert "&lt;script&gt;alert(1)" in shown


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_what_is_hidden_or_taken_back_is_in_no_feed(client: TestClient, suffix: str) -> None:
    for url in ("/comments", f"/papers/{ONE}/comments"):
        answer = client.get(f"{url}.{suffix}")
        assert answer.status_code == 200
        assert not any(words in answer.text for words in ("Hidden from all", "Taken back", "Before."))
        assert "After." in answer.text
        again = client.get(f"{url}.{suffix}", headers={"If-None-Match": answer.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")


def test_a_paper_has_a_feed_of_its_own_comments(client: TestClient, said: dict[str, Comment]) -> None:
    told = client.get(f"/papers/{ONE}/comments.json").json()
    assert [item["url"] for item in told["items"]] == [f"{PUBLIC}/comments/{said[n].id}" for n in ("edited", "first")]
    assert told["home_page_url"] == f"{PUBLIC}/papers/{ONE}"
    assert told["feed_url"] == f"{PUBLIC}/papers/{ONE}/comments.json"
    assert told["items"][1]["summary"] == "A **bold** word. And $x<y$ more."
    assert client.get("/papers/2502.00003/comments.json").json()["items"] == []
    assert client.get("/papers/9999.99999/comments.json").status_code == 404
    assert client.get(f"/papers/{ONE}/comments.bib").status_code == 404


def test_pages_lead_to_the_feeds_of_their_comments(client: TestClient) -> None:
    assert 'href="/comments.rss"' in client.get("/comments").text
    assert f'href="/papers/{ONE}/comments.atom"' in client.get(f"/papers/{ONE}").text
