"""Before others come: what must be set where readers sign in from elsewhere."""

import math
import secrets
import zlib
from collections import Counter
from collections.abc import Iterator
from typing import get_args
from urllib.parse import urlsplit

from broadsheet.errors import Invalid
from broadsheet.flow.accounts.admission import ADMISSIONS
from broadsheet.model.reader import Role
from broadsheet.settings import Settings

# 32 random bytes are 43 letters in base 64. A key of so few letters of its own that it cannot be random is refused.
_SHORTEST_KEY = 43
_LEAST_BITS = 160.0
_LEAST_PACKED = 32


def check(settings: Settings, *, with_mail: bool = True) -> None:
    """Refuse to open to others unless all is set that keeps them safe; ``with_mail`` unless no mail will be sent.

    Raises Invalid that names each thing that is missing, and what to write where.
    """
    missing = [*_missing(settings, with_mail=with_mail)]
    if missing:
        lines = "".join(f"\n  {name} = {wanted}" for name, wanted, _ in missing)
        reasons = "".join(f"\n- {reason}" for *_, reason in missing)
        raise Invalid(
            f"Broadsheet does not open to others yet:{reasons}\n"
            f"Write this to broadsheet.toml in the home folder, or set BROADSHEET_… in the environment:{lines}",
            field=missing[0][0],
        )


def _missing(settings: Settings, *, with_mail: bool) -> Iterator[tuple[str, str, str]]:
    """Give the name of each setting that is not as it must be, an example, and why."""
    if not is_public_url(settings.public_url):
        yield (
            "public_url",
            '"https://papers.example.org"',
            "Its address must be https:// and a host, without a path: cookies are sent over TLS only.",
        )
    if not is_random(settings.secret_key):
        # A new one each time: it is shown, not kept, and nobody shares it with anybody.
        yield (
            "secret_key",
            f'"{secrets.token_urlsafe(32)}"',
            "A secret key of at least 32 random bytes signs its forms. The one below was made just now, for you.",
        )
    if with_mail and not settings.smtp_url:
        yield (
            "smtp_url",
            '"smtp://user:password@mail.example.org:587"',
            "Readers sign in by mailed links, so it needs a mail server.",
        )
    if settings.admission not in ADMISSIONS:
        yield "admission", '"invitation"', f"Who may join is one of {', '.join(ADMISSIONS)}."
    if settings.admission == "domains" and not settings.mail_domains.split():
        yield "mail_domains", '"example.org"', "Where addresses of some domains may join, those must be named."
    if settings.invitations_by not in get_args(Role):
        yield "invitations_by", '"moderator"', f"Who may invite is one of {', '.join(get_args(Role))}."
    if settings.session_days < 1:
        yield "session_days", "30", "A sign-in must last a day at least."


def is_public_url(url: str) -> bool:
    """Tell whether an address is one at which others may sign in."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    plain = url.isascii() and url.isprintable() and " " not in url and not (parts.query or parts.fragment)
    whole = parts.scheme == "https" and parts.hostname and "@" not in parts.netloc and parts.path in {"", "/"}
    return bool(plain and whole and port != 0)


def is_random(key: str) -> bool:
    """Tell whether a key may be random: long enough, of letters as different as chance makes them, and no repetition.

    The letters are measured by Shannon's entropy, repetitions by what packing leaves: of 32 random bytes, in base 64 or
    16, always more than their number.
    """
    if len(key) < _SHORTEST_KEY or len(zlib.compress(key.encode("utf-8", "replace"), 9)) < _LEAST_PACKED:
        return False
    bits = -sum(count * math.log2(count / len(key)) for count in Counter(key).values())
    return bits >= _LEAST_BITS
