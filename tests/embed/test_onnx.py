"""A transformer in a folder keeps the contract, however it is pooled, fed and quantised, and says what is amiss."""

import json
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from onnx import TensorProto
from tests.contracts.embedder import EmbedderContract
from tests.embed import tiny_models
from tests.embed.tiny_models import Tiny
from tokenizers import Tokenizer
from tokenizers import models as models_of_words

from broadsheet.embed import onnx
from broadsheet.embed.hub import Reference
from broadsheet.embed.onnx import WEIGHT, OnnxEmbedder, open_onnx
from broadsheet.embed.port import Embedder
from broadsheet.embed.prompts import Prompts
from broadsheet.errors import Invalid, Unavailable

KINDS = {
    "mean": Tiny(),
    "cls": Tiny(pooling="cls"),
    "lasttoken": Tiny(pooling="lasttoken"),
    "max": Tiny(pooling="max"),
    "without kinds": Tiny(inputs=("input_ids", "attention_mask")),
    "with places": Tiny(inputs=("input_ids", "attention_mask", "token_type_ids", "position_ids")),
    "small integers": Tiny(integer=TensorProto.INT32),
    "pooled inside": Tiny(output="sentence_embedding"),
    "without a frame": Tiny(frame=False),
    "8 bits": Tiny(quantised=True),
}


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    for name, tiny in KINDS.items():
        tiny_models.write(folder / name, tiny)
    return folder


@pytest.fixture
def model(models: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(models / "mean", tmp_path / "model"))


