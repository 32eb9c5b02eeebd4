"""On the five saved pages every hit is labelled rightly, by a rule that reads the paper anew and knows no index."""

import random
import re
from collections.abc import Iterator
from pathlib import Path
from unicodedata import combining, normalize

import pytest

from broadsheet.flow.house import House
from broadsheet.flow.reading.search import search
from broadsheet.flow.shelf.import_files import import_files
from broadsheet.index.words import GLUE, stem
from broadsheet.model.paper import Paper
from broadsheet.model.query import Hit, Query
from broadsheet.model.text import plain
from broadsheet.settings import Settings
from broadsheet.store import papers
from broadsheet.wiring import open_house

STRENGTH = ["same topic", "some words", "all words", "phrase"]
QUERIES_OF_A_KIND = 60


@pytest.fixture(scope="module")
def house(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with open_house(Settings(home=tmp_path_factory.mktemp("pages"))) as opened:
        import_files(opened, [shared_data / "saved_pages"])
        yield opened


@pytest.fixture(scope="module")
def shelf(house: House) -> list[Paper]:
    with house.store.reading() as connection:
        return list(papers.stream(connection, 0, 1_000))


def tokens(text: str) -> list[str]:
    folded = "".join(c for c in normalize("NFKD", plain(text)).lower() if not combining(c))
    return re.findall(r"[^\W_]+", folded)


def asked(shelf: list[Paper], kind: str) -> list[str]:
    chance = random.Random(kind)
    found = []
    while len(found) < QUERIES_OF_A_KIND:
        paper = chance.choice(shelf)
        words = tokens(paper.title if kind.startswith("title") or not paper.abstract else paper.abstract)
        start = chance.randrange(len(words))
        run = (
            words[start : start + chance.randint(2, 6)]
            if kind.endswith("run")
            else chance.sample(words, min(4, len(words)))
        )
        # The last word ends in a space: it is whole, not still being typed.
        found.append(" ".join(run) + " ")
    return found


def beside(text: list[str], run: list[str]) -> bool:
    return any(text[at : at + len(run)] == run for at in range(len(text) - len(run) + 1))


def expected(hit: Hit, query: str) -> str:
    """Say what the label must be, as far as the literal words go."""
    paper, run = hit.paper, tokens(query)
    names = [*(author.name for author in paper.authors), *paper.organisations, paper.venue, *paper.keywords]
    title, abstract = tokens(paper.title), tokens(paper.abstract)
    said = {stem(word) for word in (*title, *abstract, *tokens(" ".join(names)))}
    words = {stem(word) for word in run}
    telling = words - GLUE or words
    if telling <= said:
        return "phrase" if len(run) > 1 and (beside(title, run) or beside(abstract, run)) else "all words"
    return "some words" if telling & said else "same topic"


@pytest.mark.parametrize("kind", ["title run", "title sample", "abstract run", "abstract sample"])
@pytest.mark.parametrize("way", ["both", "words", "meaning"])
def test_every_hit_says_rightly_why_it_is_there(house: House, shelf: list[Paper], kind: str, way: str) -> None:
    hits = 0
    for query in asked(shelf, kind):
        found = search(house, Query(text=query, way=way))  # type: ignore[arg-type]
        corrected = any("searched" in notice for notice in found.notices)
        for hit in found.hits:
            hits += 1
            rule = expected(hit, query)
            # Another spelling, or an acronym spelt out, may say a word that the letters do not.
            assert hit.evidence == rule or (
                (corrected or hit.evidence != "phrase") and STRENGTH.index(str(hit.evidence)) > STRENGTH.index(rule)
            ), (query, hit.paper.title, hit.evidence, rule)
            shown_literally(hit)
    assert hits > QUERIES_OF_A_KIND


def shown_literally(hit: Hit) -> None:
    snippet = "".join(span.text for span in hit.snippet)
    literal = snippet.removeprefix("… ").removesuffix(" …")
    names = ", ".join(author.name for author in hit.paper.authors)
    others = [*hit.paper.organisations, hit.paper.venue, ", ".join(hit.paper.keywords)]
    line = plain(" · ".join(filter(None, (names, *others))))
    assert literal.strip() in plain(hit.paper.abstract) or literal in line
    if hit.evidence != "same topic":
        assert any(span.matched for span in (*hit.title, *hit.snippet)), (hit.paper.title, snippet)
