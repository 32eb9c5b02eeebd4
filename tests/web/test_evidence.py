"""Why each hit is there, where matches end, which way a search goes, and papers like others."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from tests.web.conftest import NOW, Page, told

from broadsheet.errors import Unavailable
from broadsheet.flow.house import House
from broadsheet.flow.paper import show
from broadsheet.flow.reading.saved_searches import run, save
from broadsheet.flow.reading.search import search
from broadsheet.flow.reading.similar import similar
from broadsheet.flow.shelf.keep import keep
from broadsheet.flow.shelf.reindex import catch_up
from broadsheet.flow.shelf.starter import fill
from broadsheet.flow.spaces import Spaces
from broadsheet.model.places import search_url
from broadsheet.model.query import EVIDENCE, WAYS, Query, Way
from broadsheet.settings import Settings
from broadsheet.site import create_app
from broadsheet.wiring import open_house

Read = Callable[[str], Page]
LABELS = re.compile(r"Found by </span>([^<]+)</span>")


@pytest.fixture(scope="module")
def starter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house with the starter shelf, only to be read."""
    with open_house(Settings(home=tmp_path_factory.mktemp("starter"))) as house:
        fill(house)
        yield house


@pytest.fixture
def reader(starter: House) -> Iterator[TestClient]:
    with TestClient(create_app(starter), follow_redirects=False) as client:
        yield client


@pytest.mark.parametrize("text", ["attention is all you need", "picture making", '"neural network"', "how to see"])
@pytest.mark.parametrize("way", WAYS)
def test_every_hit_says_why_it_is_there(starter: House, reader: TestClient, text: str, way: Way) -> None:
    answer = reader.get("/search", params={"q": text, "way": way})
    hits = search(
        starter, Query(text=text, way="words" if way == "words" else "meaning" if way == "meaning" else "both")
    )
    expected = [EVIDENCE[hit.evidence][0] for hit in hits.hits if hit.evidence]
    assert LABELS.findall(answer.text) == expected


def test_a_search_by_filters_alone_has_no_label(client: TestClient) -> None:
    assert LABELS.findall(client.get("/search?year=2024").text) == []


def test_the_labels_on_a_page_are_explained_on_it(reader: TestClient) -> None:
    html = reader.get("/search?q=picture+making").text
    legend = html.split('class="legend"')[1].split("</details>")[0]
    assert set(re.findall("<dt>(.*?)</dt>", legend)) == set(LABELS.findall(html))
    assert 'class="legend"' not in reader.get("/search?year=2017").text


def test_it_is_seen_where_matches_end(starter: House, reader: TestClient) -> None:
    found = search(starter, Query(text="picture making"))
    assert found.related > 0
    html = reader.get("/search?q=picture+making").text
    assert f"{found.total} papers match · {found.related} more on the same topic" in Page(html).text
    before, after = html.split('class="divider"')
    assert 'class="hit guess"' not in before
    assert 'class="hit"' not in after
    assert after.count('class="hit guess"') == found.related


def test_what_is_near_without_a_match_is_told(starter: House, reader: TestClient) -> None:
    found = search(starter, Query(text="picture making", way="meaning"))
    page = Page(reader.get("/search?q=picture+making&way=meaning").text)
    assert f"{found.related} papers near in meaning" in page.text
    assert not page.all("p", id="guesses")
    assert not page.all("span", **{"class": "count"})


def test_the_way_is_chosen_kept_and_left(read: Read) -> None:
    page = read("/search?q=kettle&way=words&cat=cs.LG")
    chosen = {link["href"] for link in page.all("a") if link.get("aria-current") == "true"}
    assert "/search?q=kettle&way=words&cat=cs.LG" in chosen
    assert "/search?q=kettle&cat=cs.LG" not in chosen
    assert {"/search?q=kettle&cat=cs.LG", "/search?q=kettle&way=meaning&cat=cs.LG"} <= set(page.links())
    assert ("way", "words") in {(field["name"], field["value"]) for field in page.all("input", type="hidden")}


def test_another_way_than_words_gives_up_the_order_by_date(read: Read) -> None:
    page = read("/search?q=kettle&sort=date")
    assert {"/search?q=kettle", "/search?q=kettle&way=meaning"} <= set(page.links())


