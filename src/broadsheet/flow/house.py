"""The house as the verbs see it: who stands behind each port. ``wiring`` builds one."""

import logging
from contextlib import ExitStack
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from broadsheet.clock import Clock, Wait
from broadsheet.errors import BroadsheetError
from broadsheet.flow.spaces import Spaces
from broadsheet.index.port import TextIndex
from broadsheet.settings import Settings
from broadsheet.sources.fetcher import Fetcher
from broadsheet.store.connect import Store

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class House:
    """Settings, the store (truth), the text index and the spaces (memories of it), the fetcher, the time.

    Close it when done.
    """

    settings: Settings
    store: Store
    text_index: TextIndex
    spaces: Spaces
    fetcher: Fetcher
    clock: Clock
    wait: Wait

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
