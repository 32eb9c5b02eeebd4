"""Every noun once: what is ann's, what others did to it, and by which part of an address each is called."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Table
from tests.filling import filled
from tests.security.digested import asking, digest, hold
from tests.web.conftest import NOW, told

from broadsheet.flow.accounts import invitations, letters
from broadsheet.flow.house import House
from broadsheet.flow.lists import keeping, labels
from broadsheet.flow.moderating import papers as ruling
from broadsheet.flow.moderating import reporting
from broadsheet.flow.people import claims, following, membership, organisations, shaping
from broadsheet.flow.reading import saved_searches
from broadsheet.flow.shelf.keep import keep
from broadsheet.flow.shelf.reindex import catch_up
from broadsheet.flow.talking import edit, react, report, say
from broadsheet.flow.talking.standing import rule
from broadsheet.flow.voting import upvote
from broadsheet.model.harvest import Source
from broadsheet.model.query import Query
from broadsheet.model.reader import Reader
from broadsheet.model.record import Author, Link, Problem
from broadsheet.model.submission import Submission
from broadsheet.store import gaps, problems, schema_accounts, schema_people, schema_talking, sources, submissions

People = Mapping[str, Reader]
DAY = date(2026, 11, 20)
PAPER, OTHER, HIDDEN, FRESH = "2611.00001", "2611.00002", "2611.00003", "2611.00004"


@dataclass(frozen=True, slots=True)
class Things:
    """What stands for a parameter of an address: by the part of the path before it, several where they differ."""

    places: Mapping[str, tuple[str, ...]]
    comment: int


def furnish(house: House, people: People) -> Things:
    """Put everything into the house."""
    _shelf(house)
    comment = _talk(house, people)
    _lists(house, people)
    _submissions(house, people)
    _sources(house)
    _people_and_groups(house, people)
    reporting.report_paper(house, people["bea"], PAPER, "Report on a paper: private words.")
    reporting.report_reader(house, people["bea"], "ann", "Report on a reader: private words.")
    ruling.hide(house, people["mod"], HIDDEN, "A reason that all may read.")
    places = {
        "papers": (PAPER, OTHER),
        "date": (DAY.isoformat(),),
        "week": ("2026-W47",),
        "month": ("2026-11",),
        "comments": (str(comment), str(comment + 2)),
        "readers": ("ann",),
        "labels": ("private-label", "open-label"),
        "searches": ("private-search",),
        "submissions": ("1", "2"),
        "tokens": ("1",),
        "letters": _letters(house, people),
        "status": ("kept", "resting"),
        "problems": ("1",),
        "gaps": ("1",),
        "authors": ("ann-lee", "bo-chen"),
        "organisations": ("tea-institute",),
        "claims": ("1", "2"),
        "history": ("1",),
        "with": ("lab",),
        "sitemaps": ("1", "days"),
        **digest(house, people["ann"], PAPER),
    }
    hold(house)
    return Things(places, comment)


def _shelf(house: House) -> None:
    first = told(
        PAPER,
        "Folding napkins",
        abstract="A napkin folds into $x^2$ parts.",
        day=DAY,
        upvotes=3,
        published="2026-11-19",
        authors=(Author("Ann Lee", "Tea Institute"), Author("Bo Chen")),
        organisations=("Tea Institute",),
        links=(Link("code", "https://github.com/example/napkins"),),
    )
    anna = (Author("Anna Lee"),)
    fresh = told(FRESH, "A paper that was on no page", abstract="Fresh.", published="2026-11-19", authors=anna)
    others = [
        told(key, f"Kettle study {key}", abstract="We boil water.", day=DAY, published="2026-11-18")
        for key in (OTHER, HIDDEN)
    ]
    keep(house.store, [first, fresh, *others], at=NOW - timedelta(days=1))
    changed = replace(first, abstract="A napkin folds into $x^3$ parts.", observed=NOW + timedelta(hours=1))
    keep(house.store, [changed], at=NOW)
    catch_up(house)


def _talk(house: House, people: People) -> int:
    number = _number(house, PAPER)
    ann, bea = people["ann"], people["bea"]
    first = say.say(house, ann, number, "I folded *one*, @bea.")
    edit.edit(house, ann, first.id, "I folded **two**, @bea.")
    say.say(house, bea, number, "An answer for @ann.", answers=first.id)
    held = say.say(house, ann, number, "Words of ann that wait for a moderator.")
    react.react(house, bea, first.id, "👍")
    report.report(house, bea, first.id, "Report on a comment: private words.")
    with house.store.writing() as connection:
        rule(connection, held.id, "held", NOW)
    upvote.cast(house, ann, PAPER, network="198.51.100.0/24")
    upvote.cast(house, bea, OTHER, network="203.0.113.0/24")
    return first.id


def _lists(house: House, people: People) -> None:
    ann = people["ann"]
    for name, seen_by in (("Private label", "me"), ("Open label", "all")):
        made = labels.make(house, ann, labels.Wanted(name, f"About the {name}", seen_by))  # type: ignore[arg-type]
        labels.put(house, ann, made.slug, PAPER, f"Note on the {name}")
    keeping.mark(house, ann, OTHER, "later")
    keeping.mark(house, ann, FRESH, "read")
    saved_searches.save(house, "Private search", Query(text="kettle"), reader=ann)


def _submissions(house: House, people: People) -> None:
    ann = people["ann"]
    asked = (("arxiv:2611.00011", "held", "It looks odd."), ("arxiv:2611.00012", "fetching", "The source is busy."))
    with house.store.writing() as connection:
        for name, state, why in asked:
            slip = Submission(
                id=0,
                reader_id=ann.id,
                asked=name,
                day=DAY,
                at=NOW,
                note=f"Submission note on {name}",
                media="https://media.example/a.mp4",
            )
            kept = submissions.insert(connection, slip)
            if state == "held":
                found = told("2611.00011", "A paper that is held", abstract="Held.", published="2026-11-19")
                submissions.note_found(connection, kept.id, found)
                submissions.settle(connection, kept.id, "held", why, NOW)
            else:
                submissions.put_off(connection, kept.id, why, 3, NOW + timedelta(hours=1))


def _sources(house: House) -> None:
    with house.store.writing() as connection:
        source = Source(
            id=1, name="kept", kind="arxiv", every_s=3600, at=NOW, next_at=NOW, failures=1, trouble="Private trouble."
        )
        sources.add(connection, source)
        sources.add(connection, replace(source, id=2, name="resting", paused=True))
        gaps.found(connection, "day", "kept", ["2026-11-19"], NOW)
        problems.note(connection, [Problem("kept", "1", "no-title", "None.", '{"title": "Private raw"}')], at=NOW)


def _people_and_groups(house: House, people: People) -> None:
    """Let ann claim two authors, keep an organisation, and follow; and keep what only other sites or times make."""
    ann, mod = people["ann"], people["mod"]
    shaping.also(house, mod, "ann-lee", "Anna Lee", "She says so.")
    claims.claim(house, ann, "ann-lee", "Claim words of ann.")
    refused = claims.claim(house, ann, "bo-chen", "Other claim words of ann.")
    claims.decide(house, mod, refused.id, "A reason for ann.", grant=False)
    with house.store.writing() as connection:
        connection.execute(schema_people.claims.update().values(evidence="Evidence on ann."))
    organisations.make(house, ann, "Kettle House")
    membership.join(house, ann, "tea-institute")
    membership.place(house, mod, "tea-institute", "ann", "keeper")
    organisations.describe(house, ann, "tea-institute", organisations.Told("Tea Institute", domain="tea.example"))
    membership.join(house, people["bea"], "tea-institute")
    following.follow(house, ann, "author", "ann-lee")
    _row(house, schema_accounts.facts, name="own-secret", value="x" * 40, secret=True)
    site = {"issuer": "https://127.0.0.1:9/lab", "subject": "ann-elsewhere", "name": "Ann elsewhere"}
    _row(house, schema_accounts.identities, reader_id=ann.id, **site)
    notice = {"reader_id": ann.id, "by_id": people["bea"].id, "words": "Notice words for ann.", "seen_at": ""}
    _row(house, schema_talking.notices, id=90, kind="moderation", paper_id=_number(house, PAPER), **notice)


def _letters(house: House, people: People) -> tuple[str, ...]:
    """Write a letter of each kind; the first of them signs in."""
    ann = people["ann"].id
    wanted = (
        (letters.SIGN_IN, ann, "ann.private@mail.example"),
        (letters.JOIN, None, "newcomer@mail.example"),
        (letters.ADDRESS, ann, "ann.third@mail.example"),
    )
    with house.store.writing() as connection:
        written = [
            letters.write(connection, house, kind, letters.Message(reader, address, {"next": "/", "key": address}))
            for kind, reader, address in wanted
        ]
        written.append(asking(connection, house))
    return (*written, invitations.invite(house, people["ada"]).rpartition("/")[2])


def _number(house: House, name: str) -> int:
    from broadsheet.flow.paper import show

    return show(house, name, hidden=True).id


def _row(house: House, table: Table, **columns: Any) -> None:
    with house.store.writing() as connection:
        connection.execute(table.insert().values(filled(table, columns)))
