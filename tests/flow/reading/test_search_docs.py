"""What docs/search.md promises is so on the starter shelf."""

import re
import shlex
from collections.abc import Iterator
from importlib.resources import files

import pytest
from tests.conftest import ROOT

from broadsheet.flow.house import House
from broadsheet.flow.reading.search import search
from broadsheet.flow.shelf.starter import fill
from broadsheet.index import compiler, expanding, grammar
from broadsheet.model.query import MAX_OFFSET, MAX_TEXT, Query
from broadsheet.settings import Settings
from broadsheet.wiring import open_house

PAGE = (ROOT / "docs" / "search.md").read_text("utf-8")
ROWS = re.findall(r"^\| `([^`]+)` \|.* \*([^*]+)\* \|$", PAGE, re.MULTILINE)
# The shelf is small: only few papers have several words.
WIDENED = ("Few papers have all of these words", "No paper has all of these words", "No paper has “")


SHOWN = (files("broadsheet.web") / "templates" / "syntax.html").read_text("utf-8")
LINKED = [double or single for double, single in re.findall(r"""example\((?:"([^)]+)"|'([^)]+)')\) }}""", SHOWN)]


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house with the starter shelf, only to be read."""
    with open_house(Settings(home=tmp_path_factory.mktemp("home"))) as house:
        fill(house)
        yield house


def test_every_row_of_every_table_is_an_example() -> None:
    rows = [line for line in PAGE.splitlines() if line.startswith("| ") and "You type" not in line]
    assert len(ROWS) == len(rows) > 40


@pytest.mark.parametrize(("text", "title"), ROWS, ids=[text for text, _ in ROWS])
def test_an_example_finds_its_paper(shelf: House, text: str, title: str) -> None:
    found = search(shelf, Query(text=text, limit=100))
    titles = [found.exact.title] if found.exact else [hit.paper.title for hit in found.hits]
    assert title in titles
    assert all(notice.startswith(WIDENED) for notice in found.notices)


def test_the_search_page_shows_examples() -> None:
    assert len(LINKED) == 5


@pytest.mark.parametrize("text", LINKED)
def test_an_example_on_the_search_page_finds_a_paper(shelf: House, text: str) -> None:
    assert search(shelf, Query(text=text)).hits


def test_what_an_example_rules_out_is_not_found(shelf: House) -> None:
    def titles(text: str) -> str:
        return " | ".join(hit.paper.title for hit in search(shelf, Query(text=text, limit=100)).hits)

    assert "DistilBERT" not in titles("bert -distilled")
    assert "Attention" not in titles("learning chess OR atari")
    assert titles("fine-tuning") == titles("fine tuning")
    assert titles('author:"Geoffrey E. Hinton"') == titles('author:"Hinton, Geoffrey E."')
    assert titles("chess OR atari") == titles("chess | atari")
    assert titles("bert -distilled") == titles("bert NOT distilled")
    assert titles("cat:cs").count("|") == 99


def test_the_example_for_the_terminal_is_one_text() -> None:
    (line,) = re.findall(r"^broadsheet search (.*)$", PAGE, re.MULTILINE)
    (text,) = shlex.split(line)
    assert grammar.parse(text).notices == ()


def test_every_field_and_alias_is_told() -> None:
    names = {*grammar._FIELDS, *grammar._ALIASES}
    assert {name for name in names if f"`{name}:" not in PAGE} == set()


def test_every_kind_of_has_is_told() -> None:
    assert f"`has:` takes {', '.join(grammar.HAS[:-1])} or {grammar.HAS[-1]}." in PAGE


def test_the_limits_are_told() -> None:
    for limit in (
        f"at most {MAX_TEXT:,} characters",
        f"Parentheses nest {grammar.MAX_DEPTH} deep",
        f"more than {grammar.MAX_TYPED_WORDS} words",
        f"its {compiler.BAG_TERMS} rarest words",
        f"as far as the {MAX_OFFSET:,}th result",
    ):
        assert limit in PAGE
    assert (grammar.SHORTEST_PREFIX, "A star needs three letters" in PAGE) == (3, True)
    assert (expanding.MAX_CORRECTIONS, "corrects at most eight words" in PAGE) == (8, True)
    assert (compiler.MAX_STARS, "eight words may bear a star" in PAGE) == (8, True)
