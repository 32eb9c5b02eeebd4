"""The house as the verbs see it: who stands behind each port. ``wiring`` builds one."""

import logging
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from broadsheet.clock import Clock, Wait
from broadsheet.credentials.fetching import Fetch
from broadsheet.errors import BroadsheetError
from broadsheet.flow.spaces import Spaces
from broadsheet.index.port import TextIndex
from broadsheet.mail.port import Mailer, Press
from broadsheet.push.port import Pusher
from broadsheet.settings import Settings
from broadsheet.sources.fetcher import Fetcher
from broadsheet.store.connect import Store

_log = logging.getLogger(__name__)

# Tells a notice somewhere; raises Unavailable or Invalid when it was not taken.
Push = Callable[[Mapping[str, str]], None]


@dataclass(frozen=True, slots=True)
class House:
    """Settings, the store (truth), the text index and the spaces (memories of it), the fetcher, the time.

    ``ask`` asks other sites who somebody is. ``mailer`` and ``push`` tell the operator of trouble, where there is one;
    ``press`` sets digests as mails, ``pusher`` brings them to chats and programs. Close it when done.
    """

    settings: Settings
    store: Store
    text_index: TextIndex
    spaces: Spaces
    fetcher: Fetcher
    ask: Fetch
    clock: Clock
    wait: Wait
    mailer: Mailer | None = None
    press: Press | None = None
    push: Push | None = None
    pusher: Pusher | None = None

    def close(self) -> None:
        """Let go of files and connections, whichever of them fails; safe to call twice."""
        with ExitStack() as last_first:
            last_first.callback(self.store.close)
            last_first.callback(self._close_spaces)
            last_first.callback(self.text_index.close)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _close_spaces(self) -> None:
        try:
            self.spaces.close()
        except BroadsheetError as error:
            # A snapshot only spares the next start some reading; what was asked for has been done.
            _log.warning("The vectors were not saved, and are read from the store next time: %s", error)
