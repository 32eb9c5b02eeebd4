"""Secrets are unguessable, known on sight, and kept only as a hash."""

import re
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.credentials.secret import PATTERN, Kind, hash_of, is_secret, matches, new_secret

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
KINDS = st.sampled_from(Kind)


@pytest.mark.parametrize("kind", Kind)
def test_a_secret_says_what_it_is_for_and_has_more_than_160_bits(kind: Kind) -> None:
    secret = new_secret(kind)
    prefix, _, rest = secret.partition("_")
    assert prefix == kind
    assert re.fullmatch("[0-9A-Za-z]{38}", rest)
    assert len(ALPHABET) ** 32 > 2**190
    assert is_secret(kind, secret)


def test_ten_thousand_secrets_are_all_different_and_use_every_letter_everywhere() -> None:
    made = {new_secret(Kind.API_TOKEN) for _ in range(10_000)}
    assert len(made) == 10_000
    assert all({secret[at] for secret in made} == set(ALPHABET) for at in range(4, 36))


@given(KINDS, KINDS)
def test_a_secret_of_one_kind_is_none_of_another(kind: Kind, other: Kind) -> None:
    assert is_secret(other, new_secret(kind)) == (kind is other)


@given(KINDS, st.integers(min_value=0, max_value=41), st.sampled_from(ALPHABET))
def test_a_secret_with_one_wrong_letter_is_none(kind: Kind, at: int, letter: str) -> None:
    secret = new_secret(kind)
    wrong = secret[:at] + letter + secret[at + 1 :]
    assert is_secret(kind, wrong) == (wrong == secret)


@given(KINDS, st.text() | st.from_regex(PATTERN))
def test_any_text_can_be_asked_about(kind: Kind, text: str) -> None:
    assert is_secret(kind, text) is False
    assert not matches(text, hash_of(new_secret(kind)))


@given(st.text(alphabet=st.characters(), max_size=50), st.text(alphabet=st.characters(), max_size=80))
def test_any_text_can_be_hashed_and_compared_even_half_a_letter(text: str, kept: str) -> None:
    assert matches(text, hash_of(text))
    assert not matches(text, kept)


@pytest.mark.parametrize("around", [" {}", "{} ", "{}\n", "\n{}", "{}x", "x{}", "{}\0"])
def test_nothing_may_stand_around_a_secret(around: str) -> None:
    assert not is_secret(Kind.SESSION, around.format(new_secret(Kind.SESSION)))


def test_the_hash_is_sha256_and_holds_nothing_of_the_secret() -> None:
    assert hash_of("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    secret = new_secret(Kind.API_TOKEN)
    assert secret[4:] not in hash_of(secret)
    assert matches(secret, hash_of(secret))
    assert not matches(new_secret(Kind.API_TOKEN), hash_of(secret))


def test_the_end_is_the_same_on_every_machine() -> None:
    assert is_secret(Kind.API_TOKEN, "bst_" + "0" * 32 + "13XPqa")


def test_a_scanner_finds_a_secret_in_the_middle_of_a_log() -> None:
    secrets = [new_secret(kind) for kind in Kind]
    log = "".join(f'{{"authorization": "Bearer {secret}"}}\n' for secret in secrets)
    assert PATTERN.findall(log) == secrets


def test_this_room_loads_nothing_heavy_before_it_is_asked() -> None:
    rooms = "oidc, passkeys, secret, mail_address"
    heavy = "{'joserfc', 'webauthn', 'cryptography', 'OpenSSL', 'cbor2'}"
    program = f"import sys; from broadsheet.credentials import {rooms}; sys.exit(str({heavy} & set(sys.modules)))"
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert told.stderr.strip() == "set()"
