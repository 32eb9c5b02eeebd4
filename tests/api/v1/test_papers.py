"""Papers by their names, and what stands around them."""

from datetime import timedelta

import pytest
from tests.api.conftest import FULL, HIDDEN, OTHER, Town
from tests.web.conftest import NOW

from broadsheet.api.v1.grammar import FIELDS
from broadsheet.flow.accounts import tokens
from broadsheet.flow.paper import show
from broadsheet.flow.talking.say import say
from broadsheet.model.comment import Comment
from broadsheet.store import comments


def test_a_paper_is_told_whole_by_any_name_it_has(town: Town) -> None:
    told = town.get(f"/api/v1/papers/{FULL}").json()
    assert set(told) == {*FIELDS, "presented", "standing", "kept"}
    assert (told["id"], told["url"], told["upvotes"], told["comments"], told["stars"]) == (
        FULL,
        f"/papers/{FULL}",
        70,
        4,
        12,
    )
    assert (told["published"], told["year"]) == ("2026-03-04T17:08:18Z", 2026)
    assert told["ids"] == [{"scheme": "arxiv", "value": FULL, "url": f"https://arxiv.org/abs/{FULL}"}]
    assert (told["organisations"], told["summary"], told["sources"]) == (["The Lab"], "Kettles are folded.", ["hf"])
    assert told["presented"] == [
        {"day": "2026-03-06", "at": "2026-03-06T03:55:12Z", "by": "ak", "reader": None, "note": None}
    ]
    assert sum(part["points"] for part in told["standing"]["parts"]) == 14
    assert (told["mine"], told["kept"]) == (None, None)
    for name in (f"{FULL}v2", f"https://arxiv.org/abs/{FULL}", f"arXiv:{FULL}"):
        assert town.get(f"/api/v1/papers/{name}").json() == told


def test_what_is_not_known_of_a_paper_is_null(town: Town) -> None:
    told = town.get(f"/api/v1/papers/{OTHER}").json()
    unknown = ("updated", "venue", "summary", "comment", "licence", "note")
    assert [told[name] for name in unknown] == [None] * len(unknown)
    assert (told["abstract"], told["authors"], told["links"], told["author_count"]) == ("", [], [], 0)


@pytest.mark.parametrize("name", ["9999.99999", "no paper at all", HIDDEN])
def test_a_paper_that_is_not_here_or_not_shown_is_told_so(town: Town, name: str) -> None:
    answer = town.get(f"/api/v1/papers/{name}")
    assert (answer.status_code, answer.json()["type"]) == (404, "/docs/api#not-found")


def test_a_hundred_papers_are_looked_up_at_once(town: Town) -> None:
    asked = [f"{FULL}v3", "nonsense", HIDDEN, OTHER]
    told = town.get("/api/v1/papers").status_code
    assert told == 400
    found = town.get(f"/api/v1/papers?ids={','.join(asked)}").json()["papers"]
    assert [each["asked"] for each in found] == asked
    assert [each["paper"] and each["paper"]["id"] for each in found] == [FULL, None, None, OTHER]
    many = ",".join(f"2401.{number:05}" for number in range(101))
    assert town.get(f"/api/v1/papers?ids={many}").json()["field"] == "ids"
    assert len(town.get(f"/api/v1/papers?ids={many[:-11]}").json()["papers"]) == 100


def test_comments_come_in_pieces_with_their_answers(town: Town) -> None:
    url = "/api/v1/papers/2502.00014/comments"
    paper = town.ask("POST", url, body={"body": "The first"})
    assert paper.status_code == 201
    answer = town.ask("POST", url, body={"body": "An answer", "answers_to": paper.json()["number"]}).json()
    assert (answer["answers_to"], answer["by"]) == (paper.json()["number"], {"handle": "ann", "name": "Ann"})
    told = town.get(url).json()
    assert (told["paper"], told["total"], told["closed"], told["next"]) == ("2502.00014", 2, None, None)
    (thread,) = told["comments"]
    assert (thread["body"], thread["state"], thread["url"]) == (
        "The first",
        "shown",
        f"/comments/{thread['number']}",
    )
    assert [each["body"] for each in thread["answers"]] == ["An answer"]
    assert town.get(f"/api/v1/papers/{FULL}/comments?cursor=AAAA").json()["field"] == "cursor"


def test_more_comments_than_fit_go_on(town: Town) -> None:
    about = show(town.house, "2502.00015")
    with town.house.store.writing() as connection:
        for number in range(51):
            said = Comment(0, about.id, town.ann.id, None, f"Comment {number}", NOW + timedelta(seconds=number))
            comments.insert(connection, said, about.id)
    first = town.get(f"/api/v1/papers/{about.slug}/comments?order=newest")
    assert (len(first.json()["comments"]), first.json()["comments"][0]["body"]) == (50, "Comment 50")
    assert first.links["next"]["url"] == first.json()["next"]
    rest = town.get(first.json()["next"]).json()
    assert ([each["body"] for each in rest["comments"]], rest["next"]) == (["Comment 0"], None)


def test_suggestions_facets_and_how_the_house_stands(town: Town) -> None:
    suggested = town.get("/api/v1/suggest?q=fold&limit=3").json()
    assert suggested["titles"][0] == {
        "id": FULL,
        "title": "Folding kettles into networks",
        "url": f"/papers/{FULL}",
    }
    counted = town.get("/api/v1/facets?q=kettle&year=2024").json()
    assert counted["total"] == 10
    assert {"value": "2024", "count": 10, "chosen": True} in counted["facets"]["year"]
    now = town.get("/api/v1/status").json()
    assert now["papers"] >= now["embedded"] > 30
    assert {"name": "hf", "records": 37} in now["sources"]


def test_whose_token_it_is_is_told_with_what_it_was_made_for(town: Town) -> None:
    told = town.ask("GET", "/api/v1/me", town.reads)
    assert told.headers["cache-control"] == "private, no-store"
    assert (told.json()["handle"], told.json()["scopes"], told.json()["token"]) == ("ann", ["read"], "Reads")
    assert "@" not in told.text
    assert town.get("/api/v1/me").status_code == 401


def test_reading_takes_no_token_and_one_for_another_house_says_nothing(town: Town) -> None:
    as_anybody = town.get("/api/v1/lists/day")
    for scheme in ("Bearer hf_" + "a" * 34, "Basic YTpi", "bearer nonsense"):
        assert town.get("/api/v1/lists/day", authorization=scheme).json() == as_anybody.json()
    token, secret = tokens.make(town.house, town.ann, "Lost", ["read"], 1)
    assert town.ask("GET", "/api/v1/lists/day", secret).status_code == 200
    tokens.revoke(town.house, town.ann, token.id)
    assert town.ask("GET", "/api/v1/lists/day", secret).status_code == 401


def test_what_was_just_said_is_counted_at_once(town: Town) -> None:
    url = "/api/v1/papers/2502.00016"
    before = town.get(url).json()["comments"]
    say(town.house, town.ann, show(town.house, "2502.00016").id, "One more")
    assert town.get(url).json()["comments"] == before + 1
