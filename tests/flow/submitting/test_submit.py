"""Bringing papers in: looked up, put on the day's page, held, refused, taken back."""

import json
from dataclasses import replace
from datetime import date, timedelta
from threading import Event, Thread

import pytest
from tests.flow.submitting.sites import Day, Sites
from tests.papers import record
from tests.readers import make_reader
from tests.waiting import until

from broadsheet.errors import Conflict, Invalid, NotFound, Refused, TooMany
from broadsheet.flow import daily
from broadsheet.flow.belongings.leave import leave
from broadsheet.flow.house import House
from broadsheet.flow.moderating.submissions import approve
from broadsheet.flow.paper import show
from broadsheet.flow.shelf.keep import keep
from broadsheet.flow.submitting.fetch import PATIENCE, fetch_due, work
from broadsheet.flow.submitting.submit import Slip, mine, one, submit, try_again, withdraw
from broadsheet.model.reader import Reader
from broadsheet.model.record import Author, Daily
from broadsheet.model.submission import Submission
from broadsheet.sources.fetcher import Fetcher
from broadsheet.store import rulings, submissions, suspensions
from broadsheet.store.rulings import Ruling

TODAY = date(2026, 11, 20)
NEW = ("2611.00001", "Folding napkins by post", "2026-11-18")


def bring(house: House, reader: Reader, asked: str, **told: str) -> Submission:
    """Submit, let the sources be asked, and give how it stands then."""
    brought = submit(house, reader, Slip(asked, **told))
    assert brought.submission is not None
    fetch_due(house)
    return one(house, reader, brought.submission.id)[0]


def titles(house: House, day: date | None = TODAY) -> list[str]:
    return [paper.title for paper in daily.page(house, day).papers]


def test_a_paper_of_arxiv_is_on_the_page_of_the_day_once_arxiv_has_told_it(
    house: House, ann: Reader, sites: Sites
) -> None:
    sites.arxiv(NEW)
    brought = submit(house, ann, Slip("https://arxiv.org/pdf/2611.00001v1", note=" Worth\nreading ")).submission
    assert brought is not None
    assert (brought.state, brought.asked, brought.note) == ("fetching", "arxiv:2611.00001", "Worth reading")
    assert sites.asked == []
    assert fetch_due(house) == 1
    submission, paper = one(house, ann, brought.id)
    assert (submission.state, submission.day) == ("shown", TODAY)
    assert paper is not None
    assert (paper.title, paper.sources, paper.days) == (NEW[1], ("arxiv", "submitted"), (TODAY,))
    assert titles(house) == [NEW[1]]
    assert fetch_due(house) == 0


def test_a_doi_is_looked_up_at_crossref(house: House, ann: Reader, sites: Sites) -> None:
    work = {
        "DOI": "10.1000/napkins.1",
        "type": "journal-article",
        "title": ["Napkins, registered"],
        "author": [{"given": "Bo", "family": "Chen"}],
        "issued": {"date-parts": [[2026, 11, 10]]},
    }
    sites.pages["/crossref"] = (200, "application/json", json.dumps({"message": {"items": [work]}}))
    submission = bring(house, ann, "doi:10.1000/Napkins.1")
    assert (submission.state, titles(house)) == ("shown", ["Napkins, registered"])
    assert show(house, "10.1000/napkins.1").authors[0].name == "Bo Chen"


def test_a_page_is_read_for_what_it_says_of_its_paper(house: House, ann: Reader, sites: Sites) -> None:
    url = sites.page("/papers/7", title="A report of a lab", author="Lee, Ann", abstract="We report.")
    assert bring(house, ann, f"{url}#top").state == "shown"
    paper = show(house, one(house, ann, 1)[1].slug)  # type: ignore[union-attr]
    assert (paper.title, paper.abstract, paper.authors[0].name) == ("A report of a lab", "We report.", "Ann Lee")


def test_a_page_that_claims_to_be_a_paper_of_arxiv_is_not_believed_but_arxiv_is(
    house: House, ann: Reader, sites: Sites
) -> None:
    sites.arxiv(NEW)
    url = sites.page("/p/1", title="Buy my pills", arxiv_id="2611.00001", abstract="Cheap.")
    assert bring(house, ann, url).state == "shown"
    assert titles(house) == [NEW[1]]
    paper = show(house, "2611.00001")
    assert [str(i) for i in paper.ids] == ["arxiv:2611.00001"]


