"""How ranking works, in the words and numbers of the code that does it."""

import re
from dataclasses import dataclass
from typing import Literal

from broadsheet.rank import rings, trending

_BLOCK = re.compile(r"\n\s*\n")


@dataclass(frozen=True, slots=True)
class Piece:
    """A paragraph, or lines that stand as they are."""

    kind: Literal["text", "lines"]
    text: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """All that decides an order: the rule, weights as ``(what, weight, why)``, formulas by name, why upvotes wait."""

    rule: tuple[Piece, ...]
    weights: tuple[tuple[str, str, str], ...]
    formulas: tuple[tuple[str, tuple[Piece, ...]], ...]
    waiting: tuple[Piece, ...]
    reasons: tuple[str, ...]


def explained() -> Explanation:
    """Gather it from docstrings and constants."""
    return Explanation(
        rule=pieces(trending.__doc__),
        weights=tuple((w.name.replace("_", " "), f"{w.amount}", w.because) for w in trending.WEIGHTS),
        formulas=tuple((name, pieces(type(formula).__doc__)) for name, formula in trending.FORMULAS.items()),
        waiting=pieces(rings.__doc__),
        reasons=tuple(str(reason) for reason in rings.Reason),
    )


def pieces(docstring: str | None) -> tuple[Piece, ...]:
    """Take a docstring apart; what follows ``::`` and is indented stands as it is."""
    found: list[Piece] = []
    for block in _BLOCK.split((docstring or "").strip("\n")):
        lines = block.rstrip().splitlines()
        if found and found[-1].text.endswith("::") and lines[0].startswith("    "):
            found[-1] = Piece("text", found[-1].text.removesuffix("::") + ":")
            found.append(Piece("lines", "\n".join(line.strip() for line in lines)))
        else:
            found.append(Piece("text", " ".join(line.strip() for line in lines).replace("``", "")))
    return tuple(found)