@pytest.mark.parametrize("params", ["way=", "way=both"])
def test_words_and_meaning_is_the_usual_way(read: Read, params: str) -> None:
    assert "/search?q=kettle&way=words" in read(f"/search?q=kettle&{params}").links()


def test_each_hit_leads_to_more_and_less_like_it(client: TestClient, read: Read) -> None:
    links = read("/search?q=napkins&sort=date").links()
    more, less = "/search?q=napkins&like=2603.00001", "/search?q=napkins&unlike=2603.00001"
    assert {more, less} <= set(links)
    assert "like: Folding napkins" in read(more).text
    assert "/papers/2603.00001" not in read(more).links()
    assert "not like: Folding napkins" in read(less).text


def test_likenesses_are_taken_away_one_by_one(read: Read) -> None:
    page = read("/search?like=2502.00001&like=2502.00002&unlike=2603.00001")
    assert "Papers like these" in page.text
    assert {
        "/search?like=2502.00002&unlike=2603.00001",
        "/search?like=2502.00001&unlike=2603.00001",
        "/search?like=2502.00001&like=2502.00002",
        "/search",
    } <= set(page.links())
    assert "/search" in read("/search?like=2502.00001&unlike=2603.00001").links()
    assert {"sort=", "way="}.isdisjoint("".join(page.links()).replace("&", " ").split())


def test_any_name_of_a_paper_will_do(read: Read) -> None:
    assert "like: Folding napkins" in read("/search?like=https://arxiv.org/abs/2603.00001v1").text


@pytest.mark.parametrize(
    ("params", "status", "sentence"),
    [
        ("like=2603.99999", 404, "No paper is known as '2603.99999'."),
        ("like=nonsense", 404, "No paper is known as 'nonsense'."),
        ("q=x&unlike=2603.99999", 404, "No paper is known as '2603.99999'."),
        ("unlike=2603.00001", 400, "Name a paper to be like"),
        ("&".join(f"like=2502.{number:05d}" for number in range(1, 22)), 400, "At most 20 values"),
        ("q=x&way=sideways", 400, "A search goes by both, words, meaning."),
    ],
)
def test_what_cannot_be_asked_is_told(client: TestClient, params: str, status: int, sentence: str) -> None:
    answer = client.get(f"/search?{params}")
    assert (answer.status_code, sentence in Page(answer.text).text) == (status, True)


def test_a_full_list_takes_no_more(read: Read) -> None:
    most = "&".join(f"like=2502.{number:05d}" for number in range(1, 21))
    page = read(f"/search?{most}")
    assert "More like this" not in page.text
    assert "Less like this" in page.text


def test_while_meaning_is_not_ready_words_answer_and_say_so(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: object) -> None:
        raise Unavailable("Nobody embeds.", retry_after_s=1)

    monkeypatch.setattr(Spaces, "answering", fail)
    page = Page(client.get("/search?q=napkins").text)
    assert "Search by meaning is not ready;" in page.text
    assert "/papers/2603.00001" in page.links()
    assert client.get("/search?like=2603.00001").status_code == 503


def test_a_passage_can_be_saved_and_is_one_again(tmp_path: Path) -> None:
    with open_house(Settings(home=tmp_path / "home"), clock=lambda: NOW) as house:
        keep(house.store, [told("2401.00001", "Folding napkins", abstract="A napkin -folds.")], at=NOW)
        catch_up(house)
        saved = save(house, "Text", Query(text="napkin -folds", passage=True))
        assert [hit.paper.slug for hit in run(house, saved.slug).hits] == ["2401.00001"]
        with TestClient(create_app(house), follow_redirects=False) as client:
            assert client.get("/searches/text").headers["location"] == search_url(saved.query)


def test_similar_papers_say_what_sets_them_apart(starter: House, reader: TestClient) -> None:
    paper = show(starter, "1706.03762")
    text = Page(reader.get("/papers/1706.03762").text).text
    apart = [near.apart for near in similar(starter, paper) if near.apart]
    assert apart
    assert all(f"Also about {', '.join(words)}" in text for words in apart)
