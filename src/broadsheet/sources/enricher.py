"""What asks about papers that are here already: which of them, what to ask, and what its answers tell. Pure."""

from collections.abc import Sequence
from typing import Protocol

from broadsheet.model.paper import Paper
from broadsheet.model.record import Problem, Record
from broadsheet.sources.adapter import Answer, Ask, Service


class Enricher(Protocol):
    """One service that tells more of papers others have told; its records only add (``Record.adds``)."""

    @property
    def service(self) -> Service:
        """Say who is asked, and how."""

    @property
    def source(self) -> str:
        """Name the source of its records, one of ENRICHERS."""

    @property
    def most_at_once(self) -> int:
        """Say about how many keys one request may ask."""

    @property
    def most_asks(self) -> int:
        """Say how many requests one run may make, so that a day's allowance is not used up by one."""

    def wanted(self, paper: Paper) -> str:
        """Give the key under which to ask about a paper (a DOI, ``owner/repository``); empty for none."""

    def ask(self, keys: Sequence[str]) -> Ask:
        """Make the request for at most ``most_at_once`` keys, each as ``wanted`` gave it."""

    def read(self, keys: Sequence[str], answer: Answer) -> list[Record | Problem]:
        """Read an answer: never raises for what a service may answer, but Unavailable where asking again may help.

        A record's key is one of ``keys``. One without ids and title tells of every paper that asked under its key.
        """
