"""May this address send for that domain? The Sender Policy Framework, RFC 7208, as far as records are met in practice.

Left out are macros, ``exists`` and ``ptr``: a record that comes to one of them before it has decided says "unknown".
"""

import re
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from typing import Literal

from broadsheet.mail.dns import Ask, Kind, Told

# Section 2.6; ``unknown`` is what we do not evaluate, or could not ask for.
Result = Literal["pass", "fail", "softfail", "neutral", "none", "permerror", "unknown"]

_MOST_LOOKUPS = 10  # section 4.6.4
_QUALIFIERS: dict[str, Result] = {"+": "pass", "-": "fail", "~": "softfail", "?": "neutral"}
_TERM = re.compile(
    r"([+?~-]?)(all|include|a|mx|ip4|ip6|ptr|exists)(?:[:]([^/\s]+))?(?:/(\d{1,2}))?(?://(\d{1,3}))?", re.IGNORECASE
)
_IP = re.compile(r"([+?~-]?)(ip[46]):([0-9a-f.:]+(?:/\d{1,3})?)", re.IGNORECASE)
_REDIRECT = re.compile(r"redirect=(\S+)", re.IGNORECASE)


def records(told: Told) -> list[str]:
    """Give the records that are of SPF among the texts of a domain; there may be one at most (section 4.5)."""
    return [text for text in told.values if re.match(r"v=spf1(?: |$)", text, re.IGNORECASE)]


def check(address: str, domain: str, ask: Ask) -> Result:
    """Say whether mail from an IP address may name a domain in its envelope."""
    return _Evaluation(address, ask).of(domain)


@dataclass(slots=True)
class _Evaluation:
    address: str
    ask: Ask
    lookups: int = 0
    trouble: bool = False

    def of(self, domain: str) -> Result:
        told = self.ask(domain, "TXT")
        found = records(told)
        if told.trouble:
            return "unknown"
        if len(found) != 1:
            return "permerror" if found else "none"
        for term in found[0].split()[1:]:
            result = self._term(term, domain)
            if result is not None:
                return result
        redirect = _REDIRECT.search(found[0])
        if not redirect:
            return "neutral"
        result = self._counted() or self.of(redirect[1])
        return "permerror" if result == "none" else result

    def _counted(self) -> Result | None:
        self.lookups += 1
        return "permerror" if self.lookups > _MOST_LOOKUPS else None

    def _term(self, term: str, domain: str) -> Result | None:
        """Give the result of a term that decides, None where the next one has its turn."""
        if ip := _IP.fullmatch(term):
            return _QUALIFIERS[ip[1] or "+"] if self._is_within(ip[3]) else None
        match = _TERM.fullmatch(term)
        if match is None:
            return None if "=" in term else "permerror"
        result, name = _QUALIFIERS[match[1] or "+"], match[2].lower()
        if name == "all":
            return result
        error = self._counted() or ("unknown" if name in {"ptr", "exists"} or "%" in term else None)
        return error or self._asked(result, name, match, domain)

    def _asked(self, result: Result, name: str, match: re.Match[str], domain: str) -> Result | None:
        length = match[5] if ":" in self.address else match[4]
        if name == "include":
            matched = self._includes(match[3] or "")
        else:
            matched = self._hosts(name, match[3] or domain, f"/{length}" if length else "")
        if self.trouble:
            return "unknown"
        return result if matched else None

    def _includes(self, domain: str) -> bool:
        found = self.of(domain)
        self.trouble = self.trouble or found in {"unknown", "permerror", "none"}
        return found == "pass"

    def _hosts(self, name: str, domain: str, suffix: str) -> bool:
        hosts = [domain]
        if name == "mx":
            hosts = [value.split()[-1] for value in self._told(domain, "MX").values][:_MOST_LOOKUPS]
        kind: Kind = "AAAA" if ":" in self.address else "A"
        return any(self._is_within(ip + suffix) for host in hosts for ip in self._told(host, kind).values)

    def _told(self, name: str, kind: Kind) -> Told:
        told = self.ask(name, kind)
        self.trouble = self.trouble or bool(told.trouble)
        return told

    def _is_within(self, network: str) -> bool:
        try:
            return ip_address(self.address) in ip_network(network, strict=False)
        except ValueError:
            return False
