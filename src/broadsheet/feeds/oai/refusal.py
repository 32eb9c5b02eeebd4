"""What a harvester did wrong (section 3.6 of the protocol)."""

from typing import Final, Literal

Code = Literal[
    "badArgument",
    "badResumptionToken",
    "badVerb",
    "cannotDisseminateFormat",
    "idDoesNotExist",
    "noMetadataFormats",
    "noRecordsMatch",
]
# Of a request that could not be read nothing is repeated (section 3.2).
UNREAD: Final[frozenset[Code]] = frozenset({"badArgument", "badVerb"})


class OaiError(Exception):
    """A request that is answered by an error of the protocol."""

    def __init__(self, code: Code, message: str) -> None:
        super().__init__(message)
        self.code = code
