"""Who signs in at another site is who that site says; the answers that must not be believed are in their own file."""

import hashlib
import json
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from tests.conftest import NOW
from tests.credentials.loopback_provider import (
    CLIENT,
    GONE,
    SECRET,
    LoopbackProvider,
    answer_in,
    come_back,
    part,
    providing,
    signing_key,
)

from broadsheet.credentials.fetching import Fetching
from broadsheet.credentials.oidc import Identity, begin, finish
from broadsheet.credentials.provider import Provider, orcid
from broadsheet.errors import BroadsheetError, Invalid
from broadsheet.net.addresses import Network

HERE = "https://papers.example.org/sign-in/loopback"
OPEN = Network(allow_private=True)


@pytest.fixture
def site() -> Iterator[LoopbackProvider]:
    with providing(lambda: NOW) as provider:
        yield provider


def fetching() -> Fetching:
    return Fetching(OPEN, lambda: NOW)


def sign_in(site: LoopbackProvider, provider: Provider | None = None, fetch: Fetching | None = None) -> Identity:
    provider, fetch = provider or site.registered(HERE), fetch or fetching()
    started = begin(provider, HERE, fetch, NOW)
    return finish(provider, started, answer_in(come_back(started.url)), fetch, NOW)


@pytest.mark.parametrize("algorithm", ["RS256", "RS512", "PS256", "ES256", "EdDSA", "Ed25519"])
def test_who_signs_in_is_known_by_issuer_and_subject(site: LoopbackProvider, algorithm: str) -> None:
    site.keys = [signing_key(algorithm)]
    site.person["name"] = "  Ada\n Lovelace\0"
    assert sign_in(site) == Identity(
        issuer=site.issuer,
        subject="ada-1815",
        email="Ada@example.org",
        name="Ada Lovelace",
        orcid=None,
        auth_time=NOW,
    )


def test_the_question_has_a_new_state_nonce_and_challenge_each_time_and_no_secret(site: LoopbackProvider) -> None:
    provider = site.registered(HERE)
    started = [begin(provider, HERE, fetching(), NOW, timedelta(hours=1)) for _ in range(2)]
    asked = [parse_qs(urlsplit(each.url).query, strict_parsing=True) for each in started]
    for name in ("state", "nonce", "code_challenge"):
        assert asked[0][name] != asked[1][name]
        assert all(len(each[name][0]) >= 43 for each in asked)
    assert (
        asked[0]
        | {
            "response_type": ["code"],
            "client_id": [CLIENT],
            "redirect_uri": [HERE],
            "scope": ["openid email profile"],
            "code_challenge_method": ["S256"],
            "max_age": ["3600"],
        }
        == asked[0]
    )
    assert started[0].verifier not in started[0].url
    assert SECRET not in repr(provider)
    assert not any(hidden in repr(started[0]) for hidden in (started[0].verifier, started[0].state, started[0].nonce))


def test_a_question_is_added_to_an_address_that_has_one(site: LoopbackProvider) -> None:
    site.discovery["authorization_endpoint"] = f"{site.issuer}/authorize?tenant=7"
    assert sign_in(site).subject == "ada-1815"
    assert site.asked[1][2]["tenant"] == "7"


def test_keys_and_description_are_asked_for_once(site: LoopbackProvider) -> None:
    fetch = fetching()
    for _ in range(3):
        sign_in(site, fetch=fetch)
    assert [site.paths().count(path) for path in ("/.well-known/openid-configuration", "/keys", "/token")] == [1, 1, 3]


def test_what_is_remembered_is_forgotten_after_a_while(site: LoopbackProvider) -> None:
    times = iter([NOW, NOW + timedelta(minutes=9), NOW + timedelta(minutes=11)])
    fetch = Fetching(OPEN, lambda: next(times))
    for _ in range(3):
        begin(site.registered(HERE), HERE, fetch, NOW)
    assert len(site.asked) == 2


def test_a_provider_may_change_its_keys(site: LoopbackProvider) -> None:
    site.discovery["id_token_signing_alg_values_supported"] = ["RS256", "ES256"]
    fetch = fetching()
    sign_in(site, fetch=fetch)
    site.keys = [signing_key("ES256", "second"), signing_key()]
    assert sign_in(site, fetch=fetch).subject == "ada-1815"
    site.keys = [signing_key("RS256", "third")]
    assert sign_in(site, fetch=fetch).subject == "ada-1815"


def test_keys_that_nobody_can_read_stand_beside_those_that_count(site: LoopbackProvider) -> None:
    odd = [7, {}, {"kty": "AKP"}, {"kty": "RSA", "n": 7}, {"kty": "EC", "crv": "P-999", "x": "AA", "y": "AA"}]
    keys = [each | {"kid": "first"} if isinstance(each, dict) else each for each in odd] + [signing_key().stated]
    site.bodies["/keys"] = json.dumps({"keys": keys}).encode()
    assert sign_in(site).subject == "ada-1815"


def test_a_token_without_kid_is_checked_with_the_only_key_that_fits(site: LoopbackProvider) -> None:
    site.keys = [signing_key(), signing_key("ES256", "second")]
    site.header["kid"] = GONE
    assert sign_in(site).subject == "ada-1815"


def test_the_same_subject_at_two_providers_is_two_people(site: LoopbackProvider) -> None:
    with providing(lambda: NOW) as other:
        people = [sign_in(each) for each in (site, other)]
    assert people[0].subject == people[1].subject
    assert len({(each.issuer, each.subject) for each in people}) == 2


