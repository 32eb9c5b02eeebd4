"""Comments under a paper, their texts, the latest of the house, and notices, as a browser sees and sends them."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine
from starlette.testclient import TestClient
from tests.empty_store import empty_home
from tests.readers import make_reader
from tests.web.conftest import HOSTILE, NOW, PUBLIC, Page, Public, told
from tests.web.owner import HERE, browser

from broadsheet.flow.house import House
from broadsheet.flow.shelf.keep import keep
from broadsheet.flow.talking.say import say
from broadsheet.flow.talking.standing import rule
from broadsheet.model.comment import EMOJI, MAX_BODY, Comment
from broadsheet.settings import Settings
from broadsheet.store import comments, notices, papers, readers
from broadsheet.store.rulings import Ruling
from broadsheet.store.rulings import keep as decide
from broadsheet.web.csrf import FIELD
from broadsheet.wiring import open_house

URL = "/papers/2603.00001"
SignIn = Callable[..., str]


@pytest.fixture
def house(public: Public) -> House:
    keep(public.house.store, [told("2603.00001", "Folding napkins", abstract="A napkin folds.")], at=NOW)
    keep(public.house.store, [told("W1", "A DOI", ids=told("10.1000/a(b)c", "x").ids)], at=NOW)
    return public.house


@pytest.fixture
def paper_id(house: House) -> int:
    with house.store.reading() as connection:
        return papers.stream(connection, 0, 1)[0].id


class Browser:
    """A browser in which a reader is signed in."""

    def __init__(self, client: TestClient, token: str) -> None:
        self.client, self.token = client, token

    def read(self, url: str = URL) -> Page:
        answer = self.client.get(url)
        assert answer.status_code == 200, answer.text
        return Page(answer.text)

    def post(self, url: str, status: int = 303, **form: str) -> str:
        answer = self.client.post(url, data=form | {FIELD: self.token}, headers={"Origin": PUBLIC})
        assert answer.status_code == status, answer.text
        return answer.headers.get("location", answer.text)


@pytest.fixture
def enter(public: Public, house: House, sign_in: SignIn) -> Callable[..., Browser]:
    def enter(handle: str, **facts: str) -> Browser:
        client = public.client()
        return Browser(client, sign_in(client, make_reader(house, handle, **facts)))  # type: ignore[arg-type]

    return enter


Enter = Callable[..., Browser]


def follow(client: TestClient, url: str) -> str:
    """Give where a comment's address leads."""
    return client.get(url).headers["location"]


def test_who_is_not_signed_in_reads_and_finds_no_form(public: Public, house: House, paper_id: int) -> None:
    client = public.client()
    empty = Page(client.get(URL).text)
    assert "Nobody has said anything yet" in empty.text
    assert f"/sign-in?next={URL}" in empty.links()
    say(house, make_reader(house, "ann"), paper_id, "**Nice** work")
    answer = client.get(URL)
    page = Page(answer.text)
    assert ("Nice work" in page.text, page.all("textarea"), page.all("input", name=FIELD)) == (True, [], [])
    assert client.get(URL, headers={"If-None-Match": answer.headers["etag"]}).status_code == 304
    say(house, make_reader(house, "bo"), paper_id, "More")
    assert client.get(URL, headers={"If-None-Match": answer.headers["etag"]}).status_code == 200


def test_a_comment_is_written_answered_edited_and_taken_back(enter: Enter) -> None:
    ann, bo = enter("ann"), enter("bo")
    assert follow(ann.client, ann.post(f"{URL}/comments", body="First *words*, @bo")) == f"{URL}#comment-1"
    assert follow(bo.client, bo.post(f"{URL}/comments", body="An answer", answers="1")) == f"{URL}#comment-2"
    page = bo.read()
    assert page.all("article", id="comment-1")
    assert {"/readers/ann", "/readers/bo", "/comments/1"} <= set(page.links())
    assert "First words, @bo" in page.text
    ann.post("/comments/1/edit", body="Other words")
    page = bo.read(f"{URL}/comments/1/history")
    assert "2 texts of a comment" in page.text
    assert [len(page.all(tag)) for tag in ("ins", "del")] == [2, 2]
    assert f"{URL}/comments/1/history" in bo.read().links()
    assert bo.client.get(f"{URL}/comments/1/edit").status_code == 404
    bo.post("/comments/1/edit", 404, body="Not mine")
    assert ann.post("/comments/1/withdraw") == f"{URL}#comments"
    page = bo.read()
    assert ("Taken back by who wrote it" in page.text, "Other words" in page.text) == (True, False)
    assert page.all("article", id="comment-2")


