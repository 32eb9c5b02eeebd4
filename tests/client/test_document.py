"""The client keeps up with the document at ``/api/v1/openapi.json``: every operation, body, list and field."""

import http.client
import json
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import fields
from types import NoneType
from typing import Any, get_args, get_type_hints

import pytest
from tests.client.conftest import Served
from tests.client.loopback import refusing, saying_house
from tests.conftest import ROOT

from broadsheet import BroadsheetError, Client
from broadsheet.client import client as looking
from broadsheet.client import keeping, kept, paging, returning, shapes
from broadsheet.client.asked import _WORDS, Asked
from broadsheet.model.selection import KINDS

# The shapes of the document by their names there; others have the same name here.
RENAMED: dict[str, type] = {
    "Comments": paging.PieceOfTalk,
    "Follows": returning._Follows,
    "Labels": keeping._Labels,
    "List": paging.PieceOfList,
    "Looked": looking._Looked,
    "LookedUp": looking._LookedUp,
    "Marked": paging.PieceOfMarked,
    "Saved": kept.SavedSearch,
    "SavedSearches": returning._Searches,
    "SomeOfPaper": shapes.Paper,
    "Submissions": returning._Submissions,
    "Whole": shapes.WholePaper,
}
# What is sent, in words of addresses or as problem details.
NO_SHAPES = {"Filters", "Problem"}
ASKING: list[Callable[[Client], object]] = [
    lambda c: c.day().first(),
    lambda c: c.week("2026-W10").first(),
    lambda c: c.papers_by_ids(["1"]),
    lambda c: c.paper("1"),
    lambda c: c.suggest("a"),
    lambda c: c.facets("a"),
    lambda c: c.me(),
    lambda c: c.status(),
    lambda c: c.upvote("hep-th/9901001"),
    lambda c: c.take_back_upvote("1"),
    lambda c: c.comments("1").total,
    lambda c: c.comment("1", "Hello"),
    lambda c: c.edit_comment(1, "Hello"),
    lambda c: c.withdraw_comment(1),
    lambda c: c.react(1, "🚀"),
    lambda c: c.take_back_reaction(1, "🚀"),
    lambda c: c.submit("1"),
    lambda c: c.submissions.all(),
    lambda c: c.submissions.one(1),
    lambda c: c.submissions.withdraw(1),
    lambda c: c.labels.all(),
    lambda c: c.labels.one("a"),
    lambda c: c.labels.make("A"),
    lambda c: c.labels.change("a", name="B", about="", seen_by="group", organisation="Lab"),
    lambda c: c.labels.delete("a"),
    lambda c: c.labels.put("a", "1"),
    lambda c: c.labels.take_off("a", "hep-th/9901001"),
    lambda c: c.marks.of("later").total,
    lambda c: c.marks.put("1", "later"),
    lambda c: c.marks.drop("1", "later"),
    lambda c: c.searches.all(),
    lambda c: c.searches.one("a"),
    lambda c: c.searches.save("A", "a"),
    lambda c: c.searches.replace("a", "A", "a"),
    lambda c: c.searches.delete("a"),
    lambda c: c.follows.all(),
    lambda c: c.follows.add("label", "ann/good"),
    lambda c: c.follows.drop("label", "ann/good"),
]


@pytest.fixture(scope="module")
def document(served: Served) -> Any:
    connection = http.client.HTTPConnection(served.url.removeprefix("http://"), timeout=60)
    connection.request("GET", "/api/v1/openapi.json")
    told = json.loads(connection.getresponse().read())
    connection.close()
    return told


def template_of(document: Any, method: str, path: str) -> str:
    """Name the operation that an address is for: the one with the longest template among those it fits."""
    bare = path.partition("?")[0].removeprefix("/api/v1")
    fits = [
        template
        for template, operations in document["paths"].items()
        if method.lower() in operations and re.fullmatch(re.sub(r"\\\{\w+\\\}", ".+", re.escape(template)), bare)
    ]
    return f"{method.lower()} {max(fits, key=len, default='nothing')}"


def test_every_operation_is_asked_by_a_method_with_all_its_body_may_hold(document: Any) -> None:
    sent: dict[str, set[str]] = {}
    with saying_house(refusing(404, "No.")) as house, Client(house.url, "token") as client:
        for ask in ASKING:
            with suppress(BroadsheetError):
                ask(client)
        for (method, path), body in zip(house.asked, house.bodies, strict=True):
            sent[template_of(document, method, path)] = set(json.loads(body or "{}"))
    paths = document["paths"].items()
    wanted = {f"{method} {path}": told for path, methods in paths for method, told in methods.items()}
    assert sent.keys() == wanted.keys()
    assert sent == {name: body_of(document, told) for name, told in wanted.items()}


def body_of(document: Any, operation: Any) -> set[str]:
    named = re.findall(r"schemas/(\w+)", json.dumps(operation.get("requestBody", {})))
    return {name for each in named for name in document["components"]["schemas"][each]["properties"]}


def test_every_field_of_the_document_is_read_and_may_be_none_where_it_says_so(document: Any) -> None:
    for name, schema in document["components"]["schemas"].items():
        if name in NO_SHAPES or name.startswith("To"):
            continue
        shape: Any = RENAMED.get(name) or getattr(shapes, name, None) or getattr(kept, name, None)
        assert shape, f"No shape is called {name}"
        assert {each.name for each in fields(shape)} == set(schema["properties"]), name
        hints = get_type_hints(shape)
        may_be_none = {each for each, told in schema["properties"].items() if {"type": "null"} in told.get("anyOf", ())}
        left_out = {"evidence"} & set(schema["properties"])  # there where it was asked for
        optional = {each for each, hint in hints.items() if NoneType in get_args(hint)}
        assert optional == may_be_none | left_out, name


def test_every_word_and_kind_of_a_list_can_be_asked_for(document: Any) -> None:
    parameters = {each["name"]: each for each in document["paths"]["/lists/{kind}"]["get"]["parameters"]}
    own = {"limit", "fields", "evidence"}
    assert parameters.keys() == {*_WORDS.values(), *own, "kind", "cursor"}
    assert own <= Asked.__annotations__.keys()
    assert set(_WORDS.values()) == set(document["components"]["schemas"]["Filters"]["properties"])
    assert all(hasattr(Client, kind) for kind in KINDS)


def test_every_method_is_on_the_page() -> None:
    page = (ROOT / "docs" / "client.md").read_text("utf-8")
    own = (keeping.Labels, keeping.Marks, returning.Searches, returning.Follows, returning.Submissions)
    public = {name for kind in (Client, *own) for name in dir(kind) if not name.startswith("_")}
    assert {name for name in public - {"close"} if not re.search(rf"\b{name}\b", page)} == set()
