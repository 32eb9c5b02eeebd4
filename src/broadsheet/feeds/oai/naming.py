"""How papers are called towards harvesters: ``oai:papers.example.org:17``.

As openarchives.org/OAI/2.0/guidelines-oai-identifier.htm has it, by the store's number, since that stays when a paper
comes to have a better id, and becomes part of another one.
"""

import re
from typing import Final
from urllib.parse import urlsplit

# What the guideline takes for a domain; a house at a bare address or on one machine has none.
_DOMAIN: Final = re.compile(r"[A-Za-z][A-Za-z0-9-]*(?:\.[A-Za-z][A-Za-z0-9-]*)+")
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,17}")
_NOWHERE: Final = "broadsheet.localhost"


def namespace(public_url: str) -> str:
    """Give the domain that stands in a house's identifiers, by the setting ``public_url``."""
    host = urlsplit(public_url).hostname or ""
    return host if _DOMAIN.fullmatch(host) else _NOWHERE


def identifier(space: str, number: int) -> str:
    """Name a paper."""
    return f"oai:{space}:{number}"


def number_of(space: str, name: str) -> int | None:
    """Read the number off a name; None for one that is not of this house."""
    scheme, _, rest = name.partition(":")
    domain, _, number = rest.partition(":")
    if scheme != "oai" or domain.lower() != space.lower() or not _NUMBER.fullmatch(number):
        return None
    return int(number)
