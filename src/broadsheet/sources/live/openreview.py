"""What a venue on OpenReview accepted, or all that was submitted to it (https://docs.openreview.net).

``/notes?content.venueid=&limit=&offset=`` gives at most a thousand notes and, because of ``offset``, their ``count``.
``content.venueid`` is the venue for what it accepted, ``…/Rejected_Submission`` or ``…/Withdrawn_Submission`` for the
rest. Since 2026 the service lets nobody list notes who does not sign in or prove to be a browser: then a page for
browsers comes instead of notes.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from broadsheet.errors import Invalid, Unavailable
from broadsheet.model.record import Problem, Record
from broadsheet.sources import fields, openreview
from broadsheet.sources.adapter import Answer, Ask, Mark, Page, Service, Want
from broadsheet.sources.live.answered import told_by, whole_json
from broadsheet.sources.services import OPENREVIEW
from broadsheet.sources.streams import problem

_LIMIT = 1000
_MOST_LISTED = 1_000_000
_VENUE = re.compile(r"[\w.&-]+(?:/[\w.&-]+)*")
_INVITATION = "/-/"


@dataclass(frozen=True, slots=True)
class OpenReview:
    """Papers of a venue: target ``ICLR.cc/2024/Conference`` for what was accepted.

    ``ICLR.cc/2024/Conference/Rejected_Submission`` names others by where they stand, the invitation
    ``ICLR.cc/2024/Conference/-/Submission`` all that were submitted. Every run reads the whole list.
    """

    service: Service = OPENREVIEW

    def begin(self, want: Want, mark: Mark, at: datetime) -> Ask | None:  # noqa: ARG002 - the list has no days
        """Ask for the first thousand notes."""
        if not _VENUE.fullmatch(want.target):
            raise Invalid(
                f"“{want.target}” is no venue on OpenReview. One looks like ICLR.cc/2024/Conference.", field="target"
            )
        return self._ask(want, 0)

    def read(self, want: Want, mark: Mark, ask: Ask, answer: Answer) -> Page:
        """Read one page. Raises Unavailable for what is none, and for a venue whose papers are all gone."""
        notes, count = _notes(whole_json(answer, self.service))
        offset = int(parse_qs(urlsplit(ask.url).query)["offset"][0])
        run = mark.get("run", {})
        run = run if run.get("ask") == ask.url else {"count": None, "empty": False}
        count = run["count"] if count is None else count
        rest = {key: value for key, value in mark.items() if key != "run"}
        if not notes and not run["empty"]:
            # An answer without notes is asked for twice before it is believed.
            return Page(told=(), mark={**rest, "run": {"ask": ask.url, "count": count, "empty": True}}, next=ask)
        if not notes and offset == 0 and mark.get("count"):
            raise Unavailable(f"OpenReview has nothing of {want.target} any more, and had {mark['count']} submissions.")
        told, ended = _told(want, notes, answer, offset), offset + len(notes)
        if notes and (count is None or ended < count) and ended < _MOST_LISTED:
            following = self._ask(want, ended)
            run = {"ask": following.url, "count": count, "empty": False}
            return Page(told=told, mark={**rest, "run": run}, next=following, expected=count)
        if ended < (count or 0):
            message = f"OpenReview counts {count} submissions to {want.target} and gave {ended}."
            told.append(problem(openreview.SOURCE, want.target, "short-list", message))
        return Page(told=told, mark={**rest, "count": ended}, expected=count)

    def _ask(self, want: Want, offset: int) -> Ask:
        which = "invitation" if _INVITATION in want.target else "content.venueid"
        # In the order of their numbers, so that what is submitted meanwhile comes last.
        query = urlencode({which: want.target, "limit": _LIMIT, "offset": offset, "sort": "number:asc"}, safe="/")
        return Ask(url=f"{self.service.base}/notes?{query}", accept="application/json")


def _notes(told: object) -> tuple[list[Any], int | None]:
    answer = fields.mapping(told)
    notes = answer.get("notes")
    if not isinstance(notes, list):
        said = fields.text(answer.get("message")) or str(told)
        raise Unavailable(f"OpenReview answered with something else than notes: {said[:200]}.")
    return notes, fields.count(answer.get("count"))


def _told(want: Want, notes: list[Any], answer: Answer, offset: int) -> list[Record | Problem]:
    found = (
        openreview.record(note, where=f"{want.target} note {offset + number}", observed=answer.at)
        for number, note in enumerate(notes, 1)
        if _is_wanted(want, note)
    )
    return told_by((one for one in found if one is not None), answer)[0]


def _is_wanted(want: Want, note: object) -> bool:
    if not isinstance(note, dict) or _INVITATION in want.target:
        return True
    if openreview.venue_id(note) not in {"", want.target}:
        return False
    return openreview.stands_outside(want.target) or openreview.is_accepted(note)
