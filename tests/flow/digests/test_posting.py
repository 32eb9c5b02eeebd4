"""The mail of a digest says whom it is from, why it came and how no more come, and is the same one each time."""

from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from tests.conftest import NOW
from tests.mail.made import hostile_digest, plain_digest
from tests.mail.strict import strictly

from broadsheet.errors import Unavailable
from broadsheet.flow.digests.posting import facts_of, mail_of
from broadsheet.flow.house import House
from broadsheet.flow.subscribing import returning_to, tokens
from broadsheet.model.digest import Digest, Section
from broadsheet.model.subscription import Subscriber

KEY = b"k" * 32
ADA = Subscriber(id=12, way="mail", address="ada@example.org", key="ada@example.org", at=NOW, nonce="once")


def with_settings(house: House, **told: object) -> House:
    return replace(house, settings=replace(house.settings, **told))  # type: ignore[arg-type]


def titled(*titles: str) -> Digest:
    cards = plain_digest(1).sections[0].cards
    return replace(plain_digest(1), sections=tuple(Section(title, "/trending", cards) for title in titles))


def test_every_link_of_a_mail_is_good_for_its_own_purpose_alone(site: House) -> None:
    mail = mail_of(site, ADA, 7, plain_digest(), KEY)
    facts = facts_of(site, ADA, 7, plain_digest(), KEY)
    for url, purpose, number in (
        (facts.unsubscribe_url, "unsubscribe", 12),
        (facts.manage_url, "manage", 12),
        (facts.view_url, "view", 7),
    ):
        assert url in mail.text
        assert url in mail.html
        told = urlsplit(url).path.rpartition("/")[2]
        good = [each for each in ("unsubscribe", "manage", "view") if tokens.is_good(KEY, told, each, number, "once")]  # type: ignore[arg-type]
        assert good == [purpose]
    assert mail.listing is not None
    assert mail.listing.unsubscribe_url == facts.unsubscribe_url


def test_what_comes_back_tells_which_digest_and_which_subscriber(site: House) -> None:
    house = with_settings(site, bounce_address="bounces@papers.example")
    mail = mail_of(house, ADA, 7, plain_digest(), KEY)
    bounced = returning_to.tag_of(mail.envelope[0])
    assert (returning_to.read_tag(bounced), returning_to.is_good(KEY, bounced, "once")) == (("b", 7), True)
    assert mail.listing is not None
    leaving = returning_to.tag_of(mail.listing.unsubscribe_mail)
    assert (returning_to.read_tag(leaving), returning_to.is_good(KEY, leaving, "once")) == (("u", 12), True)
    assert site.press is not None
    told = strictly(site.press.packed(mail))
    assert f"mailto:{mail.listing.unsubscribe_mail}?subject=unsubscribe" in told["List-Unsubscribe"]


def test_without_a_mailbox_for_them_mails_come_back_to_the_sender_and_nobody_is_asked_to_write(site: House) -> None:
    mail = mail_of(site, ADA, 7, plain_digest(), KEY)
    assert mail.envelope == ("broadsheet@papers.example", "ada@example.org")
    assert site.press is not None
    assert "mailto" not in strictly(site.press.packed(mail))["List-Unsubscribe"]


def test_the_same_digest_is_the_same_mail_whoever_makes_it_again(site: House) -> None:
    first = mail_of(site, ADA, 7, plain_digest(), KEY)
    later = mail_of(replace(site, clock=lambda: NOW + timedelta(hours=3)), ADA, 7, plain_digest(), KEY)
    assert (replace(later, at=first.at), first.key.partition(".")[0]) == (first, "20261120")


def test_no_two_digests_are_the_same_mail(site: House) -> None:
    other = replace(plain_digest(), kind="weekly")
    mails = [
        mail_of(site, ADA, 7, plain_digest(), KEY),
        mail_of(site, ADA, 8, plain_digest(), KEY),
        mail_of(site, ADA, 7, other, KEY),
        mail_of(site, replace(ADA, id=13), 7, plain_digest(), KEY),
        mail_of(site, replace(ADA, nonce="twice"), 7, plain_digest(), KEY),
        mail_of(site, ADA, 7, plain_digest(), b"o" * 32),
    ]
    assert len({mail.key for mail in mails}) == len(mails)


@pytest.mark.parametrize(
    ("titles", "why"),
    [
        (["Trending"], "“Trending” on"),
        (["Trending", "New by Ann"], "“Trending” and “New by Ann” on"),
        (["A", "B", "A", "C"], "“A”, “B” and “C” on"),
        (["A", "B", "C", "D", "E"], "“A”, “B”, “C” and 2 more on"),
    ],
)
def test_a_mail_says_why_it_came(site: House, titles: list[str], why: str) -> None:
    text = " ".join(mail_of(site, ADA, 7, titled(*titles), KEY).text.split())
    assert f"You get this once a day because you subscribed to {why} Broadsheet." in text


def test_the_sender_is_as_the_settings_have_it(site: House) -> None:
    assert mail_of(site, ADA, 7, plain_digest(), KEY).sender == "broadsheet@papers.example"
    named = with_settings(site, mail_from="news@lab.example", mail_name="Lab news")
    mail = mail_of(named, ADA, 7, plain_digest(), KEY)
    assert (mail.sender, mail.sender_name) == ("news@lab.example", "Lab news")


def test_m5_a_mail_has_every_header_that_large_hosts_ask_for(site: House) -> None:
    assert site.press is not None
    for seed in range(20):
        told = strictly(site.press.packed(mail_of(site, ADA, seed + 1, hostile_digest(seed), KEY)))
        kind = hostile_digest(seed).kind
        assert told["List-Id"] == f"<{kind}.digests.papers.example>"
        assert told["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert told["List-Archive"] == "<https://papers.example/digests>"
        assert told["Feedback-ID"] == f"2026-11-20:{kind}:digest:broadsheet"
        assert told["Auto-Submitted"] == "auto-generated"
        assert told["Message-ID"].endswith("@papers.example>")
        assert told["Date"].datetime == NOW


def test_a_house_at_this_machine_mails_from_this_machine(site: House) -> None:
    local = with_settings(site, public_url="", host="::1", port=8_000)
    mail = mail_of(local, ADA, 7, plain_digest(), KEY)
    assert mail.sender == "broadsheet@localhost"
    assert "http://[::1]:8000/papers/2611.00001" in mail.text


def test_a_house_without_a_press_makes_no_mail(site: House) -> None:
    with pytest.raises(Unavailable):
        mail_of(replace(site, press=None), ADA, 7, plain_digest(), KEY)
