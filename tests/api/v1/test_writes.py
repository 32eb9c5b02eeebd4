"""What readers do by their programs."""

from typing import Any

import pytest
from tests.api.conftest import FULL, HIDDEN, Town
from tests.readers import make_reader

from broadsheet.flow.accounts import tokens
from broadsheet.flow.people import organisations

PAPER = "2502.00020"
ROOT = "/api/v1"


def ask(town: Town, method: str, url: str, body: Any = None, token: str = "") -> Any:
    return town.ask(method, ROOT + url, token, body)


def test_an_upvote_counts_once_and_is_taken_back(town: Town) -> None:
    before = town.get(f"{ROOT}/papers/{PAPER}").json()["upvotes"]
    with town.house.store.writing() as connection:
        connection.exec_driver_sql("UPDATE readers SET at = '2020-01-01T00:00:00+00:00' WHERE handle = 'ann'")
    for _ in range(2):
        told = ask(town, "PUT", f"/papers/{PAPER}v2/upvote").json()
        assert told == {"paper": PAPER, "upvotes": before + 1, "upvoted": True, "waits": False}
    assert ask(town, "GET", f"/papers/{PAPER}").json()["mine"] == {"upvoted": True, "waits": False}
    for _ in range(2):
        told = ask(town, "DELETE", f"/papers/{PAPER}/upvote").json()
        assert told == {"paper": PAPER, "upvotes": before, "upvoted": False, "waits": False}
    assert ask(town, "PUT", f"/papers/{HIDDEN}/upvote").status_code == 404


def test_the_upvote_of_a_new_account_waits_and_says_so(town: Town) -> None:
    new = make_reader(town.house, "novice")
    _, secret = tokens.make(town.house, new, "New", ["write"], 1)
    told = ask(town, "PUT", f"/papers/{PAPER}/upvote", token=secret).json()
    assert (told["upvoted"], told["waits"]) == (True, True)


def test_a_comment_is_said_changed_reacted_to_and_taken_back(town: Town) -> None:
    said = ask(town, "POST", f"/papers/{PAPER}/comments", {"body": "How does it **whistle**?"})
    assert said.status_code == 201
    number = said.json()["number"]
    changed = ask(town, "PATCH", f"/comments/{number}", {"body": "How does it whistle now?"}).json()
    assert (changed["body"], changed["edited_at"] is not None) == ("How does it whistle now?", True)
    for _ in range(2):
        assert ask(town, "PUT", f"/comments/{number}/reactions/🎉").status_code == 204
    (told,) = ask(town, "GET", f"/papers/{PAPER}/comments").json()["comments"]
    assert told["reactions"] == [{"emoji": "🎉", "count": 1, "mine": True}]
    for _ in range(2):
        assert ask(town, "DELETE", f"/comments/{number}/reactions/🎉").status_code == 204
    assert ask(town, "PUT", f"/comments/{number}/reactions/🫖").json()["field"] == "emoji"
    assert ask(town, "DELETE", f"/comments/{number}").status_code == 204
    assert ask(town, "DELETE", f"/comments/{number}").status_code == 404
    assert town.get(f"{ROOT}/papers/{PAPER}/comments").json()["total"] == 0


@pytest.mark.parametrize(
    ("body", "field"),
    [({}, "body"), ({"body": ""}, "body"), ({"body": 7}, "body"), ({"body": "x", "answers_to": 0}, "answers_to"),
     ({"body": "x", "colour": "red"}, "colour"), ({"body": " "}, "body"), ([], None)],
    ids=["nothing", "empty", "number", "zero", "colour", "blank", "list"],
)  # fmt: skip
def test_a_body_that_cannot_be_kept_is_refused_by_name(town: Town, body: Any, field: str | None) -> None:
    answer = ask(town, "POST", f"/papers/{PAPER}/comments", body)
    assert (answer.status_code, answer.json()["field"]) == (400, field)


def test_too_much_at_once_is_not_read(town: Town) -> None:
    answer = ask(town, "POST", f"/papers/{FULL}/comments", {"body": "a" * 200_000})
    assert (answer.status_code, answer.json()["type"]) == (413, "/docs/api#too-large")
    method = ask(town, "PUT", "/lists/day")
    assert (method.status_code, method.json()["type"]) == (405, "/docs/api#method")


