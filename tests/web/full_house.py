"""A house in which something stands everywhere: readers, comments, labels, claims, what waits, and awkward names."""

from dataclasses import dataclass, replace

from tests.flow.sending import coming_back
from tests.readers import add_passkey, make_reader
from tests.security.digested import asking, digest
from tests.web.conftest import FRIDAY, HOSTILE, NOW, shelf, told
from tests.web.test_sources_browser import fill as fill_sources

from broadsheet.flow.accounts import invitations, sessions, tokens
from broadsheet.flow.house import House
from broadsheet.flow.lists import keeping, labels
from broadsheet.flow.moderating import papers as ruling
from broadsheet.flow.moderating import readers as judging
from broadsheet.flow.moderating.reporting import report_paper, report_reader
from broadsheet.flow.people import claims, following, membership, organisations, shaping
from broadsheet.flow.reading.saved_searches import save
from broadsheet.flow.sending import returned
from broadsheet.flow.shelf.keep import keep
from broadsheet.flow.shelf.reindex import catch_up
from broadsheet.flow.submitting.submit import Slip, submit
from broadsheet.flow.subscribing import managing
from broadsheet.flow.subscribing.signing_up import subscribe_place
from broadsheet.flow.talking import edit, react, report, say
from broadsheet.flow.voting import upvote
from broadsheet.model.query import Query
from broadsheet.model.reader import Reader
from broadsheet.model.record import Author
from broadsheet.model.selection import Selection
from broadsheet.model.subscription import Times
from broadsheet.store import facts, papers, readers
from broadsheet.store.addresses import Address, insert

HEBREW, KANJI, LONG = "שלום לכולם ולכל הקוראים", "折り紙の数学と幾何学的な折り目", "Schmetterlingssammlung" * 9
TALKED, LISTED = "2603.00001", "2603.00002"
WORDS = f"""# Well *folded*

> Does it hold? {LONG}

| a | b |
|---|---|
| 1 | {HEBREW} |

```
napkin = fold(napkin)
```

- [ ] `yes`, says @ann, see 2603.00002 and $O(n)$
"""


@dataclass(frozen=True, slots=True)
class Cast:
    """Who is in the house; ``words`` are the addresses of what has been made there."""

    ann: Reader
    mo: Reader
    boss: Reader
    words: dict[str, str]


def fill(house: House) -> Cast:
    """Fill a house in public mode."""
    keep(house.store, [*shelf(), *_awkward()], at=NOW)
    catch_up(house)
    fill_sources(house)
    ann, bob, eve = (make_reader(house, handle) for handle in ("ann", "bob", "eve"))
    mo, boss = make_reader(house, "mo", role="moderator"), make_reader(house, "boss", role="admin")
    for reader in (mo, boss):
        add_passkey(house, reader)
    with house.store.writing() as connection:
        readers.change(connection, ann.id, name=f"Ann {HEBREW} {LONG}"[:80], about=f"Folds. {LONG}")
        insert(connection, Address("ann@example.org", ann.id, f"{'x' * 60}@example.org", NOW))
    _talk(house, ann, bob, mo)
    label = _list(house, ann)
    group = _people(house, ann, bob, mo)
    _bring(house, ann)
    _moderate(house, mo, bob, eve)
    digests = _subscribe(house, ann)
    _send_digests(house)
    tokens.make(house, ann, LONG[:60], ["read"], 30)
    url = invitations.invite(house, boss, typed="new@example.org")
    words = {"letter": url[url.index("/letters/") :], "label": f"/readers/ann/labels/{label}", "organisation": group}
    return Cast(ann, mo, boss, words | digests)


def _awkward() -> list[object]:
    names = (Author(HEBREW), Author(LONG), Author("Ann Lee"))
    today = NOW.date()
    return [
        told("2611.00001", LONG, abstract=LONG * 3, authors=names, organisations=(LONG,), venue=LONG, day=today),
        told("2611.00002", HEBREW * 3, abstract=f"{HEBREW} " * 40, authors=names, keywords=(HEBREW, LONG), day=today),
        told("2611.00003", KANJI * 3, abstract=KANJI * 12, authors=names, upvotes=3, day=today, published="2026-11-20"),
        told("2611.00004", "Withdrawn folds", withdrawn=True, day=FRIDAY),
    ]


def _talk(house: House, ann: Reader, bob: Reader, mo: Reader) -> None:
    with house.store.reading() as connection:
        found = {paper.slug: paper.id for paper in papers.stream(connection, 0, 100)}
    first = say.say(house, mo, found[TALKED], WORDS)
    say.say(house, ann, found[TALKED], f"I fold too. {HOSTILE}", answers=first.id)
    say.say(house, bob, found[TALKED], f"Look at https://folds.example/{LONG}, @ann")
    edit.edit(house, mo, first.id, f"{WORDS}\n\nAnd once more, @ann.")
    react.react(house, ann, first.id, "👍")
    report.report(house, bob, first.id, f"Too long {LONG}")
    edit.withdraw(house, ann, say.say(house, ann, found[LISTED], "A mistake").id)
    for reader, slug in ((ann, TALKED), (bob, TALKED), (ann, "2611.00003")):
        upvote.cast(house, reader, slug)


