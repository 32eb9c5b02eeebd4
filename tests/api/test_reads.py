"""The lists, searches and papers that the API gives, as the contract with its clients has them."""

import re
from datetime import date
from typing import Any

import pytest
from tests.api.conftest import FULL, HIDDEN, OTHER, Town

from broadsheet.flow import daily
from broadsheet.flow.reading.search import search
from broadsheet.flow.voting import trending
from broadsheet.model.query import Query
from broadsheet.model.weeks import read_month, read_week

DAY = date(2026, 3, 6)
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
OBJECT_ID = re.compile("[0-9a-f]{24}")
# What typed clients demand of every entry, and of the paper in it (HF's own OpenAPI, as SDKs are made from it).
OUTSIDE = {
    "paper": dict, "publishedAt": str, "title": str, "summary": str, "thumbnail": str, "numComments": int,
    "isAuthorParticipating": bool, "upvotes": int, "source": str, "githubStars": int,
}  # fmt: skip
INSIDE = {
    "id": str, "authors": list, "discussionId": str, "publishedAt": str, "summary": str, "title": str, "upvotes": int,
    "mediaUrls": list,
}  # fmt: skip
ALONE = INSIDE | {
    "numComments": int, "source": str, "linkedModels": list, "numTotalModels": int, "linkedDatasets": list,
    "numTotalDatasets": int, "linkedSpaces": list, "numTotalSpaces": int,
}  # fmt: skip
LISTS = [
    "/api/daily_papers",
    "/api/daily_papers?date=2026-03-06",
    "/api/daily_papers?week=2026-W10",
    "/api/daily_papers?month=2026-03",
    "/api/daily_papers?sort=trending",
    "/api/papers",
    "/api/papers/search?q=kettle&limit=120",
    "/api/papers/search",
]


def ids(told: list[dict[str, Any]]) -> list[str]:
    return [each["paper"]["id"] for each in told]


def nulls(told: Any) -> bool:
    if isinstance(told, dict):
        return any(map(nulls, told.values()))
    return any(map(nulls, told)) if isinstance(told, list) else told is None


@pytest.mark.parametrize("url", LISTS)
def test_every_entry_has_all_that_typed_clients_demand_and_no_null(town: Town, url: str) -> None:
    told = town.get(url).json()
    assert told
    for each in told:
        assert {name: type(each[name]) for name in OUTSIDE} == OUTSIDE
        assert {name: type(each["paper"][name]) for name in INSIDE} == INSIDE
        assert not nulls(each)
        for at in (each["publishedAt"], each["paper"]["publishedAt"]):
            assert at == "" or INSTANT.fullmatch(at)
        assert OBJECT_ID.fullmatch(each["paper"]["discussionId"])
        assert all(set(author) == {"_id", "name", "hidden"} for author in each["paper"]["authors"])


def test_a_paper_alone_is_flat_and_says_what_is_linked(town: Town) -> None:
    told = town.get(f"/api/papers/{FULL}").json()
    assert {name: type(told[name]) for name in ALONE} == ALONE
    assert "paper" not in told
    assert [linked["id"] for linked in told["linkedModels"]] == ["lab/kettle"]
    assert [linked["id"] for linked in told["linkedDatasets"]] == ["lab/steam"]
    assert [linked["id"] for linked in told["linkedSpaces"]] == ["lab/boil"]


def test_what_the_hub_keeps_inside_stands_outside_too(town: Town) -> None:
    each = town.get("/api/daily_papers?date=2026-03-06").json()[0]
    assert each["paper"]["id"] == FULL
    assert each["submittedBy"]["user"] == each["submittedBy"]["name"] == "ak"
    assert each["publishedAt"] == each["paper"]["submittedOnDailyAt"] == "2026-03-06T03:55:12.000Z"
    assert each["paper"]["publishedAt"] == "2026-03-04T17:08:18.000Z"
    assert each["organization"]["fullname"] == "The Lab"
    assert each["organization"]["avatar"] == each["organization"]["avatarUrl"]
    repeated = ("ai_summary", "ai_keywords", "projectPage", "githubRepo", "githubStars", "organization", "upvotes")
    assert {name: each[name] for name in repeated} == {name: each["paper"][name] for name in repeated}
    assert (each["upvotes"], each["numComments"], each["githubStars"]) == (70, 4, 12)
    assert each["thumbnail"] == "https://cdn.example/picture.png"


def test_the_order_is_that_of_the_pages(town: Town) -> None:
    house = town.house
    agree = [
        ("/api/daily_papers?date=2026-03-06", daily.page(house, DAY).papers),
        ("/api/daily_papers?week=2026-W10", daily.span_page(house, read_week("2026-W10")).papers),
        ("/api/daily_papers?month=2026-03", daily.span_page(house, read_month("2026-03")).papers),
        ("/api/daily_papers?sort=trending", trending.page(house).papers),
        ("/api/papers/search?q=kettle", [hit.paper for hit in search(house, Query(text="kettle")).hits]),
        ("/api/papers?limit=20", [hit.paper for hit in search(house, Query(sort="date")).hits]),
    ]
    for url, papers in agree:
        assert papers
        assert ids(town.get(url).json()) == [paper.slug for paper in papers]


def test_all_days_are_listed_from_the_latest_back(town: Town) -> None:
    told = town.get("/api/daily_papers?limit=100").json()
    days = [each["publishedAt"][:10] for each in told]
    assert days == sorted(days, reverse=True)
    assert set(days) == {"2026-03-05", "2026-03-06", "2026-03-09"}


