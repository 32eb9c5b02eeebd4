"""What lies in the folder of a transformer model? Which network, how its words are cut, how its vectors are pooled."""

import hashlib
import json
import os
import platform
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from broadsheet.embed.prompts import Prompts, prompts_of
from broadsheet.errors import Invalid, Unavailable

FIELD = "embedder"
EXTRA_MISSING = (
    'Transformer models need an extra that is not installed: pip install "broadsheet[onnx]", '
    "or in a clone pip install --require-hashes -r requirements/onnx.txt"
)
# The ways to pool by the names that sentence-transformers has for them. At unit length the sum over the root of the
# count is the mean.
_POOLINGS = {
    "mean": "mean",
    "mean_tokens": "mean",
    "mean_sqrt_len_tokens": "mean",
    "cls": "cls",
    "cls_token": "cls",
    "lasttoken": "lasttoken",
    "max": "max",
    "max_tokens": "max",
}
# The names under which the hub keeps networks, fastest first, and what the machine must have for it. 8-bit networks
# are two to three times as fast as model.onnx and lose a hundredth of its quality.
_NETWORKS = (
    ("model_qint8_avx512_vnni.onnx", "avx512_vnni"),
    ("model_qint8_avx512.onnx", "avx512f"),
    ("model_quint8_avx2.onnx", "avx2"),
    ("model_qint8_arm64.onnx", "arm64"),
    ("model_quantized.onnx", ""),
    ("model_int8.onnx", ""),
    ("model_uint8.onnx", ""),
    ("model.onnx", ""),
)
_PLACES = ("onnx", ".")
_CONFIGS = (
    "config.json",
    "config_sentence_transformers.json",
    "modules.json",
    "sentence_bert_config.json",
    "tokenizer_config.json",
)
_USUAL_POOLING = "1_Pooling"
_USUAL_LONGEST = 512
# RoBERTa and its kin count places from two on, so the last two of their places are never used.
_PLACES_FROM_TWO = frozenset({"roberta", "xlm-roberta", "camembert", "mpnet"})
_MODULES = frozenset({"Transformer", "Pooling", "Normalize"})


@dataclass(frozen=True, slots=True)
class ModelFolder:
    """What a folder says about its model.

    ``network`` is the ONNX file taken, ``words`` either ``tokenizer.json`` or ``vocab.txt``, ``longest`` the most
    pieces a text may have, ``whole`` False where the folder asks for a step that only the network itself can take.
    """

    network: Path
    words: Path
    lower_case: bool
    pooling: str
    longest: int
    prompts: Prompts
    whole: bool


def features() -> frozenset[str]:
    """Name what this machine's processor can do, as far as the choice of a network asks for it."""
    machine = platform.machine().lower()
    found = {"arm64"} if machine in {"arm64", "aarch64"} else set()
    try:
        told = Path("/proc/cpuinfo").read_text("utf-8", "replace")
    except OSError:
        told = ""
    flags = next((line for line in told.splitlines() if line.startswith("flags")), "")
    return frozenset(found.union(flags.split()))


def choose_network(names: Iterable[str], able: frozenset[str]) -> str | None:
    """Choose the fastest network that the machine is ``able`` to run well among relative ``names``; None without one.

    Where only one file ends in ``.onnx`` it is taken, whatever its name.
    """
    held = {name for name in names if name.endswith(".onnx") and str(PurePosixPath(name).parent) in _PLACES}
    for network, needed in _NETWORKS:
        for place in _PLACES:
            name = str(PurePosixPath(place) / network)
            if name in held and (not needed or needed in able):
                return name
    return held.pop() if len(held) == 1 else None


def needed_files(names: Iterable[str], able: frozenset[str]) -> list[str]:
    """List what of a model's files must be fetched: one network with its data, its words and its configuration."""
    offered = sorted(name for name in names if ".." not in PurePosixPath(name).parts and not name.startswith("/"))
    network = choose_network(offered, able)
    if network is None:
        return []
    words = "tokenizer.json" if "tokenizer.json" in offered else "vocab.txt"
    wanted = {words, *_CONFIGS}
    return [
        name for name in offered if name in wanted or name.startswith(network) or name.endswith("_Pooling/config.json")
    ]


def read_folder(path: Path, name: str) -> ModelFolder:
    """Read a folder as sentence-transformers writes it, or an ONNX file in such a folder; ``name`` tells its family.

    Raises Unavailable when there is nothing at ``path``, Invalid for a folder that holds no model we can run.
    """
    if not path.exists():
        raise Unavailable(f"There is no model at {path}.")
    folder, network = (path, _network_in(path)) if path.is_dir() else (path.parent, path)
    words = _words_in(folder)
    if words is None and folder.name == "onnx":
        folder = folder.parent
        words = _words_in(folder)
    if words is None:
        raise Invalid(f"{folder} holds neither tokenizer.json nor vocab.txt.", field=FIELD)
    steps = _steps(folder)
    return ModelFolder(
        network=network,
        words=words,
        lower_case=bool(_read(folder / "tokenizer_config.json").get("do_lower_case", True)),
        pooling=_pooling(folder / steps.get("Pooling", _USUAL_POOLING) / "config.json"),
        longest=_longest(folder),
        prompts=_prompts(folder, name),
        whole=steps.keys() <= _MODULES,
    )


