"""BibTeX as papers' sites, reference managers and people write it."""

import pytest
from tests.sources.reading import Read, parse

from broadsheet.model.record import Author, Link

ENTRY = r"""
@InProceedings{lee2024napkins,
  title     = {On {N}apkins and {\'E}lan: a $O(n^2)$ Fold},
  author    = "Lee, Ann and Jos{\'e} Chen and {The Fold Team} and others",
  booktitle = {Proc.\ of } # conf # { 2024},
  year      = 2024, month = jun,
  abstract  = {We fold
               R\&D napkins. Code at \url{https://github.com/ann/nap\_kins}.},
  doi       = {10.1000/XYZ},
  eprint    = {2401.00001v2}, archivePrefix = {arXiv}, primaryClass = {cs.GR},
  url       = {https://openreview.net/forum?id=AbCdEf123},
  keywords  = {folds; napkins, cloth},
  note      = {Oral},
}
"""
STRING = '@string{conf = "the Fold Conference"}\n'


def read(data: str | bytes) -> Read:
    return parse("bibtex", data)


def test_an_entry_becomes_a_record() -> None:
    record = read(STRING + ENTRY).record
    assert record.title == "On Napkins and Élan: a $O(n^2)$ Fold"
    assert record.authors == (Author("Ann Lee"), Author("José Chen"), Author("The Fold Team"))
    assert record.venue == "Proc. of the Fold Conference 2024"
    assert record.published == "2024-06"
    assert record.abstract == "We fold R&D napkins. Code at https://github.com/ann/nap_kins."
    assert [str(one) for one in record.ids] == ["arxiv:2401.00001", "doi:10.1000/xyz", "openreview:AbCdEf123"]
    assert record.key == "arxiv:2401.00001"
    assert (record.categories, record.keywords, record.comment) == (("cs.GR",), ("folds", "napkins", "cloth"), "Oral")
    assert record.links == (
        Link("page", "https://openreview.net/forum?id=AbCdEf123"),
        Link("code", "https://github.com/ann/nap_kins"),
    )


@pytest.mark.parametrize(
    ("fields", "published"),
    [
        ("year = {2024}", "2024"),
        ("year = 2024, month = {March}", "2024-03"),
        ('year = "2024", month = 3', "2024-03"),
        ("date = {2024-03-05}", "2024-03-05"),
        ("year = {in press}", ""),
        ("year = {2024}, month = {spring}", "2024"),
        ("", ""),
    ],
)
def test_dates_are_read_at_the_precision_they_have(fields: str, published: str) -> None:
    assert read(f"@misc{{k, title = {{T}}, {fields}}}").record.published == published


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ("Ann Lee and Bo Chen", ["Ann Lee", "Bo Chen"]),
        ("Lee, Ann AND\n Chen, Bo", ["Ann Lee", "Bo Chen"]),
        ("Lee, Ann and\n Chen, Jr., Bo", ["Ann Lee", "Bo Chen Jr."]),
        ("{Barnes and Noble} and Lee, Ann", ["Barnes and Noble", "Ann Lee"]),
        (r"G{\"o}del, Kurt and \L{}ukasz Kaiser and Th\'er\`ese Ng\^o", ["Kurt Gödel", "Łukasz Kaiser", "Thérèse Ngô"]),
        ("", []),
    ],
)
def test_authors_are_read_in_every_spelling(names: str, expected: list[str]) -> None:
    found = read(f"@misc{{k, title={{T}}, author={{{names}}}}}").record.authors
    assert [author.name for author in found] == expected


@pytest.mark.parametrize(
    "entry",
    [
        "@article(k, title = {On {N}apkins}, year = 2024)",
        '@ARTICLE { k , TITLE="On {N}apkins" , year=2024 }',
        "@article{a key with spaces, title={On Napkins},year=2024,}",
        "@article{title={On Napkins}, year=2024}",
        "@article{k,\n\n title = {On\n  Napkins}\n ,year = {2024}\n}",
        "Some words before.\n@comment{not this @article{x, title={y}}}\n@misc{k, title={On Napkins}, year=2024}\nafter",
        "@preamble{ {x} }\n@article{k, title={On Napkins}, year=2024}",
    ],
)
def test_every_way_to_write_an_entry_is_read(entry: str) -> None:
    record = read(entry).record
    assert (record.title, record.published) == ("On Napkins", "2024")


def test_entries_on_one_line_are_told_apart() -> None:
    assert read("@misc{a, title={A}} @misc{b, title={B}}\n@misc{c, title={C}}").titles == ["A", "B", "C"]


@pytest.mark.parametrize(
    ("bad", "kind"),
    [
        ("@misc{k, title = {never closed\n", "bad-entry"),
        ("@misc{k, title = {T}, year 2024}\n", "bad-entry"),
        ('@misc{k, title = "never closed}\n', "bad-entry"),
        ("@misc{k, author = {Ann Lee}}\n", "no-title"),
        ("@misc{k, title = { }}\n", "no-title"),
        ("@misc{k, title = {LONG}}\n", "too-large"),
        ("@misc{k, title = {\nWORDS}}\n", "too-large"),
    ],
)
def test_a_broken_entry_is_a_problem_and_the_next_one_comes(bad: str, kind: str) -> None:
    found = read(
        bad.replace("LONG", "x" * 2_000_001).replace("WORDS", "word\n" * 600_000) + "@misc{k2, title = {Next}}"
    )
    assert (found.kinds, found.titles) == ([kind], ["Next"])


def test_a_file_that_breaks_off_is_a_problem() -> None:
    found = read(STRING + ENTRY + ENTRY[:100])
    assert (len(found.records), found.kinds) == (1, ["truncated"])


def test_bytes_that_are_not_utf8_are_read_and_told() -> None:
    found = read(b"@misc{k, title = {\xc9lan}}")
    assert (found.titles, found.kinds) == (["Élan"], ["encoding"])


def test_the_same_paper_has_the_same_key_whatever_its_citation_key() -> None:
    one, two = (read(f"@misc{{{key}, title={{On {{N}}apkins}}, author={{Ann Lee}}}}").record for key in ("a", "b"))
    assert one.key == two.key
    assert read("@misc{c, title={On Cloth}, author={Ann Lee}}").record.key != one.key
