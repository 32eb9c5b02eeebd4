"""The replay server keeps the protocols it plays, and breaks them only as told."""

import gzip
import http.client
import json
import socket
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from lxml import etree
from tests.replay.arxiv_oai import ArxivOai
from tests.replay.arxiv_pages import Announcements, ArxivApi
from tests.replay.biorxiv import Biorxiv
from tests.replay.faults import ALL, Faults
from tests.replay.hugging_face import HuggingFace
from tests.replay.recorded import Recorded
from tests.replay.server import Place, ReplayServer, Visit
from tests.replay.site import Moved, Request
from tests.replay.verdict import impatient, overlapping, too_close
from tests.replay.virtual_time import VirtualTime
from tests.replay.world import World
from tests.waiting import until

from broadsheet.model.record import Problem, Record
from broadsheet.sources.detect import read
from broadsheet.sources.envelope import Envelope

WORLD = World(seed=5, days=10)
OAI = "{http://www.openarchives.org/OAI/2.0/}"


@pytest.fixture
def time(tmp_path: Path) -> Iterator[VirtualTime]:
    found = VirtualTime(WORLD.ends_at, tmp_path / "now")
    yield found
    found.close()


def asked(query: dict[str, str], path: str = "", **headers: str) -> Request:
    return Request(path, query, headers, "http://127.0.0.1/here")


def listed(at: datetime, **query: str) -> tuple[list[str], str]:
    """Walk a whole list; gives the ids in order, and the error code that ended it."""
    site, found, wanted = ArxivOai(WORLD), [], {"verb": "ListRecords", "metadataPrefix": "arXiv", **query}
    while True:
        tree = etree.fromstring(site.answer(asked(wanted), at).body)
        found += [one.text or "" for one in tree.iter(f"{OAI}identifier")]
        error, token = tree.find(f"{OAI}error"), tree.find(f".//{OAI}resumptionToken")
        if error is not None or token is None or not token.text:
            return found, "" if error is None else error.attrib["code"]
        wanted = {"verb": "ListRecords", "resumptionToken": token.text}


def test_a_world_is_the_same_again_and_another_with_another_seed() -> None:
    assert World(seed=5, days=10).tellings == WORLD.tellings
    assert World(seed=6, days=10).tellings != WORLD.tellings
    kinds = {telling.kind for telling in WORLD.tellings}
    assert kinds == {"new", "replace", "cross", "edit"}
    assert any(telling.stamp < telling.seen_at.date() for telling in WORLD.tellings)


@pytest.mark.parametrize("wanted", ["", "cs", "cs:cs", "cs:cs:CL", "math:math:CO"])
def test_a_list_walked_to_its_end_holds_each_paper_of_the_set_once(wanted: str) -> None:
    at = WORLD.ends_at
    category = wanted.replace("cs:cs:", "cs.").replace("math:math:", "math.").replace("cs:cs", "cs.").rstrip(":")
    expected = {
        f"oai:arXiv.org:{own}"
        for own, told in WORLD.papers_at(at).items()
        if any(f"{one}.".startswith(category) for one in told.paper.categories)
    }
    found, error = listed(at, **({"set": wanted} if wanted else {}))
    assert error == ""
    assert len(found) == len(set(found))
    assert set(found) == expected


def test_from_and_until_are_inclusive_days_and_an_empty_list_says_so() -> None:
    day = WORLD.start + timedelta(days=3)
    of_day = {f"oai:arXiv.org:{own}" for own, t in WORLD.papers_at(WORLD.ends_at).items() if t.stamp == day}
    found, _ = listed(WORLD.ends_at, **{"from": str(day), "until": str(day)})
    assert set(found) == of_day
    assert listed(WORLD.ends_at, **{"from": "2030-01-01"}) == ([], "noRecordsMatch")
    assert listed(WORLD.ends_at, **{"from": "yesterday"}) == ([], "badArgument")


def test_a_token_holds_until_midnight_and_stands_alone() -> None:
    site, at = ArxivOai(WORLD), WORLD.ends_at - timedelta(minutes=1)
    first = site.answer(asked({"verb": "ListRecords", "metadataPrefix": "arXiv"}), at)
    token = etree.fromstring(first.body).findtext(f".//{OAI}resumptionToken")
    assert token
    again = {"verb": "ListRecords", "resumptionToken": token}
    assert site.answer(asked(again), at).body == site.answer(asked(again), at).body
    assert b"badResumptionToken" in site.answer(asked(again), at + timedelta(minutes=2)).body
    assert b"badResumptionToken" in site.answer(asked(again), at, "expired").body
    assert b"badArgument" in site.answer(asked({**again, "set": "cs"}), at).body


