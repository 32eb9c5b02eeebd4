"""What ann subscribed to, a digest that she was sent, and what came back of one."""

from tests.filling import filled
from tests.flow.sending import coming_back
from tests.web.conftest import NOW

from broadsheet.flow.accounts import letters
from broadsheet.flow.digests import content
from broadsheet.flow.house import House
from broadsheet.flow.paper import show
from broadsheet.flow.sending import returned
from broadsheet.flow.subscribing import managing, tokens
from broadsheet.flow.subscribing import signing_up as subscribing
from broadsheet.model.digest import Card, Digest, Section
from broadsheet.model.query import Query
from broadsheet.model.reader import Reader
from broadsheet.model.selection import Selection
from broadsheet.store import facts, schema_digests, subscribers
from broadsheet.store.connect import Connection
from broadsheet.store.selection_json import encode_selection

TIMES = {"zone": "UTC", "hour": "07:00", "weekday": "0", "quiet_from": "", "quiet_until": ""}


def digest(house: House, ann: Reader, paper: str) -> dict[str, tuple[str, ...]]:
    """Subscribe ann by mail and in a chat, and note a digest; gives what stands for them in addresses."""
    mailed = subscribing.subscribe(house, ann, Selection("trending"), "daily")
    subscribing.subscribe(house, ann, Selection("search", query=Query(text="kettle")), "weekly")
    hooked = subscribing.subscribe_place(
        house,
        ann,
        "webhook",
        {"url": "https://hooks.example/private-place"},
        Selection("following"),
        "now",
        mailed.times,
    )
    shown = Digest(
        "daily", NOW.date(), (Section("Trending papers", "/trending", (Card(show(house, paper), (), "Trending"),)),)
    )
    row = {"id": 1, "subscriber_id": mailed.id, "kind": "daily", "day": NOW.date().isoformat(), "way": "mail"}
    told = {"state": "sent", "content": content.as_content(shown), "domain": "x", "why": "x", "holder": "x"}
    back = {"subscriber_id": mailed.id, "kind": "soft", "words": "Mailbox full.", "hash": "f" * 64}
    with house.store.writing() as connection:
        for each in (
            {**row, **told},
            {**row, **told, "id": 2, "day": "2026-11-19", "state": "doubt"},
            {**row, **told, "id": 3, "subscriber_id": hooked.id, "way": "webhook", "state": "bounced"},
        ):
            connection.execute(schema_digests.digests.insert().values(filled(schema_digests.digests, each)))
        connection.execute(schema_digests.returns.insert().values(filled(schema_digests.returns, back)))
        subscribers.place(connection, hooked.id, "suspended", why="The place is gone.", at=NOW)
    key = tokens.key_of(house)
    return {
        "places": (str(mailed.id),),
        "subscriptions": (managing.path_of(house, mailed).rpartition("/")[2],),
        "unsubscribe": (tokens.token(key, "unsubscribe", mailed.id, mailed.nonce),),
        "view": (tokens.token(key, "view", 1, mailed.nonce),),
        "doubts": ("2",),
        "dead-letters": ("3",),
        "digests": (NOW.date().isoformat(),),
    }


def hold(house: House) -> None:
    """Let nothing be sent: a backup was put back, and too many complained."""
    for number in range(3):
        who = coming_back.somebody(house, f"complaining-{number}")
        returned.take(house, coming_back.complaint(house, who, coming_back.digest(house, who, "2026-11-18")))
    with house.store.writing() as connection:
        facts.put(connection, "mail-mark:another-home", "7")


def asking(connection: Connection, house: House) -> str:
    """Write a letter that asks somebody whether digests shall come; gives its secret."""
    payload = {"list": encode_selection(Selection("trending")), "rhythm": "daily", **TIMES}
    return letters.write(
        connection, house, letters.SUBSCRIBE, letters.Message(None, "subscriber@mail.example", payload)
    )
