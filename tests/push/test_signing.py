"""Signatures are those of Standard Webhooks."""

import base64

import pytest
from tests.push.sample_digests import FACTS, digest
from tests.push.taking.places import heard, place
from tests.push.taking.webhook import verify

from broadsheet.push import program
from broadsheet.push.brief import brief_of
from broadsheet.push.signing import new_secret, rotated, secrets_in, signatures


def test_a_body_is_signed_as_the_published_example() -> None:
    """The example of the libraries in github.com/standard-webhooks/standard-webhooks, and of docs.svix.com."""
    keys = secrets_in("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    signed = signatures(keys, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, b'{"test": 2432232314}')
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_both_secrets_sign_while_there_are_two() -> None:
    old = new_secret()
    told = rotated(old)
    request = program.request(brief_of(digest(), FACTS), place("webhook", secret=told), FACTS)
    for secret in (old, told.split()[0]):
        verify(heard(request), secret)
    with pytest.raises(AssertionError):
        verify(heard(request), new_secret())


@pytest.mark.parametrize("size", [0, 23, 65])
def test_a_secret_has_24_to_64_bytes(size: int) -> None:
    assert secrets_in("whsec_" + base64.b64encode(bytes(size)).decode()) == ()


def test_one_bad_secret_of_two_is_none() -> None:
    assert secrets_in(f"{new_secret()} whsec_!") == ()
    assert secrets_in("") == ()