def test_a_paper_that_is_here_is_told_of_and_another_is_looked_up(town: Town) -> None:
    known = ask(town, "POST", "/submissions", {"asked": FULL})
    assert (known.status_code, known.json()["state"], known.json()["paper"]) == (200, "known", FULL)
    told = ask(town, "POST", "/submissions", {"asked": "https://arxiv.org/abs/2401.54321", "note": "Look"})
    assert (told.status_code, told.json()["state"], told.json()["asked"]) == (201, "fetching", "arxiv:2401.54321")
    number = told.json()["number"]
    assert ask(town, "POST", "/submissions", {"asked": "2401.54321"}).status_code == 409
    assert ask(town, "POST", "/submissions", {"asked": HIDDEN}).status_code == 403
    assert ask(town, "POST", "/submissions", {"asked": "no id"}).json()["field"] == "asked"
    mine = ask(town, "GET", "/submissions").json()["submissions"]
    assert number in [each["number"] for each in mine]
    assert ask(town, "GET", f"/submissions/{number}").json() == told.json()
    assert ask(town, "DELETE", f"/submissions/{number}").json()["state"] == "withdrawn"
    assert ask(town, "DELETE", f"/submissions/{number}").status_code == 409


def test_labels_are_made_changed_filled_and_deleted(town: Town) -> None:
    made = ask(town, "POST", "/labels", {"name": "To boil"})
    assert (made.status_code, made.json()["slug"], made.json()["seen_by"]) == (201, "to-boil", "me")
    assert ask(town, "POST", "/labels", {"name": "TO BOIL"}).status_code == 409
    changed = ask(town, "PATCH", "/labels/to-boil", {"about": "Soon", "seen_by": "all"}).json()
    assert (changed["name"], changed["about"], changed["seen_by"]) == ("To boil", "Soon", "all")
    for body in ({"note": "Hot"}, None, {}):
        put = ask(town, "PUT", f"/labels/to-boil/papers/{FULL}", body)
        assert (put.status_code, put.json()["papers"]) == (200, 1)
    told = town.get(f"{ROOT}/lists/label/ann/to-boil").json()
    assert [(each["id"], each["note"]) for each in told["papers"]] == [(FULL, "Hot")]
    assert ask(town, "GET", f"/papers/{FULL}").json()["kept"]["labels"].count("to-boil") == 1
    for _ in range(2):
        assert ask(town, "DELETE", f"/labels/to-boil/papers/{FULL}").json()["papers"] == 0
    assert "to-boil" in [each["slug"] for each in ask(town, "GET", "/labels").json()["labels"]]
    assert ask(town, "DELETE", "/labels/to-boil").status_code == 204
    assert ask(town, "GET", "/labels/to-boil").status_code == 404
    assert ask(town, "POST", "/labels", {"name": "x", "seen_by": "some"}).json()["field"] == "seen_by"


def test_a_label_is_shared_with_an_organisation_by_its_name(town: Town) -> None:
    organisations.make(town.house, town.ann, "Kettle Works")
    made = ask(town, "POST", "/labels", {"name": "Ours", "seen_by": "group", "organisation": "Kettle Works"}).json()
    assert (made["seen_by"], made["organisation"]) == ("group", "Kettle Works")
    refused = ask(town, "POST", "/labels", {"name": "Theirs", "seen_by": "group", "organisation": "Others"})
    assert refused.status_code == 403
    assert ask(town, "DELETE", "/labels/ours").status_code == 204


def test_marks_stand_one_at_a_time(town: Town) -> None:
    assert ask(town, "PUT", f"/papers/{PAPER}/marks/later").json()["mark"] == "later"
    assert ask(town, "PUT", f"/papers/{PAPER}/marks/read").json()["mark"] == "read"
    assert ask(town, "DELETE", f"/papers/{PAPER}/marks/later").json()["mark"] == "read"
    told = ask(town, "GET", "/marks/read").json()
    assert ([each["id"] for each in told["papers"]], told["total"], told["next"]) == ([PAPER], 1, None)
    assert ask(town, "DELETE", f"/papers/{PAPER}/marks/read").json() == {"labels": [], "mark": None}
    assert ask(town, "PUT", f"/papers/{PAPER}/marks/burnt").json()["field"] == "mark"