def test_a_claim_that_nobody_knows_of_leaves_the_page_alone_with_its_address(
    house: House, ann: Reader, sites: Sites
) -> None:
    sites.arxiv()
    url = sites.page("/p/1", title="Early work", arxiv_id="2611.09999", abstract="Soon.")
    bring(house, ann, url)
    paper = one(house, ann, 1)[1]
    assert paper is not None
    assert [i.scheme for i in paper.ids] == ["url"]


def test_what_tells_of_no_paper_is_refused_and_says_why(house: House, ann: Reader, sites: Sites) -> None:
    empty = "<html><head></head><body>hi</body></html>"
    sites.pages["/closed"] = (403, "text/html", empty)
    sites.pages["/paper.pdf"] = (200, "application/pdf", "%PDF")
    sites.pages["/blog"] = (200, "text/html", empty)
    house = replace(house, settings=replace(house.settings, submit_quota=9))
    for path, why in {
        "/none": "answers 404",
        "/closed": "does not want to be asked",
        "/paper.pdf": "landing page",
        "/blog": "does not say of which paper",
    }.items():
        submission = bring(house, ann, sites.url + path)
        assert (submission.state, why in submission.why) == ("refused", True), submission.why


def test_an_id_that_arxiv_does_not_know_is_refused(house: House, ann: Reader, sites: Sites) -> None:
    sites.arxiv()
    submission = bring(house, ann, "2611.00002")
    assert (submission.state, submission.why) == ("refused", "arXiv has no paper 2611.00002.")


@pytest.mark.parametrize("asked", ["", "napkins", "https://example.org/", "file:///etc/passwd", "x" * 2_000])
def test_what_names_no_paper_is_not_taken(house: House, ann: Reader, asked: str) -> None:
    with pytest.raises(Invalid) as told:
        submit(house, ann, Slip(asked))
    assert told.value.field == "asked"


def test_a_paper_on_the_shelf_is_led_to_and_brought_in_once_when_that_is_wanted(
    house: House, ann: Reader, sites: Sites
) -> None:
    keep(house.store, [record(1, published="2026-11-19")], at=house.clock())
    brought = submit(house, ann, Slip("2401.00001"))
    assert (brought.submission, brought.paper and brought.paper.id) == (None, 1)
    put = submit(house, ann, Slip("2401.00001", put_on_page=True)).submission
    assert put is not None
    assert (put.state, put.paper_id, titles(house)) == ("shown", 1, ["Paper number 1 on the folding of napkins"])
    assert submit(house, ann, Slip("2401.00001", put_on_page=True)).submission is None
    assert sites.asked == []


def test_a_paper_that_was_on_a_page_before_stays_on_that_one(house: House, ann: Reader, sites: Sites) -> None:
    keep(
        house.store, [record(1, ids=("arxiv:2611.00001",), daily=(Daily(TODAY - timedelta(days=1)),))], at=house.clock()
    )
    sites.arxiv(NEW)
    url = sites.page("/p/1", title="The same", arxiv_id="2611.00001")
    submission = bring(house, ann, url)
    assert (submission.state, submission.paper_id) == ("refused", 1)
    assert submission.why == "This paper has been on the page of 2026-11-19."


def test_what_waits_already_is_not_taken_twice(house: House, ann: Reader) -> None:
    submit(house, ann, Slip("2611.00001"))
    with pytest.raises(Conflict, match="being looked up"):
        submit(house, ann, Slip("https://arxiv.org/abs/2611.00001"))


@pytest.mark.parametrize(
    ("published", "window", "state"),
    [("2026-11-06", 14, "shown"), ("2026-11-05", 14, "refused"), ("2020-01-01", 0, "shown")],
)
def test_a_paper_may_be_as_old_as_the_window(  # noqa: PLR0913, PLR0917 - three facts beside the fixtures
    house: House, ann: Reader, sites: Sites, published: str, window: int, state: str
) -> None:
    house = replace(house, settings=replace(house.settings, submit_window_days=window))
    sites.arxiv(("2611.00001", "Old or new", published))
    assert bring(house, ann, "2611.00001").state == state


