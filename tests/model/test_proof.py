"""What shows that a reader wrote a paper, and what does not."""

from dataclasses import replace

import pytest

from broadsheet.model.author import Person
from broadsheet.model.paper import Paper
from broadsheet.model.proof import Known, prove
from broadsheet.model.record import Author, Link

ANN = Person(1, "ann-lee", "Ann Lee", {"annlee": "Ann Lee"})
ORCID, OTHER = "0000-0002-1825-0097", "0000-0001-5109-3700"


def paper(*authors: Author, **told: object) -> Paper:
    return Paper(id=7, slug="x", title="T", authors=authors or (Author("Ann Lee"),), **told)  # type: ignore[arg-type]


def judged(papers: list[Paper], **known: object) -> tuple[str, bool]:
    proof = prove(ANN, papers, Known(**known))  # type: ignore[arg-type]
    return proof.method, proof.certain


def test_an_orcid_beside_the_name_is_certain_until_another_one_stands_there() -> None:
    mine = paper(Author("Ann Lee", "", f"https://orcid.org/{ORCID}"))
    namesake = paper(Author("Ann Lee", "", OTHER))
    beside = paper(Author("Ann Lee"), Author("Bo Chen", "", ORCID))
    assert judged([mine], orcids={ORCID}) == ("orcid", True)
    assert judged([mine, namesake], orcids={ORCID}) == ("orcid", False)
    assert judged([beside], orcids={ORCID}) == ("moderator", False)
    assert judged([mine], orcids=set()) == ("moderator", False)


@pytest.mark.parametrize(
    ("comment", "authors", "expected"),
    [
        ("Contact: <ann@tea.example>.", ["Ann Lee"], True),
        ("Contact ann@tea.example", ["Ann Lee", "Bo Chen"], False),
        ("Contact a.lee@tea.example", ["Ann Lee", "Bo Chen"], True),
        ("Contact a.lee@tea.example", ["Ann Lee", "Bo Lee"], False),
        ("Contact a.lee@tea.example", ["Ann Lee", "Leena Chen"], True),
        ("Contact aleena@tea.example", ["Ann Lee", "Aleena Chen"], False),
        ("Contact a.lee@tea.example", ["Ann Lee", "Lee Chen"], False),
        ("Contact a.lee@tea.example.org", ["Ann Lee"], False),
        ("Contact xa.lee@tea.example", ["Ann Lee"], False),
        ("", ["Ann Lee"], False),
    ],
)
def test_a_mail_address_is_certain_if_it_can_be_nobody_elses(
    comment: str, authors: list[str], *, expected: bool
) -> None:
    shown = paper(*map(Author, authors), comment=comment)
    method, certain = judged([shown], addresses={"ann@tea.example", "a.lee@tea.example", "aleena@tea.example"})
    assert (certain, method == "mail") == (expected, expected)


def test_a_site_only_speaks_for_it_and_a_shared_one_does_not() -> None:
    site = paper(links=(Link("project", "https://www.tea.example/x"), Link("code", "https://github.com/x")))
    assert judged([site], addresses={"ann@tea.example"}) == ("listed", False)
    assert judged([site], addresses={"ann@github.com"}) == ("moderator", False)
    assert judged([paper(links=(Link("project", "http://[bad"),))], addresses={"a@b.example"}) == ("moderator", False)


def test_a_page_that_anybody_may_have_written_is_never_certain() -> None:
    orcid = paper(Author("Ann Lee", "", ORCID), sources=("page", "submitted"))
    mail = paper(comment="Contact ann@tea.example", sources=("page",))
    assert judged([orcid], orcids={ORCID}) == ("orcid", False)
    assert judged([mail], addresses={"ann@tea.example"}) == ("mail", False)
    proof = prove(ANN, [mail], Known(addresses={"ann@tea.example"}))
    assert "anybody may have written" in proof.evidence
    printed = replace(mail, sources=("arxiv", "submitted"))
    assert judged([mail, printed], addresses={"ann@tea.example"}) == ("mail", True)
