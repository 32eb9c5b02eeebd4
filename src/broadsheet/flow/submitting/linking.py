"""Name where a paper's code and its project's page are."""

import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

from broadsheet.errors import Invalid, Refused
from broadsheet.flow import events, limits
from broadsheet.flow.house import House
from broadsheet.flow.limits import DAY_S, Rate
from broadsheet.flow.paper import show
from broadsheet.flow.shelf.keep import keep_in
from broadsheet.model.author import author_keys
from broadsheet.model.paper import Paper
from broadsheet.model.reader import Reader
from broadsheet.model.record import LINKED, Link, Record
from broadsheet.model.text import clean
from broadsheet.net.addresses import read_url
from broadsheet.store import comments, records
from broadsheet.store.connect import Connection

Kind = Literal["code", "project"]
RATES = (Rate(20, DAY_S),)


def link(house: House, reader: Reader, reference: str, told: Mapping[Kind, str | None]) -> Paper:
    """Keep these addresses of a paper in the place of those that readers named before; None or empty takes one away.

    For who wrote the paper, who brought it in, and moderators. What sources tell stays. Raises NotFound, Refused,
    TooMany, and Invalid (the kind) for what is no address, or for code that is not at GitHub.
    """
    paper, at = show(house, reference), house.clock()
    named = {kind: _address(kind, url) for kind, url in told.items()}
    with house.store.writing() as connection:
        _admit(connection, reader, paper)
        limits.take_within(connection, house, "link", str(reader.id), RATES)
        # Of papers that became one, each may have been named some.
        before = [t.record for t in records.of_papers(connection, [paper.id]) if t.record.source == LINKED]
        kept: dict[str, str] = {each.kind: each.url for record in before for each in record.links} | named
        links = tuple(Link(kind, url) for kind, url in sorted(kept.items()) if url)
        told_now = before or [Record(source=LINKED, key=str(paper.id), title=paper.title, ids=paper.ids[:1])]
        keep_in(connection, [replace(record, links=links, observed=at) for record in told_now], at=at)
    events.tell(logging.INFO, "linked", reader=reader.handle, paper=paper.id)
    return show(house, paper.slug)


def _admit(connection: Connection, reader: Reader, paper: Paper) -> None:
    if not reader.may("reader"):
        raise Refused("Your account is suspended: you may read, and not write.")
    if not reader.may("moderator") and reader.id not in comments.bearers(connection, paper.id, author_keys(paper)):
        raise Refused("Links are named by who wrote the paper, who brought it in, and moderators.")


def _address(kind: Kind, url: str | None) -> str:
    if not url:
        return ""
    told = clean(url)
    try:
        host = read_url(told).host
    except Invalid as error:
        raise Invalid(str(error), field=kind) from None
    if kind == "code" and host not in {"github.com", "www.github.com"}:
        raise Invalid("Code is named by its address at GitHub: https://github.com/owner/name", field=kind)
    return told