@pytest.mark.parametrize("prefix", ["arXiv", "arXivRaw", "oai_dc"])
def test_our_own_parser_reads_every_record_of_a_list(prefix: str) -> None:
    site = ArxivOai(WORLD, page=10_000)
    body = site.answer(asked({"verb": "ListRecords", "metadataPrefix": prefix}), WORLD.ends_at).body
    told = list(read(BytesIO(body), name="answer"))
    known = WORLD.papers_at(WORLD.ends_at)
    titles = {one.ids[0].value: one.title for one in told if isinstance(one, Record) and not one.deleted}
    assert not [one for one in told if isinstance(one, Problem)]
    assert titles == {own: t.paper.title for own, t in known.items() if not t.paper.deleted}
    assert isinstance(told[-1], Envelope)


def test_the_query_api_gives_what_was_asked_for_by_id() -> None:
    wanted = [own for own, t in WORLD.papers_at(WORLD.ends_at).items() if not t.paper.deleted][:3]
    site, query = ArxivApi(WORLD), {"id_list": ",".join([*wanted, "9999.00001"])}
    told = list(read(BytesIO(site.answer(asked(query), WORLD.ends_at).body), name="answer"))
    assert [one.key for one in told if isinstance(one, Record)] == wanted
    empty = list(read(BytesIO(site.answer(asked(query), WORLD.ends_at, "empty").body), name="answer"))
    assert [one.complete_list_size for one in empty if isinstance(one, Envelope)] == [3]
    assert len(empty) == 1


@pytest.mark.parametrize("form", ["rss", "atom"])
def test_announcements_are_the_day_s_mailing_and_say_when_nothing_is_new(form: str) -> None:
    site, at = Announcements(WORLD), datetime(2026, 3, 4, 12, tzinfo=UTC)
    reply = site.answer(asked({}, f"/{form}/cs"), at)
    told = [t for t in WORLD.announced_on(at.date()) if any(one.startswith("cs.") for one in t.paper.categories)]
    assert told
    assert reply.body.count(b"announce_type>") == 2 * len(told)
    etree.fromstring(reply.body)
    assert site.answer(asked({}, f"/{form}/cs", **{"if-none-match": reply.headers["ETag"]}), at).status == 304


def test_a_day_of_hugging_face_is_whole_over_its_pages_and_settles() -> None:
    site, day = HuggingFace(WORLD), WORLD.start + timedelta(days=2)
    entries = {entry.paper.id: entry.upvotes for entry in WORLD.entries if entry.day == day}

    def page(number: int, at: datetime, twist: str = "") -> list[dict[str, dict[str, object]]]:
        query = {"date": str(day), "p": str(number), "limit": "4"}
        found: list[dict[str, dict[str, object]]] = json.loads(site.answer(asked(query), at, twist).body)
        return found

    late = WORLD.ends_at
    shown = {one["paper"]["id"]: one["paper"]["upvotes"] for number in range(3) for one in page(number, late)}
    assert shown == entries
    assert page(0, late, "empty") == []
    assert len(page(0, datetime(2026, 3, 4, 6, tzinfo=UTC))) <= 4
    assert site.answer(asked({"date": "soon"}), late).status == 400


def test_biorxiv_tells_what_was_posted_between_two_days_page_by_page() -> None:
    site, span = Biorxiv(WORLD, page=20), f"{WORLD.start}/{WORLD.start + timedelta(days=9)}"
    found: list[str] = []
    while True:
        reply = json.loads(site.answer(asked({}, f"/details/biorxiv/{span}/{len(found)}"), WORLD.ends_at).body)
        if not reply["collection"]:
            break
        found += [one["doi"] for one in reply["collection"]]
    assert len(found) == int(reply["messages"][0]["total"])


def test_what_was_recorded_is_answered_and_the_rest_is_not_found(tmp_path: Path) -> None:
    answers = {
        "/feed?page=1": {"file": "one.xml", "kind": "text/xml", "headers": {"ETag": '"1"'}},
        "/gone": {"status": 410},
    }
    (tmp_path / "answers.json").write_text(json.dumps(answers), "utf-8")
    (tmp_path / "one.xml").write_bytes(b"<feed/>")
    with ReplayServer({"any": Place(Recorded(tmp_path))}) as server:
        assert got(server, "/any/feed?page=1") == (200, "text/xml", b"<feed/>")
        assert got(server, "/any/gone")[0] == 410
        assert got(server, "/any/other")[0] == 404


def got(server: ReplayServer, path: str, patience_s: float = 60.0) -> tuple[int, str | None, bytes]:
    """Ask once with an ordinary client; gives status, type and body."""
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=patience_s)) as connection:
        connection.request("GET", path, headers={"Connection": "close"})
        answer = connection.getresponse()
        return answer.status, answer.headers["Content-Type"], answer.read()


