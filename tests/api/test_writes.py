"""What readers do by their programs, and what is refused to whom."""

from hashlib import blake2b

import pytest
from starlette.testclient import TestClient
from tests.api.conftest import FULL, HIDDEN, Town
from tests.readers import add_passkey, make_reader

from broadsheet.flow.accounts import tokens
from broadsheet.flow.house import House
from broadsheet.flow.people import claims
from broadsheet.model.comment import MAX_BODY
from broadsheet.site import create_app

PAPER = "2502.00001"
WRITES = [
    ("POST", f"/api/papers/{PAPER}/upvote", None),
    ("DELETE", f"/api/papers/{PAPER}/upvote", None),
    ("POST", f"/api/papers/{PAPER}/comment", {"comment": "Well boiled."}),
    ("POST", f"/api/papers/{PAPER}/comment/1/reply", {"comment": "Indeed."}),
    ("POST", f"/api/papers/{PAPER}/comment/1/hide", None),
    ("POST", "/api/papers/index", {"arxivId": "2401.00001"}),
    ("POST", "/api/papers/submit", {"paperId": "2401.00001"}),
    ("POST", f"/api/papers/{PAPER}/links", {"githubRepo": "https://github.com/lab/kettle"}),
    ("POST", "/api/settings/papers/claim", {"paperId": PAPER, "claimAuthorId": "0" * 24, "targetUserId": "0" * 24}),
]


@pytest.mark.parametrize(("method", "url", "body"), WRITES, ids=[f"{each[0]} {each[1]}" for each in WRITES])
def test_nothing_is_changed_without_a_token_that_may_write(town: Town, method: str, url: str, body: object) -> None:
    as_anybody = town.client.request(method, url, json=body)
    assert (as_anybody.status_code, as_anybody.headers["www-authenticate"]) == (401, "Bearer")
    assert town.ask(method, url, "hf_" + "a" * 34, body).status_code == 401
    assert town.ask(method, url, "bst_" + "0" * 38, body).status_code == 401
    only_reads = town.ask(method, url, town.reads, body)
    assert (only_reads.status_code, only_reads.json()["error"]) == (403, "Forbidden")


def test_an_upvote_counts_once_and_is_taken_back(town: Town) -> None:
    before = town.get(f"/api/papers/{PAPER}").json()["upvotes"]
    with town.house.store.writing() as connection:
        connection.exec_driver_sql("UPDATE readers SET at = '2020-01-01T00:00:00+00:00' WHERE handle = 'ann'")
    for _ in range(2):
        told = town.ask("POST", f"/api/papers/{PAPER}v2/upvote").json()
        assert told == {"upvotes": before + 1, "upvoted": True, "waits": False}
    assert town.get(f"/api/papers/{PAPER}").json()["upvotes"] == before + 1
    assert town.ask("GET", f"/api/papers/{PAPER}").json()["upvoted"] is True
    assert town.get(f"/api/papers/{PAPER}").json()["upvoted"] is False
    found = town.ask("GET", f"/api/papers/search?q={PAPER}").json()
    assert [each["upvoted"] for each in found] == [True]
    told = town.ask("DELETE", f"/api/papers/{PAPER}/upvote").json()
    assert told == {"upvotes": before, "upvoted": False, "waits": False}


def test_the_upvote_of_a_new_account_waits_and_says_so(town: Town) -> None:
    new = make_reader(town.house, "newcomer")
    _, secret = tokens.make(town.house, new, "New", ["write"], 1)
    told = town.ask("POST", f"/api/papers/{PAPER}/upvote", secret).json()
    assert (told["upvoted"], told["waits"]) == (True, True)