def opened(path: Path, **more: object) -> OnnxEmbedder:
    return open_onnx(str(path), cache=path.parent / "cache", threads=1, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", KINDS)
class TestOnnx(EmbedderContract):
    @pytest.fixture
    def embedder(self, models: Path, kind: str) -> Embedder:
        return opened(models / kind)


def test_the_vector_is_what_the_network_and_the_pooling_make_of_the_pieces(models: Path) -> None:
    held = [np.frombuffer(h.raw_data, np.float32) for h in tiny_models.network(Tiny()).graph.initializer[:2]]
    words, turn = (array.reshape(-1, tiny_models.WIDTH) for array in held)
    ids = [tiny_models.CLS, *(tiny_models.VOCABULARY.index(word) for word in ("graph", "library")), tiny_models.SEP]
    hidden = (words[ids] + 4 * words[ids].mean(axis=0)) @ turn
    expected = {"mean": hidden.mean(0), "cls": hidden[0], "lasttoken": hidden[-1], "max": hidden.max(0)}
    for kind, vector in expected.items():
        found = opened(models / kind).embed(["Graph LIBRARY"])[0]
        assert found == pytest.approx(vector / np.linalg.norm(vector), abs=1e-5), kind


@pytest.mark.parametrize("kind", ["mean", "8 bits"])
def test_a_text_has_exactly_the_same_vector_in_any_company(models: Path, kind: str) -> None:
    embedder = opened(models / kind)
    texts = ["graph", "a history of library catalogues " * 20, "", "networks on molecules"]
    alone = np.concatenate([embedder.embed([text]) for text in texts])
    assert np.array_equal(embedder.embed(texts), alone)
    assert np.array_equal(embedder.embed(texts[::-1])[::-1], alone)


@pytest.mark.parametrize(
    "text", ["\0graph", "graph\ud800", "\udfff", "x" * 1_000_000, "graph " * 200_000, " " * 1_000_000, "", "🦉\u202e"]
)
def test_hostile_text_has_a_vector(models: Path, text: str) -> None:
    assert np.linalg.norm(opened(models / "mean").embed([text])[0]) == pytest.approx(1, abs=1e-5)


def test_a_text_without_pieces_points_equally_along_all_axes(models: Path) -> None:
    embedder = opened(models / "without a frame")
    assert embedder.embed([""])[0] == pytest.approx(np.full(embedder.dimension, embedder.dimension**-0.5), abs=1e-6)


def test_a_text_is_cut_at_the_most_pieces_the_model_takes(model: Path) -> None:
    tiny_models.write_json(model / "sentence_bert_config.json", {"max_seq_length": 6})
    head, long, other = opened(model).embed(["graph neural a the", "graph neural a the of from", "graph neural a of"])
    assert np.array_equal(head, long)
    assert not np.array_equal(head, other)


@pytest.mark.parametrize(
    ("told", "query", "paper"),
    [
        ({"prompts": {"query": "query: ", "document": "passage: "}}, "query: ", "passage: "),
        ({"prompts": {"query": "query: ", "passage": "passage: "}}, "query: ", "passage: "),
        ({"prompts": {"query": "", "document": ""}}, "", ""),
        ({"prompts": 5}, "", ""),
        ({}, "", ""),
    ],
)
def test_a_folder_says_what_stands_before_queries_and_papers(model: Path, told: object, query: str, paper: str) -> None:
    tiny_models.write_json(model / "config_sentence_transformers.json", told)
    embedder = opened(model)
    assert embedder.query_text("napkins") == f"{query}napkins"
    assert embedder.text_of("Napkins", "Folded.") == f"{paper}Napkins\nFolded."


def test_an_operators_prompts_stand_before_the_models_own(model: Path) -> None:
    tiny_models.write_json(model / "config_sentence_transformers.json", {"prompts": {"query": "query: "}})
    assert opened(model, prompts=Prompts("ask: ", "tell: ")).query_text("x") == "ask: x"
    assert opened(model, prompts=Prompts()).query_text("x") == "x"


def test_the_version_is_the_same_in_every_copy_and_changes_with_whatever_changes_a_vector(model: Path) -> None:
    versions = [opened(model).version]
    moved = Path(shutil.copytree(model, model.parent / "moved"))
    assert opened(moved).version == versions[0]
    versions.append(opened(model, prompts=Prompts(paper="passage: ")).version)
    tiny_models.write_json(model / "1_Pooling/config.json", {"pooling_mode": "cls"})
    versions.append(opened(model).version)
    tiny_models.write_json(model / "sentence_bert_config.json", {"max_seq_length": 6})
    versions.append(opened(model).version)
    shutil.rmtree(model)
    tiny_models.write(model, Tiny(seed=8))
    versions.append(opened(model).version)
    assert len(set(versions)) == len(versions)


def test_a_known_hash_is_not_computed_again_and_damaged_notes_are_no_harm(model: Path) -> None:
    notes = model.parent / "cache" / "digests.json"
    version = opened(model).version
    known = json.loads(notes.read_text("utf-8"))
    notes.write_text(json.dumps(dict.fromkeys(known, "0" * 64)), "utf-8")
    assert opened(model).version != version
    for damage in (b"", b"[1]", b"\xff\xfe"):
        notes.write_bytes(damage)
        assert opened(model).version == version


def test_the_name_is_that_of_the_models_folder(model: Path) -> None:
    assert opened(model).name == opened(model / "onnx" / "model.onnx").name == "onnx:model"
    assert opened(model).weight == WEIGHT
    assert opened(model, weight=0.4).weight == 0.4


def test_an_8_bit_network_is_taken_before_a_whole_one_and_a_named_one_before_all(models: Path) -> None:
    assert opened(models / "8 bits").network.name == "model_quantized.onnx"
    assert opened(models / "8 bits" / "onnx" / "model.onnx").network.name == "model.onnx"


def test_words_may_lie_in_a_bare_list_beside_the_network(model: Path) -> None:
    whole = opened(model).embed(["graph neural networks"])
    (model / "tokenizer.json").unlink()
    (model / "vocab.txt").write_text("\n".join(tiny_models.VOCABULARY), "utf-8")
    (model / "onnx" / "model.onnx").rename(model / "model.onnx")
    assert opened(model).embed(["Graph neural networks"]) == pytest.approx(whole, abs=1e-6)
    tiny_models.write_json(model / "tokenizer_config.json", {"do_lower_case": False})
    assert opened(model).embed(["Graph neural networks"]) != pytest.approx(whole, abs=1e-3)


@pytest.mark.parametrize(
    ("path", "content", "complaint"),
    [
        ("config.json", b"{", "not valid JSON"),
        ("modules.json", b"\xff", "not valid JSON"),
        ("tokenizer.json", b"{}", "cannot be read"),
        ("onnx/model.onnx", b"nonsense", "cannot be opened"),
        ("1_Pooling/config.json", b'{"pooling_mode_weightedmean_tokens": true}', "pooling"),
        ("1_Pooling/config.json", b'{"pooling_mode": ["cls", "mean"]}', "pooling"),
        ("modules.json", b'[{"type": "sentence_transformers.models.Dense", "path": "2_Dense"}]', "steps past pooling"),
        ("tokenizer.json", None, "neither tokenizer.json nor vocab.txt"),
        ("onnx/model.onnx", None, "no network"),
    ],
)
def test_what_is_wrong_with_a_folder_is_said(model: Path, path: str, content: bytes | None, complaint: str) -> None:
    if content is None:
        (model / path).unlink()
    else:
        (model / path).write_bytes(content)
    with pytest.raises(Invalid, match=complaint) as raised:
        opened(model)
    assert raised.value.field == "embedder"


@pytest.mark.parametrize(
    ("tiny", "complaint"),
    [
        (Tiny(inputs=("input_ids", "attention_mask", "pixel_values")), "asks for more than a text"),
        (Tiny(integer=TensorProto.FLOAT16), "cannot be opened|asks for more"),
    ],
)
def test_a_network_that_wants_more_than_a_text_is_refused(tmp_path: Path, tiny: Tiny, complaint: str) -> None:
    with pytest.raises(Invalid, match=complaint):
        opened(tiny_models.write(tmp_path / "model", tiny))


def test_a_network_that_fails_on_a_text_is_unavailable(model: Path) -> None:
    cut = tiny_models.tokenizer()
    cut.add_tokens(["napkin"])
    cut.save(str(model / "tokenizer.json"))
    embedder = opened(model)
    with pytest.raises(Unavailable, match="failed on a text"):
        embedder.embed(["a napkin past the last row of the network"])


def test_a_folder_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="no model at"):
        opened(tmp_path / "absent")


