"""Writes tiny transformers as folders: word vectors, and a little of the whole text in every piece."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

WIDTH = 32
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789.-"
FILLING = "for we predict the properties of from their on query passage".split()
TELLING = """graph graphs neural network networks molecular molecule molecules history library catalogues folding
napkins""".split()
VOCABULARY = [*SPECIAL, *LETTERS, *(f"##{letter}" for letter in LETTERS), *FILLING, *TELLING]
CLS, SEP = SPECIAL.index("[CLS]"), SPECIAL.index("[SEP]")


@dataclass(frozen=True, slots=True)
class Tiny:
    """How a tiny model differs from the usual one."""

    pooling: str = "mean"
    inputs: tuple[str, ...] = ("input_ids", "attention_mask", "token_type_ids")
    integer: int = TensorProto.INT64
    output: str = "last_hidden_state"
    network: str = "onnx/model.onnx"
    frame: bool = True
    seed: int = 7
    quantised: bool = False


def write(folder: Path, tiny: Tiny = Tiny()) -> Path:
    """Write a model folder as sentence-transformers lays it out."""
    (folder / "1_Pooling").mkdir(parents=True)
    (folder / "onnx").mkdir()
    modes = {"mean": "mean_tokens", "cls": "cls_token", "lasttoken": "lasttoken", "max": "max_tokens"}
    write_json(folder / "1_Pooling/config.json", {f"pooling_mode_{modes[tiny.pooling]}": True, "include_prompt": True})
    write_json(folder / "config.json", {"model_type": "bert", "max_position_embeddings": 64})
    write_json(
        folder / "modules.json",
        [
            {"idx": 0, "path": "", "type": "sentence_transformers.models.Transformer"},
            {"idx": 1, "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
            {"idx": 2, "path": "2_Normalize", "type": "sentence_transformers.models.Normalize"},
        ],
    )
    tokenizer(frame=tiny.frame).save(str(folder / "tokenizer.json"))
    path = folder / tiny.network
    onnx.save(network(tiny), path)
    if tiny.quantised:
        quantize_dynamic(path, path.with_name("model_quantized.onnx"), weight_type=QuantType.QInt8)
    return folder


def write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value), "utf-8")


def tokenizer(*, frame: bool = True) -> Tokenizer:
    """Cut words into pieces as BERT does; the file asks for padding, as files on the hub often do."""
    cutter = Tokenizer(models.WordPiece({piece: at for at, piece in enumerate(VOCABULARY)}, unk_token=SPECIAL[1]))
    cutter.normalizer = normalizers.BertNormalizer()
    cutter.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    if frame:
        cutter.post_processor = processors.BertProcessing(("[SEP]", SEP), ("[CLS]", CLS))
    cutter.enable_padding(length=48)
    return cutter


def network(tiny: Tiny) -> onnx.ModelProto:
    """Give every piece its word's vector plus the mean of all pieces that the mask shows, turned a little."""
    chance = np.random.default_rng(tiny.seed)
    words = chance.standard_normal((len(VOCABULARY), WIDTH), np.float32)
    words[: -len(TELLING)] *= 0.1
    turn = np.eye(WIDTH, dtype=np.float32) + 0.1 * chance.standard_normal((WIDTH, WIDTH), np.float32)
    held = {
        "words": words,
        "turn": turn,
        "share": np.array(4, np.float32),
        "one": np.array([1], np.int64),
        "two": np.array([2], np.int64),
    }
    steps = [
        ("Gather", ["words", "input_ids"], "piece", {}),
        ("Cast", ["attention_mask"], "shown", {"to": TensorProto.FLOAT}),
        ("Unsqueeze", ["shown", "two"], "mask", {}),
        ("Mul", ["piece", "mask"], "seen", {}),
        ("ReduceSum", ["seen", "one"], "total", {}),
        ("ReduceSum", ["mask", "one"], "count", {}),
        ("Div", ["total", "count"], "middle", {}),
        ("Mul", ["middle", "share"], "around", {}),
        ("Add", ["seen", "around"], "mixed", {}),
        ("MatMul", ["mixed", "turn"], "turned", {}),
    ]
    last = "turned"
    # A network may ask for more than it needs; this one adds what it is told times nothing.
    for extra in tiny.inputs[2:]:
        held["nothing"] = np.array(0, np.float32)
        steps += [
            ("Cast", [extra], f"{extra}_told", {"to": TensorProto.FLOAT}),
            ("Unsqueeze", [f"{extra}_told", "two"], f"{extra}_flat", {}),
            ("Mul", [f"{extra}_flat", "nothing"], f"{extra}_naught", {}),
            ("Add", [last, f"{extra}_naught"], f"{extra}_added", {}),
        ]
        last = f"{extra}_added"
    pooled = tiny.output in {"sentence_embedding", "pooled"}
    if pooled:
        steps.append(("ReduceMean", [last, "one"], tiny.output, {"keepdims": 0}))
    else:
        steps.append(("Identity", [last], tiny.output, {}))
    graph = helper.make_graph(
        [helper.make_node(kind, given, [made], **more) for kind, given, made, more in steps],
        "tiny",
        [helper.make_tensor_value_info(name, tiny.integer, ["batch", "length"]) for name in tiny.inputs],
        [
            helper.make_tensor_value_info(
                tiny.output, TensorProto.FLOAT, ["batch", WIDTH] if pooled else ["batch", "length", WIDTH]
            )
        ],
        [numpy_helper.from_array(array, name) for name, array in held.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    onnx.checker.check_model(model)
    return model
