"""The document at ``/api/v1/openapi.json`` is true: whatever it allows is answered as it says, and nothing fails."""

import json
from typing import Any
from urllib.parse import quote

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import positive_data_acceptance, unsupported_method
from tests.api.conftest import Town
from tests.readers import make_reader

from broadsheet.flow.accounts import tokens

HEADERS = {"Host": "papers.example"}
STEADY = settings(
    max_examples=22, phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck), deadline=None
)
# A method that one address lacks may be that of another whose path it fits, as ids have slashes.
NOT_ASKED = [positive_data_acceptance, unsupported_method]


@pytest.fixture(scope="module")
def document(town: Town) -> Any:
    config = SchemathesisConfig.from_dict({"seed": 20_261_122})
    return schemathesis.openapi.from_asgi("/api/v1/openapi.json", town.client.app, headers=HEADERS, config=config)


@pytest.fixture(scope="module")
def asks(town: Town) -> str:
    """A token of a reader who may use up what they may do in a day."""
    return tokens.make(town.house, make_reader(town.house, "own-asks"), "Asks", ["read", "write"], 1)[1]


@pytest.mark.parametrize("who", ["anybody", "a reader"])
def test_whoever_asks_is_answered_as_the_document_says(document: Any, town: Town, who: str, asks: str) -> None:
    own = {"Authorization": f"Bearer {asks}"} if who == "a reader" else {}
    asked = 0
    for found in document.get_all_operations():
        operation = found.ok()

        @STEADY
        @given(case=operation.as_strategy())
        def one(case: Any) -> None:
            nonlocal asked
            asked += 1
            case.call_and_validate(headers={**HEADERS, **own}, excluded_checks=NOT_ASKED)

        one()
    assert asked > 780


# Raw addresses, whatever stands in them: the document cannot say all that is sent.
NASTY = st.text(st.characters(codec="utf-8"), max_size=40) | st.sampled_from(
    [
        "../../etc/passwd",
        "%00",
        "\0",
        "a" * 3_000,
        "'; DROP TABLE papers --",
        "2603.01001\r\nX: y",
        "\u202e",
        "NaN",
        "-1",
        "AAAAAZpng0mgsNKG",
    ]
)


@settings(max_examples=200, deadline=None)
@given(
    place=st.sampled_from(
        ["papers/{}", "papers/{}/comments", "papers?ids={}", "lists/search?q={}", "lists/day/{}", "lists/week/{}",
         "lists/month/{}", "lists/trending/{}", "lists/similar/{}", "lists/author/{}", "lists/organisation/{}",
         "lists/category/{}", "lists/label/{}", "lists/label/ann/{}", "lists/saved/{}", "lists/following/{}",
         "lists/day?cursor={}", "lists/day?limit={}", "lists/day?fields={}", "lists/day?since={}", "lists/day?cat={}",
         "lists/day?year={}", "lists/trending?author={}", "lists/{}", "suggest?q={}", "facets?q={}", "labels/{}",
         "searches/{}", "marks/{}", "submissions/{}", "{}"]
    ),
    told=NASTY,
    slashes=st.booleans(),
    lines=st.booleans(),
)  # fmt: skip
def test_nothing_that_is_sent_makes_us_fail(
    town: Town,
    place: str,
    told: str,
    slashes: bool,  # noqa: FBT001 - drawn
    lines: bool,  # noqa: FBT001 - drawn
) -> None:
    url = "/api/v1/" + place.format(quote(told, safe="/" if slashes else ""))
    accept = "application/x-ndjson" if lines else "*/*"
    answer = town.client.get(url, headers={"Authorization": f"Bearer {town.reads}", "Accept": accept})
    assert answer.status_code < 500, answer.text
    # A client leaves the folder itself when told to go up.
    if answer.status_code >= 400 and answer.url.path.startswith("/api/v1/"):
        assert answer.headers["content-type"] == "application/problem+json"
        assert set(answer.json()) == {"type", "title", "status", "detail", "field"}


def test_the_document_says_which_addresses_take_a_token_and_which_may(town: Town) -> None:
    paths = town.get("/api/v1/openapi.json").json()["paths"]
    told = {
        f"{method} {path}": one.get("security") for path, methods in paths.items() for method, one in methods.items()
    }
    needed, optional = [{"HTTPBearer": []}], [{}, {"HTTPBearer": []}]
    assert [name for name, security in told.items() if security is None] == [
        "get /suggest",
        "get /facets",
        "get /status",
    ]
    assert [name for name, security in told.items() if security == optional] == [
        "get /lists/{kind}",
        "get /lists/{kind}/{name}",
        "get /papers",
        "get /papers/{paper_id}/comments",
        "get /papers/{paper_id}",
    ]
    assert all(security == needed for security in told.values() if security not in (None, optional))


def test_the_document_names_every_address_and_no_other_site(town: Town) -> None:
    told = town.get("/api/v1/openapi.json").json()
    paths = {(method, path) for path, methods in told["paths"].items() for method in methods}
    assert {("get", "/lists/{kind}"), ("get", "/lists/{kind}/{name}"), ("put", "/papers/{paper_id}/upvote")} <= paths
    assert told["servers"] == [{"url": "/api/v1"}]
    text = json.dumps(told)
    assert "422" not in text
    assert "HTTPValidationError" not in text
    answers = [answer for methods in told["paths"].values() for one in methods.values() for answer in one["responses"]]
    assert {"4XX", "503"} <= set(answers)
    for page in ("/api/v1/docs", "/api/v1/redoc"):
        assert town.get(page).status_code == 404
