"""What is written for reference managers is read back by the parsers that read what they export."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.cite.citing import WHOLE, Parse, paper, read_back

from broadsheet.cite.bibtex import biblatex, bibtex_list
from broadsheet.cite.csl import csl_item, csl_list
from broadsheet.cite.formats import FORMATS
from broadsheet.cite.ris import ris
from broadsheet.model.ids import ExternalId
from broadsheet.model.record import Author, Record
from broadsheet.model.text import clean, plain
from broadsheet.sources import bibtex as bibtex_source
from broadsheet.sources import csl as csl_source
from broadsheet.sources import ris as ris_source

PARSERS: dict[str, Parse] = {
    "bib": bibtex_source.parse,
    "biblatex": bibtex_source.parse,
    "ris": ris_source.parse,
    "csl.json": csl_source.parse,
}
WORDS = st.text(st.characters(min_codepoint=32, exclude_categories=["Cc", "Cs", "Cn", "Co"]), min_size=1, max_size=60)


def written(suffix: str, papers: tuple[object, ...]) -> str:
    return next(form.write(papers) for form in FORMATS if form.suffix == suffix)  # type: ignore[arg-type]


@pytest.mark.parametrize("suffix", PARSERS)
def test_a_list_is_read_back_in_its_order(suffix: str) -> None:
    found = read_back(PARSERS[suffix], written(suffix, WHOLE))
    assert [plain(one.title) for one in found] == [plain(one.title) for one in WHOLE]
    assert [[author.name for author in one.authors] for one in found] == [
        [author.name for author in one.authors] for one in WHOLE
    ]
    assert [one.venue for one in found] == [one.venue for one in WHOLE]
    assert [one.published[:4] for one in found] == ["2026", "2020", "1999"]
    assert [set(one.ids) >= set(each.ids) for one, each in zip(found, WHOLE, strict=True)][:2] == [True, True]


@pytest.mark.parametrize("suffix", ["ris", "csl.json"])
def test_abstract_keywords_and_date_go_along(suffix: str) -> None:
    first = read_back(PARSERS[suffix], written(suffix, WHOLE))[0]
    assert (first.abstract, first.published, first.keywords) == (
        "A napkin folds, and folds again.",
        "2026-03-01",
        ("napkins", "folding"),
    )


@pytest.mark.parametrize("suffix", PARSERS)
@pytest.mark.parametrize(
    "title",
    [
        "\"'><script>alert(1)</script>{{7*7}}",
        "}}}, note={hacked}, @misc{x,",
        "ER  - \r\nTY  - JOUR",
        "100% of $5 \\ & #1 ~ ^_^",
        "a\x00b\x07c\u2028d",
        "日本語 und \u202eright to left",
    ],
    ids=["markup", "braces", "tags", "special characters", "control characters", "other scripts"],
)
def test_a_hostile_title_stays_one_title(suffix: str, title: str) -> None:
    hostile = paper(title=clean(title), authors=(Author("Eve Mallory"),), published="2026")
    found = read_back(PARSERS[suffix], written(suffix, (hostile, WHOLE[0])))
    assert len(found) == 2
    assert letters(found[0]) == "".join(filter(str.isalnum, plain(clean(title))))
    assert [author.name for author in found[0].authors] == ["Eve Mallory"]


@pytest.mark.parametrize("suffix", PARSERS)
def test_no_text_whatsoever_makes_two_papers_of_one(suffix: str) -> None:
    @given(WORDS, WORDS, WORDS)
    def holds(title: str, name: str, venue: str) -> None:
        one = paper(title=f"T {clean(title)}", authors=(Author(clean(name)),), venue=clean(venue), published="2026")
        assert len(read_back(PARSERS[suffix], written(suffix, (one, one)))) == 2

    holds()


def test_a_list_has_no_key_twice() -> None:
    entries = bibtex_list([WHOLE[0]] * 3)
    assert [line for line in entries.splitlines() if line.startswith("@")] == [
        "@article{garcia2026folding,",
        "@article{garcia2026folding-2,",
        "@article{garcia2026folding-3,",
    ]


def test_biblatex_has_dates_and_calls_a_preprint_online() -> None:
    preprint = paper(ids=(ExternalId("arxiv", "2603.00001"),), published="2026-03-01", categories=("cs.LG",))
    assert biblatex(preprint) == (
        "@online{2026folding,\n"
        "  title = {{Folding Napkins}},\n"
        "  date = {2026-03-01},\n"
        "  eprint = {2603.00001},\n"
        "  eprinttype = {arxiv},\n"
        "  eprintclass = {cs.LG},\n"
        "  url = {https://arxiv.org/abs/2603.00001},\n"
        "}\n"
    )


def test_ris_ends_each_line_and_reference() -> None:
    assert (
        ris(WHOLE[2]) == "TY  - GEN\r\nTI  - A paper of which little is known\r\nPY  - 1999\r\nDA  - 1999\r\nER  - \r\n"
    )


def test_csl_parts_names_and_leaves_out_what_is_not_told() -> None:
    item = csl_item(paper(authors=(Author("Ann B. Lee"), Author("ATLAS")), published="2026-03"))
    assert item["author"] == [{"family": "Lee", "given": "Ann B."}, {"literal": "ATLAS"}]
    assert item["issued"] == {"date-parts": [[2026, 3]]}
    assert "abstract" not in item
    assert "DOI" not in item


def test_an_empty_list_is_an_empty_file() -> None:
    assert [form.write(()) for form in FORMATS[:3]] == ["", "", ""]
    assert json.loads(csl_list(())) == []


def letters(found: Record) -> str:
    return "".join(filter(str.isalnum, plain(found.title)))
