"""What we sign is verified by dkimpy, which shares no line with us."""

from base64 import b64decode
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import dkim
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from tests.mail.made import FACTS, hostile_digest, key_in, mail_with, plain_digest
from tests.mail.strict import strictly
from tests.mail.test_port import mail

from broadsheet.errors import Invalid
from broadsheet.mail.packing import packed
from broadsheet.mail.port import Rendered
from broadsheet.mail.render import rendered
from broadsheet.mail.signing import DkimSigner, open_signer

SENDER = "daily@papers.example"
# dkimpy refuses a signature from the future, by the real clock.
THEN = datetime(2026, 1, 1, tzinfo=UTC)
BOTH = {"list-unsubscribe", "list-unsubscribe-post"}
# From, the two of the list, and each other header that must not be added to.
FROZEN = {*BOTH, "from", "to", "subject", "date", "message-id", "list-id", "content-type", "mime-version"}


def opened(file: Path) -> DkimSigner:
    signer = open_signer("news", str(file), SENDER, lambda: THEN)
    assert signer is not None
    return signer


def is_good(raw: bytes, record: bytes) -> bool:
    asked = []

    def look_up(name: bytes, timeout: int = 5) -> bytes:
        asked.append(name)
        return record

    good = bool(dkim.verify(raw, dnsfunc=look_up))
    assert set(asked) <= {b"news._domainkey.papers.example."}
    return good


def tags(raw: bytes) -> dict[str, str]:
    header = strictly(raw)["DKIM-Signature"]
    pairs = (pair.partition("=") for pair in str(header).split(";"))
    return {name.strip(): "".join(value.split()) for name, _, value in pairs}


@pytest.fixture(scope="module")
def keyed(tmp_path_factory: pytest.TempPathFactory) -> tuple[DkimSigner, bytes]:
    file, record = key_in(tmp_path_factory.mktemp("keys"))
    return opened(file), record


def test_m5_every_mail_parses_strictly_has_all_headers_both_parts_and_a_signature_over_both_list_headers(
    keyed: tuple[DkimSigner, bytes],
) -> None:
    """TRUST M5 for 150 mails; 10,000 are looked at by bench/digest_mails.py."""
    signer, record = keyed
    for seed in range(150):
        made = mail_with(rendered(hostile_digest(seed), FACTS))
        raw = packed(made, signer)
        told = strictly(raw)
        assert {
            *("dkim-signature", "from", "to", "subject", "date", "message-id", "auto-submitted", "mime-version"),
            *("content-type", "list-unsubscribe", "list-unsubscribe-post", "list-id", "list-archive", "feedback-id"),
            "x-auto-response-suppress",
        } == {name.lower() for name in told}
        plain, page = told.iter_parts()
        assert (plain.get_content_type(), page.get_content_type()) == ("text/plain", "text/html")
        assert len(page.get_content().encode()) < 102_000
        assert tags(raw)["h"].split(":").count("list-unsubscribe") == 2
        assert set(tags(raw)["h"].split(":")) >= BOTH
        assert is_good(raw, record), seed


def test_whatever_is_changed_or_added_on_the_way_breaks_the_signature(keyed: tuple[DkimSigner, bytes]) -> None:
    signer, record = keyed
    raw = packed(mail_with(rendered(plain_digest(2), FACTS)), signer)
    assert is_good(raw, record)
    for old, new in (
        (b"ada@example.org", b"eve@example.org"),
        (b"List-Unsubscribe: <https", b"List-Unsubscribe: <http"),
        (b"One-Click", b"Two-Click"),
        (b"Kettle", b"kettle"),
        (b"napkin number 1 ", b"napkin number 2 "),
    ):
        assert old not in raw or not is_good(raw.replace(old, new, 1), record), old
    for name in sorted(FROZEN | {"reply-to", "cc"}):
        assert not is_good(name.encode() + b": x\r\n" + raw, record), name


