"""What every answer tells a browser it may do, as MDN's Observatory would rate it (TRUST E1; ASVS 5.0, 3.3 and 3.4).

The rating is that of https://developer.mozilla.org/en-US/observatory/docs/tests_and_scoring, its version 2, for what it
tests on one answer.
"""

import re
from http.cookies import SimpleCookie
from importlib.resources import files
from typing import Any

import pytest
from tests.security.forms import Site, addresses, gets, posts
from tests.security.world import VISITORS, World

from broadsheet.web.csrf import FIELD

# What other sites may fetch, and what they may frame: nothing else.
FETCHED = frozenset({"/papers/{slug:path}/badge.svg", "/papers/{slug:path}/preview.png", "/oembed"})
FRAMED = frozenset({"/papers/{slug:path}/card"})
DEMANDED = "default-src base-uri frame-ancestors form-action".split()
YEAR_S = 31_536_000
LEAST = 125
ODD = (
    ("GET", "/nope", 404),
    ("BREW", "/", 405),
    ("POST", "/nope", 404),
    ("DELETE", "/account", 405),
    ("GET", "/static/nope.css", 404),
    ("GET", "/search?sort=nope", 400),
    ("GET", "/papers/date/nope", 404),
    ("GET", "/papers/" + "x" * 5_000, 404),
    ("GET", "/\udcff".encode("utf-8", "surrogateescape").decode("latin-1"), 404),
    ("POST", "/search", 303),
    ("POST", "/account", 303),
)


def policy_of(answer: Any) -> dict[str, set[str]]:
    """Read the one policy of an answer by its directives."""
    [told] = answer.headers.get_list("content-security-policy")
    parts = [part.split() for part in told.split(";") if part.strip()]
    return {part[0]: set(part[1:]) for part in parts}


def wrong(answer: Any, path: str = "") -> list[str]:
    """Name what an answer lacks, by the path of its route where that may say otherwise."""
    policy, headers = policy_of(answer), answer.headers
    told = " ".join(source for name, sources in policy.items() for source in sources if name != "frame-ancestors")
    cross_origin = [headers[name] for name in headers if name.startswith("access-control-")]
    age = re.search(r"max-age=(\d+)", headers.get("strict-transport-security", ""))
    checks = {
        "a policy that begins with nothing": policy.get("default-src") == {"'none'"},
        "a policy without unsafe, wildcards and other sites": not re.search(r"unsafe|\*|https?:", told),
        "base-uri 'none'": policy.get("base-uri") == {"'none'"},
        "frame-ancestors 'none'": policy.get("frame-ancestors") == ({"*"} if path in FRAMED else {"'none'"}),
        "form-action 'self'": policy.get("form-action") == ({"'none'"} if path in FRAMED else {"'self'"}),
        "TLS for a year or more": bool(age) and int(age[1]) >= YEAR_S if age else False,
        "TLS for subdomains": "includeSubDomains" in headers.get("strict-transport-security", ""),
        "nosniff": headers.get("x-content-type-options") == "nosniff",
        "a referrer policy": headers.get("referrer-policy") in {"same-origin", "no-referrer", "strict-origin"},
        "COOP": headers.get("cross-origin-opener-policy") == "same-origin",
        "CORP": headers["cross-origin-resource-policy"] == ("cross-origin" if path in FETCHED else "same-origin"),
        "no CORS": cross_origin == (["*"] if path in FETCHED else []),
        "a word on keeping it": "cache-control" in headers,
        "nothing of what we run on": not {"server", "x-powered-by"} & set(headers),
    }
    return [name for name, holds in checks.items() if not holds] + [
        f"cookie {name}" for name in open_cookies(headers.get_list("set-cookie"))
    ]


def open_cookies(told: list[str]) -> list[str]:
    """Name the cookies that others could read, set or have sent along."""
    found = []
    for line in told:
        for name, cookie in SimpleCookie(line).items():
            closed = cookie["secure"] and cookie["httponly"] and cookie["samesite"].lower() in {"lax", "strict"}
            if not (closed and name.startswith("__Host-") and cookie["path"] == "/" and not cookie["domain"]):
                found.append(name)
    return found


