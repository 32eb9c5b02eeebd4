"""One mail address, as people type it: what mail goes to, and what it is compared by."""

import re
from dataclasses import dataclass

from broadsheet.errors import Invalid

# RFC 5321, section 4.5.3.1: in the whole and before the @; RFC 1035, section 2.3.4: of a name and of a label.
_LONGEST, _LONGEST_LOCAL, _LONGEST_DOMAIN = 254, 64, 253
# RFC 5322, section 3.2.3. Quoted local parts are left out: nobody has one, and much goes wrong with them.
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
# At least two labels, and the last one begins with a letter, so that it is no IP address.
_DOMAIN = re.compile(rf"(?:{_LABEL}\.)+(?=[a-z]){_LABEL}")


@dataclass(frozen=True, slots=True)
class MailAddress:
    """``text`` is what mail goes to; two addresses with the same ``key`` are one.

    The domain of both is in lower case and, where it has other letters than ASCII, in its ``xn--`` form. Before the
    @, ``text`` has what was typed and ``key`` that in lower case: hosts may tell them apart (RFC 5321, section 2.4),
    in practice none does, and two accounts for one mailbox would be a way in.
    """

    text: str
    key: str

    @property
    def domain(self) -> str:
        """Give what stands after the @."""
        return self.key.rpartition("@")[2]


def read_mail_address(typed: str) -> MailAddress:
    """Read one address; spaces around it are left away.

    Raises Invalid for anything else: several addresses, a display name, control characters, a quoted local part, an IP
    address or a single word as domain, more than 254 characters.
    """
    plain = typed.strip(" ")
    local, _, domain = plain.rpartition("@")
    domain = _ascii_domain(domain) if len(plain) <= _LONGEST else ""
    text = f"{local}@{domain}"
    if not domain or len(local) > _LONGEST_LOCAL or len(text) > _LONGEST or not _LOCAL.fullmatch(local):
        raise Invalid("This is not a mail address. Write one alone, such as ada@example.org.", field="email")
    return MailAddress(text=text, key=f"{local.lower()}@{domain}")


def _ascii_domain(domain: str) -> str:
    """Give a domain in lower case and ASCII, empty for what is none."""
    lowered = domain.lower()
    try:
        coded = lowered.encode("idna").decode("ascii")
        # The standard library knows the mapping of 2003 (RFC 3490), in which some letters silently become others:
        # such a name may be another's today (RFC 5891), so it is taken only if it comes back as it went.
        same = coded == lowered or coded.encode("ascii").decode("idna") == lowered
    except UnicodeError:
        return ""
    fits = len(coded) <= _LONGEST_DOMAIN and _DOMAIN.fullmatch(coded)
    return coded if same and fits else ""
