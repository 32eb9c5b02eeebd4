"""The archive of digests, what a day's shows, and one's own by the link in it."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from tests.flow.digests.sending_by_hand import composed, send, subscribe
from tests.web.conftest import FRIDAY, MONDAY, NOW, Page, told

from broadsheet.flow.digests.archive import PER_PAGE
from broadsheet.flow.house import House
from broadsheet.flow.shelf.keep import keep
from broadsheet.flow.subscribing.tokens import Purpose, key_of, token
from broadsheet.model.digest import Digest
from broadsheet.model.selection import Selection
from broadsheet.model.subscription import Subscriber
from broadsheet.settings import Settings
from broadsheet.site import create_app
from broadsheet.store.schema_digests import digests, subscribers
from broadsheet.wiring import open_house

Read = Callable[[str], Page]
TODAY = NOW.date()


@pytest.fixture
def own(tmp_path: Path) -> Iterator[House]:
    """A house of the test's own, with two papers on today's page."""
    with open_house(Settings(home=tmp_path / "own"), clock=lambda: NOW) as opened:
        keep(opened.store, [told(f"2611.0000{number}", f"On tea {number}", day=TODAY) for number in (1, 2)], at=NOW)
        yield opened


def link(house: House, number: int, subscriber: Subscriber, purpose: Purpose = "view") -> str:
    """Make the link that stands in a digest."""
    return f"/digests/view/{token(key_of(house), purpose, number, subscriber.nonce)}"


def sent(house: House) -> tuple[Subscriber, Digest, int]:
    """Send somebody the daily page."""
    ann = subscribe(house, Selection("day"))
    digest = composed(house, ann)
    assert digest is not None
    return ann, digest, send(house, ann, digest, "2026-11-20")


def test_the_archive_names_each_day_and_what_leads_it(read: Read) -> None:
    page = read("/digests")
    assert [each for each in page.links() if each.startswith("/digests/")] == [
        "/digests/2026-03-09",
        "/digests/2026-03-06",
        "/digests/2026-03-05",
    ]
    assert "2 papers, led by “Bounds of O(√n) for Poincaré maps”" in page.text
    assert "1 paper: “Old strings”" in page.text


def test_an_empty_archive_says_so(empty_client: TestClient) -> None:
    assert "No digest yet" in Page(empty_client.get("/digests").text).text


def test_long_archives_are_read_on(own: House) -> None:
    days = [date(2026, 1, 1) + timedelta(days=number) for number in range(PER_PAGE + 1)]
    keep(own.store, [told(f"2612.{day:%m%d}1", f"Of {day}", day=day) for day in days], at=NOW)
    with TestClient(create_app(own)) as client:
        first = Page(client.get("/digests").text)
        (onward,) = first.all("a", rel="next")
        second = Page(client.get(onward["href"]).text)
    shown = [each for page in (first, second) for each in page.links() if each.startswith("/digests/")]
    assert len(shown) == len(set(shown)) == PER_PAGE + 2
    assert not second.all("a", rel="next")


def test_a_day_shows_what_a_new_subscriber_to_the_daily_page_gets(read: Read, house: House) -> None:
    page = read(f"/digests/{FRIDAY}")
    assert [each for each in page.links() if each.startswith("/papers/26")] == [
        "/papers/2603.00002",
        "/papers/2603.00001",
    ]
    assert "For p ∈ [1, ∞) we pay $5 or $10, and x<y." in page.text
    assert page.all("link", rel="canonical")[0]["href"] == f"/papers/date/{FRIDAY}"
    assert any(each.startswith("mailto:?subject=Papers%20of%20Friday") for each in page.links())
    assert "/subscribe?list=/" in page.links()
    assert house.settings.digest_papers > 2


def test_what_others_wrote_is_text_there_too(read: Read) -> None:
    page = read(f"/digests/{MONDAY}")
    assert "<script>alert(1)</script>" in page.text
    assert not [each for each in page.links() if each.startswith(("javascript:", "data:"))]


@pytest.mark.parametrize("path", ["/digests/2026-02-30", "/digests/today", "/digests?before=x", "/digests/view/x"])
def test_what_is_no_day_and_no_link_is_not_found(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_day_without_papers_says_that_nobody_got_anything(client: TestClient) -> None:
    page = client.get("/digests/2026-03-07")
    assert "nobody got a digest" in Page(page.text).text
    assert Page(page.text).all("meta", name="robots")[0]["content"] == "noindex"


@pytest.mark.parametrize("path", ["/digests", f"/digests/{FRIDAY}"])
def test_a_copy_that_is_still_good_is_not_sent_again(client: TestClient, path: str) -> None:
    tag = client.get(path).headers["etag"]
    assert client.get(path, headers={"If-None-Match": tag}).status_code == 304


def test_ones_own_digest_shows_what_was_sent_and_why(own: House) -> None:
    ann, digest, number = sent(own)
    with TestClient(create_app(own)) as client:
        answer = client.get(link(own, number, ann))
    page = Page(answer.text)
    assert answer.headers["cache-control"] == "no-store"
    assert page.all("meta", name="robots")[0]["content"] == "noindex"
    assert [each for each in page.links() if each.startswith("/papers/26")] == [
        f"/papers/{paper.slug}" for paper in digest.papers
    ]
    assert "On the daily page of 20 November" in page.text
    assert {"/subscribe?list=/", "/digests/2026-11-20"} <= set(page.links())
    assert "ann@example.org" not in answer.text


def test_only_the_link_in_a_digest_opens_it(own: House) -> None:
    ann, _, number = sent(own)
    with TestClient(create_app(own)) as client:
        for other in (
            link(own, number + 1, ann),
            link(own, number, ann, "manage"),
            link(own, number, ann)[:-1],
            f"/digests/view/{number}",
            f"/digests/view/{number}.",
        ):
            assert client.get(other).status_code == 404, other


def test_a_digest_whose_content_is_forgotten_says_so(own: House) -> None:
    ann, _, number = sent(own)
    with own.store.writing() as connection:
        connection.execute(digests.update().values(content=""))
    with TestClient(create_app(own)) as client:
        answer = client.get(link(own, number, ann))
    assert answer.status_code == 404
    assert "too old to be shown" in answer.text


def test_a_link_ends_with_the_word_it_was_signed_with(own: House) -> None:
    ann, _, number = sent(own)
    before = link(own, number, ann)
    with own.store.writing() as connection:
        connection.execute(subscribers.update().values(nonce="another"))
    with TestClient(create_app(own)) as client:
        assert client.get(before).status_code == 404
