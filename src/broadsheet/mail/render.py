"""A digest as a mail that people keep: its subject, its text and its page."""

from broadsheet.mail.port import Facts, Rendered
from broadsheet.model.digest import Digest


def rendered(digest: Digest, facts: Facts) -> Rendered:
    """Set a digest as a subject, a text and a page; what others wrote is text and nothing else."""
    text = "\n".join([*(paper.title for paper in digest.papers), facts.why, facts.unsubscribe_url])
    return Rendered(f"{len(digest.papers)} papers", text, "")
