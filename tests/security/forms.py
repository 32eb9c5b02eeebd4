"""What the pages offer: every GET address of the route table, and every form that stands on a page, with its fields."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from itertools import product
from typing import Any
from urllib.parse import quote, urlsplit

from starlette.routing import BaseRoute, Match, Mount, Route
from tests.security.world import Caller, World

from broadsheet.api.hf import markdown
from broadsheet.feeds import routes as feeds
from broadsheet.web import routes as pages

_PARAMETER = re.compile(r"{(\w+)(?::\w+)?}")
# What an address says of an act, by the part of the path before its thing.
ACTS = {
    "submissions": ("approve", "refuse"),
    "comments": ("approve", "hide"),
    "papers": ("hide", "lock"),
    "claims": ("grant",),
    "doubts": ("arrived",),
    "places": ("pause", "times"),
    "subscriptions": ("pause",),
    "unsubscribe": ("pause",),
}
# Formats that a list is given in beside its page.
SUFFIXES = ("atom", "bib")
# A page that shows a form only when asked for in a certain way.
ASKED = (
    "/search?q=kettle",
    "/papers/2611.00001?order=newest",
    "/submit?asked=2401.00001",
    "/sign-in?next=/account",
    "/subscribe?way=telegram",
)


@dataclass(slots=True)
class Form:
    """One form: what it is sent to, its fields with their values as a browser would send them, and their choices."""

    route: str
    action: str
    page: str
    method: str = "post"
    others: list[str] = field(default_factory=list)  # where buttons of it send it instead
    fields: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)


@dataclass(slots=True)
class Site:
    """What somebody finds: the answer to each address, and the forms on the pages, by the path of their route."""

    answers: dict[str, Any] = field(default_factory=dict)
    forms: dict[str, list[Form]] = field(default_factory=dict)


def routes() -> list[BaseRoute]:
    """List the routes of all doors whose addresses stand at the root, as the site does."""
    return [*feeds.routes(), *markdown.routes(), *pages.routes()]


def gets() -> list[Route]:
    """List the routes that show something."""
    return [route for route in routes() if isinstance(route, Route) and "GET" in (route.methods or ())]


def posts() -> list[Route]:
    """List the routes that take forms."""
    return [route for route in routes() if isinstance(route, Route) and "POST" in (route.methods or ())]


def addresses(world: World, route: BaseRoute) -> list[str]:
    """Give the addresses of a route that lead to what is in the world."""
    assert isinstance(route, Route)
    parts = route.path.split("/")
    choices = [_choices(world, parts, number) for number in range(len(parts))]
    return ["/".join(each) for each in product(*choices)]


def _choices(world: World, parts: list[str], number: int) -> tuple[str, ...]:
    part = parts[number]
    told = [part]
    for name in _PARAMETER.findall(part):
        known = _known(world, parts, number, name)
        assert known, (
            f"Nothing in the world stands for {part} in {'/'.join(parts)}: put such a thing into "
            f"tests/security/things.py and its name under {parts[number - 1]!r} there, or what it may say into "
            "tests/security/forms.py."
        )
        told = [re.sub(rf"{{{name}(?::\w+)?}}", quote(each), text) for text in told for each in known]
    return tuple(told)


def _known(world: World, parts: list[str], number: int, name: str) -> tuple[str, ...]:
    """Give what may stand for a parameter: an act, a format, or the name of a thing."""
    before = parts[number - 1]
    if name == "act":
        return ACTS.get(parts[number - 2] if "{" in before else before, ())
    return SUFFIXES if name == "suffix" else world.things.places.get(before, ())


def visit(world: World, caller: Caller) -> Site:
    """Ask for every address as somebody, and read the forms on what is answered."""
    site = Site()
    urls = [url for route in gets() for url in addresses(world, route)]
    for url in dict.fromkeys([*urls, *ASKED]):
        answer = site.answers[url] = caller.client.get(url)
        if answer.headers.get("content-type", "").startswith("text/html"):
            for form in read_forms(answer.text, url):
                site.forms.setdefault(form.route, []).append(form)
    return site


def read_forms(html: str, page: str) -> Iterator[Form]:
    """Read the forms of a page that are sent by POST."""
    reader = _Forms(page)
    reader.feed(html)
    reader.close()
    for form in reader.found:
        if form.method == "post":
            for action in dict.fromkeys([form.action, *form.others]):
                yield replace(form, action=action, route=route_of(action))


def route_of(action: str, method: str = "POST") -> str:
    """Give the path of the route that answers an address."""
    scope = {"type": "http", "method": method, "path": urlsplit(action).path, "root_path": "", "headers": []}
    for route in routes():
        if not isinstance(route, Mount) and route.matches(scope)[0] is Match.FULL:
            return str(getattr(route, "path", ""))
    raise AssertionError(f"A form is sent to {action}, which no route takes.")


class _Forms(HTMLParser):
    """Reads forms; a field outside any belongs to the form that its attribute ``form`` names."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Form] = []
        self._page, self._choice = page, ""
        self._open: Form | None = None
        self._by_id: dict[str, Form] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "form":
            action = told.get("action") or self._page
            self._open = Form("", action, self._page, told.get("method", "get").lower())
            self._open.others += [told["data-ask"]] if "data-ask" in told else []  # a script sends it there first
            self._by_id[told.get("id", "")] = self._open
            self.found.append(self._open)
            return
        form = self._by_id.get(told["form"]) if "form" in told else self._open
        if form is None:
            return
        form.others += [told["formaction"]] if "formaction" in told else []
        name = told.get("name", "")
        if tag == "option" and self._choice:
            form.choices[self._choice].append(told.get("value", ""))
            if "selected" in told or self._choice not in form.fields:
                form.fields[self._choice] = told.get("value", "")
        elif name and tag in {"input", "textarea", "select", "button"}:
            _note(form, tag, told)
            self._choice = name if tag == "select" else self._choice

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        if tag == "select":
            self._choice = ""


def _note(form: Form, tag: str, told: dict[str, str]) -> None:
    """Add one field as a browser sends it: what is ticked, what is hidden, what is typed already."""
    name, kind, value = told["name"], told.get("type", tag), told.get("value", "")
    form.kinds.setdefault(name, kind)
    if tag == "select":
        form.choices.setdefault(name, [])
    elif kind in {"radio", "checkbox", "button", "submit"} or tag == "button":
        form.choices.setdefault(name, []).append(value or "on")
        if "checked" in told or tag == "button":
            form.fields.setdefault(name, value or "on")
    else:
        form.fields.setdefault(name, value)
