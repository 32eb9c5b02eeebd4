"""Of a model's files the fastest network the machine runs well is taken, and only what is needed is fetched."""

from pathlib import Path

import pytest
from tests.embed.tiny_models import write_json

from broadsheet.embed.model_folder import choose_network, features, needed_files, read_folder
from broadsheet.errors import Invalid

OFFERED = [
    "README.md",
    "onnx/model.onnx",
    "onnx/model_O4.onnx",
    "onnx/model_qint8_arm64.onnx",
    "onnx/model_qint8_avx512.onnx",
    "onnx/model_qint8_avx512_vnni.onnx",
    "onnx/model_quint8_avx2.onnx",
]


@pytest.mark.parametrize(
    ("names", "able", "expected"),
    [
        (OFFERED, {"avx2", "avx512f", "avx512_vnni"}, "onnx/model_qint8_avx512_vnni.onnx"),
        (OFFERED, {"avx2", "avx512f"}, "onnx/model_qint8_avx512.onnx"),
        (OFFERED, {"avx2"}, "onnx/model_quint8_avx2.onnx"),
        (OFFERED, {"arm64"}, "onnx/model_qint8_arm64.onnx"),
        (OFFERED, set(), "onnx/model.onnx"),
        (["onnx/model_quantized.onnx", "onnx/model.onnx"], set(), "onnx/model_quantized.onnx"),
        (["model.onnx", "onnx/model_int8.onnx"], set(), "onnx/model_int8.onnx"),
        (["model.onnx"], set(), "model.onnx"),
        (["onnx/bge.onnx"], set(), "onnx/bge.onnx"),
        (["one.onnx", "other.onnx"], set(), None),
        (["deep/inside/model.onnx", "onnx/model_q4.txt"], set(), None),
        ([], set(), None),
    ],
)
def test_the_fastest_network_the_machine_runs_well_is_chosen(
    names: list[str], able: set[str], expected: str | None
) -> None:
    assert choose_network(names, frozenset(able)) == expected


def test_only_what_is_needed_is_fetched() -> None:
    offered = [
        "1_Pooling/config.json",
        "config.json",
        "model.safetensors",
        "modules.json",
        "onnx/model.onnx",
        "onnx/model.onnx_data",
        "onnx/model_O4.onnx",
        "tokenizer.json",
        "vocab.txt",
        "onnx/model.onnx/../../outside",
        "../1_Pooling/config.json",
        "/1_Pooling/config.json",
    ]
    assert needed_files(offered, frozenset()) == [
        "1_Pooling/config.json",
        "config.json",
        "modules.json",
        "onnx/model.onnx",
        "onnx/model.onnx_data",
        "tokenizer.json",
    ]
    assert needed_files(["config.json", "model.safetensors"], frozenset()) == []


def test_what_this_machine_can_do_is_named() -> None:
    assert all(name and not name.isspace() for name in features())


@pytest.mark.parametrize(
    ("files", "longest"),
    [
        ({}, 512),
        ({"config.json": {"max_position_embeddings": 512}}, 512),
        ({"config.json": {"max_position_embeddings": 514, "model_type": "xlm-roberta"}}, 512),
        ({"config.json": {"max_position_embeddings": 512}, "sentence_bert_config.json": {"max_seq_length": 256}}, 256),
        ({"config.json": {"max_position_embeddings": 8192}, "tokenizer_config.json": {"model_max_length": 512}}, 512),
        ({"tokenizer_config.json": {"model_max_length": 1e30}}, 512),
        ({"sentence_bert_config.json": {"max_seq_length": None}}, 512),
        ({"sentence_bert_config.json": {"max_seq_length": -1}}, 512),
    ],
)
def test_a_text_may_be_as_long_as_the_least_of_what_the_files_say(
    tmp_path: Path, files: dict[str, object], longest: int
) -> None:
    for name in ("model.onnx", "tokenizer.json"):
        (tmp_path / name).touch()
    for name, told in files.items():
        write_json(tmp_path / name, told)
    assert read_folder(tmp_path, "any").longest == longest


@pytest.mark.parametrize(
    ("told", "pooling"),
    [
        ({}, "mean"),
        ({"pooling_mode_mean_tokens": True, "pooling_mode_cls_token": False}, "mean"),
        ({"pooling_mode_mean_sqrt_len_tokens": True}, "mean"),
        ({"pooling_mode_cls_token": True}, "cls"),
        ({"pooling_mode_lasttoken": True}, "lasttoken"),
        ({"pooling_mode_max_tokens": True}, "max"),
        ({"pooling_mode": "cls"}, "cls"),
        ({"pooling_mode": "mean_sqrt_len_tokens"}, "mean"),
        ({"pooling_mode": ["max"]}, "max"),
    ],
)
def test_old_and_new_ways_to_name_a_pooling_are_read(tmp_path: Path, told: object, pooling: str) -> None:
    for name in ("model.onnx", "tokenizer.json"):
        (tmp_path / name).touch()
    (tmp_path / "1_Pooling").mkdir()
    write_json(tmp_path / "1_Pooling" / "config.json", told)
    assert read_folder(tmp_path, "any").pooling == pooling


@pytest.mark.parametrize(
    "told",
    [
        {"pooling_mode": 5},
        {"pooling_mode": [["cls"]]},
        {"pooling_mode": "best"},
        {"pooling_mode": "mean", "include_prompt": False},
    ],
)
def test_a_pooling_nobody_knows_is_refused(tmp_path: Path, told: object) -> None:
    for name in ("model.onnx", "tokenizer.json"):
        (tmp_path / name).touch()
    (tmp_path / "1_Pooling").mkdir()
    write_json(tmp_path / "1_Pooling" / "config.json", told)
    with pytest.raises(Invalid, match="pooling"):
        read_folder(tmp_path, "any")


def test_without_its_own_prompts_a_folder_has_those_of_its_family(tmp_path: Path) -> None:
    for name in ("model.onnx", "tokenizer.json"):
        (tmp_path / name).touch()
    assert read_folder(tmp_path, "intfloat/e5-small-v2").prompts.query == "query: "