def test_a_provider_that_wants_the_secret_in_the_form_gets_it_there(site: LoopbackProvider) -> None:
    site.discovery["token_endpoint_auth_methods_supported"] = ["client_secret_post", "private_key_jwt"]
    sign_in(site)
    assert site.asked[-2][2]["client_secret"] == SECRET


def test_without_a_secret_the_challenge_alone_proves_who_asks(site: LoopbackProvider) -> None:
    assert sign_in(site, site.registered(HERE, client_secret="")).subject == "ada-1815"
    assert "client_secret" not in site.asked[-2][2]


def test_a_provider_that_says_little_about_itself_is_taken_at_its_standards(site: LoopbackProvider) -> None:
    optional = "code_challenge_methods_supported token_endpoint_auth_methods_supported userinfo_endpoint"
    site.discovery = dict.fromkeys(optional.split(), GONE)
    site.discovery["authorization_response_iss_parameter_supported"] = GONE
    site.back["iss"] = GONE
    assert sign_in(site).subject == "ada-1815"


@pytest.mark.parametrize("audience", [CLIENT, [CLIENT]], ids=["alone", "in a list"])
def test_a_token_may_name_us_twice(site: LoopbackProvider, audience: object) -> None:
    site.claims |= {"aud": audience, "azp": CLIENT}
    assert sign_in(site).subject == "ada-1815"


# The left half of the hash of the word "access", with SHA-256 and SHA-512 (Core, section 3.1.3.6).
@pytest.mark.parametrize(("algorithm", "digest"), [("RS256", "sha256"), ("RS512", "sha512"), ("EdDSA", "sha512")])
def test_a_token_may_name_the_hash_of_the_other(site: LoopbackProvider, algorithm: str, digest: str) -> None:
    site.keys = [signing_key(algorithm)]
    whole = hashlib.new(digest, b"access").digest()
    site.claims["at_hash"] = part(whole[: len(whole) // 2])
    assert sign_in(site).subject == "ada-1815"


def test_who_signed_in_a_moment_ago_need_not_do_so_again(site: LoopbackProvider) -> None:
    provider = site.registered(HERE)
    site.claims["auth_time"] = (NOW - timedelta(minutes=50)).timestamp()
    started = begin(provider, HERE, fetching(), NOW, timedelta(hours=1))
    who = finish(provider, started, answer_in(come_back(started.url)), fetching(), NOW)
    assert who.auth_time == NOW - timedelta(minutes=50)


@pytest.mark.parametrize(
    "verified", [False, None, "true", 1, GONE], ids=["no", "null", "a word", "a number", "silence"]
)
def test_a_mail_address_that_is_not_verified_is_none(site: LoopbackProvider, verified: object) -> None:
    site.claims["email_verified"] = verified
    who = sign_in(site)
    assert (who.email, who.email_verified) == (None, False)


@pytest.mark.parametrize("email", ["Ada <ada@example.org>", "ada@example.org\nBcc: x@y.org", "ada", "", 7])
def test_a_verified_mail_address_must_still_be_one(site: LoopbackProvider, email: object) -> None:
    site.claims["email"] = email
    assert sign_in(site).email is None


def test_what_the_token_leaves_out_is_asked_for(site: LoopbackProvider) -> None:
    site.claims |= {"email": GONE, "email_verified": GONE}
    site.userinfo["name"] = "Ada"
    who = sign_in(site)
    assert (who.email, who.email_verified, who.name) == ("Ada@example.org", True, "Ada")


def test_what_is_said_about_one_person_is_remembered_for_nobody(site: LoopbackProvider) -> None:
    site.claims |= {"email": GONE}
    fetch, who = fetching(), []
    for name in ("ada", "eve"):
        site.userinfo["email"] = f"{name}@example.org"
        who.append(sign_in(site, fetch=fetch).email)
    assert who == ["ada@example.org", "eve@example.org"]


def test_an_address_and_its_being_verified_are_said_by_the_same_voice(site: LoopbackProvider) -> None:
    site.claims |= {"email": GONE, "email_verified": True}
    site.userinfo["email_verified"] = False
    assert sign_in(site).email is None


def test_orcid_gives_the_id_and_no_address(site: LoopbackProvider) -> None:
    site.person = {"sub": "0000-0002-1825-0097", "given_name": "Josiah", "family_name": "Carberry"}
    who = sign_in(site, site.registered(HERE, scopes=("openid",), gives_orcid=True))
    assert (who.orcid, who.name, who.email) == ("0000-0002-1825-0097", "Josiah Carberry", None)
    assert "/userinfo" not in site.paths()
    assert orcid("APP-1", "hidden").gives_orcid


@pytest.mark.parametrize("subject", ["0000-0002-1825-0098", "0000-0002-1825-009", "0000-0002-1825-0097\u0660", "ada"])
def test_what_is_no_orcid_is_none(site: LoopbackProvider, subject: str) -> None:
    site.person = {"sub": subject}
    provider = site.registered(HERE, gives_orcid=True)
    if subject.isascii():
        assert sign_in(site, provider).orcid is None
    else:
        with pytest.raises(BroadsheetError):
            sign_in(site, provider)


def test_only_orcid_says_what_an_orcid_is(site: LoopbackProvider) -> None:
    site.person = {"sub": "0000-0002-1825-0097"}
    assert sign_in(site).orcid is None


def test_a_private_address_is_not_asked_unless_it_is_allowed(site: LoopbackProvider) -> None:
    with pytest.raises(Invalid, match="public internet"):
        begin(site.registered(HERE), HERE, Fetching(Network(), lambda: NOW), NOW)
    assert site.asked == []