def test_a_signature_outlives_what_relays_do_to_white_space(keyed: tuple[DkimSigner, bytes]) -> None:
    signer, record = keyed
    raw = packed(mail_with(rendered(plain_digest(2), FACTS)), signer)
    head, _, body = raw.partition(b"\r\n\r\n")
    refolded = head.replace(b"\r\n <mailto", b" <mailto").replace(b"Subject: ", b"subject:   ")
    assert is_good(b"Received: by relay.example\r\n" + refolded + b"\r\n\r\n" + body + b"\r\n\r\n", record)
    assert is_good(head + b"\r\n\r\n" + body.replace(b"\r\n", b" \t\r\n"), record)


def test_ed25519_signs_as_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class VerifyKey:
        """What dkimpy takes from PyNaCl, which is not installed, by another library."""

        def __init__(self, told: bytes, encoder: Any) -> None:
            self.key = Ed25519PublicKey.from_public_bytes(encoder(told))

        def verify(self, digest: bytes, proof: bytes) -> None:
            self.key.verify(proof, digest)

    nacl = SimpleNamespace(
        signing=SimpleNamespace(VerifyKey=VerifyKey),
        encoding=SimpleNamespace(Base64Encoder=b64decode),
        exceptions=SimpleNamespace(BadSignatureError=InvalidSignature, ValueError=ValueError),
    )
    monkeypatch.setattr(dkim, "nacl", nacl, raising=False)
    file, record = key_in(tmp_path, bits=0)
    raw = packed(mail_with(Rendered("s", "t", "<p>h")), opened(file))
    assert tags(raw)["a"] == "ed25519-sha256"
    assert is_good(raw, record)
    assert not is_good(raw.replace(b"ada@", b"eve@"), record)


def test_a_signature_says_when_by_whom_and_for_which_domain(keyed: tuple[DkimSigner, bytes]) -> None:
    signer, record = keyed
    raw = packed(mail(sender=SENDER, text="x" * 500 + " \n\n\n"), signer)
    told = tags(raw)
    assert (told["v"], told["a"], told["c"]) == ("1", "rsa-sha256", "relaxed/relaxed")
    assert (told["d"], told["s"], told["t"]) == ("papers.example", "news", str(int(THEN.timestamp())))
    assert raw.startswith(b"DKIM-Signature: ")
    assert is_good(raw, record)


def test_a_mail_from_another_domain_is_not_signed_for_ours(keyed: tuple[DkimSigner, bytes]) -> None:
    assert b"DKIM" not in packed(mail(sender="me@home.example"), keyed[0])


def test_an_empty_body_is_signed_too(keyed: tuple[DkimSigner, bytes]) -> None:
    assert is_good(packed(mail(sender=SENDER, text=""), keyed[0]), keyed[1])


def test_without_settings_nothing_is_signed() -> None:
    assert open_signer("", "", SENDER) is None


@pytest.mark.parametrize(
    ("selector", "there", "field"),
    [
        ("news", False, "dkim_key"),
        ("", True, "dkim_selector"),
        ("a b", True, "dkim_selector"),
        ("x;y", True, "dkim_selector"),
    ],
)
def test_what_cannot_sign_is_refused_at_once(tmp_path: Path, selector: str, there: bool, field: str) -> None:  # noqa: FBT001 - a case
    file = tmp_path / "key.pem"
    if there:
        file.write_text("x")
    with pytest.raises(Invalid) as refused:
        open_signer(selector, str(file), SENDER)
    assert refused.value.field == field


def test_a_file_without_a_fitting_key_is_refused_without_showing_it(tmp_path: Path) -> None:
    file = tmp_path / "key.pem"
    curve = ec.generate_private_key(ec.SECP256R1())
    wrong = curve.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    for content in (b"secret stuff", wrong):
        file.write_bytes(content)
        with pytest.raises(Invalid) as refused:
            packed(mail(sender=SENDER), opened(file))
        assert refused.value.field == "dkim_key"
        assert content.decode()[:20] not in str(refused.value)


def test_the_time_in_a_signature_is_that_of_the_house(tmp_path: Path) -> None:
    file, _ = key_in(tmp_path)
    later = THEN + timedelta(days=1)
    signer = open_signer("news", str(file), SENDER, lambda: later)
    assert tags(packed(mail(sender=SENDER), signer))["t"] == str(int(later.timestamp()))