def test_a_preview_shows_and_keeps_nothing_but_the_text(enter: Enter) -> None:
    ann = enter("ann")
    body = f"**So** @ann {HOSTILE}"
    page_text = ann.post(f"{URL}/comments/preview", 200, body=body, answers="7")
    page = Page(page_text)
    assert "<strong>So</strong>" in page_text
    assert page.all("textarea")[0]["maxlength"] == str(MAX_BODY)
    assert HOSTILE in page.text
    assert page.all("input", name="answers", value="7")
    assert page.all("form", action=f"{URL}/comments")
    page = Page(ann.post(f"{URL}/comments/preview", 200, body="x", edits="3"))
    assert page.all("form", action="/comments/3/edit")
    assert "Nobody has said anything yet" in ann.read().text
    for wrong in (
        {"body": ""},
        {"body": "x" * (MAX_BODY + 1)},
        {"body": "x", "answers": "1'"},
        {"body": "x", "edits": "²"},
    ):
        ann.post(f"{URL}/comments/preview", 400, **({"body": "x"} | wrong))


def test_an_emoji_is_said_and_taken_back(enter: Enter, house: House, paper_id: int) -> None:
    ann = enter("ann")
    say(house, make_reader(house, "bo"), paper_id, "Words")
    ann.post("/comments/1/react", emoji=EMOJI[2])
    assert ann.read().all("button", name="back", value=EMOJI[2])[0]["aria-pressed"] == "true"
    ann.post("/comments/1/react", back=EMOJI[2])
    assert ann.read().all("button", name="back") == []
    assert [button["value"] for button in ann.read().all("button", name="emoji")] == list(EMOJI)
    ann.post("/comments/1/react", 400, emoji="🦆")
    ann.post("/comments/9/react", 404, emoji=EMOJI[0])


def test_notices_wait_in_the_header_until_they_are_seen(enter: Enter) -> None:
    ann, bo = enter("ann"), enter("bo")
    assert "Nothing new" in bo.read("/notices").text
    ann.post(f"{URL}/comments", body="@bo look at <b>this</b>")
    assert "Notices 1" in bo.read("/").text
    page = bo.read("/notices")
    assert ("@bo look at <b>this</b>" in page.text, "/comments/1" in page.links()) == (True, True)
    newest = page.all("input", name="up_to")[0]["value"]
    assert bo.post("/notices/seen", up_to=newest) == "/notices"
    assert "Notices 1" not in bo.read("/notices").text
    bo.post("/notices/seen", 400, up_to="x")
    assert ann.client.get("/notices?before=x").status_code == 400


def test_a_report_needs_a_reason(enter: Enter, house: House, paper_id: int) -> None:
    ann = enter("ann")
    say(house, make_reader(house, "bo"), paper_id, "Words")
    assert ann.post("/comments/1/report", why="Spam") == "/comments/1"
    ann.post("/comments/1/report", 400, why=" ")


def test_only_readers_write(public: Public, house: House, paper_id: int, enter: Enter) -> None:
    said = say(house, make_reader(house, "bo"), paper_id, "Words")
    ann, nobody = enter("ann"), public.client()
    writes = ("edit", "withdraw", "react", "report")
    for url in (f"{URL}/comments", *(f"/comments/{said.id}/{act}" for act in writes), "/notices/seen"):
        answer = nobody.post(url, data={"body": "x"}, headers={"Origin": PUBLIC})
        assert (answer.status_code, answer.headers["location"].startswith("/sign-in")) == (303, True)
        assert ann.client.post(url, data={"body": "x"}, headers={"Origin": PUBLIC}).status_code == 403
    assert nobody.get("/notices").headers["location"].startswith("/sign-in")
    with house.store.reading() as connection:
        assert comments.total(connection, paper_id) == 1


def test_what_a_moderator_hides_is_gone_for_others(enter: Enter, house: House, paper_id: int) -> None:
    say(house, make_reader(house, "bo"), paper_id, "Rude words")
    say(house, make_reader(house, "cy"), paper_id, "Now now", answers=1)
    with house.store.writing() as connection:
        rule(connection, 1, "hidden", NOW)
    ann, mo = enter("ann"), enter("mo", role="moderator")
    assert ("Rude words" in ann.read().text, "Hidden by a moderator" in ann.read().text) == (False, True)
    assert "Hidden: readers do not see this" in mo.read().text
    for url in ("/comments/1", f"{URL}/comments/1/history", "/comments/x", "/comments/" + "9" * 40):
        assert ann.client.get(url).status_code == 404


