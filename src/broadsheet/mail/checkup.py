"""Will mailbox providers take our mails? What they want to find in the DNS, whether it is there, and what to publish.

They want SPF (RFC 7208) and DKIM (RFC 6376), DMARC (RFC 7489) that agrees with the sender, addresses that have a name
(RFC 8601 and Google, Email sender guidelines), and an encrypted line.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Literal

from broadsheet.errors import Invalid
from broadsheet.mail import dkim_record, spf
from broadsheet.mail.dns import Ask, Told, is_address, reversed_name

# ``unknown``: it could not be found out. ``advice``: nothing is wrong, and it could be better.
Verdict = Literal["good", "bad", "advice", "unknown"]
_SENDERS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """How mails leave: who sends them, where they come back to, by which host, and with which DKIM key."""

    sender: str
    returns_to: str
    host: str
    selector: str
    key_file: str

    @property
    def domain(self) -> str:
        """The domain that readers see."""
        return self.sender.rpartition("@")[2].lower()

    @property
    def envelope(self) -> str:
        """The domain that SPF is asked for."""
        return (self.returns_to or self.sender).rpartition("@")[2].lower()


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found out of one thing; ``record`` is a line for the zone, where one would mend it."""

    what: str
    verdict: Verdict
    said: str
    record: str = ""


def examine(sending: Sending, ask: Ask, greet: Callable[[], tuple[bool | None, str]] | None) -> Iterator[Finding]:
    """Look at everything that decides about arriving; ``greet`` asks the mail server, None where there is none."""
    yield _returns(sending, ask)
    yield _spf(sending, ask)
    yield _dkim(sending, ask)
    yield _dmarc(sending, ask)
    yield _names(sending, ask)
    if greet is None:
        yield Finding("TLS", "unknown", "Mails leave by no mail server of the settings; it is theirs to encrypt.")
    else:
        encrypted, said = greet()
        yield Finding("TLS", "unknown" if encrypted is None else "good" if encrypted else "bad", said)


def _returns(sending: Sending, ask: Ask) -> Finding:
    domain = sending.envelope
    told = ask(domain, "MX")
    if told.trouble:
        return Finding("MX", "unknown", told.trouble)
    if any(value.split()[-1] == "." for value in told.values):
        return Finding("MX", "bad", f"{domain} says that it takes no mail, so that no bounce comes back.")
    if told.values:
        return Finding("MX", "good", f"Mails that come back go to {told.values[0].split()[-1].rstrip('.')}.")
    addresses = ask(domain, "A"), ask(domain, "AAAA")
    if any(each.values for each in addresses):
        return Finding("MX", "advice", f"{domain} has no MX record; its own address is tried for what comes back.")
    if trouble := addresses[0].trouble or addresses[1].trouble:
        return Finding("MX", "unknown", trouble)
    record = f"{domain}. MX 10 {sending.host or 'mail.' + domain}."
    return Finding("MX", "bad", f"Nothing can come back to {domain}: it has neither MX nor address.", record)


def _spf(sending: Sending, ask: Ask) -> Finding:
    domain = sending.envelope
    told = ask(domain, "TXT")
    wanted = f'{domain}. TXT "v=spf1 {_named(sending.host)} -all"'
    found = spf.records(told)
    if told.trouble:
        return Finding("SPF", "unknown", told.trouble)
    if len(found) > 1:
        return Finding("SPF", "bad", f"{domain} has {len(found)} records; only one may be there, or none counts.")
    if not found:
        return Finding("SPF", "bad", f"{domain} does not say who may send for it.", wanted)
    addresses = _addresses(sending, ask)
    if not addresses:
        said = f"{domain} has a record; from which addresses mails leave is not known here."
        return Finding("SPF", "unknown", said)
    results = {address: spf.check(address, domain, ask) for address in addresses}
    outside = [f"{address}: {result}" for address, result in results.items() if result != "pass"]
    if not outside:
        return Finding("SPF", "good", f"{sending.host} may send for {domain}.")
    verdict: Verdict = "unknown" if set(results.values()) <= {"pass", "unknown"} else "bad"
    said = f"{sending.host} is not among those that may send for {domain} ({', '.join(outside)})."
    return Finding("SPF", verdict, said, wanted)


