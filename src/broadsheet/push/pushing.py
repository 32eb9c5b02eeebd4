"""Digests to chats and programs, over HTTP."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from broadsheet.clock import Clock, system_clock
from broadsheet.errors import InDoubt
from broadsheet.model.digest import Digest
from broadsheet.model.subscription import Way
from broadsheet.net.addresses import Address, Network, read_url
from broadsheet.net.exchange import Limits, deliver
from broadsheet.push import discord, matrix, mattermost, ntfy, program, slack, telegram
from broadsheet.push.answers import check, in_doubt
from broadsheet.push.brief import Brief, brief_of, greeting
from broadsheet.push.port import Facts, Target, never
from broadsheet.push.request import Request
from broadsheet.push.targets import kept_target

# Of an answer that says no, to learn why and for how long.
_LIMITS = Limits(most_bytes=1 << 16, total_s=30.0, stall_s=15.0, bodies_of=frozenset(range(400, 600)))
WRITERS: Mapping[Way, Callable[[Brief, Target, Facts], Request]] = {
    "slack": slack.request,
    "discord": discord.request,
    "telegram": telegram.request,
    "mattermost": mattermost.request,
    "matrix": matrix.request,
    "ntfy": ntfy.request,
    "webhook": program.request,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpPusher:
    """Delivers as ``Pusher`` says: one request for one message, redirects not followed, private places if allowed.

    ``bases`` are other addresses for services that have one of their own: slack, discord and telegram.
    """

    network: Network
    bases: Mapping[str, str] = field(default_factory=dict)
    clock: Clock = system_clock

    def push(
        self, way: Way, target: str, digest: Digest, facts: Facts, *, before_end: Callable[[], None] = never
    ) -> None:
        """Deliver a digest to the place whose JSON is ``target``."""
        self._send(kept_target(way, target), brief_of(digest, facts), facts, before_end)

    def greet(self, way: Way, target: str, facts: Facts, *, before_end: Callable[[], None] = never) -> None:
        """Deliver a message that says that digests will come here."""
        self._send(kept_target(way, target), greeting(facts), facts, before_end)

    def _send(self, target: Target, brief: Brief, facts: Facts, before_end: Callable[[], None]) -> None:
        request = WRITERS[target.way](brief, target, facts)
        address, headers = self._address(target.way, request.url), {"User-Agent": "broadsheet", **request.headers}
        try:
            reply = deliver(request.method, address, headers, request.body, _LIMITS, self.network, before_end)
        except InDoubt as error:
            raise in_doubt(target.way, str(error)) from None
        check(target.way, reply, self.clock())

    def _address(self, way: Way, url: str) -> Address:
        base = self.bases.get(way)
        return read_url(base.rstrip("/") + read_url(url).path if base else url)
