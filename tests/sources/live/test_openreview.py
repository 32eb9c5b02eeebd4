"""A venue's papers come in pages of a thousand, and only those that it accepted."""

import json
import random
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.sources.live.driving import drive

from broadsheet.errors import Invalid
from broadsheet.sources.adapter import Want
from broadsheet.sources.live.openreview import OpenReview

AT = datetime(2024, 6, 20, 12, tzinfo=UTC)
VENUE = "Fold.cc/2024/Conference"
OPENREVIEW = OpenReview()
EVERYTHING = Want(target=VENUE)


def note(number: int, place: str = "", venue: str = "Fold 2024 poster") -> dict[str, Any]:
    own = f"note{number:06}"
    content = {"title": f"On Napkins {number}", "venue": venue, "venueid": VENUE + place, "authors": ["Ann Lee"]}
    wrapped = {key: {"value": value} for key, value in content.items()}
    return {"id": own, "forum": own, "number": number, "content": wrapped}


class Api:
    """A service that holds notes, and gives ``most`` of them at once; ``instead`` may answer in its place."""

    def __init__(
        self, notes: list[Any], *, most: int = 1000, instead: Callable[[], bytes | None] = lambda: None
    ) -> None:
        self.notes = notes
        self._most = most
        self._instead = instead

    def __call__(self, url: str) -> bytes:
        if (said := self._instead()) is not None:
            return said
        query = {key: value[0] for key, value in parse_qs(urlsplit(url).query).items()}
        found = [
            one
            for one in self.notes
            if "invitation" in query or not isinstance(one, dict) or self._stands(one) == query["content.venueid"]
        ]
        offset = int(query["offset"])
        page = found[offset : offset + min(self._most, int(query["limit"]))]
        return json.dumps({"notes": page, "count": len(found)}).encode()

    def _stands(self, one: dict[str, Any]) -> str:
        venueid = one["content"]["venueid"]
        return str(venueid["value"] if isinstance(venueid, dict) else venueid)


def test_a_venue_is_asked_for_by_its_id_a_thousand_at_a_time() -> None:
    run = drive(OPENREVIEW, Api([note(number) for number in range(2500)]), AT, want=EVERYTHING)
    assert run.asks[1] == (
        "https://api2.openreview.net/notes?content.venueid=Fold.cc/2024/Conference&limit=1000&offset=1000"
        "&sort=number%3Aasc"
    )
    assert [len(run.asks), len(run.records), run.mark, run.expected[0]] == [3, 2500, {"count": 2500}, 2500]
    assert run.records[7].key == "note000007"


MIXED = [
    note(1),
    note(2, "/Rejected_Submission", "Submitted to Fold 2024"),
    note(3, "/Withdrawn_Submission", "Fold 2024 Conference Withdrawn Submission"),
    note(4, "", "Submitted to Fold 2024"),
    note(5, "/Submission", "Fold 2024 Conference Submission"),
    note(6, "", "Fold 2024 oral"),
]


@pytest.mark.parametrize(
    ("target", "numbers"),
    [
        (VENUE, [1, 6]),
        (f"{VENUE}/Rejected_Submission", [2]),
        (f"{VENUE}/Withdrawn_Submission", [3]),
        (f"{VENUE}/Submission", [5]),
        (f"{VENUE}/-/Submission", [1, 2, 3, 4, 5, 6]),
    ],
)
def test_what_was_not_accepted_is_told_only_when_it_is_asked_for(target: str, numbers: list[int]) -> None:
    run = drive(OPENREVIEW, Api(MIXED), AT, want=Want(target=target))
    assert [int(record.key[4:]) for record in run.records] == numbers
    assert run.problems == []


def test_a_service_that_ignores_what_is_asked_for_brings_nothing_else_in() -> None:
    serve = Api(MIXED)
    run = drive(OPENREVIEW, lambda url: serve(url.replace("content.venueid", "invitation")), AT, want=EVERYTHING)
    assert [int(record.key[4:]) for record in run.records] == [1, 6]


