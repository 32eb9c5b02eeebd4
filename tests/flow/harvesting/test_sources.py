"""What an operator wants harvested: named, checked, paused and resumed, also while it runs."""

from dataclasses import replace
from datetime import date, timedelta
from threading import Event

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import NOW

from broadsheet.errors import Conflict, Invalid, NotFound, Unavailable
from broadsheet.flow.harvesting import sources as flow
from broadsheet.flow.harvesting.harvest import LEASE_S
from broadsheet.flow.harvesting.schedule import TASKS
from broadsheet.flow.harvesting.sources import Order
from broadsheet.flow.house import House
from broadsheet.model.harvest import MAX_NAME, is_name
from broadsheet.sources.adapter import Answer, Ask, Service
from broadsheet.store import gaps, leases, sources


@pytest.mark.parametrize(
    ("kind", "target", "name"),
    [
        ("arxiv", "cs:cs:CL", "arxiv-cs-cl"),
        ("arxiv", "", "arxiv"),
        ("hf", "", "hf"),
        ("openreview", "ICLR.cc/2024/Conference", "openreview-iclr-cc-2024-conference"),
        ("oai", "https://books.example/oai?set=a", "oai-books-example-oai"),
        ("feed", "HTTPS://me:hidden@papers.example:8080/tea.xml#hidden", "feed-papers-example-8080-tea-xml"),
        ("feed", "https://papers.example?token=a/hidden@b", "feed-papers-example"),
        ("folder", "/srv/hidden/papers/", "folder-papers"),
        ("biorxiv", "biorxiv/neuroscience", "biorxiv-biorxiv-neuroscience"),
    ],
)
def test_a_name_is_made_of_kind_and_target(kind: str, target: str, name: str) -> None:
    assert flow.name_for(kind, target) == name


def test_names_of_sources_that_differ_in_what_is_hidden_are_numbered(house: House) -> None:
    address = f"https://papers.example/{'x' * 100}"
    orders = [Order(kind="oai", target=f"{address}?set={each}") for each in "abc"]
    names = [flow.add(house, order).name for order in orders]
    assert [name[-3:] for name in names] == ["xxx", "x-2", "x-3"]
    assert {len(name) for name in names} == {MAX_NAME}
    with pytest.raises(Conflict, match="already"):
        flow.add(house, orders[0])
    with pytest.raises(Conflict, match="already"):
        flow.add(house, Order(kind="hf", name=names[0]))


@given(st.text(max_size=200))
def test_whatever_the_target_its_name_can_be_one(target: str) -> None:
    assert is_name(flow.name_for("oai", target))


@given(st.integers(flow.LEAST_EVERY_S, 366 * 86_400))
def test_a_period_is_read_as_it_is_written(seconds: int) -> None:
    assert flow.seconds_of(flow.period_of(seconds)) == seconds


@pytest.mark.parametrize(("text", "seconds"), [("30m", 1_800), ("6H", 21_600), ("1 d", 86_400), ("never", 0), ("0", 0)])
def test_a_period_is_a_number_and_a_unit(text: str, seconds: int) -> None:
    assert flow.seconds_of(text) == seconds


@pytest.mark.parametrize("text", ["", "soon", "1s", "-6h", "6", "99999999999h", "1e3h", "400d"])
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as told:
        flow.seconds_of(text)
    assert told.value.field == "every"


def test_a_source_is_due_as_soon_as_it_is_added(house: House) -> None:
    made = flow.add(house, Order(kind="arxiv", target="cs.CL", since=date(2026, 11, 1)))
    with house.store.reading() as connection:
        assert sources.due(connection, NOW) == (made,)
    assert made.every_s > 0


def test_the_same_is_not_harvested_twice(house: House) -> None:
    flow.add(house, Order(kind="arxiv", target="cs.CL"))
    for name in ("", "other"):
        with pytest.raises(Conflict):
            flow.add(house, Order(kind="arxiv", target="cs.CL", name=name))


