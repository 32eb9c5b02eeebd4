"""An embedder that is opened on first use: most commands embed nothing, and some models take seconds to load."""

from collections.abc import Callable, Sequence
from threading import Lock
from time import monotonic

from broadsheet.embed.port import Embedder, Vectors
from broadsheet.errors import BroadsheetError

# Opening may mean asking the network; what failed fails at once until then.
TRY_AGAIN_S = 30.0


class LazyEmbedder:
    """Stands in for the embedder that ``open_embedder`` gives; what opening raises, every use raises until it works."""

    def __init__(self, open_embedder: Callable[[], Embedder]) -> None:
        self._open = open_embedder
        self._turn = Lock()
        self._opened: Embedder | None = None
        self._trouble: BroadsheetError | None = None
        self._closed_until = 0.0

    @property
    def name(self) -> str:
        """Name the model."""
        return self._embedder.name

    @property
    def version(self) -> str:
        """Tell the state of the model."""
        return self._embedder.version

    @property
    def dimension(self) -> int:
        """Count the numbers in a vector."""
        return self._embedder.dimension

    @property
    def weight(self) -> float:
        """Tell how much meaning counts beside words."""
        return self._embedder.weight

    def text_of(self, title: str, abstract: str) -> str:
        """Give the text that stands for a paper."""
        return self._embedder.text_of(title, abstract)

    def query_text(self, query: str) -> str:
        """Give the text that stands for what a reader asks."""
        return self._embedder.query_text(query)

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Give one unit vector a text."""
        return self._embedder.embed(texts)

    @property
    def _embedder(self) -> Embedder:
        opened = self._opened
        if opened is None:
            with self._turn:
                opened = self._opened = self._opened or self._now()
        return opened

    def _now(self) -> Embedder:
        if self._trouble is not None and monotonic() < self._closed_until:
            raise self._trouble
        try:
            return self._open()
        except BroadsheetError as error:
            self._trouble, self._closed_until = error, monotonic() + TRY_AGAIN_S
            raise
