"""What a search text means: the tree that the grammar reads and the engine compiles."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

# Names of people and places say nothing of a topic.
_TOPICAL = ("", "title", "abstract")
TextField = Literal["", "title", "abstract", "author", "org", "venue"]


@dataclass(frozen=True, slots=True)
class Word:
    """A word, or several joined by punctuation; ``field`` is empty for all text.

    ``prefix`` says whether it also matches as the beginning of a word: because the reader asked (``transf*``) or
    because it is the last word and may still be being typed.
    """

    text: str
    field: TextField = ""
    prefix: Literal["", "asked", "typing"] = ""


@dataclass(frozen=True, slots=True)
class Phrase:
    """These very words in this order."""

    text: str
    field: TextField = ""


@dataclass(frozen=True, slots=True)
class Tag:
    """A value of a filter: ``cat``, ``source`` or ``has``."""

    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class Days:
    """An inclusive range of days, each the number YYYYMMDD; 0 and 99999999 leave an end open."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Not:
    """What must not match."""

    child: "Node"


@dataclass(frozen=True, slots=True)
class And:
    """All of these."""

    children: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Any of these."""

    children: tuple["Node", ...]


Node = Word | Phrase | Tag | Days | Not | And | Or


@dataclass(frozen=True, slots=True)
class Parsed:
    """A search text understood: ``tree`` is None when it asks for nothing in particular.

    ``bag`` is set instead for a text too long to be a typed query, such as a pasted abstract; its signs mean nothing.
    """

    tree: Node | None = None
    bag: str = ""
    notices: tuple[str, ...] = ()


def about(parsed: Parsed) -> str:
    """Give what a text is about: its words and phrases in order, without signs, fields and what must not match."""
    if parsed.bag or parsed.tree is None:
        return parsed.bag
    return " ".join(_told(parsed.tree))


def is_plain(parsed: Parsed) -> bool:
    """Tell whether a text is nothing but words: none of them in a field, no phrase, no sign that means something."""
    nodes = parsed.tree.children if isinstance(parsed.tree, And) else (parsed.tree,)
    return all(node is None or (isinstance(node, Word) and not node.field) for node in nodes)


def _told(node: Node) -> Iterator[str]:
    match node:
        case Word(text, field) | Phrase(text, field) if field in _TOPICAL:
            yield text
        case And(children) | Or(children):
            for child in children:
                yield from _told(child)
        case _:
            pass