def fetched(server: ReplayServer, name: str = "oai", patience_s: float = 60.0) -> str:
    """Ask for a list; gives what came of it in a word."""
    query = urlencode({"verb": "ListRecords", "metadataPrefix": "arXiv"})
    try:
        status, kind, body = got(server, f"/{name}?{query}", patience_s)
        if body[:2] == b"\x1f\x8b":
            return f"{len(gzip.decompress(body)) >> 20} MB"
        if status != 200 or kind != "text/xml; charset=utf-8":
            return f"{status} {kind}"
        return f"{len(etree.fromstring(body).findall(f'.//{OAI}record'))} records"
    except (OSError, http.client.HTTPException, etree.XMLSyntaxError) as error:
        return type(error).__name__


BROKEN = {
    "busy-seconds": "503 text/plain; charset=utf-8", "busy-date": "503 text/plain; charset=utf-8",
    "too-many": "429 text/plain; charset=utf-8", "html": "200 text/html; charset=utf-8", "blank": "200 text/xml",
    "moved-briefly": "302 text/plain; charset=utf-8", "led-astray": "302 text/plain; charset=utf-8",
    "empty": "0 records", "expired": "40 records", "reordered": "40 records", "reset": "ConnectionResetError",
    "cut-short": "IncompleteRead", "cut-unnoticed": "XMLSyntaxError", "stalled": "TimeoutError",
    "dripping": "40 records", "bomb": "32 MB",
}  # fmt: skip


@pytest.mark.parametrize("fault", ALL)
def test_each_fault_does_what_it_says_and_is_counted(fault: str, time: VirtualTime) -> None:
    faults = Faults(1.0, 1, (fault,))
    with ReplayServer({"oai": Place(ArxivOai(WORLD), faults)}, time=time) as server:
        assert fetched(server, patience_s=0.3 if fault == "stalled" else 60.0) == BROKEN[fault]
        assert faults.counts == {fault: 1}
        assert server.visits[0].fault == fault
        if fault in {"busy-seconds", "busy-date", "too-many"}:
            assert server.visits[0].wait_s >= 1


def test_faults_come_by_rate_and_seed() -> None:
    def drawn(seed: int) -> list[str]:
        faults = Faults(0.05, seed)
        return [faults.next() for _ in range(2000)]

    assert drawn(1) == drawn(1) != drawn(2)
    assert 60 <= sum(map(bool, drawn(1))) <= 140
    assert set(drawn(1)) == {"", *ALL}


def test_a_moved_site_says_where_it_is_now(time: VirtualTime) -> None:
    with ReplayServer({"oai": Place(ArxivOai(WORLD))}, time=time) as server:
        server.places["oai2"] = Place(Moved(server.url("oai"), 308))
        assert fetched(server, "oai2").startswith("308")
        assert server.visits[0].location == server.url("oai") + "?verb=ListRecords&metadataPrefix=arXiv"


def test_visits_tell_when_each_request_began_and_ended(time: VirtualTime) -> None:
    with ReplayServer({"oai": Place(ArxivOai(WORLD))}, time=time, serving_s=0.5) as server:
        for number in range(3):
            assert fetched(server) == "40 records"
            # Whoever keeps a gap leaves the server the time to notice that he has hung up; here nobody does.
            until(lambda asked=number: len(server.connections) > asked)
        socket.create_connection(("127.0.0.1", server.port)).close()
    visits = server.visits_to("oai")
    assert [visit.end - visit.begin for visit in visits] == [timedelta(seconds=0.5)] * 3
    assert overlapping([(visit.began, visit.ended) for visit in visits]) == []
    assert overlapping(server.connections_to("oai")) == []
    assert len(too_close(visits, 3.0)) == 2


def test_the_verdict_finds_what_is_too_close_overlaps_or_comes_too_soon() -> None:
    def visit(begin: float, end: float, wait_s: float = 0.0) -> Visit:
        at = WORLD.begins_at
        return Visit("", "", "", at + timedelta(seconds=begin), begin, end=at + timedelta(seconds=end), wait_s=wait_s)

    one, two, three = visit(0, 1), visit(4, 5, wait_s=10), visit(8.5, 9)
    assert too_close([three, one, two], 3.0) == []
    assert too_close([one, two, three], 3.2) == [(one, two)]
    assert impatient([one, two, three]) == [(two, three)]
    assert overlapping([(0, 2), (3, 4), (1, 5)]) == [((0, 2), (1, 5)), ((1, 5), (3, 4))]


def test_tokens_survive_being_quoted_in_an_address(time: VirtualTime) -> None:
    with ReplayServer({"oai": Place(ArxivOai(WORLD))}, time=time) as server:
        body = got(server, "/oai?verb=ListRecords&metadataPrefix=arXiv&set=cs:cs")[2]
        token = etree.fromstring(body).findtext(f".//{OAI}resumptionToken")
        assert token
        assert b"<record>" in got(server, f"/oai?verb=ListRecords&resumptionToken={quote(token)}")[2]
