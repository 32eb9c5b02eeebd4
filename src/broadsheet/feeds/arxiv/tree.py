"""What a query of arXiv's API means: terms, and what joins them."""

from dataclasses import dataclass
from datetime import date

from broadsheet.model.ids import ExternalId


@dataclass(frozen=True, slots=True)
class Term:
    """Words in a field of ours, empty for anywhere; as they stand where ``is_phrase``."""

    field: str
    words: tuple[str, ...]
    is_phrase: bool = False


@dataclass(frozen=True, slots=True)
class Category:
    """A category, or an archive for all of its categories."""

    name: str


@dataclass(frozen=True, slots=True)
class Days:
    """When a paper was first submitted, both days included; an open end is None."""

    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class Id:
    """A paper of arXiv's."""

    external_id: ExternalId


@dataclass(frozen=True, slots=True)
class Not:
    """What must not be met."""

    child: "Node"


@dataclass(frozen=True, slots=True)
class All:
    """All of these."""

    children: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Any:
    """Any of these."""

    children: tuple["Node", ...]


Node = Term | Category | Days | Id | Not | All | Any


class Unanswerable(Exception):  # noqa: N818 - what it is, not that it is an error
    """What a program asked for cannot be given; the message is for whoever wrote it."""
