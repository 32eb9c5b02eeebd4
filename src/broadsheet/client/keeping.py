"""What a reader keeps: labels and marks."""

from dataclasses import dataclass
from typing import Literal, TypedDict, Unpack

from broadsheet.client.asked import name, names
from broadsheet.client.asking import Asking
from broadsheet.client.kept import Label
from broadsheet.client.paging import Marked
from broadsheet.client.shapes import Kept

SeenBy = Literal["me", "group", "all"]
Mark = Literal["later", "read", "hidden"]


class Relabelled(TypedDict, total=False):
    """What of a label shall be otherwise."""

    name: str
    about: str
    seen_by: SeenBy
    organisation: str


class Labels:
    """One's own labels. ``client.label(handle, slug)`` gives the papers of one, others' too."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking

    def all(self) -> tuple[Label, ...]:
        """Give all of them by name."""
        return self._asking.ask(_Labels, "GET", "/labels").labels

    def one(self, slug: str) -> Label:
        """Give one."""
        return self._asking.ask(Label, "GET", f"/labels/{name(slug)}")

    def make(self, called: str, *, about: str = "", seen_by: SeenBy = "me", organisation: str | None = None) -> Label:
        """Make one; ``organisation`` is whose members see it where ``seen_by`` is ``group``."""
        body = {"name": called, "about": about, "seen_by": seen_by, "organisation": organisation}
        return self._asking.ask(Label, "POST", "/labels", body)

    def change(self, slug: str, **to: Unpack[Relabelled]) -> Label:
        """Let one be called or seen otherwise; its slug and whatever is not given stay."""
        return self._asking.ask(Label, "PATCH", f"/labels/{name(slug)}", to)

    def delete(self, slug: str) -> None:
        """Delete one with its notes; papers stay."""
        self._asking.do("DELETE", f"/labels/{name(slug)}")

    def put(self, slug: str, paper_id: str, note: str | None = None) -> Label:
        """Put a paper on one; a ``note`` takes the place of the one that is there."""
        return self._asking.ask(Label, "PUT", f"/labels/{name(slug)}/papers/{names(paper_id)}", {"note": note})

    def take_off(self, slug: str, paper_id: str) -> Label:
        """Take a paper off; one that is not on it stays so."""
        return self._asking.ask(Label, "DELETE", f"/labels/{name(slug)}/papers/{names(paper_id)}")


class Marks:
    """How a reader marked papers: for ``later``, as ``read``, as ``hidden``; a paper has one mark at most."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking

    def of(self, mark: Mark) -> Marked:
        """Give the papers with a mark, the latest first."""
        return Marked(self._asking, f"/marks/{mark}")

    def put(self, paper_id: str, mark: Mark) -> Kept:
        """Mark a paper, in place of how it was marked."""
        return self._asking.ask(Kept, "PUT", f"/papers/{names(paper_id)}/marks/{mark}")

    def drop(self, paper_id: str, mark: Mark) -> Kept:
        """Take a mark away; a paper that is marked otherwise stays so."""
        return self._asking.ask(Kept, "DELETE", f"/papers/{names(paper_id)}/marks/{mark}")


@dataclass(frozen=True, slots=True)
class _Labels:
    labels: tuple[Label, ...]
