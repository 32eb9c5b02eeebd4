"""Where an agent is served: the house, and who it comes for."""

from dataclasses import dataclass

from broadsheet.errors import Refused
from broadsheet.flow.house import House
from broadsheet.model.paper import Paper
from broadsheet.model.places import paper_url
from broadsheet.model.reader import Reader

WRITE = "write"


@dataclass(frozen=True, slots=True)
class Desk:
    """The house, what its addresses begin with, and the reader whose token the agent has; None for anybody.

    ``scopes`` are those of the token; ``network`` is where the agent comes from, as far as that is kept.
    """

    house: House
    origin: str
    reader: Reader | None = None
    scopes: tuple[str, ...] = ()
    network: str = ""

    @property
    def writes(self) -> bool:
        """Tell whether the token was made to write."""
        return self.reader is not None and WRITE in self.scopes

    def writer(self) -> Reader:
        """Give the reader who changes something; raises Refused where there is none who may."""
        if self.reader is None or not self.writes:
            raise Refused(
                "This takes a token with the scope “write”. A reader makes one on their account's page, and gives it "
                "to the client: as Authorization: Bearer, or as BROADSHEET_TOKEN for `broadsheet mcp`."
            )
        if not self.reader.may("reader"):
            raise Refused("This account is suspended: it may read, and change nothing.")
        return self.reader

    def url(self, paper: Paper) -> str:
        """Point to a paper's page."""
        return self.origin + paper_url(paper)
