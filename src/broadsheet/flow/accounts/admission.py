"""Who may join, and under which handle."""

import re

from broadsheet.credentials.mail_address import MailAddress
from broadsheet.errors import Invalid
from broadsheet.flow.house import House
from broadsheet.model.reader import MAX_ABOUT, MAX_NAME, is_handle
from broadsheet.model.text import clean

ADMISSIONS = ("invitation", "domains", "open")
# What could be taken for the house itself.
RESERVED = frozenset(
    "admin administrator broadsheet everybody everyone gone mod moderator moderators nobody owner reader readers root "
    "security staff support system".split()
)
_LINES = re.compile(r"\r\n?|\n")


def admits(house: House, address: MailAddress) -> bool:
    """Tell whether somebody with this address may join without an invitation."""
    settings = house.settings
    if settings.admission == "open":
        return True
    return settings.admission == "domains" and address.domain in settings.mail_domains.lower().split()


def read_handle(typed: str) -> str:
    """Read a handle that somebody chose; raises Invalid for one that cannot be, or that the house keeps for itself."""
    handle = typed.strip().lower()
    if not is_handle(handle):
        raise Invalid("A handle is 1 to 32 letters a to z, digits, and hyphens between them.", field="handle")
    if handle in RESERVED:
        raise Invalid(f"The handle “{handle}” is kept free. Choose another.", field="handle")
    return handle


def read_name(typed: str) -> str:
    """Read a name as it shall be shown; raises Invalid for an empty or an overlong one."""
    name = clean(typed[: 4 * MAX_NAME])
    if not name or len(name) > MAX_NAME:
        raise Invalid(f"A name is 1 to {MAX_NAME} characters.", field="name")
    return name


def read_about(typed: str) -> str:
    """Read what somebody says of themselves, line by line; raises Invalid when it is too long."""
    about = "\n".join(clean(line) for line in _LINES.split(typed[: 4 * MAX_ABOUT])).strip()
    if len(about) > MAX_ABOUT:
        raise Invalid(f"What you say about yourself is at most {MAX_ABOUT} characters.", field="about")
    return about
