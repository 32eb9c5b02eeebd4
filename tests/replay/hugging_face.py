"""Hugging Face's ``/api/daily_papers``: by day, paged, ordered by upvotes that move while it is read."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from random import Random
from typing import Any

from tests.replay.site import Reply, Request
from tests.replay.world import DailyEntry, World

_JSON = "application/json; charset=utf-8"
_MOST, _USUAL = 100, 50


@dataclass(frozen=True, slots=True)
class HuggingFace:
    """The daily pages; twisted ``empty`` a page is an empty list, ``reordered`` in any order whatever."""

    world: World

    def answer(self, request: Request, at: datetime, twist: str = "") -> Reply:
        """Answer a page of a day, the last day without one."""
        query = request.query
        try:
            day = date.fromisoformat(query.get("date", at.date().isoformat()))
            page, limit = int(query.get("p", 0)), int(query.get("limit", _USUAL))
        except ValueError:
            return _refused("Invalid date")
        if not 1 <= limit <= _MOST or page < 0:
            return _refused("Invalid limit")
        there = [entry for entry in self.world.entries if entry.day == day and entry.seen_at <= at]
        there.sort(key=lambda entry: (-entry.upvotes_at(at), entry.paper.id))
        if twist == "reordered":
            Random(f"{at}{page}").shuffle(there)
        shown = [] if twist == "empty" else there[page * limit : (page + 1) * limit]
        body = json.dumps([_item(entry, at) for entry in shown], ensure_ascii=False).encode()
        more = len(there) > (page + 1) * limit
        link = f'</api/daily_papers?date={day}&p={page + 1}&limit={limit}>; rel="next"'
        return Reply(body, _JSON, headers={"Link": link} if more else {})


def _refused(message: str) -> Reply:
    return Reply(json.dumps({"error": message}).encode(), _JSON, 400)


def _item(entry: DailyEntry, at: datetime) -> dict[str, Any]:
    paper, submitted = entry.paper, f"{entry.seen_at:%Y-%m-%dT%H:%M:%S.000Z}"
    reader = {"_id": "0" * 24, "fullname": "A Reader", "name": "reader", "user": "reader", "type": "user"}
    published = f"{paper.versions[0]:%Y-%m-%dT%H:%M:%S.000Z}"
    return {
        "paper": {
            "id": paper.id,
            "authors": [{"_id": "0" * 24, "name": f"{first} {last}", "hidden": False} for first, last in paper.authors],
            "publishedAt": published,
            "submittedOnDailyAt": submitted,
            "submittedOnDailyBy": reader,
            "title": paper.title,
            "summary": paper.abstract,
            "upvotes": entry.upvotes_at(at),
            "discussionId": "0" * 24,
            "githubRepo": f"https://github.com/replay/{paper.id}",
            "githubStars": entry.upvotes,
        },
        "publishedAt": published,
        "title": paper.title,
        "summary": paper.abstract,
        "thumbnail": f"https://cdn-thumbnails.huggingface.co/social-thumbnails/papers/{paper.id}.png",
        "numComments": entry.upvotes % 5,
        "submittedBy": reader,
        "isAuthorParticipating": False,
    }
