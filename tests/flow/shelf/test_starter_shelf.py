"""The starter shelf: what a first run without a network shows must be sound, so its file is checked line by line."""

import json
import re
from collections import Counter
from datetime import date
from importlib.resources import files
from typing import Any

import pytest

from broadsheet.model.ids import arxiv_id, parse_id

FIELDS = {
    "id",
    "arxiv",
    "doi",
    "title",
    "abstract",
    "authors",
    "published",
    "venue",
    "categories",
    "keywords",
    "github_repo",
    "project_page",
    "daily_dates",
}
RUN = 12  # this many words in a row on two lines would be copied text


def words(text: str) -> list[str]:
    """The words of a text, lower case, without punctuation."""
    return re.findall(r"\w+", text.lower())


def months_of_id(value: str) -> int:
    """The months since year 0 that an arXiv id, old or new style, encodes."""
    digits = value.rpartition("/")[2]
    year, month = int(digits[:2]), int(digits[2:4])
    return (year + (1900 if year >= 91 else 2000)) * 12 + month


@pytest.fixture(scope="module")
def shelf() -> list[dict[str, Any]]:
    """All papers of the starter file, in its order."""
    text = files("broadsheet").joinpath("starter", "papers.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def test_it_holds_about_two_hundred_papers_with_known_fields_only(shelf: list[dict[str, Any]]) -> None:
    assert 190 <= len(shelf) <= 220
    assert set().union(*shelf) <= FIELDS


def test_no_id_and_no_title_stands_twice(shelf: list[dict[str, Any]]) -> None:
    names = [str(parse_id(paper["id"])) for paper in shelf]
    names += [str(parse_id(paper["doi"])) for paper in shelf if "doi" in paper and paper["id"] != f"doi:{paper['doi']}"]
    titles = [" ".join(words(paper["title"])) for paper in shelf]
    assert [name for name, count in Counter(names + titles).items() if count > 1] == []


def test_every_id_is_read_in_the_scheme_it_claims(shelf: list[dict[str, Any]]) -> None:
    for paper in shelf:
        found = parse_id(paper["id"])
        scheme = "arxiv" if "arxiv" in paper else paper["id"].partition(":")[0]
        assert found is not None, paper["id"]
        assert found.scheme == scheme, paper["id"]
        if "doi" in paper:
            doi = parse_id(paper["doi"])
            assert str(doi) == f"doi:{paper['doi'].lower()}"


def test_the_month_inside_an_arxiv_id_agrees_with_the_date(shelf: list[dict[str, Any]]) -> None:
    for paper in shelf:
        if "arxiv" not in paper:
            continue
        found = arxiv_id(paper["arxiv"])
        assert found is not None, paper["arxiv"]
        assert found[0].value == paper["id"]
        day = date.fromisoformat(paper["published"])
        assert abs(months_of_id(found[0].value) - (day.year * 12 + day.month)) <= 1, paper["id"]


def test_papers_are_sorted_by_date_and_a_date_is_a_day_or_a_year(shelf: list[dict[str, Any]]) -> None:
    dates = [paper["published"] for paper in shelf]
    assert dates == sorted(dates)
    for value in dates:
        day = date.fromisoformat(f"{value}-01-01" if len(value) == 4 else value)
        assert 1900 < day.year <= 2026


def test_an_abstract_is_one_sentence_of_moderate_length(shelf: list[dict[str, Any]]) -> None:
    for paper in shelf:
        abstract = paper["abstract"]
        assert 12 <= len(abstract.split()) <= 45, paper["id"]
        assert re.fullmatch(r"[A-Z][^!?]*\.", abstract), paper["id"]
        assert not re.search(r"\.\s", abstract), paper["id"]


def test_no_abstract_repeats_a_long_run_of_words_of_another_line(shelf: list[dict[str, Any]]) -> None:
    seen: dict[tuple[str, ...], str] = {}
    for paper in shelf:
        text = words(paper["abstract"])
        for run in {tuple(text[i : i + RUN]) for i in range(len(text) - RUN + 1)}:
            assert seen.setdefault(run, paper["id"]) == paper["id"], " ".join(run)


def test_authors_categories_and_keywords_are_filled_without_stray_spaces_or_repeats(
    shelf: list[dict[str, Any]],
) -> None:
    for paper in shelf:
        assert paper["authors"], paper["id"]
        assert paper["categories"], paper["id"]
        assert 3 <= len(paper["keywords"]) <= 6, paper["id"]
        for field in ("authors", "categories", "keywords"):
            values = paper[field]
            assert len(set(values)) == len(values), (paper["id"], field)
            assert all(value and value == " ".join(value.split()) for value in values), (paper["id"], field)


def test_links_are_plain_https_addresses_and_code_is_on_github(shelf: list[dict[str, Any]]) -> None:
    for paper in shelf:
        if "github_repo" in paper:
            assert re.fullmatch(r"https://github\.com/[\w.-]+/[\w.-]+", paper["github_repo"]), paper["id"]
        if "project_page" in paper:
            assert re.fullmatch(r"https://\S+", paper["project_page"]), paper["id"]


def test_daily_pages_are_full_weekdays(shelf: list[dict[str, Any]]) -> None:
    pages = Counter(date.fromisoformat(day) for paper in shelf for day in paper.get("daily_dates", []))
    assert len(pages) >= 5
    for day, count in pages.items():
        assert day.weekday() < 5, day
        assert 6 <= count <= 14, day
