"""E4: whatever address a reader submits, nothing on this machine or in its network hears of it."""

import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from tests.flow.submitting.sites import Day, opened
from tests.net.talking import Talker, answer, talking
from tests.net.test_addresses import LOOPBACK_SPELLINGS, NOT_ASKED, PRIVATE

from broadsheet.errors import Invalid
from broadsheet.flow.house import House
from broadsheet.flow.submitting.fetch import fetch_due
from broadsheet.flow.submitting.submit import Slip, mine, submit
from broadsheet.model.reader import Reader
from broadsheet.sources.fetcher import Fetcher
from broadsheet.store import readers, submissions

_PORTS = (22, 25, 80, 443, 3306, 5432, 6379, 8080, 9200, 11211)


def hosts() -> list[str]:
    return [f"[{one}]" if ":" in one else one for one in PRIVATE] + LOOPBACK_SPELLINGS


def addresses(port: int) -> list[str]:
    """List what would reach ``port`` on this machine if anything did, and what else no house should ask."""
    at_the_canary = [f"http://{host}:{port}/paper" for host in hosts()]
    secured = [f"https://{host}:{port}/paper" for host in hosts()]
    users = [f"http://arxiv.org@{host}:{port}/paper" for host in hosts()]
    named = [f"http://n{number}.example:{port}/paper" for number in range(len(PRIVATE))]
    rebound = [f"http://rebound{number}.example:{port}/paper" for number in range(9)]
    ports = [f"http://127.0.0.1:{each}/paper" for each in _PORTS]
    cloud = [f"http://169.254.169.254{path}" for path in ("/latest/meta-data/", "/computeMetadata/v1/", "/opc/v2/")]
    schemes = [f"{scheme}://127.0.0.1:{port}/x" for scheme in "gopher dict ftp ldap tftp jar sftp ws smb".split()]
    return [*at_the_canary, *secured, *users, *named, *rebound, *ports, *cloud, *schemes, *NOT_ASKED]


def resolve(host: str, port: int) -> list[str]:
    """Look up as a hostile name server would: names lead to private places, some to a public one as well."""
    if host.startswith("rebound"):
        return ["93.184.216.34", "127.0.0.1"]
    if host.endswith(".example"):
        return [PRIVATE[int(host[1:].partition(".")[0])].partition("%")[0]]
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


@pytest.fixture
def canary() -> Iterator[Talker]:
    with talking(answer(200, b"<html></html>", content_type="text/html")) as talker:
        yield talker


def reader_of(house: House) -> Reader:
    with house.store.writing() as connection:
        return readers.insert(connection, "ann", "Ann", at=house.clock() - timedelta(days=365))


def test_of_more_than_300_addresses_none_reaches_the_canary(tmp_path: Path, canary: Talker) -> None:
    day, refused = Day(), 0
    with opened(tmp_path, day, submit_quota=10_000) as opened_house:
        asks = opened_house.fetcher
        fetcher = Fetcher(asks.turns, contact="", clock=asks.clock, resolve=resolve)
        house = replace(opened_house, fetcher=fetcher)
        ann = reader_of(house)
        tried = addresses(canary.port)
        for address in tried:
            day.wait(61)
            try:
                submit(house, ann, Slip(address))
            except Invalid:
                refused += 1
                continue
            fetch_due(house)
        with house.store.reading() as connection:
            outcomes = submissions.outcomes(connection, ann.id)
    assert len(tried) >= 300
    assert canary.asked == []
    assert outcomes == {"refused": len(tried) - refused}
    assert outcomes["refused"] > 100


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_leads_to_another_host(tmp_path: Path, canary: Talker, status: int) -> None:
    """Where private addresses are allowed at all, a page still cannot send us to another place in the network."""
    for place in ("127.0.0.2", "localhost", "[::1]", "169.254.169.254", "2130706433", "0"):
        redirect = answer(status, location=f"http://{place}:{canary.port}/paper")
        day = Day()
        with (
            talking(redirect) as page,
            opened(tmp_path / f"{place.strip('[]').replace(':', '')}", day, private_addresses=True) as house,
        ):
            ann = reader_of(house)
            submit(house, ann, Slip(f"{page.url}/paper"))
            fetch_due(house)
            [(submission, _)] = mine(house, ann)
        assert (submission.state, len(page.asked)) == ("refused", 1), submission.why
    assert canary.asked == []


def test_a_page_that_is_endless_or_slow_is_given_up(tmp_path: Path) -> None:
    with (
        talking(answer(200, b" " * (5 << 20) + b"<html>", content_type="text/html")) as large,
        opened(tmp_path, Day(), private_addresses=True) as house,
    ):
        ann = reader_of(house)
        submit(house, ann, Slip(f"{large.url}/paper"))
        fetch_due(house)
        [(submission, _)] = mine(house, ann)
    assert (submission.state, "bytes" in submission.why) == ("refused", True), submission.why