@pytest.mark.parametrize(
    ("reference", "kind"),
    [("~nobody-of-that-name/model", Invalid), ("./a\0b", Invalid), (f"/{'x' * 5_000}", Unavailable)],
)
def test_a_path_that_no_system_takes_is_said_to_be_none(tmp_path: Path, reference: str, kind: type[Exception]) -> None:
    with pytest.raises(kind):
        open_onnx(reference, cache=tmp_path)


def test_a_folder_where_one_stands_does_not_hide_a_model_of_the_hub(
    model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (model.parent / "owner").mkdir()
    model.rename(model.parent / "owner" / "model")
    monkeypatch.chdir(model.parent)
    asked = []

    def fetch(wanted: Reference, _: Path) -> Path:
        asked.append(wanted)
        raise Unavailable(wanted.model)

    monkeypatch.setattr(onnx, "fetch", fetch)
    with pytest.raises(Unavailable, match="owner/model"):
        open_onnx("owner/model", cache=model.parent)
    assert asked == [Reference("owner/model", None)]
    assert open_onnx("./owner/model", cache=model.parent).name == "onnx:model"


def test_a_text_that_the_words_cannot_be_cut_by_is_unavailable(model: Path) -> None:
    cut = Tokenizer(models_of_words.WordLevel({"graph": 0}, unk_token=tiny_models.SPECIAL[1]))
    cut.save(str(model / "tokenizer.json"))
    with pytest.raises(Unavailable, match="cannot cut a text"):
        opened(model)


def test_threads_may_share_one_embedder(models: Path) -> None:
    embedder, found = opened(models / "8 bits"), {}
    texts = [f"graph {'neural ' * number} networks" for number in range(20)]

    def embed(number: int) -> None:
        found[number] = embedder.embed(texts)

    threads = [threading.Thread(target=embed, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(np.array_equal(found[number], embedder.embed(texts)) for number in range(4))


@pytest.mark.parametrize("extra", ["onnxruntime", "tokenizers"])
def test_without_the_extra_it_says_how_to_get_it(model: Path, monkeypatch: pytest.MonkeyPatch, extra: str) -> None:
    monkeypatch.setitem(sys.modules, extra, None)
    with pytest.raises(Unavailable, match=r'pip install "broadsheet\[onnx\]"'):
        opened(model)


def test_nothing_of_the_extra_is_imported_before_a_model_is_opened() -> None:
    asked = (
        "import sys, broadsheet.embed.onnx; print(*{'onnxruntime', 'tokenizers', 'huggingface_hub'} & set(sys.modules))"
    )
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True, env=os.environ)
    assert told.stdout.split() == []