@pytest.mark.parametrize(
    ("order", "field"),
    [
        (Order(kind="magic"), "kind"),
        (Order(kind="arxiv", target="no such set!"), "target"),
        (Order(kind="acl", target="anything"), "target"),
        (Order(kind="openreview"), "target"),
        (Order(kind="oai", target="http://x.example/\n"), None),
        (Order(kind="oai", target="http://x.example/\x07"), "target"),
        (Order(kind="arxiv", name="schedule"), "name"),
        (Order(kind="arxiv", name="../x"), "name"),
        (Order(kind="arxiv", every="1s"), "every"),
    ],
)
def test_what_cannot_be_is_refused_and_not_kept(house: House, order: Order, field: str | None) -> None:
    if field is None:
        assert flow.add(house, order).target == order.target.strip()
        return
    with pytest.raises(Invalid) as told:
        flow.add(house, order)
    assert told.value.field == field
    assert flow.list_sources(house) == ()


def test_a_pause_outlives_the_run_under_way(house: House) -> None:
    running = flow.add(house, Order(kind="hf"))
    assert flow.pause(house, "hf").paused
    with house.store.writing() as connection:
        sources.save(connection, replace(running, mark={"day": "2026-11-20"}))
    found = flow.named(house, "hf")
    assert (found.paused, found.mark) == (True, {"day": "2026-11-20"})
    with house.store.reading() as connection:
        assert sources.due(connection, NOW) == ()


def test_to_resume_is_to_forget_failures_and_be_due(house: House) -> None:
    made = flow.add(house, Order(kind="hf"))
    with house.store.writing() as connection:
        later = NOW + timedelta(days=1)
        sources.save(connection, replace(made, paused=True, failures=20, trouble="Gone.", next_at=later))
    found = flow.resume(house, "hf")
    assert (found.paused, found.failures, found.trouble, found.next_at) == (False, 0, "", NOW)


def test_run_now_makes_a_source_due_that_can_be_run(house: House) -> None:
    made = flow.add(house, Order(kind="hf"))
    with house.store.writing() as connection:
        sources.save(connection, replace(made, next_at=NOW + timedelta(hours=1)))
    assert flow.run_now(house, "hf").next_at == NOW
    flow.pause(house, "hf")
    with pytest.raises(Conflict, match="paused"):
        flow.run_now(house, "hf")


def test_a_source_that_is_running_is_not_removed(house: House) -> None:
    made = flow.add(house, Order(kind="hf"))
    with house.store.writing() as connection:
        leases.take(connection, f"source:{made.id}", "somebody", NOW, LEASE_S)
    with pytest.raises(Conflict, match="being harvested"):
        flow.remove(house, "hf")
    with house.store.writing() as connection:
        leases.drop(connection, f"source:{made.id}", "somebody")
    flow.remove(house, "hf")
    with pytest.raises(NotFound):
        flow.named(house, "hf")


def test_harvest_means_a_name_first_then_a_kind(house: House) -> None:
    one = flow.add(house, Order(kind="arxiv", target="cs.CL", name="arxiv-cs-cl"))
    assert flow.for_harvest(house, "arxiv-cs-cl") == one
    assert flow.for_harvest(house, "arxiv", "cs.CL") == one
    with pytest.raises(Invalid, match="arxiv-cs-cl"):
        flow.for_harvest(house, "arxiv")
    other = flow.for_harvest(house, "arxiv", "cs.LG")
    assert (other.target, other.every_s) == ("cs.LG", 0)
    assert flow.for_harvest(house, "hf", every="1h").every_s == 3600


class Nobody:
    """Notes whoever is asked, and answers nothing."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def get(self, _service: Service, ask: Ask) -> Answer:
        self.asked.append(ask.url)
        raise Unavailable("Nobody answers.")


def test_a_house_without_sources_asks_nobody_even_for_what_is_missing(house: House) -> None:
    fetcher = Nobody()
    with house.store.writing() as connection:
        gaps.found(connection, "id", "arxiv", ["2611.00007"], NOW)
    quiet = replace(house, fetcher=fetcher)  # type: ignore[arg-type]
    for task in TASKS:
        task.verb(quiet, Event())
    assert fetcher.asked == []
    flow.add(house, Order(kind="arxiv", target="cs.CL"))
    for task in TASKS:
        task.verb(quiet, Event())
    assert fetcher.asked


def test_days_are_counted_back_from_today(house: House) -> None:
    made = flow.add(house, Order(kind="hf"))
    want = flow.want_of(house, made, days=7)
    assert want is not None
    assert (want.since, want.until) == (date(2026, 11, 13), None)
    assert flow.want_of(house, made) is None