def version_of(found: ModelFolder, notes: Path) -> str:
    """Hash all that decides a vector: the network with its data, the words, the pooling, the cut and the prompts.

    ``notes`` is a file that remembers the hash of a file by its size and time, so that the next start is quick.
    """
    files = [found.words, *sorted(found.network.parent.glob(f"{found.network.name}*"))]
    digests = _digests(files, notes)
    rest = (found.lower_case, found.pooling, found.longest, found.prompts.query, found.prompts.paper)
    return hashlib.sha256(json.dumps([digests, rest]).encode()).hexdigest()[:16]


def _network_in(folder: Path) -> Path:
    names = [path.relative_to(folder).as_posix() for place in _PLACES for path in (folder / place).glob("*.onnx")]
    chosen = choose_network(names, features())
    if chosen is None:
        held = ", ".join(sorted(names)) or "none"
        raise Invalid(f"{folder} holds no network to choose (found: {held}); name one ONNX file itself.", field=FIELD)
    return folder / chosen


def _words_in(folder: Path) -> Path | None:
    held = (folder / name for name in ("tokenizer.json", "vocab.txt"))
    return next((path for path in held if path.is_file()), None)


def _read(path: Path) -> dict[str, object]:
    """Read a JSON object; a file that is not there says nothing."""
    try:
        read = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError) as error:
        raise Invalid(f"{path} is not valid JSON.", field=FIELD) from error
    if isinstance(read, list):
        return {str(number): item for number, item in enumerate(read)}
    return read if isinstance(read, dict) else {}


def _steps(folder: Path) -> dict[str, str]:
    """Give the steps from text to vector by their kind, each with the folder of its configuration."""
    told = [step for step in _read(folder / "modules.json").values() if isinstance(step, dict)]
    return {str(step.get("type", "")).rpartition(".")[2]: str(step.get("path", "")) for step in told}


def _pooling(path: Path) -> str:
    """Read how a text's vector is made of its pieces'; the mean where nothing is said.

    Up to release 5 sentence-transformers wrote a flag a way, since then their name.
    """
    told = _read(path)
    flags = [key.removeprefix("pooling_mode_") for key, on in told.items() if key.startswith("pooling_mode_") and on]
    named = told.get("pooling_mode", flags)
    asked = [str(way) for way in named] if isinstance(named, list) else [str(named)]
    ways = [_POOLINGS.get(way) for way in asked] or ["mean"]
    if ways[1:] or ways[0] is None or told.get("include_prompt") is False:
        raise Invalid(f"{path} asks for a pooling ({', '.join(asked)}) that is not known here.", field=FIELD)
    return ways[0]


def _longest(folder: Path) -> int:
    """Read how many pieces a text may have: the least of what the files say."""
    config = _read(folder / "config.json")
    places = config.get("max_position_embeddings")
    if isinstance(places, int) and config.get("model_type") in _PLACES_FROM_TWO:
        places -= 2
    told = (
        places,
        _read(folder / "sentence_bert_config.json").get("max_seq_length"),
        _read(folder / "tokenizer_config.json").get("model_max_length"),
    )
    return min((limit for limit in told if isinstance(limit, int) and limit > 0), default=_USUAL_LONGEST)


def _prompts(folder: Path, name: str) -> Prompts:
    """Read the prompts; where the folder names none the model's family may."""
    told = _read(folder / "config_sentence_transformers.json").get("prompts")
    named = {key: text for key, text in told.items() if isinstance(text, str)} if isinstance(told, dict) else {}
    query = named.get("query", named.get("s2p_query", ""))
    paper = named.get("document", named.get("passage", ""))
    return Prompts(query, paper) if query or paper else prompts_of(name)


def _digests(files: Iterable[Path], notes: Path) -> list[str]:
    try:
        known = json.loads(notes.read_text("utf-8"))
        held: dict[str, str] = known if isinstance(known, dict) else {}
    except (OSError, ValueError):
        held = {}
    digests, seen = [], {}
    for file in files:
        stat = file.stat()
        key = f"{file.absolute()}\n{stat.st_size}\n{stat.st_mtime_ns}"
        if key not in held:
            with file.open("rb") as opened:
                seen[key] = hashlib.file_digest(opened, "sha256").hexdigest()
        digests.append(str(held.get(key) or seen[key]))
    if seen:
        _write(notes, json.dumps(held | seen))
    return digests


def _write(notes: Path, text: str) -> None:
    try:
        notes.parent.mkdir(parents=True, exist_ok=True)
        beside = notes.with_name(f"{notes.name}.{os.getpid()}")
        beside.write_text(text, "utf-8")
        beside.replace(notes)
    except OSError:
        return  # the hash is only computed once more
