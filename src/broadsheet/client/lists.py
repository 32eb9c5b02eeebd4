"""All lists of papers, by what they are called."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal, Unpack, cast

from broadsheet.client.asked import Asked, AskedInWords, in_words, names, several
from broadsheet.client.asking import Asking
from broadsheet.client.paging import Papers
from broadsheet.model.selection import Kind


class Lists:
    """Any list a house has. Each takes filters, an order, a ``limit``, ``fields`` and ``evidence`` (see ``Asked``).

    Nothing is asked before the papers are read; what goes wrong is raised then.
    """

    _asking: Asking

    def papers(self, kind: Kind, called: str = "", **asked: Unpack[AskedInWords]) -> Papers:
        """Give a list by its kind and its name."""
        return self._papers(kind, called, cast("Mapping[str, Any]", asked))

    def day(self, day: date | str | None = None, **asked: Unpack[Asked]) -> Papers:
        """Give the papers of a daily page, most upvotes first; of the latest that has any without a ``day``."""
        return self.papers("day", str(day or ""), **asked)

    def week(self, week: str, **asked: Unpack[Asked]) -> Papers:
        """Give the papers of a week, written as ISO 8601 does: ``2026-W10``."""
        return self.papers("week", week, **asked)

    def month(self, month: str, **asked: Unpack[Asked]) -> Papers:
        """Give the papers of a month: ``2026-03``."""
        return self.papers("month", month, **asked)

    def trending(self, span: Literal["all", "week", "day"] = "all", **asked: Unpack[Asked]) -> Papers:
        """Give papers in the order of what trends, of all or of those that appeared within a span."""
        return self.papers("trending", span, **asked)

    def search(self, text: str = "", **asked: Unpack[AskedInWords]) -> Papers:
        """Give what answers a text, best first: words, an id, an address, a whole abstract; or papers like others."""
        return self._papers("search", "", {"text": text, **asked})

    def similar(self, paper_id: str, **asked: Unpack[Asked]) -> Papers:
        """Give the papers nearest to one, nearest first."""
        return self.papers("similar", paper_id, **asked)

    def author(self, slug: str, **asked: Unpack[Asked]) -> Papers:
        """Give the papers of an author: ``ann-lee``."""
        return self.papers("author", slug, **asked)

    def organisation(self, slug: str, **asked: Unpack[Asked]) -> Papers:
        """Give the papers of an organisation: ``the-lab``."""
        return self.papers("organisation", slug, **asked)

    def category(self, category: str, **asked: Unpack[Asked]) -> Papers:
        """Give the papers of a category, newest first: ``cs.CL``, or ``cs`` for all of it."""
        return self.papers("category", category, **asked)

    def label(self, handle: str, slug: str, **asked: Unpack[Asked]) -> Papers:
        """Give the papers on a reader's label, with its notes."""
        return self.papers("label", f"{handle}/{slug}", **asked)

    def saved(self, slug: str, **asked: Unpack[Asked]) -> Papers:
        """Give what answers a saved search of one's own now."""
        return self.papers("saved", slug, **asked)

    def following(self, **asked: Unpack[Asked]) -> Papers:
        """Give the papers of all that one follows."""
        return self.papers("following", **asked)

    def _papers(self, kind: Kind, called: str, asked: Mapping[str, Any]) -> Papers:
        words = in_words({name: value for name, value in asked.items() if name not in {"limit", "fields", "evidence"}})
        if fields := several(asked.get("fields", ())):
            # Without its id nobody could tell a paper from others.
            words["fields"] = ",".join(dict.fromkeys(("id", *fields)))
        if asked.get("evidence"):
            words["evidence"] = "true"
        path = f"/lists/{kind}/{names(called)}" if called else f"/lists/{kind}"
        return Papers(self._asking, path, words, asked.get("limit"))
