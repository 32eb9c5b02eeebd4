"""Which names may be one person's: those that do not contradict each other, printed beside the same co-authors.

Nobody is taken for anybody by this: it says what a person may look at.
"""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from broadsheet.model.author import name_key, spoken
from broadsheet.model.names import fold

# With fewer co-authors in common two people of one family name are mostly two.
LEAST_SHARED = 2


class Namesake(NamedTuple):
    """A name that may be the same person's, and how many co-authors both have."""

    name: str
    shared: int


def may_be_one(a: str, b: str) -> bool:
    """Tell whether two names may be one person's: the same family name, and no forename that contradicts.

    An initial stands for every forename that begins with it, and forenames may be missing at the end: *A. Lee*,
    *Ann Lee* and *Ann B. Lee* may be one, *Ann Lee* and *Amy Lee* may not. Somebody without any forename is nobody's
    namesake.
    """
    ours, theirs = _parts(a), _parts(b)
    if min(len(ours), len(theirs)) <= 1 or ours[-1] != theirs[-1]:
        return False
    pairs = zip(ours[:-1], theirs[:-1], strict=False)
    return all(_agree(one, other) for one, other in pairs)


def namesakes(
    names: Collection[str], coauthors: Collection[str], others: Mapping[str, Collection[str]]
) -> tuple[Namesake, ...]:
    """Give those of ``others``, names with their co-authors, that may be one with ``names``, best first.

    Co-authors are compared by their keys. Ties are in the order of the names.
    """
    keys, known = {name_key(name) for name in names}, {name_key(name) for name in coauthors} - {""}
    found = [
        Namesake(name, shared)
        for name, beside in others.items()
        if name_key(name) not in keys
        and any(may_be_one(name, own) for own in names)
        and (shared := len(known & {name_key(one) for one in beside})) >= LEAST_SHARED
    ]
    return tuple(sorted(found, key=lambda namesake: (-namesake.shared, namesake.name)))


def _parts(name: str) -> list[str]:
    words = spoken(name).replace(".", ". ").replace("-", " ").split()
    return [folded for word in words if (folded := fold(word))]


def _agree(a: str, b: str) -> bool:
    short, long = sorted((a, b), key=len)
    return a == b or (len(short) == 1 and long.startswith(short))
