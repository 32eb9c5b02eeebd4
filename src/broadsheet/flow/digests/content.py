"""What a digest shows, as it is kept once that is settled: the numbers of papers, and why each is there.

Telling sentences are chosen again when it is read, the same ones while the abstract is.
"""

import json
from dataclasses import replace
from datetime import date

from broadsheet.errors import Conflict
from broadsheet.flow.digests.memo import Memo
from broadsheet.flow.house import House
from broadsheet.model.digest import Digest, Section
from broadsheet.model.subscription import Rhythm
from broadsheet.store import papers

# Sections without cards, each with the numbers of its papers and why they are there.
Placed = list[tuple[Section, list[tuple[int, str]]]]
_DAMAGED = "What this digest showed cannot be read."


def as_content(digest: Digest) -> str:
    """Write a digest as JSON in ASCII: ``whys``, and ``sections`` of title, path, how many more, and cards.

    A card is the number of a paper and that of its why.
    """
    whys: dict[str, int] = {}
    sections = [
        [
            section.title,
            section.path,
            section.more,
            [[card.paper.id, whys.setdefault(card.why, len(whys))] for card in section.cards],
        ]
        for section in digest.sections
    ]
    return json.dumps({"whys": list(whys), "sections": sections}, separators=(",", ":"))


def read_content(house: House, text: str, kind: Rhythm, day: date, memo: Memo | None = None) -> Digest:
    """Read what ``as_content`` wrote, with its papers as they are now.

    A paper that was merged into another shows as that one, once; one that is hidden is left out, and so is a section
    without papers. Raises Conflict for what is damaged.
    """
    placed = _placed(house, _sections(text))
    cards = (memo or Memo()).cards(house, {number: why for _, shown in placed for number, why in shown})
    filled = [
        replace(section, cards=tuple(cards[number] for number, _ in shown if number in cards))
        for section, shown in placed
    ]
    return Digest(kind, day, tuple(section for section in filled if section.cards))


def _sections(text: str) -> Placed:
    try:
        told = json.loads(text)
        whys = told["whys"]
        return [
            (Section(str(title), str(path), (), int(more)), [(int(number), str(whys[why])) for number, why in cards])
            for title, path, more, cards in told["sections"]
        ]
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise Conflict(_DAMAGED) from error


def _placed(house: House, told: Placed) -> Placed:
    """Put what was merged under the number it leads to, where it stands first."""
    with house.store.reading() as connection:
        standing = papers.standing(connection, {number for _, cards in told for number, _ in cards})
    taken: set[int] = set()
    placed: Placed = []
    for section, cards in told:
        shown: list[tuple[int, str]] = []
        for number, why in cards:
            lead = (standing[number].merged_into or number) if number in standing else number
            if lead not in taken:
                taken.add(lead)
                shown.append((lead, why))
        placed.append((section, shown))
    return placed
