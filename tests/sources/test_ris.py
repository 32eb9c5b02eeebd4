"""RIS as publishers and reference managers export it."""

import pytest
from tests.sources.reading import Read, parse

from broadsheet.model.record import Author, Link

REFERENCE = """TY  - CONF
TI  - On Napkins: folding, unfolding
 and refolding
AU  - Lee, Ann
AU  - Chen, Bo, Jr.
PY  - 2024
DA  - 2024/06/05/spring
AB  - We fold. See https://github.com/ann/napkins.
KW  - folds
KW  - napkins; cloth
T2  - Proc. of Folding
DO  - https://doi.org/10.1000/XYZ
UR  - https://arxiv.org/abs/2401.00001
L1  - https://example.org/napkins.pdf
N1  - Oral
ER  -
"""


def read(data: str | bytes) -> Read:
    return parse("ris", data)


def test_a_reference_becomes_a_record() -> None:
    record = read(REFERENCE).record
    assert record.title == "On Napkins: folding, unfolding and refolding"
    assert record.authors == (Author("Ann Lee"), Author("Bo Chen Jr."))
    assert (record.published, record.venue, record.comment) == ("2024-06-05", "Proc. of Folding", "Oral")
    assert record.keywords == ("folds", "napkins", "cloth")
    assert [str(one) for one in record.ids] == ["doi:10.1000/xyz", "arxiv:2401.00001"]
    assert record.links == (
        Link("page", "https://arxiv.org/abs/2401.00001"),
        Link("pdf", "https://example.org/napkins.pdf"),
        Link("code", "https://github.com/ann/napkins"),
    )


@pytest.mark.parametrize(
    ("lines", "published"),
    [
        ("PY  - 2024", "2024"),
        ("PY  - 2024///", "2024"),
        ("Y1  - 2024/06//", "2024-06"),
        ("DA  - 2024/06/05", "2024-06-05"),
        ("PY  - soon", ""),
    ],
)
def test_dates_are_read_at_the_precision_they_have(lines: str, published: str) -> None:
    assert read(f"TY  - JOUR\nT1  - T\n{lines}\nER  - \n").record.published == published


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("start", ["", "\ufeff", "\n\nProvider: somebody\n"])
def test_marks_ends_and_preambles_do_not_matter(start: str, end: str) -> None:
    assert len(read((start + REFERENCE * 2).replace("\n", end)).records) == 2


@pytest.mark.parametrize("tag", ["TI", "T1", "CT"])
def test_the_title_may_stand_under_several_tags(tag: str) -> None:
    assert read(f"TY  - JOUR\n{tag}  - A Fold\nER  - ").titles == ["A Fold"]


def test_a_reference_without_an_end_is_read_when_another_one_follows() -> None:
    found = read(REFERENCE.replace("ER  -\n", "") + REFERENCE)
    assert (len(found.records), found.kinds) == (2, ["no-end"])


@pytest.mark.parametrize(
    ("bad", "kind"),
    [
        ("TY  - JOUR\nAU  - Lee, Ann\nER  - \n", "no-title"),
        ("TY  - JOUR\nTI  - T\nAB  - LONG\nER  - \n", "too-large"),
        ("TY  - JOUR\nTI  - T\nAB  - WORDS\nER  - \n", "too-large"),
    ],
)
def test_a_reference_that_cannot_be_read_is_a_problem_and_the_next_one_comes(bad: str, kind: str) -> None:
    found = read(bad.replace("LONG", "x" * 2_000_001).replace("WORDS", "word\n" * 600_000) + REFERENCE)
    assert kind in found.kinds
    assert found.titles[-1].startswith("On Napkins")


def test_a_file_that_breaks_off_is_a_problem() -> None:
    found = read(REFERENCE + REFERENCE[:100])
    assert (len(found.records), found.kinds) == (1, ["truncated"])


def test_a_field_of_a_million_spaces_is_read_at_once() -> None:
    assert read(f"TY  - JOUR\nTI  - T\nDO  - a{' ' * 1_000_000}b\nER  - ").titles == ["T"]


def test_bytes_that_are_not_utf8_are_read_and_told() -> None:
    found = read(b"TY  - JOUR\nTI  - \xc9lan\nER  - ")
    assert (found.titles, found.kinds) == (["Élan"], ["encoding"])
