"""Fill a house with the starter shelf and some readers who talk, for the pictures in docs/images."""

from dataclasses import dataclass
from datetime import timedelta

from tests.readers import add_passkey, make_reader

from broadsheet.flow import daily
from broadsheet.flow.accounts import sessions
from broadsheet.flow.house import House
from broadsheet.flow.lists import keeping, labels
from broadsheet.flow.moderating.reporting import report_paper
from broadsheet.flow.people import following
from broadsheet.flow.subscribing import signing_up
from broadsheet.flow.talking import react, report, say
from broadsheet.flow.voting import upvote
from broadsheet.model.author import author_slug
from broadsheet.model.reader import Reader
from broadsheet.model.selection import Selection
from broadsheet.model.subscription import Times
from broadsheet.store import addresses, readers
from broadsheet.store.payload import moment

SAID = (
    "Which figure would you show **first** in a reading group?",
    "The one with the model: $z \\to x$ says most of it.",
    "We read it on Friday at four, together with arXiv:1406.2661.",
)


@dataclass(frozen=True, slots=True)
class Shown:
    """Who is in the house, and the address of the paper that they talk about."""

    ada: Reader
    mo: Reader
    paper: str
    author: str
    label: str


def fill(house: House) -> Shown:
    """Let three readers upvote, talk, keep, claim and report."""
    ada, ben, mo = make_reader(house, "ada"), make_reader(house, "ben"), make_reader(house, "mo", role="moderator")
    with house.store.writing() as connection:
        for reader, name in ((ada, "Ada Example"), (ben, "Ben Example"), (mo, "Mo")):
            # Upvotes of who came just now would wait.
            readers.change(connection, reader.id, name=name, at=moment(house.clock() - timedelta(days=60)))
        known = readers.by_ids(connection, [ada.id, ben.id, mo.id])
        ada, ben, mo = known[ada.id], known[ben.id], known[mo.id]
    add_passkey(house, mo)
    papers = daily.page(house).papers
    first, slug = papers[0], author_slug(papers[0].authors[0].name)
    told = [say.say(house, mo, first.id, SAID[0])]
    told.append(say.say(house, ada, first.id, SAID[1], answers=told[0].id))
    told.append(say.say(house, ben, first.id, SAID[2]))
    react.react(house, ada, told[0].id, "👍")
    report.report(house, ada, told[0].id, "It is not about the paper.")
    for reader, paper in ((ada, first), (ben, first), (ada, papers[-1])):
        upvote.cast(house, reader, paper.slug)
    made = labels.make(house, ada, labels.Wanted("For Friday", "What we read together on Fridays.", "all"))
    for paper in papers[:3]:
        labels.put(house, ada, made.slug, paper.slug, "Start with the figures." if paper is first else "")
    keeping.mark(house, ada, papers[-1].slug, "later")
    following.follow(house, ada, "author", slug)
    report_paper(house, ben, papers[-1].slug, "Its PDF does not open.")
    subscribe(house, ada, slug, made.slug)
    author = f"/authors/{slug}"
    return Shown(ada, mo, f"/papers/{first.slug}", author, f"/readers/ada/labels/{made.slug}")


def subscribe(house: House, reader: Reader, author: str, label: str) -> None:
    """Let a reader get lists by mail, and one in a chat."""
    with house.store.writing() as connection:
        told = addresses.Address(
            f"{reader.handle}@example.org", reader.id, f"{reader.handle}@example.org", house.clock()
        )
        addresses.insert(connection, told)
    times = Times(zone="Europe/London", hour="07:30", weekday=4)
    lists = Selection("trending"), Selection("day"), Selection("author", author)
    for selection in lists:
        signing_up.subscribe(house, reader, selection, "daily", times)
    signing_up.subscribe(house, reader, Selection("following"), "weekly", times)
    hook = {"url": "https://hooks.slack.com/services/T00000000/B00000000/" + "x" * 24}
    selection = Selection("label", f"{reader.handle}/{label}")
    signing_up.subscribe_place(house, reader, "slack", hook, selection, "now", times)


def session_of(house: House, reader: Reader) -> str:
    """Sign a reader in and give the secret of the cookie."""
    browser = sessions.Browser("Firefox on Linux", "192.0.2.0/24")
    return sessions.begin(house, reader, "link" if reader.role == "reader" else "passkey", browser)
