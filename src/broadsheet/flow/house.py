"""The house as the verbs see it: who stands behind each port. ``wiring`` builds one."""

from dataclasses import dataclass
from types import TracebackType
from typing import Self

from broadsheet.clock import Clock
from broadsheet.flow.spaces import Spaces
from broadsheet.index.port import TextIndex
from broadsheet.settings import Settings
from broadsheet.store.connect import Store


@dataclass(frozen=True, slots=True)
class House:
    """Settings, the store (truth), the text index and the spaces (memories of it), the clock; close it when done."""

    settings: Settings
    store: Store
    text_index: TextIndex
    spaces: Spaces
    clock: Clock

    def close(self) -> None:
        """Let go of files and connections; safe to call twice."""
        self.text_index.close()
        self.spaces.close()
        self.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
