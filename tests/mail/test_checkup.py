"""What mailbox providers want, asked of a real name server on loopback."""

from dataclasses import replace
from pathlib import Path

import pytest
from tests.mail.name_server import Zone, name_server

from broadsheet.mail import spf
from broadsheet.mail.checkup import Finding, Sending, examine
from broadsheet.mail.dkim_record import record_of
from broadsheet.mail.dns import Dns, Kind, Told

HOST = "mail.broadsheet.example"
SENDING = Sending(
    sender="papers@broadsheet.example",
    returns_to="back@bounces.broadsheet.example",
    host=HOST,
    selector="papers",
    key_file="",
)


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A private key in a file."""
    return make_key(tmp_path_factory.mktemp("keys") / "dkim.pem")


def make_key(file: Path) -> Path:
    from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    made = generate_private_key(65_537, 2_048)
    file.write_bytes(made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return file


def as_text(record: str) -> str:
    return " ".join(f'"{record[start : start + 200]}"' for start in range(0, len(record), 200))


def well(key: Path) -> dict[tuple[str, str], tuple[str, ...]]:
    """Give a zone in which all is as it should be."""
    return {
        ("bounces.broadsheet.example", "MX"): (f"10 {HOST}.",),
        ("bounces.broadsheet.example", "TXT"): ('"v=spf1 include:spf.broadsheet.example -all"', '"something else"'),
        ("spf.broadsheet.example", "TXT"): (f'"v=spf1 a:{HOST} ~all"',),
        ("papers._domainkey.broadsheet.example", "TXT"): (as_text(record_of(key)),),
        ("_dmarc.broadsheet.example", "TXT"): ('"v=DMARC1; p=quarantine"',),
        (HOST, "A"): ("192.0.2.25",),
        (HOST, "AAAA"): ("2001:db8::25",),
        ("25.2.0.192.in-addr.arpa", "PTR"): (f"{HOST}.",),
        (f"5.2.{'0.' * 22}8.b.d.0.1.0.0.2.ip6.arpa", "PTR"): (f"{HOST}.",),
    }


def look(zone: Zone, sending: Sending = SENDING, broken: tuple[str, ...] = ()) -> dict[str, Finding]:
    """Examine, and give what was found by what it is of."""
    with name_server(zone, broken=frozenset(broken)) as port:
        found = list(examine(sending, Dns("127.0.0.1", port), lambda: (True, "Encrypted.")))
    return {each.what: each for each in found}


def test_where_all_is_well_nothing_is_to_be_done(key: Path) -> None:
    found = look(well(key), replace(SENDING, key_file=str(key)))
    assert {each.verdict for each in found.values()} == {"good"}, found
    assert list(found) == ["MX", "SPF", "DKIM", "DMARC", "PTR", "TLS"]
    assert [each.record for each in found.values() if each.record] == []


def test_an_empty_zone_is_told_what_to_publish_and_doing_so_mends_it(key: Path) -> None:
    sending = replace(SENDING, key_file=str(key))
    only_host: Zone = {(HOST, kind): values for (name, kind), values in well(key).items() if name == HOST}
    found = look(only_host, sending)
    assert [each.verdict for each in found.values()] == ["bad", "bad", "bad", "bad", "bad", "good"]
    published: dict[tuple[str, str], tuple[str, ...]] = dict(only_host)
    reverse = {name: values for name, values in well(key).items() if name[1] == "PTR"}
    for each in found.values():
        name, _, rest = each.record.partition(" ")
        kind, _, value = rest.partition(" ")
        if kind and kind != "PTR":
            published[name.rstrip("."), kind] = (value,)
    mended = look(published | reverse, sending)
    assert {each.verdict for each in mended.values()} == {"good"}, mended


CHANGES: dict[str, tuple[tuple[str, str], tuple[str, ...], str, str]] = {
    "a null MX": (("bounces.broadsheet.example", "MX"), ("0 .",), "MX", "takes no mail"),
    "two records of SPF": (
        ("bounces.broadsheet.example", "TXT"),
        ('"v=spf1 mx -all"', '"v=spf1 a -all"'),
        "SPF",
        "only one may be there",
    ),
    "SPF without us": (("bounces.broadsheet.example", "TXT"), ('"v=spf1 ip4:198.51.100.0/24 -all"',), "SPF", "fail"),
    "no SPF": (("bounces.broadsheet.example", "TXT"), ('"v=spf10 +all"',), "SPF", "does not say who may send"),
    "another key": (
        ("papers._domainkey.broadsheet.example", "TXT"),
        ('"v=DKIM1; k=rsa; p=MIIB"',),
        "DKIM",
        "another key",
    ),
    "a key taken back": (("papers._domainkey.broadsheet.example", "TXT"), ('"v=DKIM1; p="',), "DKIM", "another key"),
    "two policies": (
        ("_dmarc.broadsheet.example", "TXT"),
        ('"v=DMARC1; p=none"', '"v=DMARC1; p=reject"'),
        "DMARC",
        "2 policies",
    ),
    "a name that leads elsewhere": (
        ("25.2.0.192.in-addr.arpa", "PTR"),
        ("elsewhere.example.",),
        "PTR",
        "no name that leads back",
    ),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_is_wrong_is_named(key: Path, change: tuple[tuple[str, str], tuple[str, ...], str, str]) -> None:
    place, values, what, said = change
    found = look(well(key) | {place: values}, replace(SENDING, key_file=str(key)))[what]
    assert found.verdict == "bad"
    assert said in found.said


def test_without_a_key_the_operator_hears_how_to_make_one(key: Path) -> None:
    found = look(well(key), replace(SENDING, selector=""))
    assert "openssl genrsa" in found["DKIM"].said
    assert found["DMARC"].verdict == "good"  # by SPF


def test_dmarc_fails_where_mails_come_back_elsewhere_unsigned_or_strictly(key: Path) -> None:
    elsewhere = replace(SENDING, returns_to="back@lab.example", selector="")
    assert "DMARC fails" in look(well(key), elsewhere)["DMARC"].said
    strict = well(key) | {("_dmarc.broadsheet.example", "TXT"): ('"v=DMARC1; p=none; aspf=s"',)}
    assert look(strict, replace(SENDING, selector=""))["DMARC"].verdict == "bad"
    assert "and DKIM speak for" in look(strict, replace(SENDING, key_file=str(key)))["DMARC"].said


def test_the_policy_of_the_organisation_counts_for_its_parts(key: Path) -> None:
    sending = replace(SENDING, sender="papers@daily.broadsheet.example", key_file=str(key))
    assert look(well(key), sending)["DMARC"].said.startswith("broadsheet.example says quarantine")


def test_what_cannot_be_asked_is_unknown_and_not_bad(key: Path) -> None:
    names = {name for name, _ in well(key)}
    found = look(well(key), replace(SENDING, key_file=str(key)), broken=tuple(names))
    assert {each.verdict for what, each in found.items() if what != "TLS"} == {"unknown"}
    assert found["DKIM"].record.startswith("papers._domainkey.broadsheet.example. TXT")


def test_where_half_of_the_names_cannot_be_asked_nothing_is_bad_for_that(key: Path) -> None:
    elsewhere = well(key) | {("25.2.0.192.in-addr.arpa", "PTR"): ("other.example.",)}
    assert look(elsewhere, broken=("other.example",))["PTR"].verdict == "unknown"

    def without_addresses(_name: str, kind: Kind) -> Told:
        return Told((), "The DNS did not answer.") if kind in {"A", "AAAA"} else Told()

    assert next(examine(SENDING, without_addresses, None)).verdict == "unknown"


def test_a_mail_server_on_this_machine_says_nothing_of_where_mails_leave(key: Path) -> None:
    found = look(well(key), replace(SENDING, host="127.0.0.1"))
    assert [found[what].verdict for what in ("SPF", "PTR")] == ["unknown", "unknown"]


RECORDS: dict[str, tuple[str, spf.Result]] = {
    "an address": ("v=spf1 ip4:192.0.2.25 -all", "pass"),
    "a network": ("v=spf1 ip4:192.0.2.0/24 -all", "pass"),
    "another network": ("v=spf1 ip4:198.51.100.0/24 ~all", "softfail"),
    "the other family": ("v=spf1 ip6:2001:db8::/32 ?all", "neutral"),
    "its own address": ("v=spf1 a -all", "pass"),
    "beside its own address": ("v=spf1 a:near.example/24 -all", "pass"),
    "its mail servers": ("v=spf1 mx -all", "pass"),
    "another's": ("v=spf1 include:other.example -all", "pass"),
    "another's who says no": ("v=spf1 include:no.example -all", "fail"),
    "another's who says nothing": ("v=spf1 include:none.example -all", "unknown"),
    "elsewhere": ("v=spf1 redirect=other.example", "pass"),
    "nowhere": ("v=spf1 redirect=none.example", "permerror"),
    "in circles": ("v=spf1 redirect=it.example", "permerror"),
    "a macro": ("v=spf1 exists:%{i}.it.example -all", "unknown"),
    "nonsense": ("v=spf1 nonsense -all", "permerror"),
    "nothing more": ("v=spf1", "neutral"),
    "a modifier": ("v=spf1 exp=why.example ip4:192.0.2.25 -all", "pass"),
}


@pytest.mark.parametrize(("record", "result"), RECORDS.values(), ids=RECORDS)
def test_spf_is_read_as_its_standard_has_it(record: str, result: spf.Result) -> None:
    zone = {
        ("it.example", "TXT"): (f'"{record}"',),
        ("it.example", "A"): ("192.0.2.25",),
        ("it.example", "MX"): ("10 near.example.", "20 it.example."),
        ("near.example", "A"): ("192.0.2.77",),
        ("other.example", "TXT"): ('"v=spf1 ip4:192.0.2.25 -all"',),
        ("no.example", "TXT"): ('"v=spf1 -all"',),
    }
    with name_server(zone) as port:
        assert spf.check("192.0.2.25", "it.example", Dns("127.0.0.1", port)) == result