def test_a_paper_that_is_locked_shows_why_and_no_form(enter: Enter, house: House, paper_id: int) -> None:
    ann = enter("ann")
    with house.store.writing() as connection:
        decide(connection, paper_id, Ruling(locked=True, why="Too <b>heated</b>."), NOW)
    page = ann.read()
    assert ("Too <b>heated</b>." in page.text, page.all("textarea")) == (True, [])
    ann.post(f"{URL}/comments", 403, body="Words")


def test_hostile_bodies_are_words(enter: Enter, public: Public) -> None:
    ann = enter("ann")
    ann.post(f"{URL}/comments", body=f"{HOSTILE}\n\n[x](javascript:alert(1)) ![i](https://e.org/i.png) <svg/onload=x>")
    for url in (URL, "/comments", f"{URL}/comments/1/history"):
        page = ann.read(url)
        assert {"svg", "img", "iframe"} & {tag for tag, _ in page.elements} == set()
        assert len(page.all("script")) == len(
            Page(public.client().get(URL if url == URL else "/comments").text).all("script")
        )
        assert not [name for _, attributes in page.elements for name in attributes if name.startswith("on")]
        assert not [url for url in page.links() if url.startswith(("javascript:", "data:", "//"))]


def test_every_page_takes_the_names_of_its_paper(enter: Enter, house: House) -> None:
    ann = enter("ann")
    url = "/papers/doi/10.1000/a(b)c"
    where = follow(ann.client, ann.post(f"{url}/comments", body="Words"))
    assert ann.client.get(where.partition("#")[0]).status_code == 200
    assert ann.client.get("/papers/https://doi.org/10.1000/a(b)c/comments/1/history").status_code == 308
    own = [link for link in ann.read("/comments").links() if link.startswith(("/papers/", "/comments/"))]
    assert (len(own), [link for link in own if ann.client.get(link).status_code >= 400]) == (2, [])


def test_the_owner_at_the_machine_just_writes(tmp_path: Path) -> None:
    with open_house(Settings(home=empty_home(tmp_path / "home")), clock=lambda: NOW) as house, browser(house) as client:
        keep(house.store, [told("2603.00001", "Folding napkins")], at=NOW)
        token = Page(client.get(URL).text).all("input", name=FIELD)[0]["value"]
        answer = client.post(f"{URL}/comments", data={"body": "https://e.org", FIELD: token}, headers={"Origin": HERE})
        assert (answer.status_code, "Only you see this" in client.get(URL).text) == (303, False)


def test_a_paper_with_many_comments_costs_no_more_statements_than_one_with_few(
    house: House, paper_id: int, enter: Enter
) -> None:
    ann, bo = enter("ann"), make_reader(house, "bo")
    costs, seen = [], []

    def see(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        # Whether others have embedded something is asked every half second, whatever the page.
        if any(f" {table}" in statement for table in ("comments", "reactions", "claims", "readers")):
            seen.append(statement)

    event.listen(Engine, "before_cursor_execute", see)
    try:
        for first, last in ((1, 3), (4, 200)):
            with house.store.writing() as connection:
                for number in range(first, last + 1):
                    said = Comment(0, paper_id, bo.id, 1 if number % 7 != 1 else None, f"@ann *{number}*", NOW)
                    comments.insert(connection, said, paper_id)
            seen.clear()
            assert len(ann.read().all("article", id=f"comment-{last}")) == 1
            costs.append(len(seen))
    finally:
        event.remove(Engine, "before_cursor_execute", see)
    assert costs[0] == costs[1] > 0


def test_what_was_said_of_a_hidden_paper_can_be_taken_back_and_is_told_to_nobody(
    house: House, paper_id: int, enter: Enter
) -> None:
    ann, bo = enter("ann"), enter("bo")
    ann.post(f"{URL}/comments", body="A secret of @bo")
    ann.post(f"{URL}/comments", body="Rude")
    assert "A secret of" in bo.read("/notices").text
    with house.store.writing() as connection:
        rule(connection, 2, "hidden", NOW)
        decide(connection, paper_id, Ruling(hidden=True, why="It is private."), NOW)
    assert "A secret of" not in bo.read("/notices").text
    with house.store.reading() as connection:
        bo_id = readers.by_handle(connection, "bo").id  # type: ignore[union-attr]
        assert notices.unseen(connection, bo_id) == 0
    bo.post("/comments/1/withdraw", 404)
    assert ann.post("/comments/1/withdraw") == "/"
    ann.post("/comments/2/withdraw", 403)
    with house.store.reading() as connection:
        kept = comments.by_ids(connection, (1, 2))
    assert [(each.state, each.body) for each in kept.values()] == [("withdrawn", ""), ("hidden", "Rude")]