def rating(answer: Any) -> int:
    """Rate an answer as the Observatory does: 100, less for what is missing, more for what is done beyond that."""
    policy, headers = policy_of(answer), answer.headers
    scripts = policy.get("script-src", policy.get("default-src", set()))
    unsafe = bool({"'unsafe-inline'", "'unsafe-eval'", "data:", "https:", "*"} & scripts)
    age = re.search(r"max-age=(\d+)", headers.get("strict-transport-security", ""))
    lasts = int(age[1]) if age else 0
    scores = [
        -20 if unsafe else 10 if policy.get("default-src") == {"'none'"} else 5,
        -20 if not lasts else -10 if lasts < YEAR_S / 2 else 0,
        0 if headers.get("x-content-type-options") == "nosniff" else -5,
        5 if headers.get("referrer-policy") in {"no-referrer", "same-origin", "strict-origin"} else -5,
        5 if policy.get("frame-ancestors") == {"'none'"} else -20,
        10 if headers.get("cross-origin-resource-policy") == "same-origin" else 0,
        -50 if headers.get("access-control-allow-origin") == "*" else 0,
    ]
    cookies = headers.get_list("set-cookie")
    scores.append(0 if not cookies else -20 if open_cookies(cookies) else 5)
    return 100 + sum(scores)


@pytest.mark.parametrize("kind", VISITORS)
def test_every_page_has_all_headers_and_is_rated_high(world: World, kind: str) -> None:
    caller, found, seen = world.caller(kind), [], set()
    for route in gets():
        for url in addresses(world, route):
            answer = caller.client.get(url)
            seen.add(answer.status_code)
            found += [(url, answer.status_code, each) for each in wrong(answer, route.path)]
            assert route.path in FETCHED | FRAMED or rating(answer) >= LEAST, url
    assert found == []
    assert seen >= {200, 303, 308}


def test_forms_answer_with_all_headers(world: World, sites: dict[str, Site]) -> None:
    caller, found, seen = world.caller("admin"), [], set()
    for route in posts():
        for form in (*sites["admin"].forms.get(route.path, ()), *sites["anybody"].forms.get(route.path, ()))[:2]:
            for fields in (form.fields, {**form.fields, FIELD: ""}):
                answer = caller.client.post(form.action, data=fields)
                seen.add(answer.status_code)
                found += [(form.action, answer.status_code, each) for each in wrong(answer)]
        world.restore()
    assert found == []
    assert seen >= {303, 403}


@pytest.mark.parametrize(("method", "url", "status"), ODD, ids=lambda told: str(told)[:20])
def test_odd_requests_are_answered_with_all_headers(world: World, method: str, url: str, status: int) -> None:
    answer = world.client().request(method, url)
    assert (answer.status_code, wrong(answer)) == (status, [])


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "evil.example"}, 421),
        ({"Authorization": "Bearer nope"}, 401),
        ({"Content-Type": "text/plain"}, 200),
        ({"Range": "bytes=0-1"}, 200),
    ],
)
def test_refused_requests_are_answered_with_all_headers(world: World, headers: dict[str, str], status: int) -> None:
    answer = world.client().get("/", headers=headers)
    assert (answer.status_code, wrong(answer)) == (status, [])


def test_copies_that_are_still_good_are_told_so_with_all_headers(world: World) -> None:
    client = world.client()
    found = []
    for route in gets():
        for url in addresses(world, route):
            tag = client.get(url).headers.get("etag")
            if tag:
                answer = client.get(url, headers={"If-None-Match": tag})
                found.append(answer.status_code)
                assert wrong(answer, route.path) == [], url
    assert 304 in found


@pytest.mark.parametrize("name", sorted(each.name for each in (files("broadsheet.web") / "static").iterdir()))
def test_files_of_ours_come_with_all_headers_and_are_what_they_are_called(world: World, name: str) -> None:
    kinds = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml", "png": "image/png"}
    for method, headers in (("GET", {}), ("HEAD", {}), ("GET", {"Range": "bytes=0-1"})):
        answer = world.client().request(method, f"/static/{name}", headers=headers)
        assert wrong(answer) == []
        assert answer.headers["content-type"].split(";")[0] == kinds[name.rpartition(".")[2]]


def test_a_limit_that_is_reached_is_told_with_all_headers(world: World, sites: dict[str, Site]) -> None:
    client = world.caller("owner").client
    [form] = sites["owner"].forms["/account/export"][:1]
    try:
        answers = [client.post(form.action, data=form.fields) for _ in range(7)]
    finally:
        world.restore()
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["retry-after"]) > 0
    assert [wrong(answer) for answer in answers] == [[]] * 7
