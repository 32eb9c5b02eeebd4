"""Runs a transformer: pieces of a text through onnxruntime, one text at a time."""

from collections.abc import Callable

import numpy as np

from broadsheet.embed.model_folder import EXTRA_MISSING, FIELD, ModelFolder
from broadsheet.embed.port import Vectors
from broadsheet.errors import Invalid, Unavailable

# A piece has seldom more than eight letters; what lies past the longest text need not be cut to be cut off.
_LETTERS_A_PIECE = 32
_IDS, _MASK, _KINDS, _ORDER = "input_ids", "attention_mask", "token_type_ids", "position_ids"
_POOLED, _HIDDEN = "sentence_embedding", ("last_hidden_state", "token_embeddings")
_TYPES = {"tensor(int64)": np.int64, "tensor(int32)": np.int32}

Cut = Callable[[str], list[int]]
Run = Callable[[list[int]], Vectors]


def open_words(found: ModelFolder) -> Cut:
    """Give the function from a text to its pieces' numbers, at most ``found.longest`` of them.

    Raises Unavailable without the extra, Invalid for a file that cannot be read. The function raises Unavailable for
    a text that the file does not know how to cut.
    """
    try:
        import tokenizers  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise Unavailable(EXTRA_MISSING) from error
    try:
        tokenizer = (
            tokenizers.Tokenizer.from_file(str(found.words))
            if found.words.suffix == ".json"
            else tokenizers.BertWordPieceTokenizer(str(found.words), lowercase=found.lower_case)
        )
        tokenizer.enable_truncation(max_length=found.longest)
        tokenizer.no_padding()
    except Exception as error:  # the library knows no error but Exception
        raise Invalid(f"{found.words} cannot be read: {error}", field=FIELD) from error
    letters = found.longest * _LETTERS_A_PIECE

    def cut(text: str) -> list[int]:
        whole = text[:letters].encode("utf-8", "replace").decode("utf-8")
        try:
            return list(tokenizer.encode(whole).ids)
        except Exception as error:  # as above
            raise Unavailable(f"{found.words} cannot cut a text of {len(whole)} letters: {error}") from error

    return cut


def open_network(found: ModelFolder, threads: int) -> Run:
    """Give the function from a text's pieces to its vector, pooled and not yet of unit length.

    ``threads`` share one text; 0 takes as many as there are cores. Raises Unavailable without the extra, Invalid for
    a network that cannot be opened or wants to be fed what a text does not have.
    """
    try:
        import onnxruntime  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise Unavailable(EXTRA_MISSING) from error
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    # Threads that wait for work by spinning take the core from those who search.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        session = onnxruntime.InferenceSession(str(found.network), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # the library's errors have no ancestor but Exception
        raise Invalid(f"{found.network} cannot be opened: {error}", field=FIELD) from error
    kinds = {given.name: _TYPES.get(given.type) for given in session.get_inputs()}
    if None in kinds.values() or not kinds.keys() <= {_IDS, _MASK, _KINDS, _ORDER}:
        raise Invalid(f"{found.network} asks for more than a text: {', '.join(sorted(kinds))}.", field=FIELD)
    output, pooling = _output({given.name: len(given.shape or ()) for given in session.get_outputs()}, found)

    def run(pieces: list[int]) -> Vectors:
        fed = {
            _IDS: pieces,
            _MASK: [1] * len(pieces),
            _KINDS: [0] * len(pieces),
            _ORDER: list(range(len(pieces))),
        }
        try:
            (answer,) = session.run([output], {name: np.array([fed[name]], kind) for name, kind in kinds.items()})
        except Exception as error:  # as above
            raise Unavailable(f"{found.network} failed on a text of {len(pieces)} pieces: {error}") from error
        return _POOLINGS[pooling](np.asarray(answer[0], np.float32))

    return run


def _output(ranks: dict[str, int], found: ModelFolder) -> tuple[str, str]:
    """Choose among a network's outputs (name to number of axes) and say how to pool it."""
    if ranks.get(_POOLED) == 2:  # noqa: PLR2004 - (texts, dimension)
        return _POOLED, "none"
    hidden = [name for name, rank in ranks.items() if rank == 3]  # noqa: PLR2004 - (texts, pieces, dimension)
    if hidden and found.whole:
        return next((name for name in _HIDDEN if name in hidden), hidden[0]), found.pooling
    if not hidden and list(ranks.values()) == [2]:
        return next(iter(ranks)), "none"
    raise Invalid(
        f"{found.network} gives no vector for a text (outputs: {', '.join(ranks)}); "
        f"a model with steps past pooling must be exported with {_POOLED!r}.",
        field=FIELD,
    )


_POOLINGS: dict[str, Callable[[Vectors], Vectors]] = {
    "none": lambda vector: vector,
    "mean": lambda rows: rows.mean(axis=0, dtype=np.float32),
    "cls": lambda rows: rows[0],
    "lasttoken": lambda rows: rows[-1],
    "max": lambda rows: rows.max(axis=0),
}
