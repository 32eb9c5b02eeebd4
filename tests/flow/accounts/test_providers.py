"""Other sites' word as the verbs take it: by issuer and subject, once, and never by mail alone."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from tests.conftest import NOW
from tests.credentials.loopback_provider import CLIENT, LoopbackProvider, answer_in, come_back, providing
from tests.empty_store import empty_home
from tests.readers import make_reader

from broadsheet.errors import BroadsheetError, Conflict, Invalid, NotFound, Refused, TooMany, Unavailable
from broadsheet.flow.accounts import invitations, newcomers, providers, sessions
from broadsheet.flow.accounts.providers import Back, Begun, Ended, Purpose
from broadsheet.flow.accounts.registered import read_providers
from broadsheet.flow.accounts.sessions import Browser
from broadsheet.flow.house import House
from broadsheet.model.reader import Reader
from broadsheet.settings import Settings
from broadsheet.store import addresses, identities, readers
from broadsheet.store.identities import Linked
from broadsheet.wiring import open_house

PUBLIC = "https://papers.example"
BROWSER = Browser("A browser", "192.0.2.0/24")
ANYWHERE = Purpose()
# Settings part pairs at spaces, so what they tell has none.
CLIENT_ID = CLIENT.replace(" ", "-")


Wrong = tuple[Callable[[LoopbackProvider], None], type[BroadsheetError]]


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[LoopbackProvider]:
    monkeypatch.setattr("tests.credentials.loopback_provider.CLIENT", CLIENT_ID)
    monkeypatch.setattr("tests.credentials.loopback_provider.SECRET", "s%c+r:e=t")
    with providing(lambda: NOW) as provider:
        provider.redirect_uris.add(f"{PUBLIC}/sign-in/with/the_lab")
        yield provider


@pytest.fixture
def house(tmp_path: Path, site: LoopbackProvider) -> Iterator[House]:
    settings = Settings(
        home=empty_home(tmp_path / "home"),
        public_url=PUBLIC,
        private_addresses=True,
        providers=f"The_Lab={site.issuer} ORCID=https://orcid.org",
        provider_clients=f"The_Lab={CLIENT_ID} orcid=APP-1",
        provider_secrets="the_lab=s%c+r:e=t ORCID=secret",
    )
    with open_house(settings, clock=lambda: NOW) as opened:
        yield opened


@pytest.fixture
def ada(house: House, site: LoopbackProvider) -> Reader:
    """A reader whose account at the site is linked."""
    reader = make_reader(house, "ada")
    with house.store.writing() as connection:
        identities.insert(connection, Linked(site.issuer, "ada-1815", reader.id, "Ada", NOW))
    return reader


def ended(house: House, begun: Begun, reader: Reader | None = None) -> Ended:
    back = Back(begun.secret, answer_in(come_back(begun.url)))
    return providers.finish(house, "the_lab", back, BROWSER, reader)


def visit(house: House, purpose: Purpose = ANYWHERE, reader: Reader | None = None) -> Ended:
    return ended(house, providers.begin(house, "the_lab", purpose), reader)


def admitting(house: House, admission: str, domains: str = "") -> House:
    return replace(house, settings=replace(house.settings, admission=admission, mail_domains=domains))


def test_the_settings_tell_what_each_site_is_called_and_how_we_are_known_there(
    house: House, site: LoopbackProvider
) -> None:
    told = read_providers(house.settings)
    assert providers.offered(house) == {"the_lab": "The Lab", "orcid": "ORCID"}
    lab, orcid = told["the_lab"], told["orcid"]
    assert (lab.issuer, lab.client_id, lab.client_secret, lab.plain_http) == (
        site.issuer,
        CLIENT_ID,
        "s%c+r:e=t",
        True,
    )
    assert (orcid.gives_orcid, orcid.scopes, orcid.client_id) == (True, ("openid",), "APP-1")
    assert read_providers(Settings()) == {}


@pytest.mark.parametrize(
    "told",
    [
        {"providers": "Lab=https://a.example"},
        {"provider_clients": "Lab=x"},
        {"providers": "Lab", "provider_clients": "Lab=x"},
        {"providers": "=https://a.example", "provider_clients": "=x"},
        {"providers": "La/b=https://a.example", "provider_clients": "La/b=x"},
        {"providers": "Lab=https://a.example lab=https://b.example", "provider_clients": "Lab=x"},
        {"providers": "A=https://a.example B=https://a.example", "provider_clients": "A=x B=y"},
        {"providers": "Lab=a.example", "provider_clients": "Lab=x"},
        {"providers": "Lab=https://a.example", "provider_clients": "Lab=x", "provider_secrets": "Lob=canary"},
        {"providers": "Lab=https://a.example", "provider_clients": "Lab=x", "provider_secrets": "canary"},
    ],
    ids="-".join,
)
def test_settings_that_do_not_fit_together_are_refused_without_showing_a_secret(told: dict[str, str]) -> None:
    with pytest.raises(Invalid) as caught:
        read_providers(Settings(**told))
    assert "canary" not in str(caught.value)
    assert caught.value.field in str(caught.value)


def test_who_is_known_there_signs_in_here_and_goes_on(house: House, ada: Reader) -> None:
    led = visit(house, Purpose("/search?q=tea"))
    found = sessions.find(house, led.session)
    assert found is not None
    assert (found.reader.id, found.session.method, led.going_to, led.joining) == (ada.id, "oidc", "/search?q=tea", "")


def test_an_answer_counts_once_in_the_browser_that_began_and_in_time(house: House, ada: Reader) -> None:
    begun, others = (providers.begin(house, "the_lab", Purpose()) for _ in range(2))
    answer = answer_in(come_back(begun.url))
    late = replace(house, clock=lambda: NOW + timedelta(minutes=16))
    for where, secret in ((late, begun.secret), (house, others.secret), (house, ""), (house, "bsc_" + "A" * 38)):
        with pytest.raises(Refused):
            providers.finish(where, "the_lab", Back(secret, answer), BROWSER)
    assert providers.finish(house, "the_lab", Back(begun.secret, answer), BROWSER).session
    with pytest.raises(Refused, match="done already"):
        providers.finish(house, "the_lab", Back(begun.secret, answer), BROWSER)


def test_an_answer_at_the_address_of_another_site_is_refused(house: House, ada: Reader) -> None:
    begun = providers.begin(house, "the_lab", Purpose())
    with pytest.raises(Refused, match="another site was asked"):
        providers.finish(house, "orcid", Back(begun.secret, answer_in(come_back(begun.url))), BROWSER)
    with pytest.raises(NotFound):
        providers.begin(house, "nowhere", Purpose())


def test_a_mail_address_links_nobody_verified_or_not(house: House, site: LoopbackProvider) -> None:
    bo = make_reader(house, "bo")
    with house.store.writing() as connection:
        addresses.insert(connection, addresses.Address("ada@example.org", bo.id, "ada@example.org", NOW))
    open_to_all = admitting(house, "open")
    with pytest.raises(Conflict, match="Sign in to it as before"):
        visit(open_to_all)
    site.person["email_verified"] = False
    led = visit(open_to_all)
    assert (led.session, led.going_to) == ("", "/join/with")
    joined = newcomers.join(open_to_all, led.joining, "ada", "Ada", BROWSER)
    with house.store.reading() as connection:
        assert identities.of_reader(connection, bo.id) == []
        assert addresses.of_reader(connection, joined.reader.id) == []


@pytest.mark.parametrize(
    "case",
    [
        ("open", "", False, True),
        ("domains", "example.org", True, True),
        ("domains", "example.org", False, False),
        ("domains", "other.example", True, False),
        ("invitation", "", True, False),
    ],
    ids=["open", "verified", "unverified", "another-domain", "uninvited"],
)
def test_who_may_join_is_as_the_house_says(
    house: House, site: LoopbackProvider, case: tuple[str, str, bool, bool]
) -> None:
    admission, domains, verified, joins = case
    site.person["email_verified"] = verified
    where = admitting(house, admission, domains)
    if not joins:
        with pytest.raises(Refused, match="by invitation"):
            visit(where)
        return
    led = visit(where)
    joined = newcomers.join(where, led.joining, "ada", "Ada", BROWSER)
    assert sessions.find(where, visit(where).session).reader.id == joined.reader.id  # type: ignore[union-attr]


def test_an_invitation_lets_one_join_with_its_role(house: House, site: LoopbackProvider) -> None:
    url = invitations.invite(house, None, role="moderator")
    letter = providers_letter(url)
    first = visit(house, Purpose(letter=letter))
    site.person["sub"] = "eve"
    second = visit(house, Purpose(letter=letter))
    reader = newcomers.join(house, first.joining, "ada", "Ada", BROWSER).reader
    assert reader.role == "moderator"
    with pytest.raises(Conflict, match="used"):
        newcomers.join(house, second.joining, "eve", "Eve", BROWSER)
    with pytest.raises(Refused, match="by invitation"):
        visit(house, Purpose(letter=letter))


def providers_letter(url: str) -> str:
    from broadsheet.credentials.secret import hash_of

    return hash_of(url.rpartition("/")[2])


def test_joining_can_be_tried_again_until_it_is_done_once(house: House, ada: Reader, site: LoopbackProvider) -> None:
    site.person = {"sub": "bo", "name": "Bo Chen"}
    where = admitting(house, "open")
    led, twin = visit(where, Purpose("/trending")), visit(where)
    assert newcomers.look_at(where, led.joining) == newcomers.Newcomer("Bo Chen", "/trending")
    with pytest.raises(Conflict, match="taken"):
        newcomers.join(where, led.joining, ada.handle, "Bo", BROWSER)
    with pytest.raises(Invalid):
        newcomers.join(where, led.joining, "bo", "", BROWSER)
    newcomers.join(where, led.joining, "bo", "Bo", BROWSER)
    for again in (led.joining, ""):
        with pytest.raises(Refused):
            newcomers.join(where, again, "bo-2", "Bo", BROWSER)
    with pytest.raises(Conflict, match="already"):
        newcomers.join(where, twin.joining, "bo-2", "Bo", BROWSER)


def test_an_account_is_linked_by_the_reader_who_began_and_to_one_reader(
    house: House, ada: Reader, site: LoopbackProvider, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    bo = make_reader(house, "bo")
    linking = Purpose(reader_id=bo.id)
    with pytest.raises(Conflict, match="another reader"):
        visit(house, linking, bo)
    site.person = {"sub": "bo", "name": "Bo Chen"}
    for other in (None, ada):
        with pytest.raises(Refused, match="Another reader began"):
            visit(house, linking, other)
    assert visit(house, linking, bo) == visit(house, linking, bo) == Ended("/account#providers")
    standing = providers.standing(house, bo)
    assert [(each.subject, each.name, called) for each, called in standing.linked] == [("bo", "Bo Chen", "The Lab")]
    assert standing.others == {"orcid": "ORCID"}
    told = [record.message for record in caplog.records]
    assert (told.count("other site linked"), told.count("sign-in failed")) == (1, 3)


def test_the_last_way_in_stays_and_what_we_ask_no_more_is_none(
    house: House, ada: Reader, site: LoopbackProvider
) -> None:
    with pytest.raises(Conflict, match="only way"):
        providers.unlink(house, ada, site.issuer, "ada-1815", session="")
    with house.store.writing() as connection:
        identities.insert(connection, Linked("https://old.example", "1", ada.id, "", NOW))
    with pytest.raises(Conflict, match="only way"):
        providers.unlink(house, ada, site.issuer, "ada-1815", session="")
    providers.unlink(house, ada, "https://old.example", "1", session="")
    with house.store.writing() as connection:
        addresses.insert(connection, addresses.Address("ada@example.org", ada.id, "ada@example.org", NOW))
    there = sessions.begin(house, ada, "link", BROWSER)
    with pytest.raises(NotFound):
        providers.unlink(house, make_reader(house, "bo"), site.issuer, "ada-1815", session="")
    providers.unlink(house, ada, site.issuer, "ada-1815", session="")
    assert (providers.standing(house, ada).linked, sessions.find(house, there)) == ([], None)


def test_somebody_gone_does_not_come_back(house: House, ada: Reader) -> None:
    with house.store.writing() as connection:
        readers.change(connection, ada.id, state="gone")
    with pytest.raises(Refused, match="no more"):
        visit(house)


@pytest.mark.parametrize(
    "wrong",
    [
        (lambda site: site.statuses.update({"/.well-known/openid-configuration": 503}), Unavailable),
        (lambda site: site.bodies.update({"/.well-known/openid-configuration": b"x" * (1 << 20)}), Unavailable),
        (lambda site: site.statuses.update({"/token": 500}), Unavailable),
        (lambda site: site.claims.update({"nonce": "another"}), Refused),
        (lambda site: site.back.update({"error": "access_denied"}), Refused),
    ],
    ids=["away", "endless", "broken", "lying", "cancelled"],
)
def test_what_goes_wrong_there_is_a_sentence_here_and_a_line_in_the_log(
    house: House, ada: Reader, site: LoopbackProvider, caplog: pytest.LogCaptureFixture, wrong: Wrong
) -> None:
    fault, error = wrong
    fault(site)
    with pytest.raises(error, match="The Lab"):
        visit(house)
    [record] = [record for record in caplog.records if record.message in {"sign-in failed", "other site failed"}]
    facts = record.__dict__["facts"]
    assert facts["provider"] == "The Lab"
    assert not any(secret in repr(facts) for secret in ("s%c+r:e=t", "code-0", "ada-1815", "example.org"))


def test_who_asks_too_often_waits(house: House) -> None:
    for _ in range(10):
        providers.count_asking(house, "192.0.2.1/32")
    with pytest.raises(TooMany):
        providers.count_asking(house, "192.0.2.1/32")
