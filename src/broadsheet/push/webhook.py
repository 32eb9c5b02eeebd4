"""Notices to an address of the operator's choice, as JSON by POST."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from broadsheet.errors import InDoubt, Invalid, Unavailable
from broadsheet.net.addresses import Network, read_url
from broadsheet.net.exchange import Limits, post

_LIMITS = Limits(most_bytes=1 << 16, total_s=20.0, stall_s=10.0)
_TAKEN = range(200, 300)
_REFUSED = range(300, 500)
_PASSING = frozenset({408, 425, 429})
_BROKEN = range(500, 600)
# A gateway that waited for who stands behind it in vain (RFC 9110, section 15.6.5) knows no more than we do.
_GATEWAY_TIMEOUT = 504


@dataclass(frozen=True, slots=True)
class Webhook:
    """Posts to ``url``; redirects are not followed, and private addresses are for ``network`` to allow."""

    url: str = field(repr=False)
    network: Network

    def push(self, notice: Mapping[str, str]) -> None:
        """Post a notice.

        Raises Unavailable when it was not taken and may be later, InDoubt when nobody can say whether it was taken,
        and Invalid for an address that refuses it.
        """
        body = json.dumps(notice).encode()
        headers = {"Content-Type": "application/json", "User-Agent": "broadsheet"}
        status = post(read_url(self.url), headers, body, _LIMITS, self.network).status
        if status in _TAKEN:
            return
        if status in _REFUSED and status not in _PASSING:
            raise Invalid(f"The webhook refuses notices ({status}).", field="alert_webhook")
        if status == _GATEWAY_TIMEOUT or (status not in _BROKEN and status not in _PASSING):
            raise InDoubt(f"The webhook does not say whether it took the notice ({status}).")
        raise Unavailable(f"The webhook does not take notices now ({status}).")
