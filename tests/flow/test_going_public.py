"""Nobody is let in from elsewhere before all is set that keeps them safe."""

import secrets
from pathlib import Path

import pytest

from broadsheet.errors import Invalid
from broadsheet.flow.going_public import check, is_public_url, is_random
from broadsheet.settings import Settings
from broadsheet.site import create_app
from broadsheet.wiring import open_house

READY = {
    "public_url": "https://papers.example.org",
    "secret_key": "kP4vXq7Zs1Yw9Tb3Rn5Ld8Mf2Hj6Gc0AeUiOxWyVz-Q",
    "smtp_url": "smtp://mail.example.org",
}


def test_what_is_all_set_may_open(tmp_path: Path) -> None:
    check(Settings(home=tmp_path, **READY))


@pytest.mark.parametrize("missing", READY)
def test_each_thing_that_is_missing_is_named_with_what_to_write(tmp_path: Path, missing: str) -> None:
    with pytest.raises(Invalid) as refused:
        check(Settings(home=tmp_path, **(READY | {missing: ""})))
    assert refused.value.field == missing
    said = str(refused.value)
    assert f"\n  {missing} = " in said
    assert not [other for other in READY if other != missing and f"\n  {other} = " in said]
    assert READY["secret_key"] not in said


def test_the_key_that_is_suggested_is_new_each_time_good_enough_and_kept_nowhere(tmp_path: Path) -> None:
    said = []
    for _ in range(2):
        with pytest.raises(Invalid) as refused:
            check(Settings(home=tmp_path, **(READY | {"secret_key": ""})))
        said.append(str(refused.value).partition('secret_key = "')[2].partition('"')[0])
    assert said[0] != said[1]
    assert all(map(is_random, said))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("admission", "everybody"),
        ("admission", "domains"),
        ("invitations_by", "nobody"),
        ("session_days", 0),
    ],
    ids=str,
)
def test_what_cannot_be_meant_is_named(tmp_path: Path, field: str, value: object) -> None:
    with pytest.raises(Invalid, match=f"\n  {'mail_domains' if value == 'domains' else field} = "):
        check(Settings(home=tmp_path, **(READY | {field: value})))  # type: ignore[arg-type]


@pytest.mark.parametrize("missing", ["public_url", "secret_key"])
def test_the_pages_refuse_too_whoever_serves_them(tmp_path: Path, missing: str) -> None:
    wrong = {"public_url": "http://papers.example.org", "secret_key": "changeme"}[missing]
    settings = Settings(home=tmp_path / "home", **(READY | {missing: wrong}))
    with open_house(settings) as house, pytest.raises(Invalid) as refused:
        create_app(house)
    assert refused.value.field == missing


@pytest.mark.parametrize(
    ("key", "good"),
    [
        *((secrets.token_urlsafe(32), True) for _ in range(20)),
        *((secrets.token_hex(32), True) for _ in range(20)),
        ("", False),
        ("changeme", False),
        ("changeme" * 20, False),
        ("a" * 64, False),
        ("0123456789" * 5, False),
        (secrets.token_urlsafe(24), False),
    ],
    ids=range(46),
)
def test_a_key_is_random_or_refused(key: str, *, good: bool) -> None:
    assert is_random(key) is good


@pytest.mark.parametrize(
    ("url", "good"),
    [
        ("https://papers.example.org", True),
        ("https://papers.example.org/", True),
        ("https://papers.example.org:8443", True),
        ("http://papers.example.org", False),
        ("papers.example.org", False),
        ("https://", False),
        ("https://papers.example.org/papers", False),
        ("https://papers.example.org?x", False),
        ("https://me@papers.example.org", False),
        ("https://papers.example.org:0", False),
        ("https://papers.example.org:x", False),
        ("https://[::1", False),
        ("https://papers example.org", False),
        ("javascript:alert(1)", False),
    ],
)
def test_an_address_for_others_is_https_and_a_host(url: str, *, good: bool) -> None:
    assert is_public_url(url) is good
