"""How facts are put into plain words wherever they are shown: days, names, numbers, excerpts."""

from datetime import date

from broadsheet.model.paper import Paper
from broadsheet.model.subscription import DAYS
from broadsheet.model.text import plain

# Spelled out rather than asked of the locale, so that a page reads the same on every machine.
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
# What must not stand before an ellipsis.
_LOOSE = " ,;:.-\u2013\u2014("


def long_day(day: date) -> str:
    """Spell a day out: ``Friday, 6 March 2026``."""
    return f"{DAYS[day.weekday()]}, {short_day(day)}"


def short_day(day: date) -> str:
    """Spell a day: ``6 March 2026``."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def byline(paper: Paper, most: int = 3) -> str:
    """Name the first authors: ``A, B, C and 12 others``; a bare count when the sources name nobody."""
    total = len(paper.authors)
    if not total:
        return plural(paper.author_count, "author") if paper.author_count else ""
    shown = total if total <= most + 1 else most
    names = [plain(author.name) for author in paper.authors[:shown]]
    if shown < total:
        return f"{', '.join(names)} and\u00a0{total - shown:,}\u00a0others"
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def kicker(paper: Paper) -> str:
    """Say where a paper comes from in a few words: its first organisation, else its venue, else its first category."""
    return plain(next(filter(None, (*paper.organisations[:1], paper.venue, *paper.categories[:1])), ""))


def excerpt(paper: Paper, length: int = 260) -> str:
    """Give the opening of the abstract in plain words, cut at a word near ``length`` characters.

    A paper without an abstract is told by its one-sentence summary.
    """
    return shortened(plain((paper.abstract or paper.summary)[: 3 * length]), length)


def shortened(text: str, length: int) -> str:
    """Cut a text to at most ``length`` characters and an ellipsis, at a word where there is a space to cut at."""
    if len(text) <= length:
        return text
    cut = text[:length]
    return f"{(cut.rpartition(' ')[0] or cut).rstrip(_LOOSE)}…"


def short_count(number: int) -> str:
    """Print a number in at most four characters or so: ``987``, ``1.2k``, ``14k``, ``2.1M``."""
    for size, unit in ((1_000_000, "M"), (1_000, "k")):
        if number >= size:
            return f"{number / size:.1f}".removesuffix(".0") + unit if number < 10 * size else f"{number // size}{unit}"
    return str(number)


def plural(number: int, one: str, many: str = "") -> str:
    """Count something: ``1 paper``, ``2,345 papers``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
