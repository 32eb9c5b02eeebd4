"""OAI-PMH answers: records, deletions, resumption tokens and errors."""

from datetime import UTC, datetime

import pytest
from tests.sources.reading import AT, Read, parse

from broadsheet.model.ids import ExternalId

HEADER = (
    "<header{status}><identifier>oai:arXiv.org:{id}</identifier><datestamp>2024-05-06</datestamp>"
    "<setSpec>cs</setSpec></header>"
)
RECORD = (
    f"<record>{HEADER.replace('{status}', '')}<metadata>"
    '<arXiv xmlns="http://arxiv.org/OAI/arXiv/"><id>{id}</id><title>Paper {id}</title></arXiv></metadata></record>'
)


def read(inside: str, verb: str = "ListRecords") -> Read:
    content = f"<{verb}>{inside}</{verb}>" if verb else inside
    return parse(
        "oai",
        '<?xml version="1.0" encoding="UTF-8"?><OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">'
        "<responseDate>2024-06-01T00:00:00Z</responseDate>"
        f'<request verb="{verb}" metadataPrefix="arXiv">http://oai.example.org/</request>{content}</OAI-PMH>',
    )


def record(number: str) -> str:
    return RECORD.replace("{id}", number)


@pytest.mark.parametrize("verb", ["ListRecords", "GetRecord"])
def test_records_come_with_the_moment_of_the_answer(verb: str) -> None:
    found = read(record("2401.00001") + record("2401.00002"), verb)
    assert [r.key for r in found.records] == ["2401.00001", "2401.00002"]
    assert {r.observed for r in found.records} == {datetime(2024, 6, 1, tzinfo=UTC)}


@pytest.mark.parametrize("verb", ["ListRecords", "ListIdentifiers"])
def test_a_deletion_takes_the_record_back(verb: str) -> None:
    header = HEADER.format(status=' status="deleted"', id="2401.00003")
    deleted = read(f"<record>{header}</record>" if verb == "ListRecords" else header, verb).record
    assert (deleted.deleted, deleted.key, deleted.title) == (True, "2401.00003", "")
    assert deleted.ids == (ExternalId("arxiv", "2401.00003"),)
    assert deleted.updated == "2024-05-06"


def test_a_header_alone_tells_of_no_paper() -> None:
    assert read(HEADER.format(status="", id="2401.00001"), "ListIdentifiers").told[:-1] == ()


def test_the_resumption_token_is_a_value() -> None:
    told = '<resumptionToken completeListSize="8" cursor="0" expirationDate="2024-06-02">a&amp;b|2</resumptionToken>'
    envelope = read(record("2401.00001") + told).envelope
    assert (envelope.resumption_token, envelope.complete_list_size, envelope.cursor) == ("a&b|2", 8, 0)


def test_the_last_page_has_an_empty_token_and_a_whole_list_has_none() -> None:
    assert read(record("2401.00001") + '<resumptionToken cursor="4"/>').envelope.resumption_token == ""
    assert read(record("2401.00001")).envelope.resumption_token is None


@pytest.mark.parametrize(
    "code",
    ["badArgument", "badResumptionToken", "badVerb", "cannotDisseminateFormat", "idDoesNotExist", "noSetHierarchy"],
)
def test_an_error_is_a_problem_and_a_value(code: str) -> None:
    found = read(f'<error code="{code}">Too bad.</error>', "")
    assert found.kinds == [f"oai-{code}"]
    assert (found.envelope.error_code, found.envelope.error_message) == (code, "Too bad.")


def test_an_error_without_words_still_says_which() -> None:
    [problem] = read('<error code="badVerb"/>', "").problems
    assert problem.message == "The repository answered badVerb."


def test_no_records_is_no_problem() -> None:
    found = read('<error code="noRecordsMatch">None.</error>', "")
    assert (found.problems, found.envelope.error_code) == ([], "noRecordsMatch")


@pytest.mark.parametrize("verb", ["Identify", "ListMetadataFormats", "ListSets"])
def test_answers_about_the_repository_hold_no_records(verb: str) -> None:
    found = read("<repositoryName>Folds</repositoryName><set><setSpec>cs</setSpec></set>", verb)
    assert (found.records, found.problems) == ([], [])


@pytest.mark.parametrize(
    ("bad", "kind"),
    [
        ("<record><metadata><arXiv><title>T</title></arXiv></metadata></record>", "no-id"),
        ("<record><header><identifier> </identifier></header></record>", "no-id"),
        (record("2401.00001").partition("<metadata>")[0] + "</record>", "no-metadata"),
        (record("2401.00001").replace("<title>Paper 2401.00001</title>", ""), "no-title"),
        (record("2401.00001").replace("arXiv xmlns", "mods xmlns").replace("/arXiv>", "/mods>"), "unknown-metadata"),
        (record("2401.00001").replace("Paper", "LONG"), "too-large"),
    ],
)
def test_a_record_that_cannot_be_read_is_a_problem_and_the_next_one_comes(bad: str, kind: str) -> None:
    found = read(bad.replace("LONG", "x" * 2_000_001) + record("2401.00002"))
    assert (found.kinds, [r.key for r in found.records]) == ([kind], ["2401.00002"])


def test_a_record_inside_a_record_belongs_to_it() -> None:
    inner = '<about><record xmlns="http://www.loc.gov/MARC21/slim"><leader/></record></about></record>'
    found = read(record("2401.00001").replace("</record>", inner) + record("2401.00002"))
    assert (len(found.records), found.kinds) == (2, [])


def test_an_answer_that_breaks_off_keeps_its_whole_records() -> None:
    whole = '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><ListRecords>' + record("2401.00001")
    found = parse("oai", whole + record("2401.00002")[:200])
    assert (len(found.records), found.kinds) == (1, ["truncated"])
    assert found.records[0].observed == AT
    assert found.envelope.resumption_token is None