def _list(house: House, ann: Reader) -> str:
    for name, seen_by in ((LONG[:80], "me"), (HEBREW, "all"), ("Folds", "all")):
        made = labels.make(house, ann, labels.Wanted(name, f"About {LONG}", seen_by))
        labels.put(house, ann, made.slug, TALKED, f"A note {HEBREW}")
        labels.put(house, ann, made.slug, "2611.00001", LONG)
    for paper, state in ((LISTED, "later"), (TALKED, "read"), ("2603.66666", "hidden")):
        keeping.mark(house, ann, paper, state)
    save(house, f"Folds {LONG}"[:100], Query(text="napkins"), reader=ann)
    return made.slug


def _people(house: House, ann: Reader, bob: Reader, mo: Reader) -> str:
    claims.claim(house, ann, "ann-lee", f"That is me. {LONG}")
    refused = claims.claim(house, bob, "person-1", "That is me")
    claims.decide(house, mo, refused.id, "Nothing says so", grant=False)
    claims.appeal(house, bob, refused.id, "Look again")
    shaping.also(house, mo, "person-2", f"P. {LONG}"[:60], "Spelt so in print")
    made = organisations.make(house, ann, f"Folders {LONG}"[:100])
    organisations.describe(house, ann, made.slug, organisations.Told(made.name, f"We fold. {LONG}"))
    membership.join(house, bob, made.slug)
    for kind, target in (("author", "ann-lee"), ("author", "person-1"), ("organisation", made.slug)):
        following.follow(house, ann, kind, target)
    return f"/organisations/{made.slug}"


def _bring(house: House, ann: Reader) -> None:
    submit(house, ann, Slip("2611.09999", f"A note {LONG}", "https://a.example/a.mp4"))
    submit(house, ann, Slip(f"https://folds.example/{'x' * 300}", HEBREW))


def _moderate(house: House, mo: Reader, bob: Reader, eve: Reader) -> None:
    report_paper(house, bob, LISTED, f"Not a paper {LONG}")
    report_reader(house, bob, "ann", HEBREW)
    ruling.lock(house, mo, "2502.00003", f"Heated {LONG}")
    judging.suspend(house, mo, eve.handle, "Spam", days=3)


def session_of(house: House, reader: Reader) -> str:
    """Sign a reader in and give the secret of the cookie."""
    browser = sessions.Browser(f"A browser {LONG}"[:60], "192.0.2.0/24")
    return sessions.begin(house, reader, "link" if reader.role == "reader" else "passkey", browser)


def _subscribe(house: House, ann: Reader) -> dict[str, str]:
    """Let ann get lists in several places, one of them paused, and ask somebody whether they want one."""
    found = digest(house, ann, TALKED)
    chat = {"url": f"https://ntfy.example/{LONG[:60]}"}
    noon = Times(zone="America/Argentina/ComodRivadavia", hour="12:00", quiet_from="22:00", quiet_until="07:00")
    hushed = subscribe_place(house, ann, "ntfy", chat, Selection("search", query=Query(text=LONG)), "now", noon)
    managing.pause(house, hushed)
    with house.store.writing() as connection:
        secret = asking(connection, house)
    words = {name: f"/{name}/{found[name][0]}" for name in ("subscriptions", "unsubscribe")}
    return {**words, "view": f"/digests/view/{found['view'][0]}", "asking": f"/letters/{secret}"}


def _send_digests(house: House) -> None:
    """Leave digests in doubt, dead and bounced, too many complaints, and a backup that was put back."""
    for number in range(3):
        who = coming_back.somebody(house, f"{'x' * 50}{number}")
        sent, other = coming_back.digest(house, who, "2026-11-18"), coming_back.digest(house, who, "2026-11-19")
        returned.take(house, coming_back.report(house, who, sent, "4.2.2").replace(b"so it is", LONG.encode()))
        returned.take(house, coming_back.complaint(house, who, other))
        coming_back.digest(house, who, "2026-11-20", "doubt", why=f"Nobody answered. {LONG}")
    coming_back.digest(
        house, coming_back.somebody(house, LONG, way="mattermost"), "2026-11-20", "bounced", why=HEBREW + LONG
    )
    with house.store.writing() as connection:
        facts.put(connection, "mail-mark:another-home", "7")


def at_the_machine(house: House) -> House:
    """Give the same house as its owner sees it who sits at the machine."""
    return replace(house, settings=replace(house.settings, public_url=""))
