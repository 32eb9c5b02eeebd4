"""M8: whoever cannot be reached, complains or wants no more gets nothing any more; a forged report changes nothing."""

from datetime import timedelta
from pathlib import Path

import pytest
from tests.flow.sending.coming_back import became, complaint, digest, report, somebody, state_of, tag, wish
from tests.flow.subscribing.mailboxes import later

from broadsheet.flow.house import House
from broadsheet.flow.sending.returned import SOFT, WITHIN, sweep, take
from broadsheet.store import returns

SHAPES = sorted((Path(__file__).parents[2] / "mail" / "returned").glob("*.eml"))


def test_m8_one_hard_bounce_suspends_and_lets_nothing_wait(house: House) -> None:
    ann = somebody(house)
    sent, waits = digest(house, ann, "2026-11-19"), digest(house, ann, "2026-11-20", "waiting")
    assert take(house, report(house, ann, sent)) == "hard"
    state, why = state_of(house, ann)
    assert state == "suspended"
    assert "5.1.1" in why
    assert "ann@" not in why
    assert (became(house, sent), became(house, waits)) == ("bounced", "suppressed")


def test_m8_four_soft_bounces_change_nothing_and_the_fifth_suspends(house: House) -> None:
    ann = somebody(house)
    sent = [digest(house, ann, f"2026-11-{10 + day}") for day in range(SOFT)]
    taken = [take(house, report(house, ann, number, "4.2.2")) for number in sent[:-1]]
    assert taken == ["soft"] * (SOFT - 1)
    assert state_of(house, ann)[0] == "active"
    take(house, report(house, ann, sent[-1], "4.2.2"))
    assert state_of(house, ann)[0] == "suspended"
    assert became(house, sent[0]) == "sent"


def test_m8_soft_bounces_of_more_than_fourteen_days_ago_are_forgotten(house: House) -> None:
    ann = somebody(house)
    for day in range(SOFT):
        number = digest(house, ann, f"2026-11-{10 + day}")
        assert take(house, report(house, ann, number, "4.4.1")) == "soft"
        house = later(house, WITHIN / (SOFT - 1) + timedelta(seconds=1))
    assert state_of(house, ann)[0] == "active"


def test_m8_one_digest_that_bounces_five_times_is_one_bounce(house: House) -> None:
    ann = somebody(house)
    number = digest(house, ann, "2026-11-20")
    for again in range(SOFT):
        take(house, report(house, ann, number, "4.2.2") + b"\n" * again)
    assert state_of(house, ann)[0] == "active"


def test_m8_a_complaint_suspends_at_once(house: House) -> None:
    ann = somebody(house)
    assert take(house, complaint(house, ann, digest(house, ann, "2026-11-20"))) == "complaint"
    assert state_of(house, ann)[0] == "suspended"


def test_a_complaint_about_a_mail_of_which_only_the_wish_is_left_counts_too(house: House) -> None:
    ann = somebody(house)
    number = digest(house, ann, "2026-11-20")
    mail = complaint(house, ann, number).decode()
    left = f"List-Unsubscribe: <mailto:papers%2B{tag(house, ann, ann.id, 'u')}@broadsheet.example>"
    told = mail.replace(f"Return-Path: <papers+{tag(house, ann, number)}@broadsheet.example>", left)
    assert take(house, told.encode()) == "complaint"
    assert state_of(house, ann)[0] == "suspended"


def test_a_mail_that_asks_for_it_unsubscribes_and_a_later_bounce_changes_nothing(house: House) -> None:
    ann = somebody(house)
    number, waits = digest(house, ann, "2026-11-19"), digest(house, ann, "2026-11-20", "waiting")
    assert take(house, wish(house, ann)) == "unsubscribe"
    assert take(house, report(house, ann, number)) == "hard"
    assert state_of(house, ann)[0] == "ended"
    assert became(house, waits) == "suppressed"


def test_a_mail_that_comes_twice_counts_once(house: House) -> None:
    ann = somebody(house)
    mail = report(house, ann, digest(house, ann, "2026-11-20"), "4.2.2")
    assert [take(house, mail) for _ in range(3)] == ["soft", "again", "again"]


def test_m8_forged_reports_change_nothing(house: House) -> None:
    ann, bo = somebody(house), somebody(house, "bo")
    number = digest(house, ann, "2026-11-20")
    good = tag(house, ann, number)
    wrong = {
        "of somebody else": tag(house, bo, number),
        "of another digest": good.replace(f"b{number}-", f"b{number + 1}-"),
        "changed in one letter": good[:-1] + ("a" if good[-1] != "a" else "b"),
        "cut short": good[:-1],
        "of a subscriber": tag(house, ann, ann.id, "u"),
        "nobody's": "",
    }
    mail = report(house, ann, number)
    for forged in wrong.values():
        assert take(house, mail.replace(good.encode(), forged.encode())) == "forged"
    assert state_of(house, ann)[0] == state_of(house, bo)[0] == "active"
    assert became(house, number) == "sent"
    assert take(house, mail.upper()) == "hard"


def test_a_tag_of_a_digest_unsubscribes_nobody(house: House) -> None:
    ann = somebody(house)
    number = digest(house, ann, "2026-11-20")
    tags = tag(house, ann, ann.id, "u"), tag(house, ann, number)
    assert take(house, wish(house, ann).replace(tags[0].encode(), tags[1].encode())) == "nothing"
    assert state_of(house, ann)[0] == "active"


@pytest.mark.parametrize("file", SHAPES, ids=[file.stem for file in SHAPES])
def test_m8_every_shape_finds_its_digest(house: House, file: Path) -> None:
    ann = somebody(house)
    address = f"papers+{tag(house, ann, digest(house, ann, '2026-11-20'))}@broadsheet.example"
    mail = file.read_bytes().replace(b"@TO@", address.encode()).replace(b"@UPPER@", address.upper().encode())
    wanted = file.stem.rpartition(".")[2].replace("none", "nothing")
    assert take(house, mail.replace(b"@QP@", address.encode())) == wanted
    gone = wanted in {"hard", "complaint"}
    assert state_of(house, ann)[0] == ("suspended" if gone else "active")


def test_what_came_back_is_forgotten_after_a_while(house: House) -> None:
    ann = somebody(house)
    take(house, report(house, ann, digest(house, ann, "2026-11-20")))
    assert sweep(house) == 0
    assert sweep(later(house, timedelta(days=91))) == 1
    with house.store.reading() as connection:
        assert returns.latest(connection, 10) == []
