"""arXiv's sets, in today's spelling and all earlier ones, and the two lists that are harvested."""

from datetime import UTC, date, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from broadsheet.errors import Invalid
from broadsheet.sources.adapter import Want
from broadsheet.sources.live.arxiv import arxiv, arxiv_history, set_of

AT = datetime(2025, 3, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("", ""),
        (" ", ""),
        ("cs", "cs"),
        ("cs:cs", "cs:cs"),
        ("cs:cs:CL", "cs:cs:CL"),
        ("cs:CL", "cs:cs:CL"),
        ("cs.CL", "cs:cs:CL"),
        ("cs.cl", "cs:cs:CL"),
        ("CS.LG", "cs:cs:LG"),
        ("physics", "physics"),
        ("physics:hep-th", "physics:hep-th"),
        ("hep-th", "physics:hep-th"),
        ("astro-ph", "physics:astro-ph"),
        ("astro-ph.GA", "physics:astro-ph:GA"),
        ("physics:astro-ph:GA", "physics:astro-ph:GA"),
        ("cond-mat.mes-hall", "physics:cond-mat:mes-hall"),
        ("physics.optics", "physics:physics:optics"),
        ("physics:optics", "physics:physics:optics"),
        ("physics:physics", "physics:physics"),
        ("physics:physics:acc-ph", "physics:physics:acc-ph"),
        ("nlin.AO", "physics:nlin:AO"),
        ("math-ph", "physics:math-ph"),
        ("math.NA", "math:math:NA"),
        ("q-bio:BM", "q-bio:q-bio:BM"),
        ("q-fin.CP", "q-fin:q-fin:CP"),
        ("stat.ML", "stat:stat:ML"),
        ("eess.AS", "eess:eess:AS"),
    ],
)
def test_a_set_is_read_in_every_spelling(target: str, expected: str) -> None:
    assert set_of(target) == expected
    assert set_of(expected) == expected


@pytest.mark.parametrize(
    "target", ["biology", "cs:cs:CL:x", "cs.CL.x", "cs.CL and math", "hep-th:hep-ph:x", "cs/CL", "cs.1"]
)
def test_what_is_no_set_is_refused(target: str) -> None:
    with pytest.raises(Invalid, match="no set of arXiv"):
        arxiv().begin(Want(target=target), {}, AT)


def test_each_list_has_its_format_and_a_mark_of_its_own() -> None:
    for source, prefix in ((arxiv(), "arXiv"), (arxiv_history(), "arXivRaw")):
        asked = parse_qs(urlsplit(source.begin(Want(target="cs.CL"), {}, AT).url).query)
        assert asked == {"verb": ["ListRecords"], "metadataPrefix": [prefix], "set": ["cs:cs:CL"]}


def test_no_day_is_asked_for_that_arxiv_refuses() -> None:
    assert "from=" not in arxiv().begin(Want(since=date(1991, 8, 14)), {}, AT).url
    assert "from=2005-09-17" in arxiv().begin(Want(since=date(2005, 9, 17)), {}, AT).url
