"""What an operator does with sources: add, remove, pause, resume, run now, and say for what one is asked."""

import re
from collections.abc import Container
from dataclasses import dataclass, replace
from datetime import date, timedelta

from broadsheet.errors import Conflict, Invalid, NotFound
from broadsheet.flow.harvesting.harvest import LEASE_S, lease_of
from broadsheet.flow.harvesting.kinds import KINDS, Kind, adapter_of
from broadsheet.flow.house import House
from broadsheet.model.harvest import MAX_NAME, Source, is_name
from broadsheet.model.text import clean
from broadsheet.sources.adapter import Want
from broadsheet.store import leases, sources

# Nobody's names: they stand for pages of their own.
_TAKEN = frozenset({"schedule", "digests"})
MAX_TARGET = 1_000
LEAST_EVERY_S = 60
_MOST_EVERY_S = 366 * 86_400
_UNITS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 7 * 86_400}
_PERIOD = re.compile(r"(\d{1,9})\s*([smhdw])")
_NO_NAME = re.compile(r"[^a-z0-9]+")
_HOLDER = "operator"
_MOST_DAYS = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What an operator wants harvested; an empty ``name`` or ``every`` leaves the choice to us."""

    kind: str
    target: str = ""
    name: str = ""
    every: str = ""
    since: date | None = None


def list_sources(house: House) -> tuple[Source, ...]:
    """Give all sources, oldest first."""
    with house.store.reading() as connection:
        return sources.everything(connection)


def named(house: House, name: str) -> Source:
    """Give a source by its name; raises NotFound."""
    with house.store.reading() as connection:
        found = sources.by_name(connection, name)
    if found is None:
        raise NotFound(f"There is no source “{clean(name)[:MAX_NAME]}”.")
    return found


def add(house: House, order: Order) -> Source:
    """Add a source, due at once.

    Raises Invalid for a kind, target, name or period that cannot be, and Conflict when the name is taken or the same
    is harvested already.
    """
    kind = kind_of(order.kind)
    target = order.target.strip()
    at = house.clock()
    made = Source(
        name=_checked_name(order.name or name_for(order.kind, target)),
        kind=order.kind,
        target=_checked_target(order.kind, kind, target),
        since=order.since,
        every_s=seconds_of(order.every) if order.every else kind.every_s,
        at=at,
        next_at=at,
    )
    # Only its adapter knows which targets there are; what it would ask is not asked here.
    adapter_of(house, made).begin(Want(target=made.target, since=made.since), {}, at)
    with house.store.writing() as connection:
        known = sources.everything(connection)
        same = _same(known, made.kind, made.target)
        if same is not None:
            raise Conflict(f"That is harvested already, as “{same.name}”.")
        if not order.name:
            made = replace(made, name=_free(made.name, {source.name for source in known}))
        return sources.add(connection, made)


def remove(house: House, name: str) -> None:
    """Forget a source, its runs and days; its papers stay. Raises NotFound, and Conflict while it is running."""
    source = named(house, name)
    lease = lease_of(source)
    with house.store.writing() as connection:
        if not leases.take(connection, lease, _HOLDER, house.clock(), LEASE_S):
            raise Conflict(f"“{source.name}” is being harvested. Pause it, wait for the page in hand, and try again.")
        leases.drop(connection, lease, _HOLDER)
        sources.remove(connection, source)


def pause(house: House, name: str) -> Source:
    """Let a source rest; a run under way ends by itself. Raises NotFound."""
    source = named(house, name)
    with house.store.writing() as connection:
        sources.pause(connection, source.id, by_hand=True)
    return named(house, name)


def resume(house: House, name: str) -> Source:
    """Let a source run again, at once and with its failures forgotten. Raises NotFound."""
    source = named(house, name)
    with house.store.writing() as connection:
        sources.resume(connection, source.id, house.clock())
    return named(house, name)


def run_now(house: House, name: str) -> Source:
    """Make a source due now, for whichever worker looks next; raises NotFound, and Conflict for one that cannot be."""
    source = named(house, name)
    if source.paused or not source.every_s:
        why = "is paused; resume it" if source.paused else "has no schedule; run it with broadsheet harvest"
        raise Conflict(f"“{source.name}” {why}.")
    with house.store.writing() as connection:
        sources.wake(connection, source.id, house.clock())
    return named(house, name)


def for_harvest(house: House, word: str, target: str | None = None, *, every: str = "") -> Source:
    """Give the source that ``broadsheet harvest`` means: one of this name, or of this kind with this target.

    A kind whose target is not harvested yet is added, to run only when asked unless ``every`` says how often. Raises
    NotFound for what is neither a name nor a kind, and what ``add`` raises.
    """
    known = list_sources(house)
    by_name = next((source for source in known if source.name == word), None)
    if by_name is not None and target in {None, by_name.target}:
        return by_name
    if word not in KINDS:
        raise NotFound(f"There is no source and no kind of source “{clean(word)[:MAX_NAME]}”. {_kinds()}")
    found = _same(known, word, (target or "").strip())
    if found is None and target is None and (same := [s.name for s in known if s.kind == word]):
        raise Invalid(f"Say which: {', '.join(same)}; or name a target.", field="target")
    return found or add(house, Order(kind=word, target=target or "", every=every or "never"))


def want_of(
    house: House, source: Source, *, since: date | None = None, until: date | None = None, days: int | None = None
) -> Want | None:
    """Say what a run is for: the days asked for, both inclusive; None where it goes on by itself.

    ``days`` counts back from today, in UTC. Raises Invalid for days that cannot be.
    """
    if days is not None:
        if since is not None:
            raise Invalid("Say --since or --days, not both.", field="days")
        if not 0 < days <= _MOST_DAYS:
            raise Invalid(f"--days takes 1 to {_MOST_DAYS:,}.", field="days")
        since = house.clock().date() - timedelta(days=days)
    if since and until and until < since:
        raise Invalid("--until is before --since.", field="until")
    return Want(target=source.target, since=since, until=until) if since or until else None


def kind_of(name: str) -> Kind:
    """Give a kind of source by its word; raises Invalid with the words there are."""
    found = KINDS.get(name)
    if found is None:
        raise Invalid(f"There is no kind of source “{clean(name)[:MAX_NAME]}”. {_kinds()}", field="kind")
    return found


def name_for(kind: str, target: str) -> str:
    """Make a name of a kind and a target: ``arxiv`` and ``cs:cs:CL`` are ``arxiv-cs-cl``.

    Everybody may see a name. So of an address only its host and path are in it, and of a folder only the last part.
    """
    bare = _shown(kind, target).lower().removeprefix(f"{kind}:")
    parts: list[str] = []
    for part in _NO_NAME.sub(" ", bare).split():
        # "cs:cs:CL" says its archive twice, and once is enough to know it by.
        if not parts or part != parts[-1]:
            parts.append(part)
    return "-".join((kind, *parts))[:MAX_NAME].rstrip("-")


def _shown(kind: str, target: str) -> str:
    if kind == "folder":
        return target.rstrip("/").rpartition("/")[2]
    address = target.partition("://")[2] or target
    host, slash, path = re.split(r"[?#]", address, maxsplit=1)[0].partition("/")
    return f"{host.rpartition('@')[2]}{slash}{path}"


def _free(name: str, taken: Container[str]) -> str:
    """Give a name that nobody has: ``a``, or else ``a-2``."""
    tails = ("", *(f"-{number}" for number in range(2, 10_000)))
    return next(free for tail in tails if (free := f"{name[: MAX_NAME - len(tail)]}{tail}") not in taken)


def seconds_of(period: str) -> int:
    """Read a period such as ``30m``, ``6h``, ``1d`` or ``never``, 0; raises Invalid for any other text."""
    text = period.strip().lower()
    if text in {"never", "0"}:
        return 0
    found = _PERIOD.fullmatch(text)
    seconds = int(found[1]) * _UNITS[found[2]] if found else -1
    if not LEAST_EVERY_S <= seconds <= _MOST_EVERY_S:
        raise Invalid(
            "A period is a number with m, h, d or w, such as 30m, 6h or 1d, from a minute to a year; or never.",
            field="every",
        )
    return seconds


def period_of(seconds: int) -> str:
    """Write a period as ``seconds_of`` reads it."""
    if not seconds:
        return "never"
    unit = next(unit for unit in ("w", "d", "h", "m", "s") if seconds % _UNITS[unit] == 0)
    return f"{seconds // _UNITS[unit]}{unit}"


def _kinds() -> str:
    return f"Kinds: {', '.join(sorted(KINDS))}."


def _same(known: tuple[Source, ...], kind: str, target: str) -> Source | None:
    return next((source for source in known if (source.kind, source.target) == (kind, target)), None)


def _checked_name(name: str) -> str:
    if not is_name(name) or name in _TAKEN:
        raise Invalid(
            f"A source's name has small letters, digits and . _ : - and at most {MAX_NAME} of them, and is not "
            f"“schedule” or “digests”: {clean(name)[:MAX_NAME]!r} cannot be one.",
            field="name",
        )
    return name


def _checked_target(name: str, kind: Kind, target: str) -> str:
    if kind.needs_target and not target:
        raise Invalid(f"{kind.title} needs a target: {kind.target}.", field="target")
    if target and not kind.target:
        raise Invalid(f"“{name}” takes no target.", field="target")
    if len(target) > MAX_TARGET or not target.isprintable():
        raise Invalid(f"A target is one line of at most {MAX_TARGET:,} characters.", field="target")
    return target
