"""OAI-PMH 2.0 answers (openarchives.org/OAI/openarchivesprotocol.html): records, deletions, tokens and errors."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import BinaryIO

from broadsheet.model.record import Problem, Record
from broadsheet.sources import fields, oai_metadata
from broadsheet.sources.envelope import Envelope
from broadsheet.sources.oai_metadata import Header
from broadsheet.sources.streams import problem
from broadsheet.sources.xml_elements import (
    Element,
    Wanted,
    attribute,
    child,
    child_text,
    elements,
    local_name,
    parent_name,
    text_of,
)

SOURCE = "oai"
_DAY = len("2026-11-21")
_WANTED = Wanted(
    "OAI-PMH", records=("record", "header"), beside=("responseDate", "request", "error", "resumptionToken")
)


def parse(
    stream: BinaryIO, *, name: str, observed: datetime | None = None, prefix: str = ""
) -> Iterator[Record | Problem | Envelope]:
    """Read records and deletions, then the Envelope; errors but ``noRecordsMatch`` are problems too.

    ``prefix`` is the format that was asked for, where the answer does not say so itself.
    """
    reading = _Reading(name, observed, prefix)
    for found in elements(stream, _WANTED, source=SOURCE, name=name):
        told = found if isinstance(found, Problem) else reading.take(*found)
        if told is not None:
            yield told
    sorted_to = reading.stamped if reading.in_order else ""
    yield replace(reading.envelope, sorted_to=sorted_to, stamped=dict(reading.days))


class _Reading:
    """One answer as far as it was read."""

    def __init__(self, name: str, observed: datetime | None, prefix: str) -> None:
        self.envelope = Envelope()
        self._name = name
        self._observed = observed
        self._prefix = prefix
        self.stamped = ""
        self.in_order = True
        self.days = Counter[str]()

    def take(self, where: str, element: Element) -> Record | Problem | None:
        """Read one element; None where it only adds to the envelope."""
        tag, parent = local_name(element), parent_name(element)
        if tag == "record" and parent in {"ListRecords", "GetRecord"}:
            return self._record(where, element, child(element, "header"))
        if tag == "header" and parent == "ListIdentifiers":
            return self._record(where, element, element)
        if tag == "error" and parent == "OAI-PMH":
            return self._error(element)
        self._note(tag, element)
        return None

    def _note(self, tag: str, element: Element) -> None:
        if tag == "responseDate":
            self.envelope = replace(self.envelope, response_date=fields.instant(text_of(element)))
        elif tag == "request":
            self._prefix = attribute(element, "metadataPrefix") or self._prefix
        elif tag == "resumptionToken":
            self.envelope = replace(
                self.envelope,
                resumption_token=text_of(element),
                complete_list_size=fields.count(attribute(element, "completeListSize")),
                cursor=fields.count(attribute(element, "cursor")),
            )

    def _note_order(self, datestamp: str) -> None:
        self.in_order = self.in_order and self.stamped <= datestamp
        self.stamped = datestamp
        self.days[datestamp[:_DAY]] += 1

    def _error(self, element: Element) -> Problem | None:
        code, message = attribute(element, "code") or "unknown", text_of(element)
        self.envelope = replace(self.envelope, error_code=code, error_message=message)
        if code == "noRecordsMatch":
            return None
        return problem(SOURCE, self._name, f"oai-{code[:60]}", message or f"The repository answered {code}.")

    def _record(self, where: str, element: Element, told: Element | None) -> Record | Problem | None:
        identifier = "" if told is None else child_text(told, "identifier")
        if told is None or not identifier:
            return problem(SOURCE, where, "no-id", "The record has no identifier.", text_of(element))
        datestamp = fields.iso(child_text(told, "datestamp"))
        self._note_order(datestamp)
        header = Header(identifier, datestamp, self._prefix, self.envelope.response_date or self._observed)
        if attribute(told, "status") == "deleted":
            return oai_metadata.deleted(header)
        if told is element:
            return None
        metadata = child(element, "metadata")
        content = next(iter(metadata), None) if metadata is not None else None
        if content is None:
            return problem(SOURCE, where, "no-metadata", "The record has no metadata.", identifier)
        return oai_metadata.read(content, header, where)
