"""Agents that come by find out where everything stands, at addresses that answer."""

import re

from starlette.testclient import TestClient
from tests.web.conftest import PUBLIC, Public

# A landmark that the starter shelf has; this house has not.
EXAMPLE = "/papers/1706.03762"


def test_the_page_has_the_form_that_agents_know(client: TestClient) -> None:
    answer = client.get("/llms.txt")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    title, _, quote, *_ = answer.text.splitlines()
    assert (title, quote[:14]) == ("# Broadsheet", "> Broadsheet i")
    assert re.findall(r"^## (.*)$", answer.text, re.MULTILINE) == ["Papers", "For programs", "Optional"]
    listed = [line for line in answer.text.splitlines() if line.startswith("-")]
    assert all(re.match(r"- \[[^\]]+\]\(http[^)\s]+\): \S", line) for line in listed)


def test_every_address_on_it_answers(client: TestClient) -> None:
    links = re.findall(r"\]\(http://testserver(?::80)?(/[^)]*)\)", client.get("/llms.txt").text)
    assert len(links) > 7
    statuses = {link: client.get(link.replace(EXAMPLE, "/papers/2603.00002")).status_code for link in links}
    # By GET there is nothing, and for the name that a test has nobody.
    assert statuses.pop("/mcp") in {405, 421}
    assert set(statuses.values()) == {200}, statuses


def test_in_public_its_addresses_are_ours(public: Public) -> None:
    text = public.client().get("/llms.txt").text
    assert set(re.findall(r"\]\((https?://[^/]+)", text)) == {PUBLIC}
