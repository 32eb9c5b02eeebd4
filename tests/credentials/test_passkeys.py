"""A passkey proves who has it, here and now; whatever is not exactly that is refused."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.credentials.soft_key import SoftKey, coded

from broadsheet.credentials.passkeys import (
    Ceremony,
    Passkey,
    Site,
    ask_to_register,
    ask_to_sign_in,
    new_user_handle,
    passkey_named,
    register,
    sign_in,
    site_at,
)
from broadsheet.errors import Invalid, Refused

SITE = site_at("https://papers.example.org/", "Papers")
HANDLE = new_user_handle()


def registered(device: SoftKey, name: str = "Phone") -> Passkey:
    asked = ask_to_register(SITE, HANDLE, "ada", [])
    return register(SITE, asked.challenge, device.create(asked.options, SITE.origin), name)


@pytest.mark.parametrize("algorithm", [-7, -8, -257])
def test_a_device_registers_and_signs_in(algorithm: int) -> None:
    device = SoftKey(algorithm=algorithm)
    passkey = registered(device)
    assert passkey == Passkey(device.id, passkey.public_key, 0, ("hybrid", "internal"), "Phone")
    for count in (1, 2):
        asked = ask_to_sign_in(SITE, [passkey])
        answer = device.get(asked.options, SITE.origin)
        assert passkey_named(answer) == passkey.id
        passkey = sign_in(SITE, asked.challenge, answer, passkey, HANDLE)
        assert passkey.sign_count == count


def test_a_device_that_does_not_count_signs_in_again_and_again() -> None:
    device = SoftKey(counts=False)
    passkey = registered(device)
    for _ in range(2):
        asked = ask_to_sign_in(SITE)
        passkey = sign_in(SITE, asked.challenge, device.get(asked.options, SITE.origin), passkey, HANDLE)
    assert passkey.sign_count == 0


def test_a_device_need_not_say_whose_passkey_it_is() -> None:
    device = SoftKey()
    passkey = registered(device)
    asked = ask_to_sign_in(SITE, [passkey])
    answer = json.loads(device.get(asked.options, SITE.origin))
    answer["response"]["userHandle"] = None
    assert sign_in(SITE, asked.challenge, json.dumps(answer), passkey, HANDLE).sign_count == 1


def test_a_page_asks_for_a_verified_user_and_names_the_passkeys_there_are() -> None:
    passkey = registered(SoftKey())
    listed = [{"type": "public-key", "id": coded(passkey.id), "transports": ["hybrid", "internal"]}]
    new = json.loads(ask_to_register(SITE, HANDLE, "ada", [passkey]).options)
    assert new["rp"] == {"id": "papers.example.org", "name": "Papers"}
    assert new["user"] == {"id": coded(HANDLE), "name": "ada", "displayName": "ada"}
    assert new["authenticatorSelection"]["residentKey"] == "preferred"
    assert new["authenticatorSelection"]["userVerification"] == "required"
    assert [each["alg"] for each in new["pubKeyCredParams"]] == [-8, -7, -257]
    assert new["excludeCredentials"] == listed
    again = json.loads(ask_to_sign_in(SITE, [passkey]).options)
    assert (again["rpId"], again["userVerification"]) == ("papers.example.org", "required")
    assert again["allowCredentials"] == listed


def test_every_challenge_and_handle_is_new() -> None:
    asked = [ask_to_sign_in(SITE) for _ in range(50)] + [ask_to_register(SITE, HANDLE, "ada") for _ in range(50)]
    assert len({each.challenge for each in asked}) == 100
    assert all(json.loads(each.options)["challenge"] == coded(each.challenge) for each in asked)
    assert {len(each.challenge) for each in asked} == {32}
    assert len({new_user_handle() for _ in range(50)}) == 50


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://papers.example.org", Site("https://papers.example.org", "papers.example.org", "P")),
        ("https://papers.example.org:443/x?y", Site("https://papers.example.org", "papers.example.org", "P")),
        ("https://Papers.Example.org:8443", Site("https://papers.example.org:8443", "papers.example.org", "P")),
        ("http://localhost:8000", Site("http://localhost:8000", "localhost", "P")),
    ],
    ids=["plain", "with its usual port", "with another port", "localhost"],
)
def test_an_address_makes_a_site(url: str, site: Site) -> None:
    assert site_at(url, "P") == site


@pytest.mark.parametrize(
    "url", ["http://papers.example.org", "https://192.0.2.7", "https://[2001:db8::7]", "", "https:"]
)
def test_where_browsers_make_no_passkeys_there_is_no_site(url: str) -> None:
    with pytest.raises(Invalid, match="https address with a name"):
        site_at(url, "P")


# What a device says instead of what is so.
LIES: dict[str, dict[str, Any]] = {
    "another origin": {"origin": "https://evil.example"},
    "almost the origin": {"origin": "https://papers.example.org.evil.example"},
    "the origin without TLS": {"origin": "http://papers.example.org"},
    "the origin at another port": {"origin": "https://papers.example.org:8443"},
    "another site": {"rp_id": "evil.example"},
    "a site above": {"rp_id": "example.org"},
    "another challenge": {"challenge": coded(bytes(32))},
    "no challenge": {"challenge": ""},
    "another ceremony": {"type": "payment.get"},
    "in a frame of another's page": {"cross": True},
    "a user who was not verified": {"flags": 0x01},
    "a user who was not there": {"flags": 0x04},
}


@pytest.mark.parametrize("lies", LIES.values(), ids=LIES)
def test_a_passkey_made_otherwise_is_refused(lies: dict[str, Any]) -> None:
    asked = ask_to_register(SITE, HANDLE, "ada", [])
    answer = SoftKey().create(asked.options, **{"origin": SITE.origin} | lies)
    with pytest.raises(Refused, match="did not prove"):
        register(SITE, asked.challenge, answer, "Phone")


@pytest.mark.parametrize("lies", LIES.values(), ids=LIES)
def test_a_signature_made_otherwise_is_refused(lies: dict[str, Any]) -> None:
    device = SoftKey()
    passkey = registered(device)
    asked = ask_to_sign_in(SITE, [passkey])
    with pytest.raises(Refused, match="did not prove"):
        sign_in(SITE, asked.challenge, device.get(asked.options, **{"origin": SITE.origin} | lies), passkey, HANDLE)


def test_a_device_that_verifies_nobody_is_refused() -> None:
    with pytest.raises(Refused):
        registered(SoftKey(verifies=False))


@pytest.mark.parametrize("format_", ["packed", "fido-u2f", "apple", "tpm", "android-key", "android-safetynet", "new"])
def test_a_statement_about_the_device_that_proves_nothing_is_refused(format_: str) -> None:
    asked = ask_to_register(SITE, HANDLE, "ada", [])
    with pytest.raises(Refused):
        register(SITE, asked.challenge, SoftKey().create(asked.options, SITE.origin, format=format_), "Phone")


def test_an_answer_is_good_for_its_own_challenge_only() -> None:
    device = SoftKey()
    passkey = registered(device)
    first, second = ask_to_sign_in(SITE, [passkey]), ask_to_sign_in(SITE, [passkey])
    answer = device.get(first.options, SITE.origin)
    with pytest.raises(Refused):
        sign_in(SITE, second.challenge, answer, passkey, HANDLE)


@pytest.mark.parametrize("count", [0, 4, 5])
def test_a_count_that_goes_back_or_stands_still_is_a_copy_of_the_device(count: int) -> None:
    device = SoftKey()
    passkey = replace(registered(device), sign_count=5)
    asked = ask_to_sign_in(SITE, [passkey])
    with pytest.raises(Refused):
        sign_in(SITE, asked.challenge, device.get(asked.options, SITE.origin, count=count), passkey, HANDLE)
    assert sign_in(SITE, asked.challenge, device.get(asked.options, SITE.origin, count=6), passkey, HANDLE)


def test_the_passkey_of_another_is_refused() -> None:
    mine, theirs = SoftKey(), SoftKey()
    passkey, other = registered(mine), registered(theirs)
    asked = ask_to_sign_in(SITE)
    answer = theirs.get(asked.options, SITE.origin)
    with pytest.raises(Refused, match="somebody else"):
        sign_in(SITE, asked.challenge, answer, passkey, HANDLE)
    with pytest.raises(Refused, match="did not prove"):
        sign_in(SITE, asked.challenge, answer, replace(passkey, id=other.id), HANDLE)
    with pytest.raises(Refused, match="somebody else"):
        sign_in(SITE, asked.challenge, answer, other, new_user_handle())


Change = Callable[[dict[str, Any]], object]
BROKEN: dict[str, Change] = {
    "no id": lambda a: a.pop("id"),
    "an id that is a number": lambda a: a.update(id=7),
    "two different ids": lambda a: a.update(rawId=coded(b"other")),
    "another type": lambda a: a.update(type="password"),
    "a signature of nothing": lambda a: a["response"].update(signature=""),
    "a changed signature": lambda a: a["response"].update(signature=coded(bytes(70))),
    "no signature": lambda a: a["response"].pop("signature"),
    "data cut short": lambda a: a["response"].update(authenticatorData=coded(bytes(20))),
    "data that is no data": lambda a: a["response"].update(authenticatorData=7),
    "what was signed is no JSON": lambda a: a["response"].update(clientDataJSON=coded(b"{")),
    "what was signed is a list": lambda a: a["response"].update(clientDataJSON=coded(b"[]")),
    "what was signed never ends": lambda a: a["response"].update(clientDataJSON=coded(b"[" * 9_000)),
    "a response that is a list": lambda a: a.update(response=[]),
    "a handle that is a number": lambda a: a["response"].update(userHandle=7),
}


@pytest.mark.parametrize("change", BROKEN.values(), ids=BROKEN)
def test_a_broken_answer_is_refused(change: Change) -> None:
    device = SoftKey()
    passkey = registered(device)
    asked = ask_to_sign_in(SITE, [passkey])
    answer = json.loads(device.get(asked.options, SITE.origin))
    change(answer)
    with pytest.raises(Refused):
        sign_in(SITE, asked.challenge, json.dumps(answer), passkey, HANDLE)


DEVICE = SoftKey()
PASSKEY = registered(DEVICE)
ASKED = ask_to_register(SITE, HANDLE, "ada")
MADE = DEVICE.create(ASKED.options, SITE.origin)


@given(st.text() | st.just("[" * 50_000) | st.just('{"response": {}}') | st.just("9" * 70_000))
def test_any_text_is_refused_as_an_answer(text: str) -> None:
    for ask in (
        lambda: passkey_named(text),
        lambda: register(SITE, ASKED.challenge, text, "x"),
        lambda: sign_in(SITE, ASKED.challenge, text, PASSKEY, HANDLE),
    ):
        with pytest.raises(Refused):
            ask()


@given(st.binary(max_size=300), st.sampled_from(["attestationObject", "clientDataJSON"]))
def test_any_bytes_in_an_answer_are_refused(raw: bytes, where: str) -> None:
    answer = json.loads(MADE)
    answer["response"][where] = coded(raw)
    with pytest.raises(Refused):
        register(SITE, ASKED.challenge, json.dumps(answer), "x")


@given(st.data())
def test_a_letter_changed_anywhere_in_what_was_signed_is_refused(data: st.DataObject) -> None:
    asked: Ceremony = ask_to_sign_in(SITE, [PASSKEY])
    answer = json.loads(DEVICE.get(asked.options, SITE.origin))
    part = data.draw(st.sampled_from(["authenticatorData", "clientDataJSON"]))
    text = answer["response"][part]
    at = data.draw(st.integers(0, len(text) - 2))  # the last letter may hold bits that stand for nothing
    answer["response"][part] = text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :]
    with pytest.raises(Refused):
        sign_in(SITE, asked.challenge, json.dumps(answer), PASSKEY, HANDLE)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("  My\nphone\0 ", "My phone"), ("x" * 500, "x" * 80), ("", "")],
    ids=["two lines", "long", "nothing"],
)
def test_a_name_is_one_short_line(typed: str, kept: str) -> None:
    assert registered(SoftKey(), typed).name == kept
