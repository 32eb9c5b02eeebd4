"""Whatever a reader can do through the API they can do with the client, against a house that really does it."""

from datetime import UTC, date, datetime

import pytest
from tests.client.conftest import Served

from broadsheet import Client, Conflict, Invalid, NotFound, Refused
from broadsheet.client.shapes import Author, Mine, Presented
from broadsheet.flow.accounts import tokens
from broadsheet.flow.paper import show
from broadsheet.model.comment import Comment
from broadsheet.store import comments

FULL = "2603.01001"


def test_a_paper_is_found_by_any_of_its_names_and_told_whole(anybody: Client) -> None:
    paper = anybody.paper(f"https://arxiv.org/abs/{FULL}v2")
    assert (paper.id, paper.title) == (FULL, "Folding kettles into networks")
    assert paper.authors == (Author("Ann Lee", None, None),)
    assert (paper.published, paper.days) == (datetime(2026, 3, 4, 17, 8, 18, tzinfo=UTC), (date(2026, 3, 6),))
    assert paper.presented == (
        Presented(date(2026, 3, 6), datetime(2026, 3, 6, 3, 55, 12, tzinfo=UTC), "ak", None, None),
    )
    assert paper.standing
    assert "stars_per_day" in {part.name for part in paper.standing.parts}
    assert (paper.mine, paper.kept) == (None, None)
    assert anybody.paper("hep-th/9901001").title == "Old strings"
    with pytest.raises(NotFound):
        anybody.paper("9999.99999")


def test_any_number_of_papers_is_looked_up(served: Served, anybody: Client) -> None:
    absent = [f"doi:10.9999/{number:04d}-{'x' * 60}" for number in range(250)]
    before = len(served.asked)
    found = anybody.papers_by_ids([*absent, f" arXiv:{FULL}v1 ", "2603.01002", FULL, "", "10.1000/a,b", FULL])
    assert len(served.asked) - before == 5
    assert [*found] == [*absent, f"arXiv:{FULL}v1", "2603.01002", FULL, "10.1000/a,b"]
    there = {asked: paper.id for asked, paper in found.items() if paper}
    assert there == {f"arXiv:{FULL}v1": FULL, "2603.01002": "2603.01002", FULL: FULL}
    assert anybody.papers_by_ids([]) == {}


def test_suggestions_and_counts(anybody: Client) -> None:
    assert [title.id for title in anybody.suggest("folding k").titles] == [FULL]
    assert len(anybody.suggest("ke", limit=3).titles) == 3
    told = anybody.facets("kettle", categories=["cs.CL"])
    assert told.total == 15
    assert ("cs.CL", True) in {(each.value, each.chosen) for each in told.facets["category"]}


def test_whose_token_it_is_and_how_the_house_stands(served: Served, client: Client, anybody: Client) -> None:
    me = client.me()
    assert (me.handle, me.token, me.scopes, me.suspended) == ("ann", "Writes", ("read", "write"), False)
    with pytest.raises(Refused, match="token"):
        anybody.me()
    status = anybody.status()
    assert (status.site, status.papers) == (served.house.settings.site_name, 38)


def test_a_paper_is_upvoted_and_not(client: Client) -> None:
    before = client.paper(FULL).upvotes
    assert client.upvote(FULL) == client.upvote(f"arXiv:{FULL}")
    now = client.paper(FULL)
    assert (now.upvotes, now.mine) == (before + 1, Mine(upvoted=True, waits=False))
    voted = client.take_back_upvote(FULL)
    assert (voted.upvotes, voted.upvoted, voted.paper) == (before, False, FULL)


def test_a_conversation(client: Client) -> None:
    said = client.comment("2603.01002", "What is a *kettle*?")
    answer = client.comment("2603.01002", "Hot.", answers=said.number)
    assert (said.by and said.by.handle, said.state, answer.answers_to) == ("ann", "shown", said.number)
    assert client.edit_comment(answer.number, "Hot, later cold.").edited_at is not None
    client.react(said.number, "❤️")
    client.react(said.number, "🚀")
    client.take_back_reaction(said.number, "🚀")
    talk = client.comments("2603.01002", order="newest")
    (found,) = talk
    assert (talk.total, talk.closed) == (2, None)
    assert [(each.emoji, each.count, each.mine) for each in found.reactions] == [("❤️", 1, True)]
    assert [each.body for each in found.answers] == ["Hot, later cold."]
    client.withdraw_comment(answer.number)
    client.withdraw_comment(said.number)
    assert client.comments("2603.01002").total == 0
    with pytest.raises(NotFound):
        client.edit_comment(999_999, "Nobody said that.")


