"""Forms with anything in them: thousands of them, as an administrator, and never a defect (TRUST E14).

What may be sent is an OpenAPI document, made of the route table and of the forms on the pages; schemathesis makes the
cases, some that fit it and some that do not.
"""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import Any
from urllib.parse import quote, urlencode

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from starlette.routing import Route
from tests.security.forms import Form, Site, gets, posts
from tests.security.test_authorisation import come_back, form_for, token_of
from tests.security.world import Caller, World

from broadsheet.web.csrf import FIELD

CASES = 1_200
TEXT = {"type": "string", "maxLength": 2_000}
_PARAMETER = re.compile(r"{(\w+)(?::\w+)?}")


def value_of(form: Form, name: str) -> dict[str, Any]:
    """Say what a field takes: one of its choices or what it held, beside any text."""
    known = sorted({*form.choices.get(name, ()), form.fields.get(name, "")} - {""})
    return {"anyOf": [{"enum": known}, TEXT]} if known else TEXT


def parameter(name: str, known: list[str]) -> dict[str, Any]:
    """Describe a part of a path: what stands there in the world, beside anything else."""
    told = {"type": "string", "minLength": 1, "maxLength": 60}
    return {"name": name, "in": "path", "required": True, "schema": {"anyOf": [{"enum": known}, told]}}


def document(world: World, sites: dict[str, Site]) -> dict[str, Any]:
    """Describe every route and its form in OpenAPI 3.1."""
    paths: dict[str, Any] = {}
    for route in (*gets(), *posts()):
        path = _PARAMETER.sub(r"{\1}", route.path)
        method = "get" if "GET" in (route.methods or ()) else "post"
        operation: dict[str, Any] = {"operationId": f"{method}{path}", "responses": {"200": {"description": "A page."}}}
        operation["parameters"] = list(_parameters(world, route))
        if method == "post":
            operation["requestBody"] = _body(form_for(sites, route))
        else:
            query = dict.fromkeys(("q", "page", "before", "order", "of", "sort", "year", "like", "from", "to"), TEXT)
            operation["parameters"] += [{"name": n, "in": "query", "schema": told} for n, told in query.items()]
        paths.setdefault(path, {})[method] = operation
    return {"openapi": "3.1.0", "info": {"title": "Broadsheet", "version": "1"}, "paths": paths}


def _parameters(world: World, route: Route) -> Iterator[dict[str, Any]]:
    parts = route.path.split("/")
    for before, part in pairwise(parts):
        for name in _PARAMETER.findall(part):
            acts = ["approve", "refuse", "hide", "restore", "lock", "unlock", "grant", "atom", "bib"]
            yield parameter(name, list(world.things.places.get(before, ())) or acts)


def _body(form: Form) -> dict[str, Any]:
    names = sorted({*form.kinds, "why"} - {FIELD})
    told = {"type": "object", "properties": {name: value_of(form, name) for name in names}}
    return {"content": {"application/x-www-form-urlencoded": {"schema": told}}}


def send(caller: Caller, token: str, case: Any) -> Any:
    """Send one case through the application itself."""
    parameters = {name: quote(str(value), safe="/") for name, value in (case.path_parameters or {}).items()}
    url = case.path.format(**parameters)
    query = [(name, str(value)) for name, value in (case.query or {}).items()]
    if case.method.upper() == "GET":
        return caller.client.get(url, params=query)
    body = case.body if isinstance(case.body, dict) else {}
    pairs = [(name, str(value)) for name, value in body.items()] + [(FIELD, token)]
    content = urlencode([(name, value.encode("utf-8", "replace")) for name, value in pairs])
    return caller.client.post(url, content=content, headers={"Content-Type": "application/x-www-form-urlencoded"})


def operations(world: World, sites: dict[str, Site]) -> list[Any]:
    found = schemathesis.openapi.from_dict(document(world, sites)).get_all_operations()
    return [each.ok() for each in found]


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
def test_whatever_a_form_says_is_answered(world: World, sites: dict[str, Site], mode: GenerationMode) -> None:
    caller = world.caller("admin")
    token, jar = token_of(caller), dict(caller.client.cookies)
    every = operations(world, sites)
    each = CASES // len(every) // len(GenerationMode) + 1
    answered: Counter[int] = Counter()
    broken: dict[str, tuple[int, Any]] = {}

    def answers(operation: Any) -> None:
        @settings(
            max_examples=each,
            database=None,
            deadline=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def answers_to(case: Any) -> None:
            version = world.version()
            answer = send(caller, token, case)
            answered[answer.status_code] += 1
            if answer.status_code >= 500 and answer.status_code != 503:
                broken[operation.label] = (answer.status_code, (case.path_parameters, case.query, case.body))
            if world.version() != version:
                world.restore()
                come_back(caller, jar)

        answers_to()

    for operation in every:
        answers(operation)
    assert broken == {}
    assert answered[200] + answered[303] > 0
