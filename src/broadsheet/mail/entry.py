"""What a mail says of one paper: plain lines of bounded length, whatever others wrote."""

from dataclasses import dataclass

from broadsheet.mail.port import one_line
from broadsheet.model.digest import Card
from broadsheet.model.paper import Paper
from broadsheet.model.places import first_link, paper_url, pdf_url
from broadsheet.model.text import plain
from broadsheet.model.wording import byline, excerpt, kicker, plural, short_count, shortened

_TITLE, _NAMES, _KICKER, _TELLING, _WHY = 300, 200, 80, 700, 300
# Where nobody chose sentences, so much of the abstract is told.
_OPENING = 260
_MOST_URL = 600


@dataclass(frozen=True, slots=True)
class Entry:
    """One paper: ``names`` are its first authors, ``links`` lead elsewhere, ``why`` says why it is here."""

    title: str
    url: str
    kicker: str
    names: str
    telling: str
    votes: str
    links: tuple[tuple[str, str], ...]
    why: str


def entry_of(card: Card, about: str, home: str) -> Entry:
    """Say a paper in plain lines; a reason with which ``about``, its list's title, begins is not said again."""
    paper, why = card.paper, line(card.why, _WHY)
    telling = " ".join(map(one_line, card.telling)) or one_line(excerpt(paper, _OPENING))
    return Entry(
        title=line(paper.title, _TITLE) or "Untitled",
        url=home + paper_url(paper),
        kicker="Withdrawn" if paper.withdrawn else shortened(one_line(kicker(paper)), _KICKER),
        names=shortened(one_line(byline(paper)), _NAMES),
        telling=shortened(telling, _TELLING),
        votes=plural(paper.upvotes, "upvote") if paper.upvotes > 0 else "",
        links=tuple(_links(paper)),
        why="" if about.casefold().startswith(why.casefold()) else why,
    )


def line(text: str, most: int) -> str:
    """Give a text as one line of plain words, at most so long."""
    return shortened(one_line(plain(text[: 4 * most])), most)


def _links(paper: Paper) -> list[tuple[str, str]]:
    stars = f" ★ {short_count(paper.stars)}" if paper.stars > 0 else ""
    told = (("PDF", pdf_url(paper)), (f"Code{stars}", first_link(paper, "code")))
    return [(name, url) for name, url in told if url and len(url) <= _MOST_URL]
