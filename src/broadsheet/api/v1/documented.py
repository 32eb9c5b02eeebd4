"""What the document says of answers besides what they are made of, and the document itself."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

from fastapi import FastAPI
from pydantic import TypeAdapter

from broadsheet.api.v1.problems import MEDIA_TYPE, PROBLEMS, Problem

Documented = dict[int | str, dict[str, Any]]
_REF = "#/components/schemas/{}"
_MADE = 201
_TEXT = {"schema": {"type": "string"}}
NAMED = {"Link": {"Link": {"description": 'The address of what follows, `rel="next"`.', **_TEXT}}}


def _problem(description: str) -> dict[str, Any]:
    return {"description": description, "content": {MEDIA_TYPE: {"schema": {"$ref": _REF.format("Problem")}}}}


ERRORS: Documented = {
    "4XX": _problem("What was asked cannot be meant, is not there, or is not allowed; `type` tells which."),
    "503": _problem("A part is missing or busy; try again later."),
}
# What anybody may ask, and a reader by their token is told more by.
OPTIONAL: dict[str, Any] = {"security": [{}, {"HTTPBearer": []}]}
READ: Documented = ERRORS | {304: {"description": "The copy named by If-None-Match is still good."}}


def answers(model: Any, description: str = "Done.", status: int = 200) -> Documented:  # noqa: ANN401 - any kind of object
    """Document an answer and what may go wrong."""
    answer = {"model": model, "description": description}
    if status == _MADE:
        answer["headers"] = {"Location": {"description": "Where it is.", **_TEXT}}
    return {status: answer, **ERRORS}


NOTHING: Documented = {204: {"description": "Done."}, **ERRORS}


def document_of(api: FastAPI) -> Callable[[], dict[str, Any]]:
    """Make what gives the document of an application, with what its framework cannot say."""
    plain = api.openapi

    def document() -> dict[str, Any]:
        if api.openapi_schema is None:
            made = plain()
            schemas = made["components"]["schemas"]
            schemas["Problem"] = TypeAdapter(Problem).json_schema()
            # With `fields` a paper in a list has those alone.
            schemas["SomeOfPaper"] = {
                name: value for name, value in deepcopy(schemas["Paper"]).items() if name != "required"
            }
            schemas["SomeOfPaper"] |= {
                "title": "SomeOfPaper",
                "description": "The fields of a paper that were asked for.",
            }
            items = {"anyOf": [{"$ref": _REF.format(name)} for name in ("Paper", "SomeOfPaper")]}
            schemas["List"]["properties"]["papers"]["items"] = items
            made["x-problems"] = {
                name: {"status": status, "title": title, "detail": meaning}
                for status, (name, title, meaning) in PROBLEMS.items()
            }
            api.openapi_schema = made
        return api.openapi_schema

    return document
