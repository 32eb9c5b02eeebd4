"""What forms say of how often and when digests come, and the zones that they offer."""

from collections.abc import Mapping
from dataclasses import asdict
from functools import lru_cache
from itertools import groupby

from markupsafe import Markup
from starlette.datastructures import QueryParams

from broadsheet.errors import Invalid
from broadsheet.flow.subscribing import lists
from broadsheet.model import local_time
from broadsheet.model.selection import Selection
from broadsheet.model.subscription import RHYTHMS, Rhythm, Times

RHYTHM_WORDS: Mapping[Rhythm, str] = {"daily": "Every day", "weekly": "Every week", "now": "At once"}
# What the zones of places begin with; all others are old names, or for machines.
_REGIONS = frozenset("Africa America Antarctica Arctic Asia Atlantic Australia Europe Indian Pacific".split())


def rhythms_of(selection: Selection) -> dict[Rhythm, str]:
    """Give the rhythms that a list can come in, with what they are called."""
    return {rhythm: words for rhythm, words in RHYTHM_WORDS.items() if _can_come(selection, rhythm)}


def times_of(form: QueryParams) -> Times:
    """Read when digests shall come; raises Invalid, naming the field."""
    return local_time.read_times(**{name: form.get(name, "") for name in ("zone", "hour", "weekday", *_QUIET)})


def typed_times(form: QueryParams, times: Times) -> dict[str, str]:
    """Give what the fields for times hold: what was sent, and where nothing was, what holds now."""
    return {name: form.get(name, str(value)) for name, value in asdict(times).items()}


@lru_cache(maxsize=1)
def zones() -> Markup:
    """Set the time zones of places as options, by their region; set once, since there are hundreds."""
    found = [zone for zone in local_time.zones() if zone.partition("/")[0] in _REGIONS and "/" in zone]
    told = [Markup('<option value="{0}">{0}</option>').format("UTC")]
    for region, each in groupby(found, key=lambda zone: zone.partition("/")[0]):
        options = Markup("").join(Markup('<option value="{}">{}</option>').format(zone, _shown(zone)) for zone in each)
        told.append(Markup('<optgroup label="{}">{}</optgroup>').format(region, options))
    return Markup("").join(told)


_QUIET = ("quiet_from", "quiet_until")


def _shown(zone: str) -> str:
    return zone.partition("/")[2].replace("_", " ").replace("/", ", ")


def _can_come(selection: Selection, rhythm: Rhythm) -> bool:
    try:
        lists.check_rhythm(selection, rhythm)
    except Invalid:
        return False
    return rhythm in RHYTHMS
