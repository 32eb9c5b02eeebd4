"""Tables whose first row names the fields."""

import pytest
from tests.sources.reading import Read, parse

from broadsheet.model.record import Author
from broadsheet.sources import csv_table

TABLE = """id,title,authors,abstract,published,categories,also,upvotes
2401.00001,"On Napkins, folded",Ann Lee; Bo Chen,"We ""fold"".
Twice.",2024-06-05,cs.GR cs.LG,10.1000/xyz;2022.acl-long.1,7
2401.00002,On Cloth,"Lee, Ann",,,,,
"""


def read(data: str | bytes) -> Read:
    return parse("csv", data)


def test_rows_become_records() -> None:
    first, second = read(TABLE).records
    assert (first.source, first.key, first.title) == ("csv", "2401.00001", "On Napkins, folded")
    assert first.abstract == 'We "fold". Twice.'
    assert first.authors == (Author("Ann Lee"), Author("Bo Chen"))
    assert (first.published, first.categories) == ("2024-06-05", ("cs.GR", "cs.LG"))
    assert [str(one) for one in first.ids] == ["arxiv:2401.00001", "doi:10.1000/xyz", "acl:2022.acl-long.1"]
    assert [(one.kind, one.value) for one in first.signals] == [("upvotes", 7)]
    assert (second.title, second.authors) == ("On Cloth", (Author("Ann Lee"),))


@pytest.mark.parametrize("separator", [",", "\t", ";", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("start", ["", "\ufeff"])
def test_separators_ends_and_marks_are_told(separator: str, end: str, start: str) -> None:
    rows = (["Title", "Year"], ["On Napkins", "2024"], [], ["On Cloth", "2023"])
    found = read(start + end.join(separator.join(row) for row in rows))
    assert [(r.title, r.published) for r in found.records] == [("On Napkins", "2024"), ("On Cloth", "2023")]


@pytest.mark.parametrize("data", ["", "\n", "a,b\n1,2\n", "words", "titles\nT\n", "a\rb,title\nT"])
def test_a_table_without_titles_is_one_problem(data: str) -> None:
    found = read(data)
    assert (found.records, found.kinds) == ([], ["no-header"])


@pytest.mark.parametrize(
    ("bad", "kind"),
    [
        ("x,,2024", "no-title"),
        ("x,On, Napkins,2024", "bad-row"),
        ("x,T\rU,2024", "bad-row"),
        ("x,LONG,2024", "too-large"),
    ],
)
def test_a_row_that_cannot_be_read_is_a_problem_with_its_line_and_the_next_one_comes(bad: str, kind: str) -> None:
    found = read(f"id,title,year\n{bad}\ny,Next,2024\n".replace("LONG", "x" * 2_000_001))
    assert (found.kinds, found.titles) == ([kind], ["Next"])
    assert found.problems[0].where == "file:2"


def test_a_quote_left_open_costs_no_more_than_it_must() -> None:
    rows = "".join(f"{n},Paper {n}\n" for n in range(20_000))
    found = read(f'id,title\nx,"open\n{rows}')
    assert set(found.kinds) == {"bad-row"}
    assert len(found.records) > 10_000


def test_a_row_of_many_quotes_does_not_grow_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_table, "MAX_RECORD", 1_000)
    quoted = '"' + "x\n" * 400 + '",'
    found = read(f"title,year\n{quoted * 4}\nNext,2024\n")
    assert "bad-row" in found.kinds
    assert "Next" in found.titles[-1]


@pytest.mark.parametrize(
    ("said", "withdrawn"), [("true", True), ("1", True), ("yes", True), ("false", False), ("0", False), ("", False)]
)
def test_flags_are_read_as_words(said: str, *, withdrawn: bool) -> None:
    assert read(f"title,withdrawn\nOn Napkins,{said}\n").record.withdrawn is withdrawn


def test_a_stated_source_is_kept_apart_from_what_it_said_itself() -> None:
    record = read("id,title,source\n2401.00001,On Napkins,arxiv\n").record
    assert (record.source, record.key) == ("arxiv", "csv:2401.00001")


def test_bytes_that_are_not_utf8_are_read_and_told() -> None:
    found = read(b"title\n\xc9lan\n\0\n")
    assert (found.titles, found.kinds) == (["Élan"], ["encoding"])