def test_a_day_takes_so_many_and_the_next_day_takes_more(house: House, ann: Reader, day: Day) -> None:
    for number in range(3):
        submit(house, ann, Slip(f"2611.0000{number}"))
    with pytest.raises(TooMany, match="at most 3 a day") as told:
        submit(house, ann, Slip("2611.00009"))
    # 12:00 UTC is 07:00 in New York, where the page turns at 21:30.
    assert told.value.retry_after_s == 14.5 * 3600
    day.wait(14.5 * 3600)
    assert submit(house, ann, Slip("2611.00009")).submission is not None
    moderator = make_reader(house, "mo", role="moderator")
    for number in range(5):
        submit(house, moderator, Slip(f"2612.0000{number}"))


def test_a_suspended_reader_brings_in_nothing(house: House, ann: Reader) -> None:
    with pytest.raises(Refused):
        submit(house, replace(ann, state="suspended"), Slip("2611.00001"))


def test_the_first_submissions_of_a_reader_are_held_and_a_moderators_are_not(
    strict_house: House, ann: Reader, sites: Sites
) -> None:
    sites.arxiv(NEW, ("2611.00002", "Another", "2026-11-19"))
    held = bring(strict_house, ann, "2611.00001")
    assert (held.state, held.found and held.found.title, titles(strict_house)) == ("held", NEW[1], [])
    with pytest.raises(NotFound):
        show(strict_house, "2611.00001")
    moderator = make_reader(strict_house, "mo", role="moderator")
    assert bring(strict_house, moderator, "2611.00002").state == "shown"


def test_what_looks_like_spam_is_held_with_its_reasons(house: House, sites: Sites) -> None:
    new = make_reader(house, "new")
    url = sites.page("/offer", title="Casino bonus: click here")
    held = bring(house, new, url, note="https://a.example https://b.example buy now")
    assert (held.state, "words that advertise" in held.why) == ("held", True)


def test_what_was_hidden_is_not_brought_in_again(house: House, ann: Reader, sites: Sites) -> None:
    keep(house.store, [record(1)], at=house.clock())
    with house.store.writing() as connection:
        rulings.keep(connection, 1, Ruling(hidden=True), house.clock())
    with pytest.raises(Refused, match="hidden"):
        submit(house, ann, Slip("2401.00001"))
    sites.arxiv(("2401.00001", "Again", "2026-11-19"))
    submission = bring(house, ann, sites.page("/p/1", title="Again", arxiv_id="2401.00001"))
    assert (submission.state, submission.paper_id) == ("refused", None)


def test_what_is_withdrawn_leaves_the_page_and_stays_on_the_shelf(house: House, ann: Reader, sites: Sites) -> None:
    sites.arxiv(NEW)
    bring(house, ann, "2611.00001")
    withdraw(house, ann, 1)
    assert (one(house, ann, 1)[0].state, titles(house)) == ("withdrawn", [])
    paper = show(house, "2611.00001")
    assert (paper.days, paper.withdrawn, paper.sources) == ((), False, ("arxiv",))
    with pytest.raises(Conflict):
        withdraw(house, ann, 1)
    again = submit(house, ann, Slip("2611.00001", note="I was hasty", put_on_page=True)).submission
    assert again is not None
    assert (again.id, again.state, titles(house)) == (2, "shown", [NEW[1]])


def test_another_readers_submission_is_nobodys_business(house: House, ann: Reader) -> None:
    submit(house, ann, Slip("2611.00001"))
    bo = make_reader(house, "bo")
    for verb in (withdraw, try_again, one):
        with pytest.raises(NotFound):
            verb(house, bo, 1)
    assert one(house, make_reader(house, "mo", role="moderator"), 1)[0].id == 1
    assert (mine(house, bo), len(mine(house, ann))) == ((), 1)


@pytest.fixture
def cut_off(house: House) -> House:
    """The house, with nothing to be found in the network."""

    def nothing(host: str, port: int) -> list[str]:
        raise OSError(-2, "Name or service not known")

    fetcher = house.fetcher
    return replace(house, fetcher=Fetcher(fetcher.turns, contact="", clock=fetcher.clock, resolve=nothing))