def said(about: int, served: Served, body: str) -> Comment:
    return Comment(0, about, served.ann.id, None, body, served.house.clock(), None, "shown")


def test_a_long_conversation_comes_in_pieces(client: Client, served: Served) -> None:
    about = show(served.house, "2603.00001").id
    with served.house.store.writing() as connection:
        numbers = [comments.insert(connection, said(about, served, f"Word {n}"), about).id for n in range(120)]
    assert [each.number for each in client.comments("2603.00001")] == numbers


def test_labels(client: Client) -> None:
    made = client.labels.make("Good ones", about="Of tea.", seen_by="all")
    assert (made.slug, made.seen_by, made.list) == ("good-ones", "all", "label/ann/good-ones")
    with pytest.raises(Conflict):
        client.labels.make("Good ones")
    assert client.labels.put("good-ones", FULL, "The best.").papers == 1
    assert client.labels.put("good-ones", FULL).papers == 1
    (kept,) = client.label("ann", "good-ones")
    assert (kept.id, kept.note) == (FULL, "The best.")
    assert client.labels.change("good-ones", name="Best ones").name == "Best ones"
    assert (client.labels.one("good-ones").about, client.labels.one("good-ones").seen_by) == ("Of tea.", "all")
    assert "Best ones" in {label.name for label in client.labels.all()}
    assert client.labels.take_off("good-ones", FULL).papers == 0
    client.labels.delete("good-ones")
    with pytest.raises(NotFound):
        client.labels.one("good-ones")
    with pytest.raises(Invalid) as raised:
        client.labels.make("")
    assert raised.value.field == "name"


def test_marks(client: Client) -> None:
    assert client.marks.put(FULL, "later").mark == "later"
    assert client.marks.put(FULL, "read").mark == "read"
    assert client.marks.drop(FULL, "later").mark == "read"
    marked = client.marks.of("read")
    assert ([paper.id for paper in marked], marked.total) == ([FULL], 1)
    kept = client.paper(FULL).kept
    assert kept
    assert kept.mark == "read"
    assert client.marks.drop(FULL, "read").mark is None


def test_saved_searches(client: Client) -> None:
    saved = client.searches.save("Tea", "kettle", categories="cs.CL", years=2024, since=date(2024, 1, 1), has_code=True)
    assert (saved.slug, saved.list) == ("tea", "saved/tea")
    asked = {word: value for word, value in saved.query.items() if value not in ("", [], "both", "relevance")}
    assert asked == {"q": "kettle", "cat": ["cs.CL"], "year": [2024], "since": "2024-01-01", "code": "1"}
    with pytest.raises(Conflict):
        client.searches.save("Tea", "cake")
    again = client.searches.replace("tea", "Cake", "folding")
    assert (again.slug, again.name, again.query["q"]) == ("tea", "Cake", "folding")
    assert client.searches.one("tea") in client.searches.all()
    client.searches.delete("tea")
    assert "tea" not in {each.slug for each in client.searches.all()}


def test_follows(client: Client) -> None:
    client.follows.add("author", "ann-lee")
    client.follows.add("author", "ann-lee")
    (followed,) = client.follows.all()
    assert (followed.kind, followed.target, followed.list) == ("author", "ann-lee", "author/ann-lee")
    assert FULL in {paper.id for paper in client.following()}
    client.follows.drop("author", "ann-lee")
    client.follows.drop("author", "ann-lee")
    assert client.follows.all() == ()


def test_submissions(client: Client) -> None:
    known = client.submit(FULL)
    assert (known.state, known.number, known.paper) == ("known", None, FULL)
    brought = client.submit("https://arxiv.org/abs/2401.00007", "A classic.")
    assert (brought.state, brought.note) == ("fetching", "A classic.")
    assert brought.number is not None
    assert client.submissions.one(brought.number) in client.submissions.all()
    assert client.submissions.withdraw(brought.number).state == "withdrawn"


def test_a_token_for_reading_changes_nothing(served: Served) -> None:
    with served.client(served.reads) as reading:
        assert reading.paper(FULL).mine == Mine(upvoted=False, waits=False)
        with pytest.raises(Refused, match="write"):
            reading.upvote(FULL)
    kept, secret = tokens.make(served.house, served.ann, "Old", ["read"], 30)
    tokens.revoke(served.house, served.ann, kept.id)
    with served.client(secret) as revoked, pytest.raises(Refused, match="not valid"):
        revoked.me()
