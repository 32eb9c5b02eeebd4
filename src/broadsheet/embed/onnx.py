"""Embeds with a transformer in ONNX, from a folder or from the hub; needs the extra ``broadsheet[onnx]``."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path, PureWindowsPath

import numpy as np

from broadsheet.embed.hub import fetch, read_reference
from broadsheet.embed.model_folder import FIELD, ModelFolder, read_folder, version_of
from broadsheet.embed.network import open_network, open_words
from broadsheet.embed.port import Vectors
from broadsheet.embed.prompts import Prompts
from broadsheet.errors import Invalid, Unavailable

# The share of meaning beside words: measured for all-MiniLM-L6-v2 on five public test sets; a self-test finds better.
WEIGHT = 0.5
_NOTES = "digests.json"
_PROBE = "A text to learn the dimension from."


def open_onnx(
    reference: str,
    *,
    cache: Path,
    threads: int = 0,
    weight: float = WEIGHT,
    prompts: Prompts | None = None,
) -> "OnnxEmbedder":
    """Open a model by the path of its folder, of one ONNX file in it, or by its name on the hub.

    A path begins with ``/``, ``.``, ``~`` or a drive, so that no folder hides a model of the hub. A name on the hub
    is ``owner/model`` or ``owner/model@revision``; what is needed of it is fetched once into ``cache`` (minutes, for
    a large model) and from then on read from there, at the revision it had. ``threads`` share
    one text, 0 takes all cores. The prompts are the model's own unless given.
    Raises Unavailable without the extra, without the model, or when the hub cannot be reached; Invalid, for the field
    ``embedder``, when the reference or the model cannot be used.
    """
    try:
        path, name = _located(reference, cache)
        found = read_folder(path, name)
        return OnnxEmbedder(
            found if prompts is None else replace(found, prompts=prompts),
            name=f"onnx:{name}",
            notes=cache / _NOTES,
            threads=threads,
            weight=weight,
        )
    except OSError as error:
        raise Unavailable(f"The model {reference} cannot be read: {error.strerror}.") from error


def _located(reference: str, cache: Path) -> tuple[Path, str]:
    """Give the path of a model and its name, fetching it where it is one of the hub."""
    if not reference.startswith(("/", ".", "~")) and not PureWindowsPath(reference).drive:
        wanted = read_reference(reference)
        return fetch(wanted, cache), wanted.model
    try:
        path = Path(reference).expanduser()
        return path, _folder_name(path.resolve())
    except (RuntimeError, ValueError) as error:  # nobody's home, links in a circle, a NUL
        raise Invalid(f"{reference!r} is no path: {error}", field=FIELD) from error


def _folder_name(path: Path) -> str:
    """Give the name of the folder that a path is, or that a file lies in, past the ``onnx/`` for networks."""
    folder = path if path.is_dir() else path.parent
    return folder.parent.name if folder.name == "onnx" and folder != path else folder.name


class OnnxEmbedder:
    """A transformer run by onnxruntime on the processor, one text at a time.

    One at a time, because a network quantised as it runs scales its numbers by all texts of a batch, so that a text's
    vector would depend on its neighbours; and because beside the arithmetic for a paper of two hundred pieces a batch
    saves nothing. ``notes`` is a file that remembers the hashes of models.
    """

    def __init__(self, found: ModelFolder, *, name: str, notes: Path, threads: int = 0, weight: float = WEIGHT) -> None:
        self._found = found
        self._name = name
        self._weight = weight
        self._cut = open_words(found)
        self._run = open_network(found, threads)
        self._version = version_of(found, notes)
        probe = self._run(self._cut(_PROBE))
        if not np.isfinite(probe).all():
            raise Unavailable(f"{found.network} answers with what is no number; take another file of the model.")
        self._dimension = len(probe)

    @property
    def name(self) -> str:
        """Name the model: ``onnx:`` and its name on the hub, or that of its folder."""
        return self._name

    @property
    def version(self) -> str:
        """Tell the state of the model: a hash of its network, words, pooling and prompts."""
        return self._version

    @property
    def dimension(self) -> int:
        """Count the numbers in a vector."""
        return self._dimension

    @property
    def weight(self) -> float:
        """Tell how much meaning counts beside words."""
        return self._weight

    @property
    def network(self) -> Path:
        """Tell which of the model's files was taken."""
        return self._found.network

    def text_of(self, title: str, abstract: str) -> str:
        """Give the text that stands for a paper: title and abstract, after what the model wants to read before it."""
        return f"{self._found.prompts.paper}{title}\n{abstract}"

    def query_text(self, query: str) -> str:
        """Give the query after what the model wants to read before it."""
        return f"{self._found.prompts.query}{query}"

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Give one unit vector a text; a text without a piece that is known points equally along all axes.

        Raises Unavailable when the network fails.
        """
        vectors = np.empty((len(texts), self._dimension), np.float32)
        for vector, text in zip(vectors, texts, strict=True):
            vector[:] = self._place(text)
        return vectors

    def _place(self, text: str) -> Vectors:
        pieces = self._cut(text)
        if pieces:
            vector = self._run(pieces)
            length = float(np.linalg.norm(vector.astype(np.float64)))
            if 0 < length < float("inf"):
                return vector / np.float32(length)
        return np.full(self._dimension, self._dimension**-0.5, np.float32)
