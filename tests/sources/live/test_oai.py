"""What is asked of an OAI-PMH repository, and what each of its answers leads to."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from urllib.parse import parse_qsl, urlsplit

import pytest
from tests.sources.live.repository import BEGINNING, SERVICE, Habits, Harvester, Repository

from broadsheet.errors import BroadsheetError, Invalid, NotFound, Unavailable
from broadsheet.sources.adapter import Answer, Ask, Page, Service, Want
from broadsheet.sources.live.oai import OaiSource
from broadsheet.sources.live.oai_run import MOST_DAYS

SOURCE = OaiSource(service=SERVICE, prefix="arXiv")
AT = BEGINNING
TOKEN = SERVICE.base + "?verb=ListRecords&resumptionToken=x%26y"
RECORD = (
    "<record><header><identifier>oai:a.example:1</identifier><datestamp>2025-03-03</datestamp></header><metadata>"
    '<dc xmlns="http://www.openarchives.org/OAI/2.0/oai_dc/"><title>Napkins</title></dc></metadata></record>'
)


def asked(ask: Ask | None) -> dict[str, str]:
    assert ask is not None
    return dict(parse_qsl(urlsplit(ask.url).query))


def read(inside: str | bytes, *, url: str = "", mark: object = None, want: Want | None = None) -> Page:
    body = Repository().document(inside) if isinstance(inside, str) else inside
    ask = Ask(url=url or SOURCE.begin(want or Want(), {}, AT).url)
    answer = Answer(url=ask.url, body=BytesIO(body), at=AT, kind="text/xml")
    return SOURCE.read(want or Want(), mark or {}, ask, answer)  # type: ignore[arg-type]


def harvested(**habits: object) -> Harvester:
    repository = Repository(Habits(page=2, **habits))  # type: ignore[arg-type]
    for number in range(5):
        repository.put(number, f"Text {number}")
    harvester = Harvester(repository)
    harvester.run()
    return harvester


def test_a_first_run_asks_for_everything() -> None:
    assert asked(SOURCE.begin(Want(), {}, AT)) == {"verb": "ListRecords", "metadataPrefix": "arXiv"}


def test_the_next_run_asks_from_a_day_before_the_first_answer_and_sets_no_end() -> None:
    harvester = harvested()
    assert [at for at in harvester.moments] == [BEGINNING]  # noqa: C416 - an iterator
    assert asked(SOURCE.begin(Want(), harvester.mark, AT)) == {
        "verb": "ListRecords",
        "metadataPrefix": "arXiv",
        "from": "2025-03-02",
    }


def test_the_overlap_is_a_day_at_least() -> None:
    mark = harvested().mark
    assert asked(replace(SOURCE, overlap=timedelta()).begin(Want(), mark, AT))["from"] == "2025-03-02"
    assert asked(replace(SOURCE, overlap=timedelta(days=3)).begin(Want(), mark, AT))["from"] == "2025-02-28"


@pytest.mark.parametrize("skew", [timedelta(days=-1), timedelta(days=1), timedelta(days=9_000), timedelta(seconds=1)])
def test_no_mark_goes_past_the_repositorys_own_clock_whatever_ours_says(skew: timedelta) -> None:
    repository = Repository()
    repository.put(1, "Text")
    harvester = Harvester(repository, skew=skew)
    for _ in range(3):
        harvester.run()
        assert all(at <= repository.now for at in harvester.moments)
        repository.now += timedelta(hours=30)


def test_the_first_answers_moment_counts_though_the_last_one_came_a_day_later() -> None:
    repository = Repository(Habits(page=1, tokens_expire=False))
    for number in range(3):
        repository.put(number, "Text")
    harvester = Harvester(repository)
    harvester.begin()
    while harvester.ask:
        harvester.page()
        repository.now += timedelta(hours=13)
    assert list(harvester.moments) == [BEGINNING]


def test_days_wanted_are_asked_for_and_leave_the_mark_alone() -> None:
    mark = {"from": {"arXiv": "2025-03-01T00:00:00+00:00"}}
    want = Want(since=date(2024, 5, 6), until=date(2024, 5, 8))
    ask = SOURCE.begin(want, mark, AT)
    # A day more, as some repositories end at its first second.
    assert (asked(ask)["from"], asked(ask)["until"]) == ("2024-05-06", "2024-05-09")
    assert read(f"<ListRecords>{RECORD}</ListRecords>", url=ask.url, mark=mark, want=want).mark == mark


def test_no_day_to_come_is_asked_for() -> None:
    for until in (AT.date(), AT.date() + timedelta(days=5)):
        assert "until" not in asked(SOURCE.begin(Want(until=until), {}, AT))


@pytest.mark.parametrize(
    ("since", "moved"), [(date(2025, 1, 1), True), (date(2025, 2, 28), True), (date(2025, 3, 1), False)]
)
def test_a_run_since_a_day_moves_the_mark_unless_it_leaves_days_out(since: date, moved: bool) -> None:  # noqa: FBT001
    mark = {"from": {"arXiv": "2025-03-01T00:00:00+00:00"}}
    found = read(f"<ListRecords>{RECORD}</ListRecords>", mark=mark, want=Want(since=since)).mark
    assert (found != mark) is moved


def test_each_set_has_a_mark_of_its_own() -> None:
    page = read(f"<ListRecords>{RECORD}</ListRecords>", want=Want(target="cs"))
    assert "from" in asked(SOURCE.begin(Want(target="cs"), page.mark, AT))
    assert "from" not in asked(SOURCE.begin(Want(target="math"), page.mark, AT))


def test_a_token_stands_alone_and_is_written_as_an_address_wants_it() -> None:
    page = read(f"<ListRecords>{RECORD}<resumptionToken>from%3D2025 &amp; skip=2</resumptionToken></ListRecords>")
    assert asked(page.next) == {"verb": "ListRecords", "resumptionToken": "from%3D2025 & skip=2"}


@pytest.mark.parametrize("end", ["", "<resumptionToken/>", '<resumptionToken cursor="1" completeListSize="1"/>'])
def test_a_list_ends_with_an_empty_token_or_none(end: str) -> None:
    page = read(f"<ListRecords>{RECORD}{end}</ListRecords>")
    assert page.next is None
    assert page.mark["from"]
    assert "run" not in page.mark


def test_how_many_records_to_expect_is_told() -> None:
    assert harvested(sizes=True).repository.asked
    onward = '<resumptionToken completeListSize="8">a</resumptionToken>'
    assert read(f"<ListRecords>{RECORD}{onward}</ListRecords>").expected == 8


def test_nothing_new_is_fine_and_moves_nothing() -> None:
    page = read('<error code="noRecordsMatch"/>', mark={"from": {"arXiv": "2025-03-01T00:00:00+00:00"}})
    assert (tuple(page.told), page.next) == ((), None)
    assert page.mark == {"from": {"arXiv": "2025-03-01T00:00:00+00:00"}}


@pytest.mark.parametrize("code", ["badArgument", "cannotDisseminateFormat", "noSetHierarchy", "badResumptionToken"])
def test_an_error_makes_the_run_fail_and_says_why(code: str) -> None:
    """A set that was renamed must not look like one in which nothing happens."""
    mark = {"from": {"arXiv": "2025-03-01T00:00:00+00:00"}}
    with pytest.raises(Unavailable, match=f"{code}: There is no such thing"):
        read(f'<error code="{code}">There is no such thing.</error>', mark=mark)


@pytest.mark.parametrize("denied", [Invalid("a answers 400.", field="url"), NotFound("a answers 404.")])
def test_an_error_that_comes_with_the_status_of_one_is_read(denied: BroadsheetError) -> None:
    """OAI-PMH tells its errors with 200; some repositories add a status all the same."""
    ask = SOURCE.begin(Want(), {}, AT)

    def said(body: bytes) -> Page:
        return SOURCE.read(Want(), {}, ask, Answer(url=ask.url, body=BytesIO(body), at=AT, denied=denied))

    assert ask.explains
    page = said(Repository().document('<error code="noRecordsMatch"/>'))
    assert (tuple(page.told), page.next) == ((), None)
    with pytest.raises(Unavailable, match="badArgument"):
        said(Repository().document('<error code="badArgument">No.</error>'))
    for body in (b"", b"<html>No such page</html>", WHOLE):
        with pytest.raises(type(denied), match=str(denied)):
            said(body)


def test_an_error_beside_records_costs_none_of_them() -> None:
    page = read(f'<ListRecords>{RECORD}</ListRecords><error code="badArgument">No.</error>')
    assert [type(one).__name__ for one in page.told] == ["Record", "Problem"]
    assert (page.next, page.mark) == (None, {})


WHOLE = Repository().document(f"<ListRecords>{RECORD}</ListRecords>")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<!DOCTYPE html><html><body>Too many requests</body></html>",
        b"{}",
        WHOLE[:-1],
        WHOLE[:300],
        WHOLE.replace(b"</record>", b"<resumptionToken>a</resumptionToken>"),
        Repository().document("<ListRecords></ListRecords>"),
        Repository().document("<ListRecords><resumptionToken/></ListRecords>"),
    ],
)
def test_what_is_no_whole_answer_is_asked_for_again(body: bytes) -> None:
    with pytest.raises(Unavailable):
        read(body)


@pytest.mark.parametrize("length", range(0, len(WHOLE), 7))
def test_an_answer_that_breaks_off_anywhere_is_asked_for_again(length: int) -> None:
    with pytest.raises(Unavailable):
        read(WHOLE[:length])


def test_an_empty_page_is_asked_for_again_where_more_should_be() -> None:
    first = read(f"<ListRecords>{RECORD}<resumptionToken>a</resumptionToken></ListRecords>")
    with pytest.raises(Unavailable, match="no records here"):
        read("<ListRecords></ListRecords>", url=TOKEN, mark=first.mark)
    for good in ("<resumptionToken/>", '<resumptionToken completeListSize="1"/>'):
        assert read(f"<ListRecords>{good}</ListRecords>", url=TOKEN, mark=first.mark).next is None


def test_one_bad_record_stops_no_page() -> None:
    bad = RECORD.replace("Napkins", "")
    page = read(f"<ListRecords>{RECORD}{bad}{RECORD}<resumptionToken>a</resumptionToken></ListRecords>")
    assert [type(one).__name__ for one in page.told] == ["Record", "Problem", "Record"]
    assert page.next is not None


def expired(*, sorts: bool) -> Harvester:
    """Harvest two pages and find the token expired."""
    repository = Repository(Habits(page=2, ends_bare=True))
    for number in range(8):
        repository.now += timedelta(hours=12)
        repository.put(number, f"Text {number}")
    harvester = Harvester(repository, source=replace(SOURCE, sorts=sorts))
    harvester.begin()
    harvester.page()
    harvester.page()
    harvester.page(repository.document('<error code="badResumptionToken"/>'))
    return harvester


def test_a_list_whose_token_expired_begins_again() -> None:
    harvester = expired(sorts=False)
    assert asked(harvester.ask) == {"verb": "ListRecords", "metadataPrefix": "arXiv"}
    harvester.run()
    assert (harvester.problems, harvester.kept) == ([], harvester.repository.current())


def test_a_list_sorted_by_datestamp_goes_on_from_the_last_day_told() -> None:
    harvester = expired(sorts=True)
    assert asked(harvester.ask)["from"] == "2025-03-05"
    harvester.run()
    assert harvester.kept == harvester.repository.current()
    assert list(harvester.moments) == [harvester.repository.now]


def test_a_list_that_is_not_in_order_after_all_begins_again_where_it_began() -> None:
    harvester = Harvester(Repository(), source=replace(SOURCE, sorts=True))
    harvester.begin()
    other = RECORD.replace("2025-03-03", "2025-01-01").replace("example:1", "example:2")
    onward = "<resumptionToken>a</resumptionToken>"
    harvester.page(Repository().document(f"<ListRecords>{RECORD}{other}{onward}</ListRecords>"))
    harvester.page(Repository().document('<error code="badResumptionToken"/>'))
    assert "from" not in asked(harvester.ask)


def test_a_deletion_on_a_later_page_takes_back_the_record_of_its_own_format() -> None:
    source = replace(SOURCE, prefix="arXivRaw")
    gone = (
        '<record><header status="deleted"><identifier>oai:arXiv.org:2401.00001</identifier>'
        "<datestamp>2025-03-03</datestamp></header></record>"
    )
    body = BytesIO(Repository().document(f"<ListRecords>{gone}<resumptionToken/></ListRecords>"))
    [record] = source.read(Want(), {}, Ask(url=TOKEN), Answer(url=TOKEN, body=body, at=AT)).told
    assert record.key == "2401.00001#arXivRaw"  # type: ignore[union-attr]


def test_any_repository_is_asked_at_the_address_that_is_the_target() -> None:
    anywhere = OaiSource(service=Service(name="oai"))
    target = "https://oai.example.org/x/oai2d?set=user-folds&metadataPrefix=oai_dc"
    ask = anywhere.begin(Want(target=target), {}, AT)
    assert urlsplit(ask.url)[:3] == ("https", "oai.example.org", "/x/oai2d")
    assert asked(ask) == {"verb": "ListRecords", "metadataPrefix": "oai_dc", "set": "user-folds"}
    plain = anywhere.begin(Want(target=" https://oai.example.org/oai "), {}, AT)
    assert asked(plain) == {"verb": "ListRecords", "metadataPrefix": "oai_dc"}


@pytest.mark.parametrize("target", ["", "cs", "ftp://a.example/oai", "https://", "//a.example"])
def test_a_target_that_is_no_address_is_refused(target: str) -> None:
    with pytest.raises(Invalid, match="address of a repository"):
        OaiSource(service=Service(name="oai")).begin(Want(target=target), {}, AT)


def test_a_repository_that_tells_no_time_leaves_the_mark_where_it_was() -> None:
    body = WHOLE.replace(b"<responseDate>2025-03-03T20:00:00Z</responseDate>", b"")
    assert body != WHOLE
    assert read(body).mark == {}
    assert datetime.fromisoformat(read(WHOLE).mark["from"]["arXiv"]) == datetime(2025, 3, 3, 20, tzinfo=UTC)


def days_of(page: Page) -> dict[str, int]:
    return {each.day.isoformat(): each.papers for each in page.days}


def stamped(*days: str) -> str:
    told = enumerate(days)
    return "".join(
        RECORD.replace("example:1<", f"example:{number}{day}<").replace("2025-03-03", day) for number, day in told
    )


def test_a_whole_list_says_how_many_records_each_day_has() -> None:
    ask = SOURCE.begin(Want(since=date(2025, 2, 26)), {}, AT)
    told = stamped("2025-02-27", "2025-02-27")
    first = read(f"<ListRecords>{told}<resumptionToken>t</resumptionToken></ListRecords>", url=ask.url)
    assert first.days == ()
    assert first.next is not None
    empty = {"2025-03-02": 0, "2025-03-03": 0}
    last = read(
        f"<ListRecords>{stamped('2025-02-27', '2025-03-01')}</ListRecords>", url=first.next.url, mark=first.mark
    )
    assert days_of(last) == {"2025-02-26": 0, "2025-02-27": 3, "2025-02-28": 0, "2025-03-01": 1, **empty}


def test_a_day_asked_for_that_has_no_record_is_told_as_empty() -> None:
    want = Want(since=date(2025, 2, 3), until=date(2025, 2, 3))
    ask = SOURCE.begin(want, {}, AT)
    assert days_of(read('<error code="noRecordsMatch"/>', url=ask.url, want=want)) == {"2025-02-03": 0}


def test_only_the_last_days_of_a_long_list_are_told() -> None:
    days = [(date(2020, 1, 1) + timedelta(days=count)).isoformat() for count in range(0, 1_800, 9)]
    page = read(f"<ListRecords>{stamped(*days)}</ListRecords>")
    assert len(page.days) == MOST_DAYS
    assert page.days[-1].day <= AT.date()