def test_comments_and_answers_stand_under_the_paper_until_they_are_taken_back(town: Town) -> None:
    url = "/api/papers/2502.00002"
    before = town.get(url).json()["numComments"]
    said = town.ask("POST", f"{url}/comment", body={"comment": "How does it **whistle**?"}).json()
    assert (said["author"]["user"], said["data"]["latest"]["raw"]) == ("ann", "How does it **whistle**?")
    answer = town.ask("POST", f"{url}/comment/{said['id']}/reply", body={"comment": "By steam."}).json()
    assert answer["parentCommentId"] == said["id"]
    assert town.get(url).json()["numComments"] == before + 2
    (thread,) = town.get(f"{url}/comments").json()
    assert thread["replies"][0]["data"]["latest"]["raw"] == "By steam."
    assert town.ask("POST", f"{url}/comment/{answer['id']}/hide").json() == {}
    assert [each["replies"] for each in town.get(f"{url}/comments").json()] == [[]]
    assert town.ask("POST", f"{url}/comment/{answer['id']}/hide").status_code == 404


def test_nobody_takes_back_what_another_said(town: Town) -> None:
    url = "/api/papers/2502.00003"
    said = town.ask("POST", f"{url}/comment", body={"comment": "Mine alone."}).json()
    other = make_reader(town.house, "other")
    _, secret = tokens.make(town.house, other, "Other", ["write"], 1)
    assert town.ask("POST", f"{url}/comment/{said['id']}/hide", secret).status_code == 404
    assert len(town.get(f"{url}/comments").json()) == 1


@pytest.mark.parametrize("body", [{}, {"comment": ""}, {"comment": "a" * (MAX_BODY + 1)}, {"comment": 7}, [], "x"])
def test_a_comment_that_cannot_be_kept_is_told_so(town: Town, body: object) -> None:
    assert town.ask("POST", f"/api/papers/{PAPER}/comment", body=body).status_code == 400


def test_a_paper_that_is_here_is_told_of_and_another_is_looked_up(town: Town) -> None:
    assert town.ask("POST", "/api/papers/index", body={"arxivId": FULL}).json() == {}
    assert town.ask("POST", "/api/papers/submit", body={"paperId": FULL}).json() == {
        "state": "known",
        "why": "",
        "paperId": FULL,
    }
    told = town.ask("POST", "/api/papers/submit", body={"paperId": "https://arxiv.org/abs/2401.12345", "note": "Look"})
    assert told.json()["state"] == "fetching"
    again = town.ask("POST", "/api/papers/index", body={"arxivId": "2401.12345"})
    assert (again.status_code, again.json()["error"]) == (409, "Conflict")
    hidden = town.ask("POST", "/api/papers/index", body={"arxivId": HIDDEN})
    assert hidden.status_code == 403
    assert town.ask("POST", "/api/papers/index", body={"arxivId": "hep-th/9901001"}).status_code == 400


def test_who_is_suspended_reads_and_does_not_write(town: Town) -> None:
    late = make_reader(town.house, "late")
    _, secret = tokens.make(town.house, late, "Late", ["read", "write"], 1)
    with town.house.store.writing() as connection:
        connection.exec_driver_sql("UPDATE readers SET state = 'suspended' WHERE handle = 'late'")
    assert town.ask("POST", f"/api/papers/{PAPER}/upvote", secret).status_code == 403
    assert town.ask("GET", "/api/daily_papers", secret).status_code == 200


def test_whose_token_it_is_is_told_to_nobody_else_and_without_any_address(town: Town) -> None:
    told = town.ask("GET", "/api/whoami-v2", town.reads)
    assert told.headers["cache-control"] == "private, no-store"
    assert (told.json()["name"], told.json()["type"], told.json()["orgs"]) == ("ann", "user", [])
    assert told.json()["auth"]["accessToken"] == {"displayName": "Reads", "role": "read"}
    assert town.ask("GET", "/api/whoami-v2").json()["auth"]["accessToken"]["role"] == "write"
    assert "email" not in told.text


def test_reading_takes_no_token_and_one_for_the_hub_says_nothing(town: Town) -> None:
    as_anybody = town.get("/api/daily_papers")
    for scheme in ("Bearer hf_" + "a" * 34, "Bearer ", "Basic YTpi", "bearer nonsense"):
        assert town.get("/api/daily_papers", authorization=scheme).content == as_anybody.content


