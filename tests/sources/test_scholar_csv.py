"""Google Scholar's tables."""

import io

from hypothesis import given
from hypothesis import strategies as st

from broadsheet.model.ids import ExternalId
from broadsheet.model.record import Author, Problem, Record
from broadsheet.sources.scholar_csv import parse

TABLE = (
    "\ufeffAuthors,Title,Publication,Volume,Number,Pages,Year,Publisher\r\n"
    '"Lee, Ann; Chen, Bo; ",Folding Napkins,arXiv preprint arXiv:2401.00001,,,,2024,\r\n'
    '"Young, Cy; ","=HYPERLINK(""http://x"")",Journal of Sheep,1,2,3-4,2023,Meadow Press\r\n'
    "Nobody,,,,,,,\r\n"
)


def test_rows_are_records() -> None:
    first, second, third = parse(io.BytesIO(TABLE.encode()), name="citations.csv")
    assert isinstance(first, Record)
    assert first.authors == (Author("Ann Lee"), Author("Bo Chen"))
    assert first.ids == (ExternalId("arxiv", "2401.00001"),)
    assert isinstance(second, Record)
    assert (second.title, second.venue, second.published) == ('=HYPERLINK("http://x")', "Journal of Sheep", "2023")
    assert isinstance(third, Problem)
    assert third.kind == "no-title"


@given(st.binary(max_size=200))
def test_any_bytes_give_records_or_problems(noise: bytes) -> None:
    content = TABLE.encode() + noise
    assert all(isinstance(one, Record | Problem) for one in parse(io.BytesIO(content), name="x.csv"))
