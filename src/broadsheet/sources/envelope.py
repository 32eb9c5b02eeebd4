"""What an answer says about itself, beside its records."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """The facts of one OAI-PMH or Atom answer, as values a harvester decides on; one per answer, after its records.

    ``resumption_token`` is None when the answer has none and empty on the last page of a list (OAI-PMH 2.0, 3.5).
    ``complete_list_size`` and ``cursor`` count records; an Atom feed's totalResults and startIndex stand there too.
    ``sorted_to`` is the last record's datestamp where the records come in the order of theirs, else empty.
    ``stamped`` counts the records by the day of their datestamp.
    ``error_code`` is OAI-PMH's (``noRecordsMatch`` is not an error) or ``api-error`` for the arXiv API.
    """

    response_date: datetime | None = None
    resumption_token: str | None = None
    complete_list_size: int | None = None
    cursor: int | None = None
    sorted_to: str = ""
    stamped: Mapping[str, int] = field(default_factory=dict, compare=False)
    error_code: str = ""
    error_message: str = ""