def test_a_token_of_ours_that_was_revoked_is_refused_even_for_reading(town: Town) -> None:
    token, secret = tokens.make(town.house, town.ann, "Lost", ["read"], 1)
    assert town.ask("GET", "/api/daily_papers", secret).status_code == 200
    tokens.revoke(town.house, town.ann, token.id)
    assert town.ask("GET", "/api/daily_papers", secret).status_code == 401


def test_a_program_at_the_machine_is_not_its_owner(at_home: House) -> None:
    with TestClient(create_app(at_home), base_url="http://localhost") as client:
        assert client.get("/api/daily_papers").status_code == 200
        assert client.post(f"/api/papers/{PAPER}/upvote").status_code == 401


def test_who_wrote_a_paper_claims_it_and_says_where_its_code_is(town: Town) -> None:
    house, paper = town.house, "2502.00029"
    author, moderator = make_reader(house, "kit29"), make_reader(house, "judge29", role="moderator")
    _, secret = tokens.make(house, author, "Kit", ["write", "read"], 1)
    me = town.ask("GET", "/api/whoami-v2", secret).json()["id"]
    whole = town.get(f"/api/papers/{paper}").json()
    kit = next(each["_id"] for each in whole["authors"] if each["name"] == "Kit Number29")
    claim = {"paperId": paper, "claimAuthorId": kit, "targetUserId": me}
    url, links = "/api/settings/papers/claim", f"/api/papers/{paper}/links"
    named = {"githubRepo": "https://github.com/lab/kettle29", "projectPage": "https://kettle29.example/"}

    assert town.ask("POST", url, secret, {**claim, "targetUserId": "0" * 24}).status_code == 403
    assert (
        town.ask("POST", url, secret, {**claim, "claimAuthorId": "0" * 24}).json()["error"] == "Invalid claimAuthorId"
    )
    assert town.ask("POST", links, secret, named).status_code == 403
    assert town.ask("POST", url, secret, claim).json() == {"state": "open"}
    assert town.ask("POST", url, secret, claim).status_code == 409

    (waiting,) = [each for each in claims.queue(house, moderator) if each.claim.reader_id == author.id]
    claims.decide(house, moderator, waiting.claim.id, "Their page says so.", grant=True)
    assert town.ask("POST", links, secret, named).json() == {}
    told = town.get(f"/api/papers/{paper}").json()
    assert (told["githubRepo"], told["projectPage"]) == (named["githubRepo"], named["projectPage"])
    assert town.ask("POST", links, secret, {"githubRepo": None}).json() == {}
    told = town.get(f"/api/papers/{paper}").json()
    assert ("githubRepo" in told, told["projectPage"]) == (False, named["projectPage"])
    assert told["title"] == whole["title"]


@pytest.mark.parametrize(
    ("field", "url"),
    [
        ("githubRepo", "javascript:alert(1)"),
        ("githubRepo", "https://evil.example/lab/kettle"),
        ("githubRepo", "https://github.com@evil.example/lab/kettle"),
        ("projectPage", "ftp://kettle.example"),
        ("projectPage", "https://user:word@kettle.example/"),
        ("projectPage", "kettle"),
        ("organizationId", "0" * 24),
    ],
)
def test_a_link_that_is_none_is_refused(town: Town, field: str, url: str) -> None:
    moderator = make_reader(
        town.house, f"m{blake2b((field + url).encode(), digest_size=4).hexdigest()}", role="moderator"
    )
    add_passkey(town.house, moderator)
    _, secret = tokens.make(town.house, moderator, "M", ["write", "moderate"], 1)
    before = town.get(f"/api/papers/{PAPER}").json()
    answer = town.ask("POST", f"/api/papers/{PAPER}/links", secret, {field: url})
    assert answer.status_code == 400, answer.text
    assert town.get(f"/api/papers/{PAPER}").json() == before
