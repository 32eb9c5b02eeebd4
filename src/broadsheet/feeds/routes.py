"""The table of the lists in other formats: each stands at the address of its page with a suffix."""

from collections.abc import Callable, Iterator

from starlette.convertors import Convertor, register_url_convertor
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from broadsheet.feeds import lists, own, talk
from broadsheet.feeds.answer import CITATIONS
from broadsheet.feeds.arxiv import door as arxiv
from broadsheet.feeds.formats import FEEDS
from broadsheet.feeds.oai import door as oai

Handler = Callable[[Request], Response]
LISTS: tuple[tuple[str, Handler], ...] = (
    ("/latest", lists.latest),
    ("/papers/date/{day}", lists.day),
    ("/papers/week/{week}", lists.week),
    ("/papers/month/{month}", lists.month),
    ("/trending", lists.trending),
    ("/search", lists.search),
    ("/searches/{slug}", lists.saved),
    ("/authors/{slug}", lists.author),
    ("/organisations/{slug}", lists.organisation),
    ("/readers/{handle}/labels/{slug}", lists.label),
    ("/following", lists.following),
    ("/papers/{slug:path}/similar", lists.similar),
)


class _Suffix(Convertor[str]):
    """A suffix of one part; ``csl.json`` has two, and a route of its own before."""

    regex = "|".join(suffix for suffix in (*FEEDS, *CITATIONS) if "." not in suffix)

    def convert(self, value: str) -> str:
        """Take it as it is."""
        return value

    def to_string(self, value: str) -> str:
        """Write it as it is."""
        return value


class _Citation(_Suffix):
    """A suffix of one part that papers are cited in."""

    regex = "|".join(suffix for suffix in CITATIONS if "." not in suffix)


class _Feed(_Suffix):
    """A suffix that feed readers know."""

    regex = "|".join(FEEDS)


register_url_convertor("feed_suffix", _Feed())
register_url_convertor("list_suffix", _Suffix())
register_url_convertor("citation_suffix", _Citation())


def routes() -> list[BaseRoute]:
    """List every address of this door, the first that matches wins."""
    return [
        *oai.routes(),
        *arxiv.routes(),
        Route("/following.opml", own.opml_of_followed, name="opml"),
        Route("/comments.{suffix:feed_suffix}", talk.latest, name="comments_feed"),
        Route("/papers/{slug:path}/comments.{suffix:feed_suffix}", talk.of_paper, name="paper_comments_feed"),
        *_each(LISTS, "list_suffix"),
        *_each([("/papers/{slug:path}", own.paper)], "citation_suffix"),
        Route("/papers/{slug:path}.txt", own.reference_of, name="reference"),
    ]


def _each(table: tuple[tuple[str, Handler], ...] | list[tuple[str, Handler]], convertor: str) -> Iterator[Route]:
    for path, handler in table:
        name = f"{handler.__name__}_{convertor}"
        yield Route(f"{path}.csl.json", handler, name=f"{name}_csl")
        yield Route(f"{path}.{{suffix:{convertor}}}", handler, name=name)
