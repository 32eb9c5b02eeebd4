"""Papers: in a list, found, and alone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from broadsheet.api.hf.shapes.objects import Found, Item, Piece, Repo, Repos, Shared, User, Whole
from broadsheet.api.hf.shapes.people import organization, user
from broadsheet.api.hf.shapes.values import host, instant, object_id
from broadsheet.flow.submitting.presented import Presented
from broadsheet.model.paper import Paper
from broadsheet.model.places import outside
from broadsheet.model.query import Hit, Span

_HUBS = frozenset({"huggingface.co", "hf.co"})
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg")
# First steps of the hub's addresses that own no models.
_NO_OWNER = frozenset("api blog collections docs join learn organizations papers pricing tasks".split())
# What is said of a paper on its inside, and repeated outside.
_REPEATED = ("organization", "projectPage", "githubRepo", "ai_summary", "ai_keywords")


@dataclass(frozen=True, slots=True)
class Card:
    """A paper with what an object of theirs says of it: how it came to its page, and how much is said of it here."""

    paper: Paper
    shown: Presented | None = None
    said: int = 0


def item(card: Card) -> Item:
    """Make an entry of a list.

    Outside, ``publishedAt`` is when the paper came to its daily page, as the public client has it: there it becomes
    ``submitted_at``.
    """
    paper, inside = card.paper, _shared(card)
    made: Item = {
        "paper": inside,
        "publishedAt": inside.get("submittedOnDailyAt") or inside["publishedAt"],
        "title": paper.title,
        "summary": paper.abstract,
        "thumbnail": _thumbnail(inside["mediaUrls"]),
        "numComments": paper.comments + card.said,
        "isAuthorParticipating": False,
        "upvotes": paper.upvotes,
        "source": _source(paper),
        "githubStars": paper.stars,
    }
    if "submittedOnDailyBy" in inside:
        made["submittedBy"] = inside["submittedOnDailyBy"]
    # The same keys with the same values: what mypy cannot see of two kinds of dict, tests do.
    made.update({name: inside[name] for name in _REPEATED if name in inside})  # type: ignore[literal-required, typeddict-item]
    return made


def found(card: Card, hit: Hit, *, upvoted: bool) -> Found:
    """Make an entry of what a search found; the summary's sentence that shows why stands for the whole."""
    title = hit.title or (Span(card.paper.title),)
    return {
        **item(card),
        "upvoted": upvoted,
        "highlightedTitle": _pieces(title),
        "highlightedSummary": _pieces(hit.snippet),
    }


def whole(card: Card, *, upvoted: bool) -> Whole:
    """Make a paper alone."""
    inside, linked = _shared(card), repos(card.paper)
    return {
        **inside,
        "numComments": card.paper.comments + card.said,
        "source": _source(card.paper),
        "thumbnail": _thumbnail(inside["mediaUrls"]),
        "upvoted": upvoted,
        "linkedModels": linked["models"],
        "numTotalModels": len(linked["models"]),
        "linkedDatasets": linked["datasets"],
        "numTotalDatasets": len(linked["datasets"]),
        "linkedSpaces": linked["spaces"],
        "numTotalSpaces": len(linked["spaces"]),
    }


def author_id(paper: Paper, number: int) -> str:
    """Name one of a paper's authors, counted from 0."""
    return object_id("author", paper.slug, number)


def _shared(card: Card) -> Shared:
    paper, shown = card.paper, card.shown
    made: Shared = {
        "id": paper.slug,
        "authors": [
            {"_id": author_id(paper, number), "name": author.name, "hidden": False}
            for number, author in enumerate(paper.authors)
        ],
        "publishedAt": instant(paper.published),
        "title": paper.title,
        "summary": paper.abstract,
        "upvotes": paper.upvotes,
        "discussionId": object_id("discussion", paper.slug),
        "mediaUrls": [url for url in paper.media if outside(url)],
        "githubStars": paper.stars,
    }
    _link(made, paper)
    _describe(made, paper)
    if shown is not None:
        made["submittedOnDailyAt"] = instant(shown.at) or instant(shown.day.isoformat())
        if (by := _submitter(shown)) is not None:
            made["submittedOnDailyBy"] = by
    return made


def _link(made: Shared, paper: Paper) -> None:
    if page := _first_of(paper.links_of("project")):
        made["projectPage"] = page
    if repository := _first_of(url for url in paper.links_of("code") if host(url) == "github.com"):
        made["githubRepo"] = repository
    if paper.organisations:
        made["organization"] = organization(paper.organisations[0])


def _describe(made: Shared, paper: Paper) -> None:
    if paper.summary:
        made["ai_summary"] = paper.summary
    if paper.keywords:
        made["ai_keywords"] = list(paper.keywords)
    if paper.withdrawn:
        made["withdrawnAt"] = instant(paper.updated) or instant(paper.published)


def _submitter(shown: Presented) -> User | None:
    if shown.by:
        return user(shown.by)
    bringer = shown.bringer
    return user(bringer.handle, bringer.name) if bringer is not None and bringer.handle else None


def submitter(card: Card) -> str:
    """Give the name by which whoever put a paper on its page is asked for; empty for nobody."""
    by = _submitter(card.shown) if card.shown else None
    return by["user"] if by else ""


def repos(paper: Paper) -> Repos:
    """Give what the paper's links name on the hub, each once; no file, no page and no collection of it."""
    linked: Repos = {"models": [], "datasets": [], "spaces": []}
    seen: set[tuple[str, str]] = set()
    for link in paper.links:
        kind, name = _repo(link.url)
        if name and (kind, name) not in seen:
            seen.add((kind, name))
            tags = [f"arxiv:{each.value}" for each in paper.ids if each.scheme == "arxiv"]
            linked[kind].append({"_id": object_id(kind, name), "id": name, "tags": tags, "private": False})
    return linked


def _repo(url: str) -> tuple[Repo, str]:
    if host(url) not in _HUBS:
        return "models", ""
    steps = [step for step in urlsplit(url).path.split("/") if step]
    kind: Repo = "models"
    if steps and steps[0] in {"datasets", "spaces"}:
        kind = "datasets" if steps[0] == "datasets" else "spaces"
        steps = steps[1:]
    owned = len(steps) >= 2 and steps[0] not in _NO_OWNER  # noqa: PLR2004 - owner and name
    return kind, "/".join(steps[:2]) if owned else ""


def _thumbnail(media: Sequence[str]) -> str:
    return next((url for url in media if urlsplit(url).path.lower().endswith(_PICTURES)), "")


def _first_of(urls: Iterable[str]) -> str:
    return next(filter(outside, urls), "")


def _source(paper: Paper) -> str:
    return paper.ids[0].scheme if paper.ids else ""


def _pieces(spans: Iterable[Span]) -> list[Piece]:
    return [{"type": "highlight" if span.matched else "text", "text": span.text} for span in spans]
