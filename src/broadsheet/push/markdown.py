"""What dialects of Markdown have in common: lists, and how an address is written."""

import re

# What makes a line an item of a list, or a heading of the line above it.
_BEGINS = re.compile(r"^([-+=]|(\d{1,9})([.)]))")


def unlisted(text: str) -> str:
    """Keep a text at the beginning of a line from making a list or a heading of it."""
    return _BEGINS.sub(lambda match: f"{match[2]}\\{match[3]}" if match[2] else f"\\{match[1]}", text)


def link(told: str, url: str) -> str:
    """Write a link whose words are escaped; brackets would end its address."""
    return f"[{told}]({url.replace('(', '%28').replace(')', '%29')})" if url else told
