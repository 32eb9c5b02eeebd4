"""The press: sets digests, and packs mails with a signature where there is a key."""

from dataclasses import dataclass

from broadsheet.mail.packing import Signer, packed
from broadsheet.mail.port import Facts, Mail, Rendered
from broadsheet.model.digest import Digest


@dataclass(frozen=True, slots=True)
class MailPress:
    """Sets digests in our templates and signs with ``signer``."""

    signer: Signer | None = None

    def rendered(self, digest: Digest, facts: Facts) -> Rendered:
        """Set a digest as a subject, a text and a page; what others wrote is text and nothing else."""
        from broadsheet.mail.render import rendered  # noqa: PLC0415 - templates take a moment to load

        return rendered(digest, facts)

    def packed(self, mail: Mail) -> bytes:
        """Set a mail as the bytes that are sent; raises Invalid for an address that is none."""
        return packed(mail, self.signer)