def test_pages_follow_each_other_by_their_links_until_the_last(town: Town) -> None:
    found, url = [], "/api/daily_papers?limit=2&sort=publishedAt"
    for _ in range(20):
        answer = town.get(url)
        found += ids(answer.json())
        link = re.fullmatch('<([^>]+)>; rel="next"', answer.headers.get("link", ""))
        if link is None:
            break
        url = link[1]
    assert found == ids(town.get("/api/daily_papers?limit=100").json())


def test_all_papers_are_reached_by_cursors(town: Town) -> None:
    found, url = [], "/api/papers?limit=7"
    while url:
        answer = town.get(url)
        found += ids(answer.json())
        link = re.fullmatch('<([^>]+)>; rel="next"', answer.headers.get("link", ""))
        url = link[1] if link else ""
    assert len(found) == len(set(found)) == len(town.get("/api/papers?limit=100").json())


def test_those_whom_somebody_submitted_are_listed_by_name(town: Town) -> None:
    for asked in ("submitter=ak", "submitter=AK&date=2026-03-06", "submitter=@ak&month=2026-03"):
        assert ids(town.get(f"/api/daily_papers?{asked}").json()) == [FULL]
    assert town.get("/api/daily_papers?submitter=nobody").json() == []


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ("limit=0", 1),
        ("limit=-5", 1),
        ("limit=3", 3),
        ("limit=500", 6),
        ("p=-1&limit=2", 2),
        ("p=99999999999999999999", 0),
    ],
)
def test_limits_and_pages_are_clamped_and_never_refused(town: Town, asked: str, count: int) -> None:
    assert len(town.get(f"/api/daily_papers?{asked}").json()) == count


def test_a_search_gives_120_at_most_and_marks_what_matched(town: Town) -> None:
    told = town.get("/api/papers/search?q=kettle&limit=1000").json()
    assert 30 < len(told) <= 120
    pieces = told[0]["highlightedTitle"]
    assert "".join(piece["text"] for piece in pieces) == told[0]["title"]
    assert any(piece["type"] == "highlight" and "ettle" in piece["text"] for piece in pieces)
    assert told[0]["upvoted"] is False
    assert "submittedBy" not in next(each for each in told if each["paper"]["id"].startswith("2502."))


@pytest.mark.parametrize(
    "asked",
    [FULL, f"{FULL}v2", f"arxiv:{FULL}", f"https://arxiv.org/abs/{FULL}", f"https://huggingface.co/papers/{FULL}"],
)
def test_a_search_for_an_id_finds_its_paper(town: Town, asked: str) -> None:
    assert ids(town.client.get("/api/papers/search", params={"q": asked}).json()) == [FULL]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (FULL, FULL),
        (f"{FULL}v3", FULL),
        ("hep-th/9901001", "hep-th/9901001"),
        ("hep-th/9901001v1", "hep-th/9901001"),
        ("doi/10.1000/a(b)c", "openreview/AbC_dEf123"),
        ("10.1000/a(b)c", "openreview/AbC_dEf123"),
        ("openreview%2FAbC_dEf123", "openreview/AbC_dEf123"),
    ],
)
def test_a_paper_answers_to_every_name_it_has_with_slashes_and_versions(town: Town, asked: str, found: str) -> None:
    assert town.get(f"/api/papers/{asked}").json()["id"] == found


def test_repositories_are_found_by_the_paper_that_links_to_them(town: Town) -> None:
    told = town.get(f"/api/arxiv/{FULL}/repos").json()
    assert {kind: [each["id"] for each in found] for kind, found in told.items()} == {
        "models": ["lab/kettle"],
        "datasets": ["lab/steam"],
        "spaces": ["lab/boil"],
    }
    for kind, found in told.items():
        assert town.get(f"/api/{kind}?filter=arxiv:{FULL}").json() == found
        assert town.get(f"/api/{kind}").json() == town.get(f"/api/{kind}?filter=arxiv:1.2").json() == []


def test_what_a_moderator_hid_is_nowhere(town: Town) -> None:
    for url in LISTS:
        assert HIDDEN not in ids(town.get(url).json())
    for url in (f"/api/papers/{HIDDEN}", f"/papers/{HIDDEN}.md", f"/api/arxiv/{HIDDEN}/repos"):
        assert town.get(url).status_code == 404


def test_sources_hostile_words_stay_what_they_are_and_their_addresses_out(town: Town) -> None:
    told = town.get("/api/papers/2603.66666").json()
    assert "<script>" in told["title"]
    assert told["publishedAt"] == ""
    assert told["mediaUrls"] == ["https://cdn.example/a.png"]
    assert "githubRepo" not in told
    assert "projectPage" not in told


def test_little_is_no_less_than_all_that_is_demanded(town: Town) -> None:
    told = town.get(f"/api/papers/{OTHER}").json()
    assert (told["authors"], told["summary"], told["mediaUrls"]) == ([], "", [])
    assert "organization" not in told


def test_organisations_and_readers_tell_what_everybody_may_know(town: Town) -> None:
    lab = town.get("/api/organizations/the-lab/overview").json()
    assert (lab["name"], lab["fullname"], lab["numPapers"]) == ("the-lab", "The Lab", 1)
    ann = town.get("/api/users/ann/overview").json()
    assert (ann["user"], ann["fullname"], ann["type"], ann["numPapers"]) == ("ann", "Ann", "user", 0)


def test_what_clients_ask_on_the_way_is_answered(town: Town) -> None:
    assert town.get("/api/agent-harnesses").json() == {"standardEnvVars": [], "harnesses": {}}
    assert town.get("/api/collections?item=papers/2603.01001").json() == []
    picture = town.get("/api/avatars/%3C.svg")
    assert picture.headers["content-type"] == "image/svg+xml"
    assert "·" in picture.text
