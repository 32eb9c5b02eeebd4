"""The JSON API of a house elsewhere, typed: ``Client`` and what it gives.

It stands on the standard library, so that programs which only ask load nothing of what answers.
"""

from broadsheet.client.client import Client
from broadsheet.client.kept import Comment, Followed, Label, Me, SavedSearch, Status, Submission
from broadsheet.client.paging import Papers, Talk
from broadsheet.client.shapes import Paper, WholePaper

__all__ = [
    "Client",
    "Comment",
    "Followed",
    "Label",
    "Me",
    "Paper",
    "Papers",
    "SavedSearch",
    "Status",
    "Submission",
    "Talk",
    "WholePaper",
]
