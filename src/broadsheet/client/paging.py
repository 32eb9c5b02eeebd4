"""Lists that are asked for piece by piece, as far as somebody reads them."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Generic, Literal, Protocol, TypeVar

from broadsheet.client.asked import in_address
from broadsheet.client.asking import ROOT, Asking
from broadsheet.client.kept import Comment
from broadsheet.client.shapes import About, Paper
from broadsheet.errors import Unavailable

PER_PIECE = 100
# So many papers come in one stream, and so long may one line of it be.
MOST_IN_STREAM, MOST_LINE = 5_000, 4 << 20
_NEXT = re.compile(r'<([^<>]*)>\s*;\s*rel="next"')


class Piece(Protocol):
    """Some of a list, and where it goes on."""

    @property
    def next(self) -> str | None:
        """The address of what follows."""


P = TypeVar("P", bound=Piece)
T = TypeVar("T")


class Pieces(Generic[P, T]):
    """A list, to be iterated: asked for when it is read, piece after piece, its first piece once.

    What stands in two pieces, because something came before it in between, is given once.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - what a list is
        self,
        asking: Asking,
        kind: type[P],
        path: str,
        within: Callable[[P], Sequence[T]],
        name: Callable[[T], object],
        limit: int | None = None,
    ) -> None:
        self._asking = asking
        self._kind = kind
        self._path = path
        self._within = within
        self._name = name
        self._limit = limit

    def __iter__(self) -> Iterator[T]:
        given: set[object] = set()
        for piece in self._pieces() if self._limit is None or self._limit > 0 else ():
            for each in self._within(piece):
                if self._name(each) in given:
                    continue
                given.add(self._name(each))
                yield each
                if len(given) == self._limit:
                    return

    def first(self) -> T | None:
        """Give the first of them, None of an empty list."""
        return next(iter(self), None)

    @cached_property
    def _first(self) -> P:
        return self._asking.ask(self._kind, "GET", self._path)

    def _pieces(self) -> Iterator[P]:
        piece, been = self._first, set[str]()
        yield piece
        while piece.next is not None:
            if piece.next in been:
                raise Unavailable(f"{self._asking.place} leads in circles.")
            been.add(piece.next)
            piece = self._asking.ask(self._kind, "GET", behind_root(self._asking, piece.next))
            yield piece


@dataclass(frozen=True, slots=True)
class PieceOfList:
    """Some papers of a list."""

    papers: tuple[Paper, ...]
    list: About
    next: str | None


@dataclass(frozen=True, slots=True)
class PieceOfMarked:
    """Some papers that the reader marked."""

    mark: str
    total: int
    papers: tuple[Paper, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class PieceOfTalk:
    """Some of what is said of a paper."""

    paper: str
    total: int
    order: str
    closed: str | None
    comments: tuple[Comment, ...]
    next: str | None


class Papers(Pieces[PieceOfList, Paper]):
    """The papers of a list in its order."""

    def __init__(self, asking: Asking, path: str, words: Mapping[str, object], limit: int | None) -> None:
        self._unsized = (path, words)
        size = PER_PIECE if limit is None else min(max(limit, 1), PER_PIECE)
        sized = in_address(path, {**words, "limit": size})
        super().__init__(asking, PieceOfList, sized, lambda piece: piece.papers, lambda paper: paper.id, limit)

    @property
    def about(self) -> About:
        """What is said of the list; asks for its first piece."""
        return self._first.list

    def streamed(self) -> Iterator[Paper]:
        """Give the papers as they are written, line by line, and hold one of them at a time."""
        path, words = self._unsized
        left = self._limit if self._limit is not None else float("inf")
        following: str | None = in_address(path, {**words, "limit": max(min(left, MOST_IN_STREAM), 1)})
        been = set[str]()
        while following is not None and left > 0:
            if following in been:
                raise Unavailable(f"{self._asking.place} leads in circles.")
            been.add(following)
            with self._asking.lines(following) as (headers, pieces):
                for line in _lines(pieces, self._asking.place):
                    yield self._asking.read(Paper, line)
                    left -= 1
                    if left <= 0:
                        return
            found = _NEXT.search(headers.get("link", ""))
            following = behind_root(self._asking, found[1]) if found else None


class Marked(Pieces[PieceOfMarked, Paper]):
    """Papers that the reader marked, the latest first."""

    def __init__(self, asking: Asking, path: str) -> None:
        super().__init__(asking, PieceOfMarked, path, lambda piece: piece.papers, lambda paper: paper.id)

    @property
    def total(self) -> int:
        """How many they are; asks for the first piece."""
        return self._first.total


class Talk(Pieces[PieceOfTalk, Comment]):
    """What is said of a paper: comments, each with its answers."""

    def __init__(self, asking: Asking, path: str, order: Literal["oldest", "newest"]) -> None:
        path = in_address(path, {"order": order})
        super().__init__(asking, PieceOfTalk, path, lambda piece: piece.comments, lambda comment: comment.number)

    @property
    def total(self) -> int:
        """How many comments and answers there are; asks for the first piece."""
        return self._first.total

    @property
    def closed(self) -> str | None:
        """Why nothing can be said any more; asks for the first piece."""
        return self._first.closed


def behind_root(asking: Asking, told: str) -> str:
    """Give the part behind ROOT of an address that a house tells; raises Unavailable where it leads elsewhere."""
    if not told.startswith(f"{ROOT}/"):
        raise Unavailable(f"{asking.place} leads away from its API.")
    return told.removeprefix(ROOT)


def _lines(pieces: Iterator[bytes], place: str) -> Iterator[bytes]:
    rest = b""
    for piece in pieces:
        *whole, rest = (rest + piece).split(b"\n")
        yield from filter(None, whole)
        if len(rest) > MOST_LINE:
            raise Unavailable(f"{place} answered with a line of more than {MOST_LINE >> 20} MB.")
    if rest:
        yield rest
