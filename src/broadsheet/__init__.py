"""Broadsheet: the open, self-hosted Daily Papers.

The library in three lines::

    from broadsheet import Query, open_house, search
    with open_house() as house:
        hits = search(house, Query(text="attention is all you need")).hits

and a house elsewhere in two::

    from broadsheet import Client
    papers = Client("https://papers.example.org").search("attention is all you need", limit=10)
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from broadsheet.client.client import Client
    from broadsheet.errors import BroadsheetError, Conflict, Invalid, NotFound, Refused, Unavailable
    from broadsheet.flow.daily import page as daily_page
    from broadsheet.flow.house import House
    from broadsheet.flow.paper import show
    from broadsheet.flow.reading.search import search
    from broadsheet.flow.reading.similar import Similar, similar
    from broadsheet.flow.reading.suggest import suggest
    from broadsheet.flow.shelf.import_files import import_files
    from broadsheet.flow.upkeep.doctor import doctor
    from broadsheet.model.daily import DailyPage
    from broadsheet.model.paper import Paper
    from broadsheet.model.query import Hit, Query, Results
    from broadsheet.model.record import Author, Link, Problem, Record
    from broadsheet.model.suggestion import Suggestions
    from broadsheet.settings import Settings, read_settings
    from broadsheet.wiring import open_house

__version__ = "0.1.0"

# Where each public name lives; imported on first use so that `broadsheet --help` stays fast.
_HOMES = {
    "Client": "client.client",
    "BroadsheetError": "errors",
    "Conflict": "errors",
    "Invalid": "errors",
    "NotFound": "errors",
    "Refused": "errors",
    "Unavailable": "errors",
    "House": "flow.house",
    "import_files": "flow.shelf.import_files",
    "doctor": "flow.upkeep.doctor",
    "show": "flow.paper",
    "search": "flow.reading.search",
    "Similar": "flow.reading.similar",
    "similar": "flow.reading.similar",
    "suggest": "flow.reading.suggest",
    "DailyPage": "model.daily",
    "Paper": "model.paper",
    "Hit": "model.query",
    "Query": "model.query",
    "Results": "model.query",
    "Author": "model.record",
    "Link": "model.record",
    "Problem": "model.record",
    "Record": "model.record",
    "Suggestions": "model.suggestion",
    "Settings": "settings",
    "read_settings": "settings",
    "open_house": "wiring",
}
_RENAMED = {"daily_page": ("flow.daily", "page")}

__all__ = [
    "Author",
    "BroadsheetError",
    "Client",
    "Conflict",
    "DailyPage",
    "Hit",
    "House",
    "Invalid",
    "Link",
    "NotFound",
    "Paper",
    "Problem",
    "Query",
    "Record",
    "Refused",
    "Results",
    "Settings",
    "Similar",
    "Suggestions",
    "Unavailable",
    "daily_page",
    "doctor",
    "import_files",
    "open_house",
    "read_settings",
    "search",
    "show",
    "similar",
    "suggest",
]


def __getattr__(name: str) -> object:
    if name in _RENAMED:
        module, attribute = _RENAMED[name]
    elif name in _HOMES:
        module, attribute = _HOMES[name], name
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{module}"), attribute)
