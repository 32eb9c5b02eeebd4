"""Embeds at an HTTP endpoint that speaks OpenAI's embeddings API: Ollama, llama.cpp, vLLM, or a service."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from time import monotonic

import numpy as np

from broadsheet.embed.endpoint import BadQuestionError, Endpoint, Patience
from broadsheet.embed.port import Vectors
from broadsheet.embed.prompts import Prompts, prompts_of
from broadsheet.errors import Invalid, Unavailable
from broadsheet.net.deadline import within

# The share of meaning beside words, as for other transformers; a self-test finds better.
WEIGHT = 0.5
# How many texts and letters go in one request.
MOST_TEXTS, MOST_LETTERS = 64, 200_000
# Where a text is cut off, and down to where it is cut in halves when the endpoint finds it too long: most models read
# 512 pieces, about 2,000 letters, some sixteen times that.
LONGEST_TEXT, SHORTEST_CUT = 8_000, 250
# Several texts are work in the background; one alone is a reader who waits, and has words to be answered by: his
# seconds are for all of it, also for the halves of a text that is too long.
MOST_FOR_ONE_S = 5.0
_FOR_MANY, _FOR_ONE = Patience(4, 60.0), Patience(1, MOST_FOR_ONE_S)
# After it failed for one reader the next ones are not kept waiting for so long.
TRY_AGAIN_S = 10.0
_PROBE = "A text to learn the dimension from."
# What is sent for a text without a letter: some endpoints refuse an empty one.
_NOTHING = "."
_MOST_DIMENSIONS = 65_536


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteModel:
    """A model behind ``POST {url}/embeddings``.

    ``model`` is the name the endpoint knows it by, ``key`` what it is given as a bearer. An endpoint does not tell
    when it changes what is behind a name: ``edition`` is the operator's own word for its state, and a new one has
    every paper embedded anew. ``dimension`` is learnt from the first answer unless given; ``prompts`` are those of the
    model's family unless given.
    """

    url: str
    model: str
    key: str = field(default="", repr=False)
    dimension: int | None = None
    edition: str = ""
    weight: float = WEIGHT
    prompts: Prompts | None = None


class RemoteEmbedder:
    """Asks an endpoint for vectors, as OpenAI's API reference ("Create embeddings") tells.

    Making one asks nothing of the network. ``dimension`` and ``version`` ask once, where no dimension is given.
    Whether a text has the same vector in any company is up to the endpoint; in practice the difference is in the
    fourth digit. ``endpoint`` takes the place of the one that ``remote`` names.
    """

    def __init__(self, remote: RemoteModel, endpoint: Endpoint | None = None) -> None:
        if not remote.model:
            raise Invalid("An embedder at an endpoint needs the name of a model.", field="embedder_model")
        base = remote.url.rstrip("/").removesuffix("/embeddings")
        self._endpoint = endpoint or Endpoint(f"{base}/embeddings", remote.key)
        self._remote = remote
        self._prompts = prompts_of(remote.model) if remote.prompts is None else remote.prompts
        self._learnt: int | None = None
        self._trouble = ""
        self._closed_until = 0.0

    @property
    def name(self) -> str:
        """Name the model: ``remote:`` and what the endpoint calls it."""
        return f"remote:{self._remote.model}"

    @property
    def version(self) -> str:
        """Tell the state of the model, as far as this side can: its dimension and a hash of what it is told."""
        told = (self._remote.edition, self._prompts.query, self._prompts.paper, LONGEST_TEXT)
        return f"{self.dimension}-{hashlib.sha256(json.dumps(told).encode()).hexdigest()[:12]}"

    @property
    def dimension(self) -> int:
        """Count the numbers in a vector; raises Unavailable where only the endpoint knows and does not answer."""
        return self._remote.dimension or self._learnt or len(self._alone(_PROBE)[0])

    @property
    def weight(self) -> float:
        """Tell how much meaning counts beside words."""
        return self._remote.weight

    def text_of(self, title: str, abstract: str) -> str:
        """Give the text that stands for a paper: title and abstract, after what the model wants to read before it."""
        return f"{self._prompts.paper}{title}\n{abstract}"

    def query_text(self, query: str) -> str:
        """Give the query after what the model wants to read before it."""
        return f"{self._prompts.query}{query}"

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Give one unit vector a text, cut off after ``LONGEST_TEXT`` letters or where the endpoint refuses more.

        One text alone is asked for once and given up after ``MOST_FOR_ONE_S``, and none alone is asked for in the
        ``TRY_AGAIN_S`` after that; several are with patience. Raises Unavailable when the endpoint does not answer, or
        not with as many vectors of numbers of the one dimension.
        """
        if not texts:
            return np.empty((0, self.dimension), np.float32)
        clean = [_clean(text) for text in texts]
        if len(clean) == 1:
            return np.stack(self._alone(clean[0]))
        return np.stack(self._of_one_dimension([v for batch in _batches(clean) for v in self._ask(batch, _FOR_MANY)]))

    def _alone(self, text: str) -> list[Vectors]:
        """Ask for one text, in time for a reader; what failed fails at once for a while."""
        if monotonic() < self._closed_until:
            raise Unavailable(self._trouble)
        try:
            vectors = within(MOST_FOR_ONE_S, lambda: self._ask([text], _FOR_ONE))
        except BadQuestionError:
            raise  # it answers, and may like another text better
        except (Unavailable, TimeoutError) as error:
            told = str(error) or f"{self.name} did not answer within {MOST_FOR_ONE_S:.0f} seconds."
            self._trouble, self._closed_until = told, monotonic() + TRY_AGAIN_S
            if isinstance(error, Unavailable):
                raise
            raise Unavailable(told) from error
        return self._of_one_dimension(vectors)

    def _of_one_dimension(self, vectors: list[Vectors]) -> list[Vectors]:
        """Give the vectors if they are of the dimension that is known, or else is learnt from them."""
        known = self._remote.dimension or self._learnt or len(vectors[0])
        if widths := {len(vector) for vector in vectors} - {known}:
            raise Unavailable(f"{self.name} gives {widths.pop()} numbers a text and not {known}.")
        self._learnt, self._closed_until = known, 0.0
        return vectors

    def _ask(self, texts: list[str], patience: Patience) -> list[Vectors]:
        """Ask for a batch; where it is refused ask for each text, and for half of a text that is refused alone."""
        question = {"model": self._remote.model, "input": texts, "encoding_format": "float"}
        try:
            answer = self._endpoint.ask(question, patience)
        except BadQuestionError:
            if len(texts) > 1:
                return [vector for text in texts for vector in self._ask([text], patience)]
            if len(texts[0]) <= SHORTEST_CUT:
                raise
            return self._ask([texts[0][: len(texts[0]) // 2]], patience)
        vectors = _vectors(answer, len(texts))
        if vectors is None:
            raise Unavailable(f"{self.name} did not answer {len(texts)} texts with a vector each.")
        return vectors


def _clean(text: str) -> str:
    """Give what of a text can be sent: Unicode without a hole, no NUL, and something."""
    whole = text[:LONGEST_TEXT].encode("utf-8", "replace").decode("utf-8").replace("\0", " ")
    return whole if whole.strip() else _NOTHING


def _batches(texts: list[str]) -> Iterator[list[str]]:
    batch: list[str] = []
    letters = 0
    for text in texts:
        if batch and (len(batch) == MOST_TEXTS or letters + len(text) > MOST_LETTERS):
            yield batch
            batch, letters = [], 0
        batch.append(text)
        letters += len(text)
    yield batch


def _vectors(answer: object, count: int) -> list[Vectors] | None:
    """Read the vectors in the order of their ``index``; None for an answer that is not ``count`` of one dimension."""
    items = answer.get("data") if isinstance(answer, dict) else None
    if not isinstance(items, list) or len(items) != count:
        return None
    placed = {_index(item, at): _unit(item.get("embedding")) for at, item in enumerate(items) if isinstance(item, dict)}
    vectors = [vector for at in range(count) if (vector := placed.get(at)) is not None]
    return vectors if len(vectors) == count and len({len(vector) for vector in vectors}) == 1 else None


def _index(item: dict[str, object], at: int) -> int:
    told = item.get("index", at)
    return told if isinstance(told, int) else -1


def _unit(numbers: object) -> Vectors | None:
    """Give finite numbers as a vector of unit length, all axes equally for zeros; None for anything else."""
    if not isinstance(numbers, list) or not 0 < len(numbers) <= _MOST_DIMENSIONS:
        return None
    if not {type(number) for number in numbers} <= {int, float}:
        return None
    try:
        vector = np.array(numbers, np.float64)
    except OverflowError:
        return None
    largest = float(np.abs(vector).max())
    if not np.isfinite(largest):
        return None
    if largest == 0:
        return np.full(len(numbers), len(numbers) ** -0.5, np.float32)
    vector /= largest
    return (vector / np.linalg.norm(vector)).astype(np.float32)
