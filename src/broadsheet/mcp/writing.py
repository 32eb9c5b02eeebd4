"""Tools that change something, for the reader whose token it is."""

from collections.abc import Mapping
from typing import Any

from broadsheet.flow.lists import labels
from broadsheet.flow.paper import show
from broadsheet.flow.voting import upvote
from broadsheet.flow.voting.waiting import why
from broadsheet.mcp.desk import Desk
from broadsheet.mcp.quoting import NOTICE, line, marked
from broadsheet.mcp.shown import Answer, Facts, paper_facts
from broadsheet.model.label import MAX_NAME

Told = Mapping[str, Any]


def upvote_paper(desk: Desk, told: Told) -> Answer:
    """Upvote a paper, or take that back."""
    reader = desk.writer()
    if told["undo"]:
        voted = upvote.take_back(desk.house, reader, told["paper"])
    else:
        voted = upvote.cast(desk.house, reader, told["paper"], network=desk.network)
    now = show(desk.house, voted.slug)
    mine = upvote.mine(desk.house, reader, [now])
    waits = why(mine.get(now.id, ""), desk.house.settings.probation_h)
    facts: Facts = {"notice": NOTICE, **paper_facts(desk, now), "upvoted": now.id in mine, "waits": waits}
    done = "Upvoted" if now.id in mine else "Not upvoted (any more)"
    return Answer(facts, "\n\n".join([f"{done}: {now.upvotes} upvotes. {waits}".strip(), NOTICE, _named(facts)]))


def label_paper(desk: Desk, told: Told) -> Answer:
    """Put a paper on a label of the reader's own."""
    label, paper = labels.put_named(desk.house, desk.writer(), told["label"], told["paper"], told["note"] or "")
    name, seen = line(label.name, MAX_NAME), {"me": "only you", "group": "your group", "all": "everybody"}
    told_of = {"label": name, "label_papers": label.papers, "seen_by": seen[label.seen_by]}
    facts: Facts = {"notice": NOTICE, **paper_facts(desk, paper), **told_of}
    done = f"It is on your label “{name}” of {label.papers} papers, which {seen[label.seen_by]} can see."
    return Answer(facts, "\n\n".join([done, NOTICE, _named(facts)]))


def _named(facts: Facts) -> str:
    return marked(f"{facts['title']}\nid: {facts['id']}\nurl: {facts['url']}")
