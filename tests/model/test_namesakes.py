"""Which names may be one person's."""

import pytest

from broadsheet.model.namesakes import Namesake, may_be_one, namesakes


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("A. Lee", "Ann Lee", True),
        ("Ann Lee", "Ann B. Lee", True),
        ("Lee, A. B.", "Ann Bea Lee", True),
        ("Ann Lee", "Amy Lee", False),
        ("Ann Lee", "Ann Li", False),
        ("A. C. Lee", "Ann Bea Lee", False),
        ("Lee", "Ann Lee", False),
        ("", "Ann Lee", False),
        ("Jean-Luc Picard", "J. L. Picard", True),
        ("Paul Erdős", "P. Erdos", True),
    ],
)
def test_names_agree_where_no_part_contradicts(a: str, b: str, *, expected: bool) -> None:
    assert may_be_one(a, b) is may_be_one(b, a) is expected


def test_namesakes_share_coauthors_and_the_closest_comes_first() -> None:
    others = {
        "A. Lee": ["Bo Chen", "Cy Young", "Di Ng"],
        "Ann B. Lee": ["bo chen", "Young, Cy"],
        "Ann C. Lee": ["Bo Chen"],
        "Amy Lee": ["Bo Chen", "Cy Young"],
        "ANN LEE": ["Bo Chen", "Cy Young"],
    }
    found = namesakes(["Ann Lee"], ["Bo Chen", "Cy Young", "Di Ng"], others)
    assert found == (Namesake("A. Lee", 3), Namesake("Ann B. Lee", 2))
    assert namesakes(["Ann Lee"], [], others) == ()
