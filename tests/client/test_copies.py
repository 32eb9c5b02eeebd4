"""Copies of answers are kept within bounds, and are the house's own to call good."""

from tests.client.conftest import Served

from broadsheet.client.copies import Copies
from broadsheet.client.transport import Answer


def answer(size: int, **headers: str) -> Answer:
    return Answer(200, {"etag": '"a"'} | {name.replace("_", "-"): told for name, told in headers.items()}, b"x" * size)


def test_the_longest_unused_go_first_and_no_more_is_kept_than_may_be() -> None:
    copies = Copies(most_bytes=100)
    for name in "ab":
        copies.keep(name, answer(40))
    assert copies.find("a")
    copies.keep("c", answer(30))
    assert (copies.find("b"), copies.find("a") is None, copies.find("c") is None) == (None, False, False)
    copies.keep("huge", answer(101))
    assert [copies.find(name) for name in ("a", "b", "c", "huge")] == [None] * 4


def test_a_newer_answer_takes_the_place_of_the_one_before() -> None:
    copies = Copies(most_bytes=100)
    for size in (90, 80, 100):
        copies.keep("a", answer(size))
    found = copies.find("a")
    assert found
    assert len(found.body) == 100


def test_what_has_no_tag_or_may_not_be_stored_is_not_kept() -> None:
    copies = Copies()
    copies.keep("a", answer(1, etag=""))
    copies.keep("b", answer(1, cache_control="private, no-store"))
    assert (copies.find("a"), copies.find("b")) == (None, None)


def test_a_real_house_sends_nothing_again_that_is_unchanged(served: Served) -> None:
    with served.client() as client:
        first, again = client.search("kettle"), client.search("kettle")
        assert list(first) == list(again)
        path = "/lists/search?q=kettle&limit=100"
        before = client._asking._copies.find(path)
        assert before
        list(client.search("kettle"))
        assert client._asking._copies.find(path) is before
