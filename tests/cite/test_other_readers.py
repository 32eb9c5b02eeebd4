"""What we write for reference managers, as programs of others read it: bibtexparser, pybtex, and a reader of RIS."""

import re
from typing import Any

import pytest
from tests.cite.citing import WHOLE, paper

from broadsheet.cite.bibtex import biblatex_list, bibtex_list
from broadsheet.cite.ris import ris_list
from broadsheet.model.ids import ExternalId
from broadsheet.model.paper import Paper
from broadsheet.model.record import Author
from broadsheet.model.text import clean, plain

# A name as printed, and how a program that parts names gives it: particle, family, suffix, given.
NAMES = {
    "Ludwig van Beethoven": ("van", "Beethoven", "", "Ludwig"),
    "Martin Luther King Jr.": ("", "King", "Jr.", "Martin Luther"),
    "King, Jr., Martin": ("", "King", "Jr.", "Martin"),
    "The ATLAS Collaboration": ("", "{The ATLAS Collaboration}", "", ""),
    "Procter and Gamble": ("", "{Procter and Gamble}", "", ""),
    "Plato": ("", "Plato", "", ""),
    "山田太郎": ("", "山田太郎", "", ""),
    "山田 太郎": ("", "{山田 太郎}", "", ""),
    "García Márquez, Gabriel": ("", "García Márquez", "", "Gabriel"),
    "Jean-Luc Picard": ("", "Picard", "", "Jean-Luc"),
    "Leonardo da Vinci": ("da", "Vinci", "", "Leonardo"),
}
TITLES = (
    "100% of $5 \\ & #1 ~ ^_^ {x}",
    'Is $a<b$ when "q" \u2014 or not? Ünïcode 学',
    "}}}, note={hacked}, @misc{x,",
    "@comment{a} %b \\input{c}",
    '\u202eright to left\u202c and {\\"o}',
)
HARD = tuple(
    paper(
        slug=f"2603.{number:05}",
        title=clean(title),
        authors=tuple(map(Author, NAMES)),
        ids=(ExternalId("arxiv", f"2603.{number:05}"), ExternalId("doi", f"10.1000/a_b({number})<c>;d&e#f")),
        published="2026-03-01",
        venue=("", "Journal of Maps & Co", "Proceedings of 50% #1")[number % 3],
        keywords=("a, b", "c"),
        abstract="One line.\n\nER  - another",
    )
    for number, title in enumerate(TITLES)
)
PAPERS = (*HARD, *WHOLE)
_ESCAPED = re.compile(r"\\(text(?:backslash|braceleft|braceright|asciitilde|asciicircum)\{\}|[&%$#_])")
_MARKS = {"backslash": "\\", "braceleft": "{", "braceright": "}", "asciitilde": "~", "asciicircum": "^"}


def words(field: str) -> str:
    """Undo what stands for special marks in TeX."""
    return _ESCAPED.sub(lambda found: _MARKS.get(found[1][4:-2], found[1]), field)


def in_braces(field: str) -> str:
    assert (field[0], field[-1]) == ("{", "}")
    return field[1:-1]


def by_bibtexparser(text: str) -> list[dict[str, Any]]:
    bibtexparser = pytest.importorskip("bibtexparser")
    wares = [bibtexparser.middlewares.SeparateCoAuthors(), bibtexparser.middlewares.SplitNameParts()]
    library = bibtexparser.parse_string(text, append_middleware=wares)
    assert library.failed_blocks == []
    assert len(library.entries) == len(library.blocks)
    return [{"key": entry.key, **{each.key: each.value for each in entry.fields}} for entry in library.entries]


def by_pybtex(text: str) -> list[dict[str, Any]]:
    pybtex = pytest.importorskip("pybtex.database")
    found = pybtex.parse_string(text, "bibtex").entries
    return [
        {"key": key, **dict(entry.fields), "author": entry.persons.get("author", [])} for key, entry in found.items()
    ]


def parted(name: Any) -> tuple[str, str, str, str]:
    if hasattr(name, "prelast_names"):
        given = [*name.first_names, *name.middle_names]
        parts = (name.prelast_names, name.last_names, name.lineage_names, given)
    else:
        parts = (name.von, name.last, name.jr, name.first)
    return tuple(" ".join(part) for part in parts)  # type: ignore[return-value]


@pytest.mark.parametrize("write", [bibtex_list, biblatex_list])
@pytest.mark.parametrize("read", [by_bibtexparser, by_pybtex])
def test_bibtex_is_read_back_exactly(read: Any, write: Any) -> None:
    found = read(write(PAPERS))
    assert [plain(words(in_braces(one["title"]))) for one in found] == [plain(one.title) for one in PAPERS]
    assert len({one["key"] for one in found}) == len(PAPERS)
    for one, told in zip(found, PAPERS, strict=True):
        ids = {each.scheme: each.value for each in told.ids}
        assert one.get("year", one.get("date", ""))[:4] == told.published[:4]
        assert one.get("doi", "") == ids.get("doi", "")
        assert one.get("eprint", "") == ids.get("arxiv", "")
        place = next((one[name] for name in ("journal", "journaltitle", "booktitle") if name in one), "")
        assert words(place) == told.venue
    for one in found[: len(HARD)]:
        assert [parted(name) for name in one["author"]] == list(NAMES.values())


def read_ris(text: str) -> list[dict[str, list[str]]]:
    """Read RIS as its specification has it: a tag of two characters, two spaces, a hyphen, a space, a value."""
    assert all(line.endswith("\r") for line in text.split("\n")[:-1])
    found: list[dict[str, list[str]]] = []
    is_open = False
    for line in filter(None, text.replace("\r\n", "\n").split("\n")):
        match = re.fullmatch(r"([A-Z][A-Z0-9])  - (.*)", line)
        assert match is not None, line
        assert is_open != (match[1] == "TY")
        if match[1] == "TY":
            found.append({})
        is_open = match[1] != "ER"
        found[-1].setdefault(match[1], []).append(match[2])
    return found


def test_ris_is_read_back_exactly() -> None:
    found = read_ris(ris_list(PAPERS))
    assert [one["TI"] for one in found] == [[" ".join(plain(told.title).split())] for told in PAPERS]
    for one, told in zip(found, PAPERS, strict=True):
        ids = {each.scheme: each.value for each in told.ids}
        assert one.get("DO", [""]) == [ids.get("doi", "")]
        assert one["PY"] == [told.published[:4]]
    assert found[0]["KW"] == ["a, b", "c"]
    assert found[0]["AB"] == ["One line. ER - another"]
    assert found[0]["AU"][:4] == [
        "van Beethoven, Ludwig",
        "King, Martin Luther, Jr.",
        "King, Martin, Jr.",
        "The ATLAS Collaboration",
    ]


def test_ris_says_what_kind_of_work_it_is() -> None:
    by_venue: dict[str, Paper] = {"": WHOLE[2], "JOUR": WHOLE[0], "CPAPER": WHOLE[1]}
    assert [one["TY"] for one in read_ris(ris_list(by_venue.values()))] == [["GEN"], ["JOUR"], ["CPAPER"]]
