"""Stars of the repositories that papers link to."""

import pytest
from tests.sources.live.enriching import AT, answered, github_repository, paper

from broadsheet.errors import Unavailable
from broadsheet.model.record import Problem, Record, Signal
from broadsheet.sources.live.github import GitHub, repository
from broadsheet.sources.services import GITHUB


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://github.com/Example/Napkins", "example/napkins"),
        ("http://www.github.com/example/napkins.git", "example/napkins"),
        ("https://github.com/example/napkins/tree/main/src?tab=readme#top", "example/napkins"),
        ("https://github.com/example/napkins.", "example/napkins"),
        ("https://github.com/a-b/c.d_e-f", "a-b/c.d_e-f"),
        ("https://github.com/example", ""),
        ("https://github.com/topics/napkins", ""),
        ("https://github.com/-a/b", ""),
        ("https://github.com/a--b/c", ""),
        ("https://github.com/example/..", ""),
        ("https://github.com/example/../user", ""),
        ("https://github.com/a%2fb/c", ""),
        ("https://github.com/a/b%2e%2e", ""),
        ("https://github.com/a/b\r\nHost: x", ""),
        ("https://github.com@evil.example/a/b", ""),
        ("https://github.com.evil.example/a/b", ""),
        ("https://gist.github.com/a/b", ""),
        ("https://gitlab.com/a/b", ""),
        ("ftp://github.com/a/b", ""),
        ("github", ""),
    ],
)
def test_only_addresses_of_repositories_name_one(url: str, name: str) -> None:
    assert repository(url) == name


def test_the_first_repository_among_the_links_is_asked_for() -> None:
    linked = paper(
        "arxiv:2401.00001", code=("https://gitlab.com/a/b", "https://github.com/Ex/Nap", "https://github.com/c/d")
    )
    assert GitHub().wanted(linked) == "ex/nap"
    assert GitHub().wanted(paper("arxiv:2401.00001")) == ""
    assert GitHub().ask(("ex/nap",)).url == "https://api.github.com/repos/ex/nap"


def test_a_repository_tells_its_stars_and_nothing_else() -> None:
    moved = github_repository("New/Home", 321)
    assert GitHub().read(("ex/nap",), answered(moved)) == [
        Record(source="github", key="ex/nap", title="", signals=(Signal("stars", 321, AT),), observed=AT)
    ]


@pytest.mark.parametrize("stars", [-1, None, "many", 1.5, True])
def test_stars_that_are_no_count_are_a_problem(stars: object) -> None:
    [found] = GitHub().read(("ex/nap",), answered(github_repository("ex/nap", stars)))
    assert isinstance(found, Problem)


def test_sixty_requests_an_hour_are_kept_to_unless_a_token_allows_more() -> None:
    assert GitHub().service == GITHUB
    assert 3_600 / GITHUB.gap_s <= 60
    assert 3_600 / GitHub(signed_in=True).service.gap_s <= 5_000


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"7", b'{"stargazers_count'])
def test_what_is_no_repository_is_asked_for_again(body: bytes) -> None:
    with pytest.raises(Unavailable):
        GitHub().read(("ex/nap",), answered(body))
