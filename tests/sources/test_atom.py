"""The arXiv API's answers."""

from datetime import UTC, datetime

import pytest
from tests.sources.reading import Read, parse

from broadsheet.model.ids import ExternalId
from broadsheet.model.record import Author, Link, Version

ENTRY = """<entry>
 <id>http://arxiv.org/abs/2401.00001v2</id>
 <updated>2024-02-03T04:05:06Z</updated><published>2024-01-02T03:04:05Z</published>
 <title>On Napkins:
   a   $O(n)$ fold</title>
 <summary>  We fold. Code: https://github.com/ann/napkins. </summary>
 <author><name>Ann Lee</name><arxiv:affiliation>Fold Institute</arxiv:affiliation></author>
 <author><name>Jos\\'e Chen</name></author>
 <arxiv:doi>10.1000/xyz</arxiv:doi>
 <arxiv:comment>12 pages</arxiv:comment>
 <arxiv:journal_ref>J. Folds 3 (2024)</arxiv:journal_ref>
 <link href="http://arxiv.org/abs/2401.00001v2" rel="alternate" type="text/html"/>
 <link title="pdf" href="http://arxiv.org/pdf/2401.00001v2" rel="related"/>
 <arxiv:primary_category term="cs.GR"/><category term="cs.LG"/><category term="cs.GR"/>
</entry>"""


def read(*entries: str, head: str = "") -> Read:
    return parse(
        "atom",
        '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" '
        'xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">'
        f"{head}{''.join(entries)}</feed>",
    )


def test_an_entry_becomes_a_record() -> None:
    record = read(ENTRY).record
    assert (record.source, record.key, record.version) == ("arxiv", "2401.00001", 2)
    assert record.title == "On Napkins: a $O(n)$ fold"
    assert record.abstract == "We fold. Code: https://github.com/ann/napkins."
    assert record.authors == (Author("Ann Lee", "Fold Institute"), Author("José Chen"))
    assert record.ids == (ExternalId("arxiv", "2401.00001"), ExternalId("doi", "10.1000/xyz"))
    assert (record.published, record.updated) == ("2024-01-02T03:04:05Z", "2024-02-03T04:05:06Z")
    assert record.categories == ("cs.GR", "cs.LG")
    assert (record.venue, record.comment) == ("J. Folds 3 (2024)", "12 pages")
    assert record.versions == (Version(1, "2024-01-02T03:04:05Z"), Version(2, "2024-02-03T04:05:06Z"))
    assert record.links == (
        Link("page", "http://arxiv.org/abs/2401.00001v2"),
        Link("pdf", "http://arxiv.org/pdf/2401.00001v2"),
        Link("code", "https://github.com/ann/napkins"),
    )


def test_the_envelope_tells_of_the_whole_list_and_when_it_was_so() -> None:
    head = (
        "<updated>2024-03-01T00:00:00-05:00</updated><opensearch:totalResults>214881</opensearch:totalResults>"
        "<opensearch:startIndex>20</opensearch:startIndex>"
    )
    found = read(ENTRY, head=head)
    at = datetime(2024, 3, 1, 5, tzinfo=UTC)
    assert (found.envelope.response_date, found.record.observed) == (at, at)
    assert (found.envelope.complete_list_size, found.envelope.cursor) == (214_881, 20)


def test_an_empty_feed_is_no_problem() -> None:
    found = read()
    assert (found.records, found.problems, found.envelope.error_code) == ([], [], "")


def test_an_error_entry_is_a_problem_and_stands_in_the_envelope() -> None:
    found = read(
        "<entry><id>https://arxiv.org/api/errors#incorrect_id_format_for_abc</id><title>Error</title>"
        "<summary>incorrect id format for abc</summary></entry>"
    )
    assert found.kinds == ["api-error"]
    assert (found.envelope.error_code, found.envelope.error_message) == ("api-error", "incorrect id format for abc")


@pytest.mark.parametrize(
    ("address", "key", "version"),
    [
        ("http://arxiv.org/abs/math.GT/0309136v1", "math/0309136", 1),
        ("http://arxiv.org/abs/hep-th/9901001", "hep-th/9901001", 0),
        ("https://arxiv.org/abs/0704.0001v12", "0704.0001", 12),
    ],
)
def test_ids_of_every_age_are_read(address: str, key: str, version: int) -> None:
    record = read(ENTRY.replace("http://arxiv.org/abs/2401.00001v2</id>", f"{address}</id>")).record
    assert (record.key, record.version) == (key, version)


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ("http://arxiv.org/abs/2401.00001v2</id>", "https://blog.example.org/1</id>", "no-id"),
        ("http://arxiv.org/abs/2401.00001v2</id>", "http://arxiv.org/abs/words</id>", "no-id"),
        ("On Napkins:\n   a   $O(n)$ fold", " ", "no-title"),
        ("12 pages", "LONG", "too-large"),
    ],
)
def test_an_entry_that_cannot_be_read_is_a_problem_and_the_next_one_comes(old: str, new: str, kind: str) -> None:
    found = read(ENTRY.replace(old, new).replace("LONG", "x" * 2_000_001), ENTRY)
    assert (found.kinds, len(found.records)) == ([kind], 1)


def test_a_feed_that_breaks_off_keeps_its_whole_entries() -> None:
    whole = f'<feed xmlns="http://www.w3.org/2005/Atom">{ENTRY}{ENTRY[:300]}'.replace("arxiv:", "")
    found = parse("atom", whole)
    assert (len(found.records), found.kinds) == (1, ["malformed", "truncated"])


def test_a_paper_that_says_it_was_withdrawn_is_withdrawn() -> None:
    withdrawn = ENTRY.replace("12 pages", "This paper has been withdrawn by the author due to an error")
    assert read(withdrawn).record.withdrawn
    assert not read(ENTRY).record.withdrawn
