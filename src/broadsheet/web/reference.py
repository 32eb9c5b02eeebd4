"""What programs may ask here, for people to read: the documents of the APIs as pages."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from broadsheet.web.press import etag, render, still_good

Document = Mapping[str, Any]
_NAME = "#/components/schemas/"
_OWN, _THEIRS = "v1", "hugging-face"


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of running text, perhaps code; ``leads_to`` is the object that it names."""

    text: str
    code: bool = False
    leads_to: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter or a field of an object: its name, what it holds, and what is said of it."""

    name: str
    holds: tuple[Piece, ...]
    about: tuple[Piece, ...]
    is_needed: bool


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing that can be asked: what for, with which parameters and body, and the answers by their status.

    ``takes_token`` says so, or that it may.
    """

    anchor: str
    method: str
    path: str
    about: tuple[Piece, ...]
    fields: tuple[Field, ...]
    body: tuple[Piece, ...]
    answers: tuple[tuple[str, tuple[Piece, ...], tuple[Piece, ...]], ...]
    takes_token: str


def page(request: Request) -> Response:
    """Tell what our own API answers, address by address and object by object."""
    return _page(request, _OWN)


def of_another(request: Request) -> Response:
    """Tell what the API answers that speaks as that of Hugging Face does."""
    return _page(request, _THEIRS)


def pieces(text: str) -> tuple[Piece, ...]:
    """Take running text apart at its marks for code."""
    return tuple(Piece(part, code=bool(n % 2)) for n, part in enumerate(text.replace("``", "`").split("`")) if part)


def _page(request: Request, name: str) -> Response:
    documents: Mapping[str, Callable[[], Document]] = request.app.state.documents
    document = documents[name]()
    tag = etag(request, json.dumps(document, sort_keys=True))
    return still_good(request, tag) or render(
        request,
        "reference.html",
        headers={"ETag": tag},
        name=name,
        others=sorted(documents.keys() - {name}),
        about=[pieces(paragraph) for paragraph in document["info"]["description"].split("\n\n")],
        place=document["servers"][0]["url"],
        version=document["info"]["version"],
        operations=_operations(document),
        objects=_objects(document),
        problems={
            name: {**told, "detail": pieces(told["detail"])} for name, told in document.get("x-problems", {}).items()
        },
    )


def _operations(document: Document) -> tuple[Operation, ...]:
    return tuple(
        Operation(
            anchor=f"{method}-{path.strip('/').replace('/', '-').replace('{', '').replace('}', '')}",
            method=method.upper(),
            path=path,
            about=pieces(told.get("description", "")),
            fields=tuple(_field(each, each.get("required", False)) for each in told.get("parameters", ())),
            body=_content(told.get("requestBody", {})),
            answers=tuple(
                (status, pieces(answer.get("description", "")), _content(answer))
                for status, answer in told["responses"].items()
            ),
            takes_token=_takes_token(told.get("security", ())),
        )
        for path, methods in document["paths"].items()
        for method, told in methods.items()
    )


def _takes_token(security: Sequence[Mapping[str, object]]) -> str:
    if not security:
        return ""
    return "May take a token." if {} in security else "Takes a token."


def _objects(document: Document) -> tuple[tuple[str, tuple[Piece, ...], tuple[Field, ...]], ...]:
    return tuple(
        (
            name,
            pieces(" ".join(schema.get("description", "").split())),
            tuple(
                _field({"name": field, "schema": told, **told}, field in schema.get("required", ()))
                for field, told in schema.get("properties", {}).items()
            ),
        )
        for name, schema in sorted(document["components"]["schemas"].items())
    )


def _field(told: Mapping[str, Any], is_needed: bool) -> Field:  # noqa: FBT001 - as the document has it
    schema = told["schema"]
    examples = schema.get("examples", ())
    about = [*pieces(told.get("description", ""))]
    if examples:
        about += [Piece(" Such as "), Piece(_written(examples[0]), code=True), Piece(".")]
    return Field(told["name"], tuple(_holds(schema)), tuple(about), is_needed)


def _content(told: Mapping[str, Any]) -> tuple[Piece, ...]:
    """Tell what a body or an answer holds, in each media type."""
    found: list[Piece] = []
    for kind, content in told.get("content", {}).items():
        found += [Piece(", or ")] if found else []
        found += [*_holds(content.get("schema", {})), Piece(" as "), Piece(kind, code=True)]
    return tuple(found)


def _holds(schema: Mapping[str, Any]) -> Iterable[Piece]:
    """Say what values a schema allows."""
    if "$ref" in schema:
        name = schema["$ref"].removeprefix(_NAME)
        return [Piece(name, leads_to=name)]
    if options := schema.get("anyOf"):
        return _joined([list(_holds(each)) for each in options], " or ")
    if "enum" in schema or "const" in schema:
        values = schema.get("enum") or [schema["const"]]
        return _joined([[Piece(_written(value), code=True)] for value in values], ", ")
    if schema.get("type") == "array":
        return [Piece("list of "), *_holds(schema.get("items", {}))]
    inner = schema.get("additionalProperties")
    return [Piece("by name "), *_holds(inner)] if isinstance(inner, Mapping) else [Piece(_kind(schema))]


def _kind(schema: Mapping[str, Any]) -> str:
    kind = str(schema.get("type", "anything"))
    return {"string": "text", "boolean": "true or false"}.get(kind, kind)


def _joined(parts: list[list[Piece]], between: str) -> list[Piece]:
    return [piece for n, part in enumerate(parts) for piece in ([Piece(between)] if n else []) + part]


def _written(value: object) -> str:
    return value or "“”" if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