def test_without_a_network_it_waits_says_so_and_goes_on_when_it_is_back(
    house: House, cut_off: House, ann: Reader, sites: Sites, day: Day
) -> None:
    sites.arxiv(NEW)
    waiting = bring(cut_off, ann, "2611.00001")
    assert (waiting.state, "cannot be found" in waiting.why, waiting.tries) == ("fetching", True, 1)
    assert fetch_due(house) == 0
    try_again(house, ann, 1)
    assert fetch_due(house) == 1
    assert one(house, ann, 1)[0].state == "shown"


def test_who_does_not_answer_for_a_week_is_not_waited_for(cut_off: House, ann: Reader, day: Day) -> None:
    submit(cut_off, ann, Slip("2611.00001"))
    begun, tries = day.now, 0
    while one(cut_off, ann, 1)[0].state == "fetching":
        tries += fetch_due(cut_off)
        day.wait(600)
    assert PATIENCE < day.now - begun < PATIENCE + timedelta(hours=12)
    assert tries < 45
    assert "for 7 days" in one(cut_off, ann, 1)[0].why


def test_what_is_withdrawn_while_its_source_is_asked_stays_withdrawn(house: House, ann: Reader, sites: Sites) -> None:
    sites.arxiv(NEW)
    submit(house, ann, Slip("2611.00001"))
    with house.store.writing() as connection:
        assert submissions.claim(connection, 1, house.clock(), house.clock() + timedelta(hours=1))
    assert fetch_due(house) == 0
    withdraw(house, ann, 1)
    assert fetch_due(house) == 0
    assert one(house, ann, 1)[0].state == "withdrawn"


def test_the_worker_looks_up_what_comes_until_it_is_told_to_stop(house: House, ann: Reader, sites: Sites) -> None:
    sites.arxiv(NEW)
    stop = Event()
    worker = Thread(target=work, args=(house,), kwargs={"stop": stop})
    worker.start()
    try:
        submit(house, ann, Slip("2611.00001"))
        until(lambda: one(house, ann, 1)[0].state == "shown")
    finally:
        stop.set()
        worker.join()


@pytest.mark.parametrize("how", ["gone", "suspended"])
def test_what_somebody_brought_who_may_not_any_more_is_looked_at_first(
    house: House, ann: Reader, sites: Sites, how: str
) -> None:
    sites.arxiv(NEW)
    brought = submit(house, ann, Slip("2611.00001")).submission
    assert brought is not None
    make_reader(house, "mo", role="admin")
    if how == "gone":
        leave(house, ann, handle="ann", words="keep")
    else:
        with house.store.writing() as connection:
            suspensions.begin(connection, ann.id, None, "Spam.")
    fetch_due(house)
    assert titles(house) == []
    with house.store.reading() as connection:
        kept = submissions.by_id(connection, brought.id)
    assert kept is not None
    assert kept.state == "held"


def test_a_page_that_bears_the_title_of_another_paper_is_looked_at_first_and_rewrites_nothing(
    house: House, ann: Reader, sites: Sites
) -> None:
    title = "Paper number 1 on the folding of napkins in a drawer"
    known = record(1, source="starter", title=title, abstract="The true abstract.", ids=("arxiv:2610.00001",))
    known = replace(known, published="2026-11-10", authors=(Author("Ann Lee"),))
    keep(house.store, [known], at=house.clock())
    url = sites.page("/p/9", title=title, author="Ann Lee", abstract="Buy pills.", publication_date="2026/11/10")
    held = bring(house, ann, url)
    assert (held.state, held.why) == ("held", "A paper of this title is here already.")
    mo = make_reader(house, "mo", role="moderator")
    approve(house, mo, held.id, "It is the same paper.")
    paper = show(house, "2610.00001")
    assert (paper.title, paper.abstract) == (title, "The true abstract.")
    assert one(house, ann, held.id)[1] == paper


def test_what_was_taken_back_meanwhile_is_put_off_no_more(house: House, ann: Reader) -> None:
    brought = submit(house, ann, Slip("2611.00001")).submission
    assert brought is not None
    withdraw(house, ann, brought.id)
    with house.store.writing() as connection:
        submissions.put_off(connection, brought.id, "Nobody answers.", 1, house.clock())
    assert one(house, ann, brought.id)[0].why == ""
