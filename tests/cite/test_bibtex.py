"""BibTeX."""

import re

from hypothesis import given
from hypothesis import strategies as st

from broadsheet.cite.bibtex import bibtex
from broadsheet.model.ids import ExternalId
from broadsheet.model.paper import Paper
from broadsheet.model.record import Author


def paper(**facts: object) -> Paper:
    facts.setdefault("slug", "2603.00001")
    facts.setdefault("title", "Folding Napkins")
    return Paper(**facts)  # type: ignore[arg-type]


def fields(entry: str) -> dict[str, str]:
    return dict(re.findall(r"^  (\w+) = (.*),$", entry, re.MULTILINE))


def test_an_arxiv_paper_is_cited_by_its_eprint() -> None:
    entry = bibtex(
        paper(
            authors=(Author("José García"), Author("Bo Chen")),
            ids=(ExternalId("arxiv", "2603.00001"),),
            published="2026-03-01T00:00:00Z",
            categories=("cs.LG",),
        )
    )
    assert entry == (
        "@misc{garcia2026folding,\n"
        "  title = {{Folding Napkins}},\n"
        "  author = {José García and Bo Chen},\n"
        "  year = {2026},\n"
        "  month = mar,\n"
        "  eprint = {2603.00001},\n"
        "  archiveprefix = {arXiv},\n"
        "  primaryclass = {cs.LG},\n"
        "  url = {https://arxiv.org/abs/2603.00001},\n"
        "}\n"
    )


def test_a_conference_and_a_journal_are_told_apart() -> None:
    assert bibtex(paper(venue="NeurIPS 2025")).startswith("@inproceedings{")
    assert "booktitle = {NeurIPS 2025}" in bibtex(paper(venue="NeurIPS 2025"))
    assert bibtex(paper(venue="Journal of Maps")).startswith("@article{")
    assert "journal = {Journal of Maps}" in bibtex(paper(venue="Journal of Maps"))


def test_the_key_skips_small_words_and_accents() -> None:
    assert bibtex(paper(title="On the Été of Cats", authors=(Author("Gödel, Kurt"),), published="1931")).startswith(
        "@misc{godel1931ete,"
    )


def test_a_paper_without_facts_still_has_a_key() -> None:
    assert bibtex(paper(title="???")).startswith("@misc{paper,")


def test_formulas_stay_and_special_characters_are_escaped() -> None:
    title = fields(bibtex(paper(title=r"50% of $x_{1}$ & #1_a")))["title"]
    assert title == r"{{50\% of $x_{1}$ \& \#1\_a}}"


def test_accents_of_the_source_become_unicode() -> None:
    assert "Poincaré" in bibtex(paper(title=r"Poincar\'e"))


def test_a_formula_that_would_end_the_field_is_escaped() -> None:
    assert braces_balance(bibtex(paper(title="a $x}$ b { c")))


def test_a_name_that_bibtex_would_split_is_held_together() -> None:
    author = fields(bibtex(paper(authors=(Author("Sand and Gravel"), Author("Bo Chen")))))["author"]
    assert author == "{{Sand and Gravel} and Bo Chen}"


def test_an_acl_paper_points_to_the_anthology() -> None:
    entry = bibtex(paper(ids=(ExternalId("acl", "2020.acl-main.1"), ExternalId("doi", "10.18653/v1/2020.acl-main.1"))))
    assert fields(entry)["url"] == "{https://aclanthology.org/2020.acl-main.1}"
    assert fields(entry)["doi"] == "{10.18653/v1/2020.acl-main.1}"


def braces_balance(entry: str) -> bool:
    depth = 0
    for mark in entry[:-3]:
        depth += (mark == "{") - (mark == "}")
        if depth < 1 and mark == "}":
            return False
    return depth == 1


@given(st.text(max_size=60), st.text(max_size=30), st.text(max_size=30))
def test_no_text_whatsoever_ends_the_entry_early(title: str, name: str, venue: str) -> None:
    doi = ExternalId("doi", f"10.1000/{venue}")
    entry = bibtex(paper(title=title, authors=(Author(name),), venue=venue, ids=(doi,), published="2026"))
    assert braces_balance(entry)
