"""What sets a text apart from another: the words it has, the other has not, and few papers have."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log

# A pair of words that stands there twice says more than its words apart.
_PAIR_TIMES = 2
# So that a pair is mostly named before its words alone; set by hand, for nobody has judged contrasts.
_PAIR_GAIN = 1.3
# Words that more than this share of all papers has tell no topic.
_COMMON_SHARE = 0.1
_SHORTEST = 3
# Repetition tells that a word matters, each time less (BM25's k1 in spirit); a title's words matter most.
_REPETITION = 0.5
TITLE_GAIN = 2.0


@dataclass(frozen=True, slots=True)
class Term:
    """A word of a text: its ``stem``, how it is written there, how many papers have it, whether the title has it."""

    stem: str
    surface: str
    papers: int
    in_title: bool = False


@dataclass(slots=True)
class _Told:
    surface: str
    weight: float
    stems: tuple[str, ...]


def contrast(text: Sequence[Term], other: Sequence[Term], shelf: int, most: int = 3) -> tuple[str, ...]:
    """Give at most ``most`` words or pairs of words of ``text`` that ``other`` has not, the most telling first.

    ``shelf`` is the number of all papers. A word weighs its inverse document frequency, log(N / n) (Spärck Jones
    1972), times TITLE_GAIN in a title, times the root of how often it stands there. A pair of neighbours that is
    repeated weighs _PAIR_GAIN times the mean of its words, and stands for both.
    """
    known = {term.stem for term in other}
    counted = _counted([*_words(text, known, shelf), *_pairs(text, known, shelf)])
    found: list[str] = []
    used: set[str] = set()
    for told in sorted(counted, key=lambda each: (-each.weight, each.surface)):
        if used.isdisjoint(told.stems):
            used.update(told.stems)
            found.append(told.surface)
            if len(found) == most:
                break
    return tuple(found)


def _spelled(term: Term) -> str:
    """Undo a title's capitals; an acronym keeps its own."""
    return term.surface.lower() if term.in_title and term.surface[1:].islower() else term.surface


def _words(text: Sequence[Term], known: set[str], shelf: int) -> Iterator[_Told]:
    for term in text:
        if term.stem not in known and _is_telling(term, shelf):
            yield _Told(_spelled(term), _weight(term, shelf), (term.stem,))


def _pairs(text: Sequence[Term], known: set[str], shelf: int) -> Iterator[_Told]:
    found: dict[tuple[str, str], list[_Told]] = {}
    for first, second in pairwise(text):
        stems = (first.stem, second.stem)
        if _is_telling(first, shelf) and _is_telling(second, shelf) and not known.issuperset(stems):
            weight = _PAIR_GAIN * (_weight(first, shelf) + _weight(second, shelf)) / 2
            found.setdefault(stems, []).append(_Told(f"{_spelled(first)} {_spelled(second)}", weight, stems))
    for told in found.values():
        if len(told) >= _PAIR_TIMES:
            yield from told


def _is_telling(term: Term, shelf: int) -> bool:
    return (
        1 < term.papers <= max(shelf * _COMMON_SHARE, 2) and len(term.surface) >= _SHORTEST and not term.stem.isdigit()
    )


def _weight(term: Term, shelf: int) -> float:
    return log(max(shelf, 2) / term.papers) * (TITLE_GAIN if term.in_title else 1.0)


def _counted(told: Sequence[_Told]) -> list[_Told]:
    """Join what is told several times: the first spelling, the sum of weights damped by repetition."""
    kept: dict[tuple[str, ...], list[_Told]] = {}
    for each in told:
        kept.setdefault(each.stems, []).append(each)
    return [
        _Told(same[0].surface, max(each.weight for each in same) * len(same) ** _REPETITION, stems)
        for stems, same in kept.items()
    ]
