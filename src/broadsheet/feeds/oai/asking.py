"""What a harvester asks for, read strictly: verbs and their arguments (section 4), moments in two granularities."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from broadsheet.feeds.oai.refusal import OaiError
from broadsheet.feeds.sent import Pairs

# For each verb the arguments that it must have and those that it may; a token stands alone.
_ARGUMENTS: Final[Mapping[str, tuple[frozenset[str], frozenset[str]]]] = {
    "Identify": (frozenset(), frozenset()),
    "ListMetadataFormats": (frozenset(), frozenset({"identifier"})),
    "ListSets": (frozenset(), frozenset()),
    "ListIdentifiers": (frozenset({"metadataPrefix"}), frozenset({"from", "until", "set"})),
    "ListRecords": (frozenset({"metadataPrefix"}), frozenset({"from", "until", "set"})),
    "GetRecord": (frozenset({"identifier", "metadataPrefix"}), frozenset()),
}
_LISTS: Final = frozenset({"ListSets", "ListIdentifiers", "ListRecords"})
_TOKEN: Final = "resumptionToken"  # noqa: S105 - the name of an argument
_LONGEST: Final = 2_000
_DAY: Final = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SECOND: Final = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
_LAST: Final = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Asked:
    """A verb with its arguments, each there once and allowed beside the others."""

    verb: str
    arguments: Mapping[str, str]

    def get(self, name: str) -> str:
        """Give an argument, empty where it is not there."""
        return self.arguments.get(name, "")


def read(pairs: Pairs) -> Asked:
    """Read a request; raises OaiError badVerb or badArgument."""
    verbs = [value for name, value in pairs if name == "verb"]
    if len(verbs) != 1 or verbs[0] not in _ARGUMENTS:
        raise OaiError("badVerb", f"There must be one verb, of {', '.join(_ARGUMENTS)}.")
    told = [(name, value) for name, value in pairs if name != "verb"]
    names = [name for name, _ in told]
    needed, allowed = _ARGUMENTS[verbs[0]]
    if verbs[0] in _LISTS and _TOKEN in names:
        needed, allowed = frozenset({_TOKEN}), frozenset()
    if len(names) != len(set(names)):
        raise OaiError("badArgument", "An argument is there more than once.")
    if set(names) - needed - allowed:
        raise OaiError("badArgument", f"{verbs[0]} takes {_shown(needed | allowed)} and nothing else here.")
    if needed - set(names):
        raise OaiError("badArgument", f"{verbs[0]} needs {_shown(needed)}.")
    if not all(value and len(value) <= _LONGEST and value.isprintable() for _, value in told):
        raise OaiError("badArgument", "An argument is empty, too long or holds what no argument can.")
    return Asked(verbs[0], dict(told))


def between(since: str, until: str) -> tuple[datetime | None, datetime | None]:
    """Read ``from`` and ``until``, both inclusive, as the first moment and the first one no more.

    Either may be empty. Raises OaiError badArgument for what is no day or second, two granularities, or an order that
    leads back.
    """
    if since and until and len(since) != len(until):
        raise OaiError("badArgument", "From and until must be of one granularity.")
    first, last = _moment(since), _moment(until)
    if first and last and first > last:
        raise OaiError("badArgument", "From must not be later than until.")
    if last is None:
        return first, None
    step = timedelta(days=1) if _DAY.fullmatch(until) else timedelta(seconds=1)
    return first, last + step if last <= _LAST - step else _LAST


def _moment(text: str) -> datetime | None:
    if not text:
        return None
    try:
        if _DAY.fullmatch(text) or _SECOND.fullmatch(text):
            return datetime.fromisoformat(text.removesuffix("Z")).replace(tzinfo=UTC)
    except ValueError:
        pass
    raise OaiError("badArgument", "A moment is written 2026-03-06 or 2026-03-06T12:00:00Z.")


def _shown(names: frozenset[str]) -> str:
    return ", ".join(sorted(names)) or "no argument"