def test_searches_are_saved_by_the_words_of_the_parameters(town: Town) -> None:
    made = ask(
        town, "POST", "/searches", {"name": "Hot things", "query": {"q": "steam", "cat": ["cs.CL"], "code": "1"}}
    )
    assert (made.status_code, made.json()["search"]) == (201, "/search?q=steam&cat=cs.CL&code=1")
    assert ask(town, "GET", "/searches/hot-things").json() == made.json()
    again = {"name": "Hotter things", "query": {**made.json()["query"], "year": [2024], "author": ["Ann Lee"]}}
    for _ in range(2):
        told = ask(town, "PUT", "/searches/hot-things", again).json()
        assert (told["slug"], told["name"], told["query"]) == ("hot-things", "Hotter things", again["query"])
    assert town.ask("GET", f"{ROOT}/lists/{told['list']}").status_code == 200
    assert ask(town, "PUT", "/searches/none", again).status_code == 404
    assert ask(town, "POST", "/searches", {"name": "Empty", "query": {}}).json()["field"] == "q"
    assert "hot-things" in [each["slug"] for each in ask(town, "GET", "/searches").json()["searches"]]
    assert ask(town, "DELETE", "/searches/hot-things").status_code == 204
    assert ask(town, "DELETE", "/searches/hot-things").status_code == 404


def test_what_is_followed_is_put_and_taken_away(town: Town) -> None:
    for kind, target in (("category", "cs.AI"), ("author", "bo-chen"), ("author", "ann-lee")):
        for _ in range(2):
            answer = ask(town, "PUT", f"/following/{kind}/{target}")
            assert answer.status_code in {204, 404}, answer.text
    told = ask(town, "GET", "/following").json()["following"]
    assert {"category", "author"} <= {each["kind"] for each in told}
    one = next(each for each in told if each["target"] == "cs.AI")
    assert (one["url"], one["list"]) == ("/search?cat=cs.AI&sort=date", "category/cs.AI")
    for each in told:
        assert town.ask("GET", f"{ROOT}/lists/{each['list']}").status_code == 200
    for _ in range(2):
        assert ask(town, "DELETE", "/following/category/cs.AI").status_code == 204
    assert ask(town, "DELETE", "/following/author/ann-lee").status_code == 204
    assert ask(town, "PUT", "/following/author/nobody-at-all").status_code == 404
    assert ask(town, "PUT", "/following/kettle/x").json()["field"] == "kind"


def test_halves_of_characters_are_no_reason_to_fail(town: Town) -> None:
    for url, body in (
        (f"/papers/{PAPER}/comments", '{"body": "\\ud800"}'),
        ("/labels", '{"name": "\\ud800"}'),
        ("/submissions", '{"asked": "\\ud800"}'),
        ("/searches", '{"name": "\\ud800", "query": {"q": "\\udfff"}}'),
    ):
        headers = {"Authorization": f"Bearer {town.writes}", "Content-Type": "application/json"}
        answer = town.client.post(ROOT + url, content=body, headers=headers)
        assert answer.status_code < 500, answer.text


def test_what_was_made_says_where_it_is(town: Town) -> None:
    _, secret = tokens.make(town.house, make_reader(town.house, "maker"), "Makes", ["read", "write"], 1)
    for url, body in (
        ("/labels", {"name": "Found again"}),
        ("/labels", {"name": "Wiedergefunden: ő 茶"}),
        ("/searches", {"name": "Found again", "query": {"q": "steam"}}),
        ("/searches", {"name": "ő茶", "query": {"q": "steam"}}),
        ("/submissions", {"asked": "2401.00077"}),
    ):
        made = ask(town, "POST", url, body, secret)
        assert made.status_code == 201, made.text
        assert town.ask("GET", made.headers["location"], secret).json() == made.json()


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_a_body_that_is_not_called_json_is_refused_as_such(town: Town, kind: str) -> None:
    own = {"Authorization": f"Bearer {town.writes}", **({"Content-Type": kind} if kind else {})}
    for method, url in (("POST", "/labels"), ("PUT", f"/labels/any/papers/{PAPER}")):
        answer = town.client.request(method, ROOT + url, content=b'{"name": "Sneaked"}', headers=own)
        assert (answer.status_code, answer.json()["type"]) == (415, "/docs/api#media-type")


@pytest.mark.parametrize("body", [b"[" * 50_000, b"{", b'{"name": "\xff"}', b'{"name": ' + b"1" * 9_000 + b"}"])
def test_a_body_that_cannot_be_read_is_told_so(town: Town, body: bytes) -> None:
    own = {"Authorization": f"Bearer {town.writes}", "Content-Type": "application/json"}
    answer = town.client.post(ROOT + "/labels", content=body, headers=own)
    assert (answer.status_code, "JSON" in answer.json()["detail"]) == (400, True), answer.text


def test_a_search_is_not_saved_by_a_word_that_means_nothing(town: Town) -> None:
    body = {"name": "Too much", "query": {"q": "steam", "category": ["cs.CL"]}}
    assert ask(town, "POST", "/searches", body).json()["field"] == "query.category"
    assert ask(town, "GET", "/searches/too-much").status_code == 404
