"""Where a push goes: what readers type in, checked and in one spelling."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from hashlib import sha256

from broadsheet.errors import Invalid
from broadsheet.model.subscription import Way
from broadsheet.push.asked_for import FIELDS
from broadsheet.push.places import discord, matrix, mattermost, ntfy, slack, telegram, webhook
from broadsheet.push.port import Target
from broadsheet.push.signing import rotated

# From what was typed in to what is kept, what is shown, and what names the place; raises Invalid.
_Reading = Callable[[Mapping[str, str]], tuple[dict[str, str], str, str]]
_READINGS: Mapping[Way, _Reading] = {
    "slack": slack,
    "discord": discord,
    "telegram": telegram,
    "mattermost": mattermost,
    "matrix": matrix,
    "ntfy": ntfy,
    "webhook": webhook,
}


def read_target(way: Way, fields: Mapping[str, str]) -> Target:
    """Read what somebody typed in for a place, by the names in ``asked_for.FIELDS``; others are not looked at.

    A webhook without a secret is given one. Raises Invalid, with the field, for what can be no such place; nobody is
    asked whether it is there. No message holds a secret.
    """
    reading = _READINGS.get(way)
    if reading is None:
        raise Invalid("Digests are pushed to " + ", ".join(_READINGS) + ".", field="way")
    told = {each.name: fields.get(each.name, "").strip() for each in FIELDS[way]}
    for each in FIELDS[way]:
        if each.needed and not told[each.name]:
            raise Invalid(f"{each.label} is needed.", field=each.name)
    kept, shown, place = reading(told)
    return Target(way=way, shown=shown, key=_key(way, place), fields={name: kept[name] for name in kept if kept[name]})


def kept_target(way: Way, text: str) -> Target:
    """Read a target as ``Target.as_json`` wrote it; raises Invalid for anything else."""
    try:
        told = json.loads(text)
        fields = {str(name): str(value) for name, value in told.items()}
    except (ValueError, AttributeError):
        raise Invalid("Nobody knows any more where this goes. Subscribe again.", field="target") from None
    return read_target(way, fields)


def with_new_secret(target: Target) -> Target:
    """Give a webhook a new signing secret; the one before signs too, until there is another new one.

    Raises Invalid for a place that has none.
    """
    if target.way != "webhook":
        raise Invalid("Only webhooks have a signing secret.", field="way")
    return replace(target, fields={**target.fields, "secret": rotated(target.fields["secret"])})


def _key(way: Way, place: str) -> str:
    return sha256(f"{way}\n{place}".encode()).hexdigest()