def _dkim(sending: Sending, ask: Ask) -> Finding:
    if not (sending.selector and sending.key_file):
        said = "Mails are not signed. Make a key with `openssl genrsa -out dkim.pem 2048`, then set dkim_key and "
        return Finding("DKIM", "bad", said + "dkim_selector, and ask again for the record to publish.")
    name = f"{sending.selector}._domainkey.{sending.domain}"
    try:
        wanted = dkim_record.record_of(Path(sending.key_file))
    except Invalid as error:
        return Finding("DKIM", "bad", str(error))
    told = ask(name, "TXT")
    if told.trouble:
        return Finding("DKIM", "unknown", told.trouble, _text(name, wanted))
    if not told.values:
        return Finding("DKIM", "bad", f"There is no key at {name}.", _text(name, wanted))
    if not any(dkim_record.is_same(value, wanted) for value in told.values):
        return Finding("DKIM", "bad", f"At {name} is another key than the one that signs.", _text(name, wanted))
    return Finding("DKIM", "good", f"At {name} is the key that signs.")


def _dmarc(sending: Sending, ask: Ask) -> Finding:
    domain = sending.domain
    wanted = f'_dmarc.{domain}. TXT "v=DMARC1; p=none; rua=mailto:postmaster@{domain}"'
    told, where = Told(), domain
    for where in _upwards(domain):
        told = ask(f"_dmarc.{where}", "TXT")
        if told.trouble or told.values:
            break
    if told.trouble:
        return Finding("DMARC", "unknown", told.trouble)
    policies = [tags for tags in map(dkim_record.tags, told.values) if tags.get("v", "").upper() == "DMARC1"]
    if len(policies) != 1:
        said = f"{domain} does not say what becomes of mails that only pretend to be from it."
        return Finding("DMARC", "bad", said if not policies else f"{where} has {len(policies)} policies.", wanted)
    strict = policies[0].get("aspf", "r").lower() == "s"
    aligned = sending.envelope == domain or (not strict and _is_related(sending.envelope, domain))
    if not aligned and not sending.selector:
        said = f"Mails come back to {sending.envelope}, which is not {domain}, and are not signed: DMARC fails."
        return Finding("DMARC", "bad", said)
    policy = policies[0].get("p", "none").lower()
    way = "SPF and DKIM" if aligned and sending.selector else "SPF" if aligned else "DKIM"
    return Finding("DMARC", "good", f"{where} says {policy}, and {way} speak for {domain} where they pass.")


def _names(sending: Sending, ask: Ask) -> Finding:
    addresses = _addresses(sending, ask)
    if not addresses:
        return Finding("PTR", "unknown", "From which addresses mails leave is not known here.")
    for address in addresses:
        told = ask(reversed_name(address), "PTR")
        if told.trouble:
            return Finding("PTR", "unknown", told.trouble)
        kind: Literal["A", "AAAA"] = "AAAA" if ":" in address else "A"
        back = [ask(name, kind) for name in told.values]
        if any(address in each.values for each in back):
            continue
        if trouble := next((each.trouble for each in back if each.trouble), ""):
            return Finding("PTR", "unknown", trouble)
        said = f"{address} has no name that leads back to it; whoever gives you the address sets it."
        return Finding("PTR", "bad", said, f"{reversed_name(address)} PTR {sending.host}.")
    return Finding("PTR", "good", f"{', '.join(addresses)}: each has a name that leads back to it.")


def _addresses(sending: Sending, ask: Ask) -> tuple[str, ...]:
    """Give the addresses of the mail server; of one on this machine it is not known how others see it."""
    if not sending.host:
        return ()
    if is_address(sending.host):
        found: tuple[str, ...] = (sending.host,)
    else:
        found = (*ask(sending.host, "A").values, *ask(sending.host, "AAAA").values)
    return tuple(each for each in found if not ip_address(each).is_loopback)[:_SENDERS]


def _named(host: str) -> str:
    """Give the term of SPF for a mail server."""
    if not host or host == "localhost":
        return "mx"
    return f"ip{ip_address(host).version}:{host}" if is_address(host) else f"a:{host}"


def _upwards(domain: str) -> list[str]:
    """Give a domain and those above it, the last of two labels: one of them is the organisation's."""
    labels = domain.split(".")
    return [".".join(labels[start:]) for start in range(max(1, len(labels) - 1))][:_SENDERS]


def _is_related(one: str, other: str) -> bool:
    return one.endswith(f".{other}") or other.endswith(f".{one}")


def _text(name: str, value: str) -> str:
    """Write a record whose text may be longer than the 255 letters that one string holds (RFC 1035, 3.3.14)."""
    pieces = [value[start : start + 250] for start in range(0, len(value), 250)]
    return f"{name}. TXT " + " ".join(f'"{piece}"' for piece in pieces)
