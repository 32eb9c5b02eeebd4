"""The package that people use for arXiv's API, pointed here and otherwise unchanged."""

from collections.abc import Iterator
from typing import Any

import pytest
from tests.feeds.arxiv.conftest import HIDDEN, MANY
from tests.web.serving import serving

from broadsheet.flow.house import House
from broadsheet.site import create_app

arxiv = pytest.importorskip("arxiv", reason="arxiv is not installed")


@pytest.fixture(scope="module", params=["/api/query?{}", "/arxiv/api/query?{}"])
def client(request: pytest.FixtureRequest, asked: House) -> Iterator[Any]:
    made = arxiv.Client(page_size=100, delay_seconds=0, num_retries=0)
    with serving(create_app(asked)) as url:
        made.query_url_format = f"{url}{request.param}"
        yield made
        made._session.close()


def ids(client: Any, *args: Any, **options: Any) -> list[str]:
    return [result.get_short_id() for result in client.results(arxiv.Search(*args, **options))]


def test_a_search_pages_through_all_there_is(client: Any) -> None:
    found = ids(client, "au:lecun_y AND cat:cs.CV", max_results=None, sort_by=arxiv.SortCriterion.SubmittedDate)
    assert found == [f"2001.{number:05d}v2" for number in range(MANY, 0, -1)]
    ascending = ids(
        client,
        "au:lecun_y",
        max_results=150,
        sort_by=arxiv.SortCriterion.LastUpdatedDate,
        sort_order=arxiv.SortOrder.Ascending,
    )
    assert ascending == found[:150]


def test_a_result_has_all_its_fields(client: Any) -> None:
    (result,) = client.results(arxiv.Search(id_list=["2001.00007v1"]))
    assert result.entry_id == "http://arxiv.org/abs/2001.00007v2"
    assert (result.title, result.summary) == ("Lamp 7 and its light", "A lamp is lit.")
    assert [author.name for author in result.authors] == ["Yann LeCun", "Kit Number7"]
    assert result.authors[0].affiliation == ["Lamp Lab"]
    assert (result.published.isoformat(), result.updated.isoformat()) == (
        "2020-01-08T00:00:00+00:00",
        "2024-12-25T00:00:00+00:00",
    )
    assert (result.comment, result.journal_ref, result.doi) == ("7 pages", "Journal of Lamps", "10.1000/lamp.7")
    assert (result.primary_category, result.categories) == ("physics.optics", ["physics.optics", "cs.CV"])
    assert result.pdf_url == "https://arxiv.org/pdf/2001.00007"


def test_nothing_is_found_where_nothing_is(client: Any) -> None:
    assert ids(client, "ti:nothing AND ti:whatsoever") == []
    assert ids(client, id_list=["9912.99999", HIDDEN]) == []
    assert ids(client, "") == []


def test_what_cannot_be_read_is_an_error(client: Any) -> None:
    with pytest.raises(arxiv.HTTPError) as raised:
        ids(client, id_list=["nothing"])
    assert raised.value.status == 400
