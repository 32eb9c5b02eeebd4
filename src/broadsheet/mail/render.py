"""A digest as a mail that people keep: a subject that says something, a text, and a page without pictures.

Styles are put into the elements of our templates when those are loaded, not into each mail: css-inline leaves alone
what jinja2 reads. What others wrote comes in later, and only as text.
"""

from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files

from css_inline import inline, inline_fragment
from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from broadsheet.mail.entry import entry_of, line
from broadsheet.mail.plain import plain_entry, plain_foot, plain_head, plain_more, plain_section
from broadsheet.mail.port import Facts, Rendered
from broadsheet.model.digest import Digest, Section
from broadsheet.model.wording import long_day, plural, shortened

# Gmail cuts off what is longer than 102 kB.
MOST_BYTES = 100_000
_SITE, _LIST, _LED_BY, _WHY, _PEEK = 60, 120, 90, 600, 180
# What the page says of papers that found no room.
_KEPT_FREE = 1_000


@dataclass(slots=True)
class _Sheet:
    """What was set so far; ``room`` is what is left for papers, in bytes of the page; ``cut`` found none."""

    room: int
    page: list[str] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    shown: int = 0
    cut: int = 0

    def has_room(self, *pages: str) -> bool:
        return sum(len(page.encode()) + 1 for page in pages) <= self.room

    def put(self, page: str, text: str) -> None:
        self.room -= len(page.encode()) + 1
        self.page.append(page)
        self.text.append(text)


def rendered(digest: Digest, facts: Facts) -> Rendered:
    """Set a digest as a subject, a text and a page of at most 100,000 bytes; papers that find no room are counted.

    Whatever others wrote is text: no markup, no line of its own, and nothing that turns letters round.
    """
    site, why = line(facts.site, _SITE), line(facts.why, _WHY)
    subject, day, count = subject_of(digest), long_day(digest.day), _counted(digest)
    known = {"subject": subject, "site": site, "day": day, "count": count, "why": why, "peek": _peek(digest)}
    frame = _environment().get_template("digest.html")
    empty = frame.render(known, facts=facts, sections="", beyond="")
    sheet = _Sheet(MOST_BYTES - _KEPT_FREE - len(empty.encode()))
    for section in digest.sections:
        _set_section(sheet, section, facts.home_url)
    beyond = f"{plural(sheet.cut, 'more paper is', 'more papers are')} too many" if sheet.cut else ""
    sections = Markup("\n".join(sheet.page))  # noqa: S704 - of our templates
    page = frame.render(known, facts=facts, sections=sections, beyond=beyond)
    ends = plain_head(site, f"{day} · {count}", facts), plain_foot(site, why, beyond, facts)
    return Rendered(subject, "\n".join([ends[0], *sheet.text, ends[1]]), page)


def subject_of(digest: Digest) -> str:
    """Say how many papers there are, and which one leads."""
    first = next((line(paper.title, _LED_BY) for paper in digest.papers), "")
    if len(digest.papers) == 1:
        return f"One paper: “{first}”"
    return f"{_counted(digest)}, led by “{first}”" if first else _counted(digest)


def _counted(digest: Digest) -> str:
    return plural(len(digest.papers), "paper")


def _peek(digest: Digest) -> str:
    """Say what programs show beside the subject: the papers after the first."""
    titles = [line(paper.title, _PEEK // 2) for paper in digest.papers[1:4]]
    return shortened(", ".join(f"“{title}”" for title in titles), _PEEK)


def _set_section(sheet: _Sheet, section: Section, home: str) -> None:
    title, url = line(section.title, _LIST) or "New papers", home + section.path
    heading = _render("section.html", title=title, url=url), plain_section(title, url)
    for at, card in enumerate(section.cards):
        entry = entry_of(card, title, home)
        page = _render("card.html", entry=entry, leads=not sheet.shown)
        if not sheet.has_room(page, "" if at else heading[0]):
            sheet.cut += len(section.cards) - at
            return
        if not at:
            sheet.put(*heading)
        sheet.shown += 1
        sheet.put(page, plain_entry(entry, sheet.shown))
    if section.more > 0 and section.cards:
        words = f"{section.more:,} more"
        page = _render("more.html", words=words, url=url)
        if sheet.has_room(page):
            sheet.put(page, plain_more(words, url))


def _render(template: str, **facts: object) -> str:
    return _environment().get_template(template).render(**facts)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=FunctionLoader(_inlined),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        auto_reload=False,
    )
    environment.globals["screen"] = Markup(_read("screen.css"))  # noqa: S704 - ours
    return environment


def _inlined(name: str) -> str:
    """Give a template with the styles of its classes in each element, but for those of screens, which stay apart."""
    styles, source = _read("mail.css"), _read(name)
    if name == "digest.html":
        return inline(source, extra_css=styles, load_remote_stylesheets=False, keep_style_tags=True)
    return inline_fragment(source, styles, load_remote_stylesheets=False)


def _read(name: str) -> str:
    return (files("broadsheet.mail") / "templates" / name).read_text("utf-8")
