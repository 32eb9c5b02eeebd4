"""A form that could not be taken: what was typed, next to the reason, to be mended and sent once more."""

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.datastructures import QueryParams
from starlette.requests import Request

from broadsheet.web.csrf import FIELD
from broadsheet.web.next import came_from, local_path

# What people type, by the name of its field. All else is sent again as it was.
LABELS: Mapping[str, str] = {
    "about": "About",
    "also_on": "A new label",
    "asked": "arXiv id, DOI, or the address of its page",
    "body": "Your comment",
    "days": "Days",
    "domain": "Mail domain",
    "email": "Mail address",
    "handle": "Handle",
    "hour": "Hour",
    "link": "Link",
    "list": "The address of a list",
    "media": "A picture or video",
    "name": "Name",
    "names": "Names in print",
    "note": "Note",
    "other": "The other one",
    "paper": "Paper",
    "quiet_from": "Quiet from",
    "quiet_until": "Quiet until",
    "text": "Text",
    "why": "Why",
    "words": "In your words",
    "zone": "Time zone",
}
# A device's answer and another site's are spent once they were sent; a key of another site's is shown to nobody.
_SPENT = frozenset({"answer", "credential", "zotero_key", "place_url", "place_token", "place_secret"})
_LONG = frozenset({"about", "body", "names", "note", "text", "words"})
_MOST = 100_000


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the form: how it is called, what was sent, and the sentence that stands under it, if any."""

    name: str
    label: str
    value: str
    is_long: bool = False
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Again:
    """What is shown to be mended, and what goes along unseen; ``back`` is where the form stood, as far as it says."""

    shown: tuple[Field, ...]
    unseen: tuple[tuple[str, str], ...]
    back: str

    @property
    def is_told(self) -> bool:
        """Whether the reason stands under a field."""
        return any(field.problem for field in self.shown)


def remember(request: Request, form: QueryParams) -> None:
    """Keep what a form of ours brought until its answer is made."""
    request.state.sent = form


def again(request: Request, reason: str, field: str = "") -> Again | None:
    """Give the form of a request back with the reason why it was not taken; None where nothing would be lost."""
    form: QueryParams | None = getattr(request.state, "sent", None)
    if form is None or _SPENT & form.keys() or sum(map(len, form.values())) > _MOST:
        return None
    sent = [(name, value) for name, value in form.multi_items() if name != FIELD]
    shown = tuple(
        Field(name, LABELS[name], value, name in _LONG, reason if name == field else "")
        for name, value in sent
        if name in LABELS
    )
    if not any(each.value for each in shown):
        return None
    unseen = tuple((name, value) for name, value in sent if name not in LABELS)
    return Again(shown, unseen, local_path(form.get("next") or came_from(request)))
