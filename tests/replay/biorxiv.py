"""bioRxiv's ``/details/biorxiv/FROM/TO/CURSOR`` (api.biorxiv.org/details/biorxiv/help), from a world."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tests.replay.site import Reply, Request
from tests.replay.world import Telling, World

_JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Biorxiv:
    """New and revised papers by the day they were posted, so many a page; each version is an entry of its own."""

    world: World
    page: int = 100

    def answer(self, request: Request, at: datetime, twist: str = "") -> Reply:
        """Answer a page of an interval of days, both inclusive."""
        try:
            _, server, first, last, *rest = request.path.strip("/").split("/")
            days, cursor = (date.fromisoformat(first), date.fromisoformat(last)), int((rest or ["0"])[0])
        except ValueError:
            return _told([{"status": "Error: unknown request"}], [])
        posted = [
            told
            for told in self.world.told_by(at)
            if told.kind in {"new", "replace"} and days[0] <= told.seen_at.date() <= days[1]
        ]
        if not posted:
            return _told([{"status": "no posts found"}], [])
        shown = [] if twist == "empty" else posted[cursor : cursor + self.page]
        message = {
            "status": "ok",
            "interval": f"{first}:{last}",
            "cursor": str(cursor),
            "count": len(shown),
            "count_new_papers": str(sum(told.kind == "new" for told in posted)),
            "total": str(len(posted)),
        }
        return _told([message], [_posted(told, server) for told in shown])


def _told(messages: list[dict[str, Any]], collection: list[dict[str, str]]) -> Reply:
    return Reply(json.dumps({"messages": messages, "collection": collection}).encode(), _JSON)


def _posted(telling: Telling, server: str) -> dict[str, str]:
    paper = telling.paper
    return {
        "title": paper.title,
        "authors": "; ".join(f"{last}, {first[0]}." for first, last in paper.authors),
        "author_corresponding": " ".join(paper.authors[0]),
        "author_corresponding_institution": "Replay Institute",
        "doi": f"10.1101/{paper.versions[0]:%Y.%m.%d}.{int(paper.id.partition('.')[2]) + 600_000}",
        "date": telling.seen_at.date().isoformat(),
        "version": str(len(paper.versions)),
        "type": "new results",
        "license": "cc_by",
        "category": "neuroscience",
        "jatsxml": f"https://www.biorxiv.org/content/{paper.id}.source.xml",
        "abstract": paper.abstract,
        "published": paper.doi or "NA",
        "server": server,
    }
