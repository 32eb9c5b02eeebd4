"""How many digests are mailed in a minute, in all and to one domain, by all workers together.

Each rate is an instant at which the next mail may go (the generic cell rate algorithm, ITU-T I.371, annex A), kept in
the store. Mails that have to wait for their domain are given the instants after that, so that they come up when it is
their turn and not all at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from broadsheet.settings import Settings
from broadsheet.store import limits
from broadsheet.store.connect import Connection
from broadsheet.store.digests import LONGEST, Later, Queued

_MINUTE_S = 60.0
# So far ahead of an even flow mails may be, 0.2 % of ten minutes, so that who comes late for a turn does not lose it.
AHEAD_S = 1.0
_ALL, _DOMAIN, _QUEUE = "mail-rate", "mail-rate:", "mail-queue:"


@dataclass(slots=True)
class _Flow:
    """The instants of one transaction, and how long each mail takes up a rate."""

    now_s: float
    every_s: float
    domain_every_s: float
    next_s: dict[str, float] = field(default_factory=dict)

    def free_s(self, name: str) -> float:
        return max(self.now_s, self.next_s.get(name, 0.0))

    def may(self, name: str, every_s: float) -> bool:
        return not every_s or self.free_s(name) <= self.now_s + AHEAD_S

    def take(self, name: str, every_s: float) -> None:
        if every_s:
            self.next_s[name] = self.free_s(name) + every_s

    def turn_s(self, domain: str) -> float:
        """Give the next instant of a domain that nobody waits for."""
        last = max(self.free_s(f"{_DOMAIN}{domain}"), self.next_s.get(f"{_QUEUE}{domain}", 0.0))
        self.next_s[f"{_QUEUE}{domain}"] = last + self.domain_every_s
        return last


def are_kept(settings: Settings) -> bool:
    """Tell whether there is a rate to keep to."""
    return settings.mail_rate > 0 or settings.mail_domain_rate > 0


def most_at_once(settings: Settings, most: int) -> int:
    """Give how many mails are worth taking at once, at most so many."""
    if settings.mail_rate <= 0:
        return most
    return max(1, min(most, int(settings.mail_rate * AHEAD_S / _MINUTE_S)))


def wait_s(connection: Connection, settings: Settings, at: datetime) -> float:
    """Tell for how many seconds no mail may go at all, whoever it goes to; nothing, or less than that, for none."""
    if settings.mail_rate <= 0:
        return 0.0
    ahead_s = limits.by_names(connection, [_ALL]).get(_ALL, 0.0) - at.timestamp()
    return ahead_s - AHEAD_S / 2 if AHEAD_S < ahead_s <= LONGEST.total_seconds() else 0.0


def take(
    connection: Connection, settings: Settings, wanted: Sequence[Queued], at: datetime
) -> tuple[set[int], list[Later]]:
    """Count mails that go out now, and tell which ones may, and when to try the others."""
    if not are_kept(settings):
        return {each.id for each in wanted}, []
    flow = _Flow(at.timestamp(), _every_s(settings.mail_rate), _every_s(settings.mail_domain_rate))
    names = {f"{kind}{each.domain}" for each in wanted for kind in (_DOMAIN, _QUEUE)} | {_ALL}
    # What lies further ahead than anything waits was counted by a clock that went wrong.
    known = limits.by_names(connection, names).items()
    flow.next_s = {name: at_s for name, at_s in known if at_s - flow.now_s <= LONGEST.total_seconds()}
    now: set[int] = set()
    later = []
    for each in wanted:
        domain = f"{_DOMAIN}{each.domain}"
        if not flow.may(_ALL, flow.every_s):
            later.append(Later(each.id, _instant(flow.free_s(_ALL))))
        elif not flow.may(domain, flow.domain_every_s):
            later.append(Later(each.id, _instant(flow.turn_s(each.domain))))
        else:
            flow.take(_ALL, flow.every_s)
            flow.take(domain, flow.domain_every_s)
            now.add(each.id)
    limits.put(connection, flow.next_s)
    return now, later


def _every_s(rate: float) -> float:
    return _MINUTE_S / rate if rate > 0 else 0.0


def _instant(at_s: float) -> datetime:
    return datetime.fromtimestamp(at_s - AHEAD_S / 2, UTC)
