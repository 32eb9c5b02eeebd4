"""How lists of an OAI-PMH repository end: whole, broken off, in circles or never."""

import pytest
from tests.sources.live.repository import BEGINNING, MOST_FAILURES, Habits, Harvester, Repository
from tests.sources.live.test_oai import RECORD, asked, stamped


@pytest.mark.parametrize("stuck", ["same", "circle"])
@pytest.mark.parametrize("count", [2, 5, 30])
def test_a_list_that_goes_in_circles_is_left_with_a_problem_and_read_anew(stuck: str, count: int) -> None:
    repository = Repository(Habits(page=1), stuck=stuck)
    for number in range(count):
        repository.put(number, "Text")
    harvester = Harvester(repository)
    assert harvester.run() <= 4 * count + 4
    assert [problem.kind for problem in harvester.problems] == ["circle"]
    assert harvester.said == ["The list goes in circles; it was left."] * MOST_FAILURES
    assert not list(harvester.moments)
    repository.stuck = ""
    harvester.run()
    assert harvester.kept == repository.current()
    assert list(harvester.moments) == [repository.now]


def test_a_list_whose_tokens_always_differ_but_whose_page_does_not_is_left_too() -> None:
    harvester = Harvester(Repository())
    harvester.begin()
    for number in range(9):
        if not harvester.failures:
            body = f"<ListRecords>{RECORD}<resumptionToken>{number}</resumptionToken></ListRecords>"
            harvester.page(Repository().document(body))
    assert [problem.kind for problem in harvester.problems] == ["circle"]
    assert not list(harvester.moments)


def test_a_list_whose_tokens_never_hold_is_left_in_the_end() -> None:
    harvester = Harvester(Repository())
    harvester.begin()
    pages = 0
    while harvester.ask and pages < 1_000:
        pages += 1
        inside = f"<ListRecords>{RECORD}<resumptionToken>{pages}</resumptionToken></ListRecords>"
        bad = '<error code="badResumptionToken"/>'
        harvester.page(Repository().document(bad if "resumptionToken" in harvester.ask.url else inside))
    assert pages < 100
    assert (len(harvester.said), list(harvester.moments)) == (MOST_FAILURES, [])
    assert "own tokens" in harvester.said[0]


def broken_off(ends: list[int], *, how: str, size: int = 100) -> Harvester:
    """Harvest a list that says its size and ends after so many records, the last number for good."""
    harvester = Harvester(Repository())
    harvester.begin()
    while harvester.ask is not None and len(harvester.repository.asked) < 200:
        token = asked(harvester.ask).get("resumptionToken")
        harvester.repository.asked.append({})
        if token is None:
            records = stamped(*["2025-03-03"] * 30)
            inside = (
                f'<ListRecords>{records}<resumptionToken completeListSize="{size}">t</resumptionToken></ListRecords>'
            )
        else:
            end = ends.pop(0) if len(ends) > 1 else ends[0]
            records = "".join(stamped("2025-03-03").replace("example:0", f"example:x{n}") for n in range(end - 30))
            inside = how.replace("RECORDS", records)
        harvester.page(Repository().document(inside))
    return harvester


@pytest.mark.parametrize(
    "how",
    [
        '<ListRecords>RECORDS<resumptionToken completeListSize="100"/></ListRecords>',
        "<ListRecords>RECORDS<resumptionToken/></ListRecords>",
        "<ListRecords>RECORDS</ListRecords>",
    ],
)
def test_a_list_that_ends_early_is_read_anew_until_it_is_whole(how: str) -> None:
    for ends, pages in (([40, 100], 4), ([40, 60, 100], 6), ([100], 2), ([95], 2)):
        harvester = broken_off(list(ends), how=how)
        assert len(harvester.repository.asked) == pages
        assert (harvester.problems, harvester.said, list(harvester.moments)) == ([], [], [BEGINNING])


@pytest.mark.parametrize(
    "how",
    [
        "<ListRecords>RECORDS<resumptionToken/></ListRecords>",
        "<ListRecords>RECORDS</ListRecords>",
        '<error code="noRecordsMatch"/>',
    ],
)
def test_a_list_that_ends_early_at_the_same_place_each_time_has_a_wrong_size_and_a_problem(how: str) -> None:
    harvester = broken_off([30 if "error" in how else 40], how=how)
    assert len(harvester.repository.asked) == 6
    [problem] = harvester.problems
    assert (problem.kind, list(harvester.moments)) == ("short-list", [BEGINNING])
    assert "has 100 records, and told" in problem.message


def test_a_list_that_ends_anywhere_fails_and_leaves_the_mark() -> None:
    harvester = broken_off([80, 70, 40], how="<ListRecords>RECORDS<resumptionToken/></ListRecords>")
    assert (len(harvester.said), list(harvester.moments)) == (MOST_FAILURES, [])
    assert harvester.said[0] == "The repository says that its list has 100 records, and told 40."


def test_a_list_of_one_answer_that_says_it_has_more_is_read_anew_too() -> None:
    harvester = Harvester(Repository())
    harvester.begin()
    for size in (900, 900, 1):
        end = f'<resumptionToken completeListSize="{size}"/>'
        assert harvester.ask is not None
        assert "resumptionToken" not in harvester.ask.url
        harvester.page(Repository().document(f"<ListRecords>{RECORD}{end}</ListRecords>"))
    assert (harvester.ask, harvester.problems, list(harvester.moments)) == (None, [], [BEGINNING])