def test_notes_as_the_first_api_tells_them_are_read_too() -> None:
    bare = note(1) | {"content": {key: value["value"] for key, value in note(1)["content"].items()}}
    assert (
        drive(OPENREVIEW, Api([bare]), AT, want=EVERYTHING).records
        == drive(OPENREVIEW, Api([note(1)]), AT, want=EVERYTHING).records
    )


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**32))
def test_whatever_a_page_holds_and_5_percent_of_nothing_every_paper_comes(seed: int) -> None:
    chance = random.Random(seed)
    notes = [note(number) for number in range(chance.randint(1, 90))]

    def instead() -> bytes | None:
        if chance.random() < 0.05:
            return b'{"notes": [], "count": 0}'
        if chance.random() < 0.1:
            notes.append(note(len(notes)))
        return None

    api, mark, seen = Api(notes, most=chance.randint(5, 40), instead=instead), None, set()
    for _ in range(3):
        run = drive(OPENREVIEW, api, AT, want=EVERYTHING, mark=mark)
        mark, seen = run.mark, seen | {record.key for record in run.records}
    known = {f"note{number:06}" for number in range(mark["count"])}
    assert known <= seen


BROKEN = {
    "a page for browsers": b"<!DOCTYPE html><title>Verifying your browser</title>",
    "half an answer": b'{"notes": [{"id": "note000001", "con',
    "nothing": b"",
    "a challenge": b'{"name": "ChallengeRequiredError", "message": "Challenge required", "status": 403}',
    "notes of another kind": b'{"notes": {"id": 1}, "count": 1}',
    "null": b"null",
}


@pytest.mark.parametrize("broken", BROKEN)
def test_what_is_no_answer_is_asked_for_again_and_changes_nothing(broken: str) -> None:
    calls = iter(range(1000))
    api = Api([note(n) for n in range(5)], instead=lambda: BROKEN[broken] if next(calls) % 2 == 0 else None)
    run = drive(OPENREVIEW, api, AT, want=EVERYTHING)
    assert (len(run.refused), len(run.records)) == (1, 5)


def test_a_venue_that_had_papers_is_not_believed_to_have_none() -> None:
    run = drive(OPENREVIEW, Api([]), AT, want=EVERYTHING, mark={"count": 40}, tries=2)
    assert run.refused[0] == "OpenReview has nothing of Fold.cc/2024/Conference any more, and had 40 submissions."
    assert drive(OPENREVIEW, Api([]), AT, want=EVERYTHING).mark == {"count": 0}


def test_a_list_shorter_than_its_count_is_told() -> None:
    def serve(url: str) -> bytes:
        return json.dumps({"notes": [note(1)] if "offset=0" in url else [], "count": 9}).encode()

    run = drive(OPENREVIEW, serve, AT, want=EVERYTHING)
    assert run.kinds == ["short-list"]
    assert run.mark == {"count": 1}


def test_without_a_count_the_list_ends_with_an_empty_page() -> None:
    def serve(url: str) -> bytes:
        offset = int(parse_qs(urlsplit(url).query)["offset"][0])
        return json.dumps({"notes": [note(n) for n in range(offset, min(offset + 2, 5))]}).encode()

    assert len(drive(OPENREVIEW, serve, AT, want=EVERYTHING).records) == 5


def test_bad_notes_are_problems_beside_the_others() -> None:
    run = drive(OPENREVIEW, Api([note(1), None, "text"]), AT, want=EVERYTHING)
    assert (len(run.records), run.kinds) == (1, ["not-an-object", "not-an-object"])


@pytest.mark.parametrize("target", ["", "/", "a//b", "Fold.cc/2024/Conference&limit=1 ", "x?y=z", "x" * 5 + "\n"])
def test_what_is_no_venue_is_refused(target: str) -> None:
    with pytest.raises(Invalid, match="no venue on OpenReview"):
        OPENREVIEW.begin(Want(target=target), {}, AT)
