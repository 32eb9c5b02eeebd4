"""Papers to cite, and how the parsers of our sources read them back."""

from collections.abc import Callable, Iterator
from datetime import datetime
from io import BytesIO

from broadsheet.model.ids import ExternalId
from broadsheet.model.paper import Paper
from broadsheet.model.record import Author, Problem, Record

Parse = Callable[..., Iterator[Record | Problem]]


def paper(**facts: object) -> Paper:
    facts.setdefault("slug", "2603.00001")
    facts.setdefault("title", "Folding Napkins")
    return Paper(**facts)  # type: ignore[arg-type]


WHOLE = (
    paper(
        title="Folding Napkins & Other 50% Solutions",
        abstract="A napkin folds, and folds again.",
        authors=(Author("José García"), Author("Bo Chen")),
        ids=(ExternalId("arxiv", "2603.00001"), ExternalId("doi", "10.1000/a_b")),
        published="2026-03-01T00:00:00Z",
        categories=("cs.LG",),
        keywords=("napkins", "folding"),
        venue="Journal of Maps",
    ),
    paper(
        slug="acl/2020.acl-main.1",
        title="Tea for two {and} more",
        authors=(Author("Ann Lee"),),
        ids=(ExternalId("acl", "2020.acl-main.1"),),
        published="2020-07",
        venue="Proceedings of ACL",
    ),
    paper(slug="local/0123456789", title="A paper of which little is known", published="1999"),
)


def read_back(parse: Parse, text: str) -> list[Record]:
    """Read a file of ours as if somebody had brought it in; it must be without problems."""
    found = list(parse(BytesIO(text.encode()), name="ours", observed=datetime(2026, 11, 20)))  # noqa: DTZ001 - only kept
    problems = [each for each in found if isinstance(each, Problem)]
    assert problems == []
    return [each for each in found if isinstance(each, Record)]
